use crate::exit::Exit;
use std::{error::Error as _, io, path::PathBuf};
use umpire_client::Error;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was asked makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be read.
    #[error("{}: {cause}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The server refused or is away.
    #[error("{}", with_causes(.0))]
    Server(#[from] Error),
    /// An answer cannot be written.
    #[error("output: {0}")]
    Output(#[from] io::Error),
    /// An answer cannot be put into its form.
    #[error("output: {0}")]
    Form(#[from] serde_json::Error),
    /// Any of these, where the exit code says only that there was trouble.
    #[error("{0}")]
    Trouble(Box<Failure>),
}

impl Failure {
    /// Bad usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::File { .. } | Self::Trouble(_) => Exit::USAGE,
            Self::Output(_) | Self::Form(_) => Exit::INTERNAL,
            Self::Server(error) => Exit::of(error),
        }
    }

    /// The server's error, if it is one.
    pub fn server(&self) -> Option<&Error> {
        match self {
            Self::Server(error) => Some(error),
            Self::Trouble(cause) => cause.server(),
            _ => None,
        }
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Output(error),
            other => Self::Output(io::Error::other(format!("{other:?}"))),
        }
    }
}

/// "cannot be reached" alone does not help; its causes do.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(found) = cause {
        text = format!("{text}: {found}");
        cause = found.source();
    }
    text
}
