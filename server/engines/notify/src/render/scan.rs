//! Takes templates apart: the words and marks of each tag, as the engine would.

use super::fault::Fault;

/// A tag of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Where it begins, from 1.
    pub line: usize,
    /// `{% … %}`, not `{{ … }}`.
    pub is_statement: bool,
    /// What stands in it.
    pub tokens: Vec<Token<'a>>,
}

/// A piece of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    /// A quoted text.
    Text,
    /// A number.
    Number,
    /// An operator, a bracket, or a character that is neither.
    Mark(&'a str),
}

/// All tags; the rest is text and comments.
pub(super) fn tags(source: &str) -> Result<Vec<Tag<'_>>, Fault> {
    let mut scanner = Scanner { source, at: 0 };
    let mut tags = Vec::new();
    while let Some(opening) = scanner.next_opening() {
        match opening {
            "{#" => scanner.skip_comment()?,
            opening => tags.push(scanner.tag(opening == "{%")?),
        }
    }
    Ok(tags)
}

struct Scanner<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn line(&self) -> usize {
        self.source[..self.at].matches('\n').count() + 1
    }

    fn unclosed(&self, what: &str) -> Fault {
        Fault::Refused { line: self.line(), what: format!("{what} is not closed") }
    }

    /// Goes behind the next `{{`, `{%` or `{#`.
    fn next_opening(&mut self) -> Option<&'a str> {
        loop {
            self.at += self.rest().find('{')?;
            let opening = self.rest().get(..2);
            if let Some(opening @ ("{{" | "{%" | "{#")) = opening {
                self.at += 2;
                return Some(opening);
            }
            self.at += 1;
        }
    }

    fn skip_comment(&mut self) -> Result<(), Fault> {
        let end = self.rest().find("#}").ok_or_else(|| self.unclosed("a comment"))?;
        self.at += end + 2;
        Ok(())
    }

    fn tag(&mut self, is_statement: bool) -> Result<Tag<'a>, Fault> {
        let line = self.line();
        let end = if is_statement { "%}" } else { "}}" };
        if self.rest().starts_with(['-', '+']) {
            self.at += 1;
        }
        let mut tokens = Vec::new();
        loop {
            let rest = self.rest().trim_start_matches(|c: char| c.is_ascii_whitespace());
            self.at = self.source.len() - rest.len();
            let bare = rest.strip_prefix(['-', '+']).filter(|rest| rest.starts_with(end));
            if bare.unwrap_or(rest).starts_with(end) {
                self.at += rest.len() - bare.unwrap_or(rest).len() + end.len();
                return Ok(Tag { line, is_statement, tokens });
            }
            tokens.push(self.token()?.ok_or_else(|| self.unclosed("a tag"))?);
        }
    }

    /// The next token; `None` at the end of the template.
    fn token(&mut self) -> Result<Option<Token<'a>>, Fault> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let length = match first {
            '\'' | '"' => quoted(rest, first).ok_or_else(|| self.unclosed("a text"))?,
            first if is_word(first) => leading(rest, is_word),
            first => operator(rest).unwrap_or(first.len_utf8()),
        };
        self.at += length;
        let piece = &rest[..length];
        Ok(Some(match first {
            '\'' | '"' => Token::Text,
            '0'..='9' => Token::Number,
            first if is_word(first) => Token::Word(piece),
            _ => Token::Mark(piece),
        }))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn leading(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

/// Bytes of a quoted text with its quotation marks; `None` when it does not end.
fn quoted(text: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Bytes of an operator of two characters.
fn operator(text: &str) -> Option<usize> {
    matches!(text.get(..2)?, "//" | "**" | "==" | "!=" | ">=" | "<=").then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Token::{Mark, Number, Text, Word};

    #[test]
    fn tags_are_taken_apart_as_the_engine_does() {
        let tokens = |source| {
            let tags = tags(source).expect("closed");
            tags.into_iter().flat_map(|tag| tag.tokens).collect::<Vec<_>>()
        };
        for (source, expected) in [
            ("{ a } {a", &[] as &[Token<'_>]),
            ("a {{ b }} c", &[Word("b")]),
            ("{{-b-}}{{+c+}}", &[Word("b"), Word("c")]),
            ("{{ '}}' }}", &[Text]),
            (r"{{ 'a\'}}' ~ b }}", &[Text, Mark("~"), Word("b")]),
            ("{# {{ a }} #}{{ b }}", &[Word("b")]),
            ("{{ a**b }}", &[Word("a"), Mark("**"), Word("b")]),
            ("{{ 12.x }}", &[Number, Mark("."), Word("x")]),
            ("{{ 数 }}", &[Mark("数")]),
            ("{%if a>=1%}", &[Word("if"), Word("a"), Mark(">="), Number]),
            ("{{ a -}} {{ b - 1 }}", &[Word("a"), Word("b"), Mark("-"), Number]),
            ("{{ %} }}", &[Mark("%"), Mark("}")]),
        ] {
            assert_eq!(tokens(source), expected, "{source}");
        }
    }

    #[test]
    fn lines_are_counted() {
        let lines = tags("a\n{{ b }}\n\n{% if c %}").expect("closed");
        assert_eq!(lines.iter().map(|tag| tag.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn what_is_not_closed_is_found() {
        for source in ["a\n{{ b", "a\n{% if b }}", "a\n{# b", "a\n{{ 'b }}", "a\n{{"] {
            assert!(matches!(tags(source), Err(Fault::Refused { line: 2, .. })), "{source}");
        }
    }
}
