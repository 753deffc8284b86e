use minijinja::{Error, ErrorKind};
use std::fmt;

/// Why a template cannot be used. Says nothing of what it was to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It is not allowed to say this, or it cannot be read.
    #[error("line {line}: {what}")]
    Refused {
        /// From 1.
        line: usize,
        /// Only of its own words.
        what: String,
    },
    /// It stopped half-way.
    #[error("line {line}: {kind}")]
    Failed {
        /// From 1; 0: unknown.
        line: usize,
        /// What the engine calls it.
        kind: ErrorKind,
    },
    /// More than is taken.
    #[error("it makes more text than the channel takes")]
    TooLong,
    /// Not a letter.
    #[error("it makes no text")]
    Blank,
}

impl Fault {
    /// Of a template that could not be compiled: the engine has seen only its source.
    pub fn unreadable(error: &Error) -> Self {
        let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self::Refused { line: error.line().unwrap_or(0), what }
    }

    /// Of a template that ran: details may quote users and are left out.
    pub fn run(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::WriteFailure => Self::TooLong,
            kind => Self::Failed { line: error.line().unwrap_or(0), kind },
        }
    }
}

/// Which half of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// Its title.
    Title,
    /// Its body.
    Body,
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Title => "title",
            Self::Body => "body",
        })
    }
}
