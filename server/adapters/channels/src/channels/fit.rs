//! Requests that are longer than a vendor takes.

use crate::cut::cut_at;
use serde_json::Value;

/// What stands where a text was cut.
pub(crate) const MARKER: &str = "\n\n…";

/// The request that `build` makes of the text, which it puts in once, in at most `max`
/// bytes: of a part of the text where the whole is too long.
pub(crate) fn fitted(text: &str, max: usize, build: impl Fn(&str) -> Value) -> Vec<u8> {
    let whole = build(text).to_string().into_bytes();
    if whole.len() <= max {
        return whole;
    }
    let room = max.saturating_sub(build(MARKER).to_string().len());
    build(&cut_at(text, end(text, room), MARKER)).to_string().into_bytes()
}

/// Where so many bytes of JSON end.
fn end(text: &str, mut room: usize) -> usize {
    for (start, c) in text.char_indices() {
        match room.checked_sub(length(c)) {
            Some(left) => room = left,
            None => return start,
        }
    }
    text.len()
}

/// Bytes of a character in JSON.
fn length(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn requests_are_cut_at_the_limit_and_not_before() {
        let build = |text: &str| json!({ "text": text });
        for unit in ["x", "数", "\n", "\"", "\u{1}", "a数\n🚨"] {
            for units in [1, 50, 100, 200] {
                let text = unit.repeat(units);
                let whole = build(&text).to_string();
                let found = fitted(&text, 100, build);
                assert!(found.len() <= 100, "{unit:?} {units} {}", found.len());
                let is_whole = found == whole.as_bytes();
                assert_eq!(is_whole, whole.len() <= 100, "{unit:?} {units}");
                let read: Value = serde_json::from_slice(&found).expect("JSON");
                let kept = read["text"].as_str().expect("text");
                assert!(is_whole || kept.ends_with('…'), "{kept}");
                // No more is lost than a character, or what is left of a line.
                assert!(is_whole || found.len() > 60, "{unit:?} {units} {}", found.len());
            }
        }
    }
}
