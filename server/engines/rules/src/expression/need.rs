//! What must hold for an expression to be true, asked without CEL.

use super::facts::{MatchText, Number, Text};
use std::cmp::Ordering;
use umpire_model::{Match, Message};

/// A condition that follows from an expression's being true. Where nothing cheap
/// follows, it is [`Need::Anything`]; it never asks for more than the expression does.
#[derive(Debug, Clone)]
pub(super) enum Need {
    /// Always holds.
    Anything,
    /// A text of the message passes a test, or with `false` does not.
    Text(Text, Test, bool),
    /// A number of the message is there and lies so.
    Number(Number, Bound),
    /// A number of the message is there, or with `false` is not.
    Present(Number, bool),
    /// A text of the match at hand passes a test, or does not.
    MatchText(MatchText, Test, bool),
    /// The match at hand is of a rule in shadow, or is not.
    Shadow(bool),
    /// The label at hand passes a test, or does not.
    Label(Test, bool),
    /// Some label of the match at hand meets this.
    SomeLabel(Box<Need>),
    /// Some match meets this.
    SomeMatch(Box<Need>),
    /// Each of these holds.
    All(Vec<Need>),
    /// One of these holds. None of none.
    Any(Vec<Need>),
}

/// What is asked of a text.
#[derive(Debug, Clone)]
pub(super) enum Test {
    IsOneOf(Vec<Box<str>>),
    Contains(Box<str>),
    StartsWith(Box<str>),
    EndsWith(Box<str>),
}

impl Test {
    fn passes(&self, text: &str) -> bool {
        match self {
            Self::IsOneOf(all) => all.iter().any(|one| **one == *text),
            Self::Contains(part) => text.contains(&**part),
            Self::StartsWith(part) => text.starts_with(&**part),
            Self::EndsWith(part) => text.ends_with(&**part),
        }
    }
}

/// Where a number must lie, seen from a limit.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub limit: Limit,
    pub less: bool,
    pub equal: bool,
    pub greater: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    Int(i64),
    /// Within ±2⁵², so that comparing it with a rounded integer orders as CEL does.
    Double(f64),
}

impl Bound {
    fn admits(&self, number: i64) -> bool {
        let ordering = match self.limit {
            Limit::Int(limit) => Some(number.cmp(&limit)),
            #[allow(clippy::cast_precision_loss)]
            Limit::Double(limit) => (number as f64).partial_cmp(&limit),
        };
        match ordering {
            Some(Ordering::Less) => self.less,
            Some(Ordering::Equal) => self.equal,
            Some(Ordering::Greater) => self.greater,
            None => true,
        }
    }

    /// Whether no number lies so that is not negative and not above zero.
    pub fn excludes_zero(&self) -> bool {
        !self.admits(0)
    }
}

/// The match and the label a macro is at.
#[derive(Clone, Copy, Default)]
pub(super) struct Here<'a> {
    found: Option<&'a Match>,
    label: Option<&'a str>,
}

impl Need {
    pub fn never() -> Self {
        Self::Any(Vec::new())
    }

    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Anything => {}
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        // What is quick to say no goes first.
        flat.sort_by_key(Self::weight);
        match flat.len() {
            0 => Self::Anything,
            1 => flat.swap_remove(0),
            _ => Self::All(flat),
        }
    }

    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Anything => return Self::Anything,
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        flat.sort_by_key(Self::weight);
        match flat.len() {
            1 => flat.swap_remove(0),
            _ => Self::Any(flat),
        }
    }

    /// Comparisons before searches.
    fn weight(&self) -> u8 {
        match self {
            Self::Text(_, Test::Contains(_), _) => 3,
            Self::SomeMatch(_) | Self::SomeLabel(_) => 1,
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().map(Self::weight).max().unwrap_or_default()
            }
            _ => 0,
        }
    }

    /// Whether it cannot hold without a match.
    pub fn needs_match(&self) -> bool {
        match self {
            Self::SomeMatch(_) => true,
            Self::All(parts) => parts.iter().any(Self::needs_match),
            Self::Any(parts) => parts.iter().all(Self::needs_match),
            _ => false,
        }
    }

    pub fn holds(&self, message: &Message<'_>, matches: &[&Match], here: Here<'_>) -> bool {
        match self {
            Self::Anything => true,
            Self::Text(read, test, truth) => test.passes(read(message)) == *truth,
            Self::Number(read, bound) => read(message).is_some_and(|it| bound.admits(it)),
            Self::Present(read, truth) => read(message).is_some() == *truth,
            Self::MatchText(read, test, truth) => {
                here.found.is_none_or(|found| test.passes(read(found)) == *truth)
            }
            Self::Shadow(truth) => here.found.is_none_or(|found| found.shadow == *truth),
            Self::Label(test, truth) => here.label.is_none_or(|label| test.passes(label) == *truth),
            Self::SomeLabel(need) => here.found.is_none_or(|found| {
                let mut labels = found.labels.iter();
                labels
                    .any(|label| need.holds(message, matches, Here { label: Some(label), ..here }))
            }),
            Self::SomeMatch(need) => matches.iter().any(|found| {
                need.holds(message, matches, Here { found: Some(found), label: None })
            }),
            Self::All(parts) => parts.iter().all(|part| part.holds(message, matches, here)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(message, matches, here)),
        }
    }
}
