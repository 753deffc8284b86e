use crate::{exit::Exit, moved::Moved, output::counted};
use std::{
    error::Error as _,
    io,
    path::{Path, PathBuf},
};
use umpire_client::{Error, v1::ErrorReason};

/// How it sounds when a plain server is spoken to in TLS.
const NO_TLS: [&str; 2] = ["InvalidContentType", "tls handshake eof"];

/// The field of a document that cannot be read; only there lines and columns are told.
const WHOLE: &str = "document";

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
    /// The server refused a text that was put into another one.
    #[error("{}", in_text(.0, .1))]
    Moved(Error, Moved),
    /// The server refused something of a file.
    #[error("{}: {called}: {}", .path.display(), with_causes(.cause))]
    Filed {
        /// Which file.
        path: PathBuf,
        /// What of it.
        called: String,
        /// Why.
        cause: Error,
    },
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

    /// The same, where the server refused something of a file.
    pub fn in_file(self, path: &Path, called: &str) -> Self {
        match self {
            Self::Server(cause) => Self::Filed { path: path.into(), called: called.into(), cause },
            other => other,
        }
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::File { .. } | Self::Trouble(_) => Exit::USAGE,
            Self::Output(_) | Self::Form(_) => Exit::INTERNAL,
            Self::Server(error) | Self::Moved(error, _) | Self::Filed { cause: error, .. } => {
                Exit::of(error)
            }
        }
    }

    /// The server's error, if it is one.
    pub fn server(&self) -> Option<&Error> {
        match self {
            Self::Server(error) | Self::Moved(error, _) | Self::Filed { cause: error, .. } => {
                Some(error)
            }
            Self::Trouble(cause) => cause.server(),
            _ => None,
        }
    }

    /// A line for each field that is wrong and each thing that stands in the way, but
    /// for what the failure's own text says already.
    pub fn details(&self) -> Vec<String> {
        let Some(error) = self.server() else { return Vec::new() };
        let fields = error.violations().into_iter();
        let fields = fields.map(|wrong| self.told(&wrong.field, &wrong.message));
        let conditions = error.preconditions().into_iter();
        let conditions = conditions.map(|condition| {
            format!("{} {}: {}", condition.kind, condition.subject, condition.message)
        });
        let headline = match self {
            Self::Filed { cause, .. } => with_causes(cause),
            other => other.to_string(),
        };
        let ending = format!(": {headline}");
        let is_news = |line: &String| *line != headline && !line.ends_with(&ending);
        fields.chain(conditions).filter(is_news).collect()
    }

    fn told(&self, field: &str, message: &str) -> String {
        match self {
            Self::Moved(_, moved) if field == WHOLE => format!("{field}: {}", moved.back(message)),
            _ => format!("{field}: {message}"),
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

/// Where the document cannot be read, the place in the text.
fn in_text(error: &Error, moved: &Moved) -> String {
    let text = with_causes(error);
    let is_whole = error.violations().first().is_some_and(|wrong| wrong.field == WHOLE);
    if is_whole { moved.back(&text) } else { text }
}

/// "cannot be reached" alone does not help; its causes do, and so does a guess.
fn with_causes(error: &Error) -> String {
    if error.reason() == ErrorReason::TestsFailed {
        return format!("nothing was changed: {} would fail", failed_cases(error));
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(found) = cause {
        text = format!("{text}: {found}");
        cause = found.source();
    }
    match guess(error, &text) {
        Some(guess) => format!("{text}: {guess}"),
        None => text,
    }
}

/// What it may be when another kind of server answered.
fn guess(error: &Error, text: &str) -> Option<&'static str> {
    let is_plain = NO_TLS.iter().any(|sign| text.contains(sign));
    if error.is_not_grpc() {
        Some("this is no gRPC server; is it the HTTP port?")
    } else if is_plain {
        Some("the server speaks no TLS?")
    } else {
        None
    }
}

/// The server begins with their number, which goes beyond those it tells.
fn failed_cases(error: &Error) -> String {
    let message = error.message();
    let number = message.split(' ').next().and_then(|word| word.parse().ok());
    counted(number.unwrap_or_else(|| error.preconditions().len()), "test case")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_kind_of_server_is_guessed() {
        let error = Error::Incomplete("verdict");
        let text = "received corrupt message of type InvalidContentType";
        assert_eq!(guess(&error, text), Some("the server speaks no TLS?"));
        assert_eq!(guess(&error, "connection refused"), None);
        assert_eq!(with_causes(&error), "the answer lacks `verdict`");
    }
}
