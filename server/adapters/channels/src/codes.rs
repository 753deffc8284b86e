//! What the codes of vendors mean: a table, because vendors change theirs.

mod parse;
mod rows;
#[cfg(test)]
mod tests;

pub use parse::BadCode;

use std::cmp::Reverse;
use umpire_notify::{ChannelKind, Outcome};

/// What one code of a vendor means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// Which vendor.
    pub channel: ChannelKind,
    /// The code. A `*` at its end stands for anything.
    pub code: String,
    /// What the vendor's message must contain, in whatever case, for vendors that give one
    /// code to several things. Empty: any message will do.
    pub text: String,
    /// What follows.
    pub outcome: Outcome,
}

impl CodeRow {
    /// Whether it is about this answer.
    fn holds(&self, channel: ChannelKind, code: &str, text: &str) -> bool {
        let is_code = match self.code.strip_suffix('*') {
            Some(start) => code.starts_with(start),
            None => self.code == code,
        };
        self.channel == channel && is_code && text.contains(&self.text.to_lowercase())
    }

    /// The row that says most comes first: by its text, then by its code.
    fn rank(&self) -> (Reverse<usize>, bool, Reverse<usize>) {
        (Reverse(self.text.len()), self.code.ends_with('*'), Reverse(self.code.len()))
    }
}

/// The table: what the configuration says, and beneath it what the documentation of vendors
/// says.
#[derive(Debug, Clone)]
pub struct Codes {
    overrides: Vec<CodeRow>,
    built_in: Vec<CodeRow>,
}

impl Codes {
    /// The built-in table with these rows above it.
    #[must_use]
    pub fn new(overrides: Vec<CodeRow>) -> Self {
        Self { overrides: ranked(overrides), built_in: ranked(rows::built_in()) }
    }

    /// What follows from a code that came with a message; `None` when no row knows it.
    #[must_use]
    pub fn outcome(&self, channel: ChannelKind, code: &str, text: &str) -> Option<Outcome> {
        let text = text.to_lowercase();
        let mut rows = self.overrides.iter().chain(&self.built_in);
        rows.find(|row| row.holds(channel, code, &text)).map(|row| row.outcome.clone())
    }
}

fn ranked(mut rows: Vec<CodeRow>) -> Vec<CodeRow> {
    rows.sort_by_key(CodeRow::rank);
    rows
}
