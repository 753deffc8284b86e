//! Texts that are longer than a vendor takes.

use std::borrow::Cow;

/// The text, or as much of it as `max` bytes hold with `marker` at its end. It is cut at the
/// end of a line where one is near, and never within a character.
pub(crate) fn cut_bytes<'a>(text: &'a str, max: usize, marker: &str) -> Cow<'a, str> {
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    match max.checked_sub(marker.len()) {
        Some(room) => cut_at(text, boundary(text, room), marker),
        None => Cow::Borrowed(&text[..boundary(text, max)]),
    }
}

/// As [`cut_bytes`], but counts characters.
pub(crate) fn cut_chars<'a>(text: &'a str, max: usize, marker: &str) -> Cow<'a, str> {
    if text.chars().nth(max).is_none() {
        return Cow::Borrowed(text);
    }
    match max.checked_sub(marker.chars().count()) {
        Some(room) => cut_at(text, offset(text, room), marker),
        None => Cow::Borrowed(&text[..offset(text, max)]),
    }
}

/// The text up to there, which is a boundary between characters, with `marker` behind it.
pub(crate) fn cut_at<'a>(text: &str, end: usize, marker: &str) -> Cow<'a, str> {
    let kept = &text[..end];
    // Three quarters of what could be kept are worth a whole line.
    let line = kept.rfind('\n').filter(|&line| line >= end - end.div_ceil(4));
    Cow::Owned(format!("{}{marker}", &kept[..line.unwrap_or(end)]))
}

/// The last boundary between characters that is no later.
fn boundary(text: &str, mut end: usize) -> usize {
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// Where the character of that number starts.
fn offset(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(start, _)| start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_and_characters_stay_whole() {
        let long = "数".repeat(2_000);
        assert_eq!(cut_bytes(&long, 4_096, "").len(), 4_095);
        for (text, max, marker, expected) in [
            ("abc", 3, "…", "abc"),
            ("abcd", 3, "…", "…"),
            ("abcdef", 5, "…", "ab…"),
            ("数据泄露", 12, "…", "数据泄露"),
            ("数据泄露", 11, "…", "数据…"),
            ("数据泄露", 8, "…", "数…"),
            ("数据泄露", 2, "…", ""),
            ("数据泄露", 3, "...", "..."),
            ("数据泄露", 0, "…", ""),
            ("🚨🚨", 7, "", "🚨"),
            ("", 0, "…", ""),
        ] {
            assert_eq!(cut_bytes(text, max, marker), expected, "{text} {max} {marker}");
        }
    }

    #[test]
    fn characters_are_counted() {
        for (text, max, marker, expected) in [
            ("数据泄露", 4, "…", "数据泄露"),
            ("数据泄露", 3, "…", "数据…"),
            ("数据泄露", 1, "…", "…"),
            ("数据泄露", 1, "...", "数"),
            ("数据泄露", 0, "…", ""),
            ("🚨a🚨a", 3, "", "🚨a🚨"),
        ] {
            assert_eq!(cut_chars(text, max, marker), expected, "{text} {max} {marker}");
        }
    }

    #[test]
    fn the_end_of_a_line_is_preferred_where_it_is_near() {
        for (text, expected) in [
            ("0123456\n89012345", "0123456…"),
            ("01234567\n9012345", "01234567…"),
            // Too much would be lost.
            ("0123\n5678901234", "0123\n56789…"),
        ] {
            assert_eq!(cut_chars(text, 11, "…"), expected);
            assert_eq!(cut_bytes(text, 13, "…"), expected);
        }
    }

    #[test]
    fn nothing_is_ever_longer_than_it_may_be() {
        let text = "a数\n🚨é\n据b\n".repeat(5);
        for max in 0..=text.len() + 1 {
            for marker in ["", "…", "\n\n…"] {
                assert!(cut_bytes(&text, max, marker).len() <= max, "{max} {marker}");
                assert!(cut_chars(&text, max, marker).chars().count() <= max, "{max} {marker}");
            }
        }
    }
}
