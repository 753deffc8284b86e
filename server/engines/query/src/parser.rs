use crate::{
    expr::{Choices, Expr, Field, Kind, Op, Term, Value},
    lexer::{Token, tokens},
};
use umpire_model::Timestamp;

/// Longest filter, in bytes.
pub const MAX_FILTER_BYTES: usize = 4_096;
/// Deepest nesting of parentheses and NOT.
const MAX_DEPTH: usize = 32;
/// Most comparisons in one filter.
const MAX_TERMS: usize = 100;

/// A filter cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {message}")]
pub struct FilterError {
    /// Byte of the filter where the trouble starts.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// Parses a filter over the fields of `F`; an empty one is always true.
///
/// As in AIP-160, OR binds closer than AND, and terms side by side are
/// joined by AND.
///
/// # Errors
/// [`FilterError`] with the place and cause.
pub fn parse<F: Field>(filter: &str) -> Result<Expr<F>, FilterError> {
    if filter.len() > MAX_FILTER_BYTES {
        return Err(FilterError { at: MAX_FILTER_BYTES, message: "the filter is too long".into() });
    }
    let tokens = tokens(filter).map_err(|(at, why)| FilterError { at, message: why.into() })?;
    if tokens.is_empty() {
        return Ok(Expr::always());
    }
    let mut parser = Parser { tokens, next: 0, depth: 0, terms: 0, end: filter.len() };
    let expr = parser.expression()?;
    if parser.peek().is_some() {
        return Err(parser.error("expected the end of the filter"));
    }
    Ok(expr)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    terms: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn error(&self, message: impl Into<String>) -> FilterError {
        let at = self.tokens.get(self.next).map_or(self.end, |(at, _)| *at);
        FilterError { at, message: message.into() }
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word == keyword);
        self.next += usize::from(found);
        found
    }

    fn expression<F: Field>(&mut self) -> Result<Expr<F>, FilterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("the filter is nested too deeply"));
        }
        let mut parts = vec![self.factor()?];
        while !matches!(self.peek(), None | Some(Token::Close)) {
            self.take_keyword("AND");
            parts.push(self.factor()?);
        }
        self.depth -= 1;
        Ok(single_or(parts, Expr::And))
    }

    fn factor<F: Field>(&mut self) -> Result<Expr<F>, FilterError> {
        let mut parts = vec![self.unary()?];
        while self.take_keyword("OR") {
            parts.push(self.unary()?);
        }
        Ok(single_or(parts, Expr::Or))
    }

    fn unary<F: Field>(&mut self) -> Result<Expr<F>, FilterError> {
        let minus = self.peek() == Some(&Token::Minus);
        self.next += usize::from(minus);
        if minus || self.take_keyword("NOT") {
            return Ok(Expr::Not(Box::new(self.simple()?)));
        }
        self.simple()
    }

    fn simple<F: Field>(&mut self) -> Result<Expr<F>, FilterError> {
        if self.peek() != Some(&Token::Open) {
            return self.term().map(Expr::Term);
        }
        self.next += 1;
        let inner = self.expression()?;
        if self.peek() != Some(&Token::Close) {
            return Err(self.error("expected `)`"));
        }
        self.next += 1;
        Ok(inner)
    }

    fn term<F: Field>(&mut self) -> Result<Term<F>, FilterError> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(self.error("the filter has too many comparisons"));
        }
        let Some(Token::Word(path)) = self.peek().cloned() else {
            return Err(self.error("expected a field"));
        };
        let Some(field) = F::from_path(&path) else {
            let hint = match path.as_str() {
                "and" | "or" | "not" => ": AND, OR and NOT are written in capitals",
                _ => "",
            };
            return Err(self.error(format!("unknown field `{path}`{hint}")));
        };
        self.next += 1;
        let Some(&Token::Op(op)) = self.peek() else {
            return Err(self.error(format!("expected a comparison after `{path}`")));
        };
        if !allowed(field.kind(), op) {
            return Err(self.error(format!("`{path}` cannot be compared this way")));
        }
        self.next += 1;
        let value = self.value(field.kind())?;
        Ok(Term { field, op, value })
    }

    fn value(&mut self, kind: Kind) -> Result<Value, FilterError> {
        let text = match self.peek() {
            Some(Token::Word(text) | Token::Quoted(text)) => text.clone(),
            _ => return Err(self.error("expected a value")),
        };
        let value = match kind {
            Kind::Text | Kind::Texts => Some(Value::Text(text)),
            Kind::Names(names) => {
                let name = names.iter().find(|name| is_named(&text, name));
                name.map(|name| Value::Text((*name).to_owned()))
            }
            Kind::Time => Timestamp::parse_rfc3339(&text).map(Value::Time),
            Kind::Number => text.parse().ok().map(Value::Number),
            Kind::Choice(choices) => rank(choices, &text).map(Value::Number),
        };
        let value = value.ok_or_else(|| self.error(expected(kind)))?;
        self.next += 1;
        Ok(value)
    }
}

fn single_or<F>(mut parts: Vec<Expr<F>>, join: impl Fn(Vec<Expr<F>>) -> Expr<F>) -> Expr<F> {
    match parts.len() {
        1 => parts.remove(0),
        _ => join(parts),
    }
}

fn allowed(kind: Kind, op: Op) -> bool {
    match kind {
        Kind::Text | Kind::Texts | Kind::Names(_) => matches!(op, Op::Eq | Op::Ne | Op::Has),
        Kind::Time | Kind::Number | Kind::Choice(_) => true,
    }
}

/// The rank of a name, with or without the enumeration's prefix (`LEVEL_P1`).
fn rank(choices: Choices, text: &str) -> Option<i64> {
    choices.iter().find(|(name, _)| is_named(text, name)).map(|&(_, rank)| rank)
}

fn is_named(text: &str, name: &str) -> bool {
    text.strip_suffix(name).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('_'))
}

fn expected(kind: Kind) -> String {
    match kind {
        Kind::Time => "expected an RFC 3339 time such as 2026-11-22T03:00:00Z".into(),
        Kind::Number => "expected a whole number".into(),
        Kind::Choice(choices) => {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            format!("expected one of {}", names.join(", "))
        }
        Kind::Names(names) => format!("expected one of {}", names.join(", ")),
        Kind::Text | Kind::Texts => "expected a text".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::LEVELS;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Sample {
        Scene,
        Label,
        Level,
        Time,
    }

    impl Field for Sample {
        fn from_path(path: &str) -> Option<Self> {
            match path {
                "scene" => Some(Self::Scene),
                "label" => Some(Self::Label),
                "level" => Some(Self::Level),
                "receive_time" => Some(Self::Time),
                _ => None,
            }
        }

        fn kind(self) -> Kind {
            match self {
                Self::Scene => Kind::Text,
                Self::Label => Kind::Texts,
                Self::Level => Kind::Choice(LEVELS),
                Self::Time => Kind::Time,
            }
        }
    }

    /// A resource in scene `world`, labels `ad` and `gold`, level P1, at the epoch.
    fn check(filter: &str, expected: bool) {
        let expr = parse::<Sample>(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
        let result = expr.matches(&|term| match term.field {
            Sample::Scene => term.test_text("world"),
            Sample::Label => term.test_texts(["ad", "gold"].into_iter()),
            Sample::Level => term.test_number(2),
            Sample::Time => term.test_number(0),
        });
        assert_eq!(result, expected, "{filter}");
    }

    #[test]
    fn filters() {
        check("", true);
        check("scene = world", true);
        check("scene = \"world\" AND label:ad", true);
        check("scene = world label:nope", false);
        check("scene = guild AND label:ad OR label:gold", false);
        check("(scene = guild AND label:ad) OR label:gold", true);
        check("NOT scene = guild", true);
        check("-scene:wor", false);
        check("level >= P1 AND level <= LEVEL_P0", true);
        check("level > P1", false);
        check("level = P1 OR level = P0", true);
        check("receive_time < 2026-11-22T03:00:00Z", true);
        check("receive_time>=1970-01-01T08:00:00+08:00", true);
        check("label != ad", false);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (filter, at, part) in [
            ("color = red", 0, "unknown field `color`"),
            ("scene = a or scene = b", 10, "in capitals"),
            ("scene", 5, "expected a comparison"),
            ("scene =", 7, "expected a value"),
            ("scene < world", 6, "cannot be compared"),
            ("(scene = a", 10, "expected `)`"),
            ("scene = a)", 9, "expected the end"),
            ("level = P9", 8, "expected one of P3"),
            ("receive_time > now", 15, "RFC 3339"),
            ("scene = \"a", 8, "does not end"),
            ("§", 0, "unexpected character"),
            ("AND", 0, "unknown field"),
            ("scene = a OR", 12, "expected a field"),
        ] {
            let error = parse::<Sample>(filter).expect_err(filter);
            assert_eq!(error.at, at, "{filter}: {error}");
            assert!(error.message.contains(part), "{filter}: {error}");
        }
        assert!(parse::<Sample>(&"(".repeat(200)).is_err());
        assert!(parse::<Sample>(&"label:a ".repeat(200)).is_err());
        assert!(parse::<Sample>(&"label:a ".repeat(2_000)).is_err());
    }
}
