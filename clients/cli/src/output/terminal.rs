//! Texts of users, made harmless for a terminal.

use std::{
    borrow::Cow,
    io::{self, Write},
};

/// A line on standard error, made safe. Who closed it does not want to know.
pub fn tell(line: &str) {
    let _unheard = writeln!(io::stderr(), "{}", safe(line));
}

/// One line without control characters: they could move the cursor, change colours
/// or hide what stands there.
pub fn safe(text: &str) -> String {
    escape(text, |_| false).into_owned()
}

/// As [`safe`], but lines and tabulators stay.
pub fn keep_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\t'))
}

/// As [`safe`], for JSON: what JSON does not escape by itself.
pub fn safe_json(json: String) -> String {
    if !json.chars().any(|c| is_harmful(c) && c != '\n') {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        // A line break stands between values; within them it is escaped already.
        if is_harmful(c) && c != '\n' {
            safe.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    safe
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|c| is_harmful(c) && !stays(c)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) && !stays(c) {
            safe.extend(c.escape_default());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Control characters, and those that turn the direction of writing. All of them
/// have four hexadecimal digits.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_raw() {
        assert_eq!(safe("a\u{1b}[31mb\nc"), r"a\u{1b}[31mb\nc");
        assert_eq!(safe("金币 ok"), "金币 ok");
        assert_eq!(keep_lines("a\tb\n\u{7}"), "a\tb\n\\u{7}");
        assert_eq!(safe_json("\"\u{9b}31m\u{202e}\"\n".into()), "\"\\u009b31m\\u202e\"\n");
    }
}
