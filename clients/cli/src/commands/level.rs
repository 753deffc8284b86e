use crate::output::short;
use clap::ValueEnum;
use umpire_client::v1;

/// How urgent something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Urgent.
    P0,
    /// High.
    P1,
    /// Ordinary.
    P2,
    /// A hint.
    P3,
}

impl Level {
    /// In the contract's words.
    pub fn proto(self) -> v1::Level {
        match self {
            Self::P0 => v1::Level::P0,
            Self::P1 => v1::Level::P1,
            Self::P2 => v1::Level::P2,
            Self::P3 => v1::Level::P3,
        }
    }

    /// As a term of a filter: this, or more urgent.
    pub fn or_more(self) -> String {
        format!("level >= {}", short(self.proto().as_str_name(), "LEVEL_"))
    }
}
