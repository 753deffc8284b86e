//! How callers ask for lists: filters (a subset of AIP-160), order and pages; and where
//! in a stream they have come to.
//!
//! A resource declares its fields with [`Field`]; [`parse`] turns a filter text into
//! a typed [`Expr`] that a store can translate, or that [`Expr::matches`]
//! evaluates over things in memory.

mod expr;
mod lexer;
mod order;
mod page;
mod parser;
mod position;

pub use expr::{Choices, Expr, Field, Kind, LEVELS, Op, Term, Value, urgency};
pub use order::{Direction, Order, OrderError, parse_order};
pub use page::{InvalidPageToken, PAGE_BYTES, Page, PageToken};
pub use parser::{FilterError, MAX_FILTER_BYTES, parse};
pub use position::Position;
