//! What is looked at before the parser runs. Its stack grows with the nesting of
//! brackets, so that is bounded here, by a lexer that knows strings and comments and
//! nothing else.

use super::{Fault, MAX_BRACKETS, MAX_SOURCE_BYTES};

/// Refuses what the parser must not see.
pub(super) fn check(source: &str) -> Result<(), Fault> {
    if source.trim().is_empty() {
        return Err(Fault::new("must not be blank"));
    }
    if source.len() > MAX_SOURCE_BYTES {
        return Err(Fault::limit(format!("is over the limit of {MAX_SOURCE_BYTES} bytes")));
    }
    if source.contains('\0') {
        return Err(Fault::new("must not contain NUL"));
    }
    if deepest(source.as_bytes()) > MAX_BRACKETS {
        return Err(Fault::limit(format!("brackets are nested deeper than {MAX_BRACKETS}")));
    }
    Ok(())
}

/// How deep brackets are nested outside strings and comments.
fn deepest(mut rest: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    while let [first, after @ ..] = rest {
        rest = match first {
            b'/' if after.starts_with(b"/") => line_after(after),
            b'r' | b'R' if matches!(after, [b'"' | b'\'', ..]) => string_after(after, true),
            b'"' | b'\'' => string_after(rest, false),
            b if b.is_ascii_alphanumeric() || *b == b'_' => word_after(rest),
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
                after
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                after
            }
            _ => after,
        };
    }
    deepest
}

fn line_after(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|&byte| byte == b'\n');
    &rest[end.unwrap_or(rest.len())..]
}

/// Behind a word; before the quote of a raw string.
fn word_after(rest: &[u8]) -> &[u8] {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let end = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
    match (&rest[..end], rest.get(end)) {
        (b"r" | b"R" | b"br" | b"bR" | b"Br" | b"BR", Some(b'"' | b'\'')) => {
            string_after(&rest[end..], true)
        }
        _ => &rest[end..],
    }
}

/// Behind the string that starts here. One that does not end is taken to end with its
/// quote, so that what follows is still looked at.
fn string_after(rest: &[u8], raw: bool) -> &[u8] {
    let quote = rest[0];
    let tripled = rest.starts_with(&[quote; 3]);
    let width = if tripled { 3 } else { 1 };
    let mut at = width;
    while at < rest.len() {
        match rest[at] {
            b'\\' if !raw => at += 2,
            b'\n' | b'\r' if !tripled => break,
            _ if rest[at..].starts_with(&[quote; 3][..width]) => return &rest[at + width..],
            _ => at += 1,
        }
    }
    &rest[width..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_count_outside_strings_and_comments() {
        for (source, expected) in [
            ("a", 0),
            ("(a[0])", 2),
            ("f(g(h()), i())", 3),
            ("'((((' + x[0]", 1),
            (r#""\"(((" + (1)"#, 1),
            (r"r'\' + (((1)))", 3),
            ("'''a'((b''' + (1)", 1),
            ("// ((((\n(1)", 1),
            ("'unterminated ((", 2),
            ("))((", 2),
        ] {
            assert_eq!(deepest(source.as_bytes()), expected, "{source}");
        }
    }

    #[test]
    fn what_the_parser_must_not_see_is_refused() {
        for source in ["", "  ", &"a".repeat(4_097), &"(".repeat(33), "a\0"] {
            check(source).expect_err(source);
        }
        check(&format!("{}a{}", "(".repeat(32), ")".repeat(32))).expect("32 brackets");
    }
}
