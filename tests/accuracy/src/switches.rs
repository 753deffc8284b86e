//! What is undone before matching, by the names the table uses.

use umpire_model::{Transformation, Transformations};

/// A set of switches with its name.
#[derive(Clone, Copy)]
pub struct Switches {
    pub name: &'static str,
    pub set: Transformations,
}

/// Nothing is undone: plain matching.
pub const PLAIN: Switches = Switches { name: "NONE", set: Transformations::NONE };
pub const SAFE: Switches = Switches { name: "SAFE", set: Transformations::SAFE };
pub const AGGRESSIVE: Switches = Switches { name: "AGGRESSIVE", set: Transformations::AGGRESSIVE };
/// AGGRESSIVE and everything that is only on where it is asked for by name.
pub const OPTIONS: Switches = Switches {
    name: "with options",
    set: Transformations::AGGRESSIVE
        .with(Transformation::Shuffle)
        .with(Transformation::ShortHomophone)
        .with(Transformation::ShortInitials)
        .with(Transformation::ShortLookalike),
};
