//! Simple case folding: one character in, one character out.

/// The folded form of a character. Full foldings to several characters (`ß`)
/// stay as they are, so that every folded character has one origin.
pub(crate) fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    if ('\u{2e80}'..='\u{a63f}').contains(&c) {
        return c;
    }
    // Through upper case, so that `ς` meets `σ` and `ſ` meets `s`.
    let upper = single(c.to_uppercase()).unwrap_or(c);
    c_lower(upper)
}

fn c_lower(c: char) -> char {
    // `İ` alone has a lower case of two characters; its first is `i`.
    c.to_lowercase().next().unwrap_or(c)
}

fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// Appends the folded form of `text` and says whether every character kept its
/// length, so that offsets did not move.
pub(crate) fn fold_into(text: &str, folded: &mut String) -> bool {
    folded.reserve(text.len());
    if text.is_ascii() {
        folded.push_str(text);
        let start = folded.len() - text.len();
        folded[start..].make_ascii_lowercase();
        return true;
    }
    let mut aligned = true;
    for c in text.chars() {
        let low = fold_char(c);
        aligned &= low.len_utf8() == c.len_utf8();
        folded.push(low);
    }
    aligned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_pairs_together() {
        for (a, b) in [("ABC", "abc"), ("ΣΑΣ", "σας"), ("Ж", "ж"), ("\u{212a}", "k"), ("ſ", "S")]
        {
            let (mut x, mut y) = (String::new(), String::new());
            fold_into(a, &mut x);
            fold_into(b, &mut y);
            assert_eq!(x, y);
        }
    }

    #[test]
    fn folding_is_idempotent_for_every_character() {
        for c in '\0'..=char::MAX {
            let once = fold_char(c);
            assert_eq!(fold_char(once), once, "{c:?} {once:?}");
        }
    }
}
