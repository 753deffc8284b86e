use umpire_model::{Level, Timestamp};

/// The fields of one kind of resource that filters may name.
pub trait Field: Copy + Sized {
    /// The field at a path such as `conversation.id`.
    fn from_path(path: &str) -> Option<Self>;
    /// What the field holds.
    fn kind(self) -> Kind;
}

/// Names of an enumeration, each with its rank for `<` and `>`.
pub type Choices = &'static [(&'static str, i64)];

/// Levels ranked by urgency, so that `level >= P1` means P1 or more urgent.
pub const LEVELS: Choices = &[("P3", 0), ("P2", 1), ("P1", 2), ("P0", 3)];

/// The rank of a level in [`LEVELS`].
#[must_use]
pub fn urgency(level: Level) -> i64 {
    3 - level as i64
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One text; `=`, `!=` and `:` (holds the text).
    Text,
    /// Several texts; `:` and `=` (one of them is it).
    Texts,
    /// Several of these names, with or without the enumeration's prefix; `:` and `=`.
    Names(&'static [&'static str]),
    /// A moment; all comparisons.
    Time,
    /// A whole number; all comparisons.
    Number,
    /// An enumeration; all comparisons, by rank.
    Choice(Choices),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// `:`
    Has,
}

impl Op {
    /// Whether `left op right` holds; `Has` is equality here.
    #[must_use]
    pub fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Eq | Self::Has => left == right,
            Self::Ne => left != right,
            Self::Lt => left < right,
            Self::Le => left <= right,
            Self::Gt => left > right,
            Self::Ge => left >= right,
        }
    }
}

/// What a field is compared with, already of the field's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Value {
    Text(String),
    Time(Timestamp),
    /// A number, or the rank of an enumeration's name.
    Number(i64),
}

impl Value {
    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Time(_) | Self::Number(_) => "",
        }
    }

    /// The number, rank or microseconds; 0 for a text.
    #[must_use]
    pub fn as_number(&self) -> i64 {
        match self {
            Self::Number(number) => *number,
            Self::Time(time) => time.0,
            Self::Text(_) => 0,
        }
    }
}

/// One comparison of a field with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term<F> {
    /// What is compared.
    pub field: F,
    /// How.
    pub op: Op,
    /// With what.
    pub value: Value,
}

impl<F> Term<F> {
    /// Compares one text of the resource with the term's value.
    #[must_use]
    pub fn test_text(&self, text: &str) -> bool {
        let value = self.value.as_text();
        match self.op {
            Op::Has => text.to_lowercase().contains(&value.to_lowercase()),
            op => op.holds(&text, &value),
        }
    }

    /// Whether one of several texts is the term's value.
    pub fn test_texts<'t>(&self, mut texts: impl Iterator<Item = &'t str>) -> bool {
        let value = self.value.as_text();
        texts.any(|text| text == value) == (self.op != Op::Ne)
    }

    /// Compares a number, rank or time with the term's value.
    #[must_use]
    pub fn test_number(&self, number: i64) -> bool {
        self.op.holds(&number, &self.value.as_number())
    }
}

/// A condition over a resource's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Expr<F> {
    /// All of them; empty is true.
    And(Vec<Expr<F>>),
    /// Any of them.
    Or(Vec<Expr<F>>),
    Not(Box<Expr<F>>),
    Term(Term<F>),
}

impl<F> Expr<F> {
    /// The condition that everything meets.
    #[must_use]
    pub fn always() -> Self {
        Self::And(Vec::new())
    }

    /// Evaluates the condition; `test` answers each term.
    pub fn matches(&self, test: &impl Fn(&Term<F>) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches(test)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(test)),
            Self::Not(part) => !part.matches(test),
            Self::Term(term) => test(term),
        }
    }
}
