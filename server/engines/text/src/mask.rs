use umpire_model::ByteRange;

/// Replaces every character inside `ranges` (ascending, apart, on character
/// boundaries) with one `*`, so that the number of characters stays.
#[must_use]
pub fn mask(text: &str, ranges: &[ByteRange]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        masked.push_str(&text[at..range.start]);
        masked.extend(text[range.clone()].chars().map(|_| '*'));
        at = range.end;
    }
    masked.push_str(&text[at..]);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_star_a_character() {
        assert_eq!(mask("加微信 vx", &[3..9]), "加** vx");
        assert_eq!(mask("abc", &[0..1, 2..3]), "*b*");
        assert_eq!(mask("", &[]), "");
    }
}
