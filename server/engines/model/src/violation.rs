/// One field of a request that cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Violation {
    /// Path of the field, such as `rule.text.words[3]`.
    pub path: String,
    /// What is wrong, for people.
    pub message: String,
    /// What is wrong, for programs.
    pub kind: ViolationKind,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViolationKind {
    /// Missing or malformed.
    Invalid,
    /// A regular expression that cannot be used.
    Regex,
    /// Known, but not honoured by this version.
    Unsupported,
    /// Over a limit.
    TooLarge,
    /// A message with nothing to check.
    Empty,
}

impl Violation {
    /// The same under another path: `from` at its start becomes `to`.
    #[must_use]
    pub fn moved(self, from: &str, to: &str) -> Self {
        let path = match self.path.strip_prefix(from) {
            Some(rest) => format!("{to}{rest}"),
            None => self.path,
        };
        Self { path, ..self }
    }

    /// A malformed field.
    pub fn invalid(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), kind: ViolationKind::Invalid }
    }

    /// A field this version does not honour.
    pub fn unsupported(path: impl Into<String>) -> Self {
        let message = "is not supported by this version".into();
        Self { path: path.into(), message, kind: ViolationKind::Unsupported }
    }

    /// A field over a limit.
    pub fn too_large(path: impl Into<String>, limit: impl std::fmt::Display) -> Self {
        let message = format!("is over the limit of {limit}");
        Self { path: path.into(), message, kind: ViolationKind::TooLarge }
    }
}
