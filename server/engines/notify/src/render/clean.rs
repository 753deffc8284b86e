//! Users' text as one line of characters that can be seen.

/// What separates characters that mean something together, and is not seen.
pub(super) const ZWSP: char = '\u{200b}';

/// The text in one line: line breaks, tabs and other control characters are a blank, several
/// blanks are one; what cannot be seen, or turns the direction of writing, is left out.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !is_unseen(c) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// At most so many characters of a text; `…` is the last of them if it was cut.
pub(super) fn clip(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Turns of direction, joiners that join nothing, tags, fillers. The zero-width joiner and
/// the variation selectors stay: emoji and names are written with them.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_left() {
        for (text, expected) in [
            ("", ""),
            ("  a  b ", "a b"),
            ("a\r\nb", "a b"),
            ("a\u{2028}b\u{2029}c\u{85}d\u{b}e", "a b c d e"),
            ("\u{0}a\u{1b}[31mb\u{7}", "a [31mb"),
            ("a\u{202e}b\u{2066}c\u{200f}d", "abcd"),
            ("@\u{200b}all", "@all"),
            ("👩\u{200d}🚒 ⚠\u{fe0f}", "👩\u{200d}🚒 ⚠\u{fe0f}"),
            ("\u{3000}数\u{a0}据", "数 据"),
            ("\u{e0041}\u{feff}", ""),
        ] {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_clipped_is_marked() {
        for (text, most, expected) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("a bcd", 3, "a…"),
            ("数据泄露", 3, "数据…"),
            ("abc", 1, "…"),
            ("", 1, ""),
        ] {
            assert_eq!(clip(text, most), expected);
        }
    }
}
