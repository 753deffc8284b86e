//! The types of expressions, with how big their values can get.

use super::facts::Record;
use std::fmt;

/// A type. Two are the same whatever their sizes.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Bool,
    Int,
    Double,
    /// At most so many bytes.
    String(u64),
    /// At most so many elements.
    List(Box<Kind>, u64),
    /// By string keys.
    Map(Box<Kind>),
    /// A thing with members.
    Record(Record),
}

impl Kind {
    pub fn list(of: Self, most: u64) -> Self {
        Self::List(Box::new(of), most)
    }

    /// Whether values of both can be compared, and stand in the same list.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a, _), Self::List(b, _)) | (Self::Map(a), Self::Map(b)) => a.is_like(b),
            (Self::Record(a), Self::Record(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// The type of a value that is one or the other, if they are alike.
    pub fn or(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::String(a), Self::String(b)) => Some(Self::String(a.max(b))),
            (Self::List(a, most_a), Self::List(b, most_b)) => {
                Some(Self::List(Box::new(a.or(*b)?), most_a.max(most_b)))
            }
            (a, b) => a.is_like(&b).then_some(a),
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Double)
    }

    /// Whether `==` makes sense of two such values.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::Double | Self::String(_))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Double => f.write_str("double"),
            Self::String(_) => f.write_str("string"),
            Self::List(of, _) => write!(f, "list of {of}"),
            Self::Map(of) => write!(f, "map of {of}"),
            Self::Record(record) => f.write_str(record.name()),
        }
    }
}
