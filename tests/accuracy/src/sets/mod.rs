//! One file a set: what is measured, and what it is held against.

mod added;
mod cntp;
pub mod conda;
mod english;
mod hatecheck;

use crate::{
    data::{Absent, Data},
    table::Row,
};

type Run = fn(&Data) -> Result<Vec<Row>, Absent>;

/// Every set, with what the names of its rows start with.
pub const ALL: [(&str, Run); 5] = [
    ("cntp", cntp::run),
    ("added", added::run),
    ("english", english::run),
    ("hatecheck", hatecheck::run),
    ("conda", conda::run),
];
