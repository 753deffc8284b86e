use crate::expr::Op;

/// A piece of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Open,
    Close,
    Minus,
    Op(Op),
    /// A name, keyword or unquoted value.
    Word(String),
    Quoted(String),
}

/// Pieces with the byte each starts at.
pub(crate) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, (usize, &'static str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        // After a comparison everything up to a blank is the value: times hold `:` and `-`.
        let value = matches!(found.last(), Some((_, Token::Op(_))));
        let (token, length) = next(&text[at..], c, value).map_err(|why| (at, why))?;
        found.push((at, token));
        at += length;
    }
    Ok(found)
}

fn next(rest: &str, c: char, value: bool) -> Result<(Token, usize), &'static str> {
    match c {
        '(' => Ok((Token::Open, 1)),
        ')' => Ok((Token::Close, 1)),
        '"' | '\'' => quoted(rest, c),
        _ if value => Ok(word(rest, |c| !c.is_whitespace() && c != ')' && c != '(')),
        '-' => Ok((Token::Minus, 1)),
        '=' | '!' | '<' | '>' | ':' => comparison(rest),
        _ if is_name(c) => Ok(word(rest, is_name)),
        _ => Err("unexpected character"),
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '/')
}

fn word(rest: &str, member: impl Fn(char) -> bool) -> (Token, usize) {
    let end = rest.find(|c| !member(c)).unwrap_or(rest.len());
    (Token::Word(rest[..end].to_owned()), end)
}

fn comparison(rest: &str) -> Result<(Token, usize), &'static str> {
    let (op, length) = match rest.as_bytes() {
        [b'<', b'=', ..] => (Op::Le, 2),
        [b'>', b'=', ..] => (Op::Ge, 2),
        [b'!', b'=', ..] => (Op::Ne, 2),
        [b'<', ..] => (Op::Lt, 1),
        [b'>', ..] => (Op::Gt, 1),
        [b'=', ..] => (Op::Eq, 1),
        [b':', ..] => (Op::Has, 1),
        _ => return Err("expected a comparison"),
    };
    Ok((Token::Op(op), length))
}

fn quoted(rest: &str, quote: char) -> Result<(Token, usize), &'static str> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            c if c == quote => return Ok((Token::Quoted(text), at + 1)),
            c => text.push(c),
        }
    }
    Err("the quoted text does not end")
}
