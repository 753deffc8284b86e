use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// What a sanction does to its subject. The gravest sorts last.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
pub enum SanctionKind {
    /// Tells the player, and nothing else.
    #[n(0)]
    Warn,
    /// The player cannot speak.
    #[n(1)]
    Mute,
    /// The player cannot log in.
    #[n(2)]
    LoginBan,
}

/// The id of a sanction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SanctionId(pub Uuid);

impl SanctionId {
    /// Reads the usual hyphenated form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for SanctionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The sanction that reaching a threshold would bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct NextStep {
    /// What it does.
    #[n(0)]
    pub kind: SanctionKind,
    /// How long, in seconds; `None` when permanent or without an end.
    #[n(1)]
    pub seconds: Option<u64>,
    /// It has no end.
    #[n(2)]
    pub permanent: bool,
}

/// A strike that a message counted under one sanction rule.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StrikeStatus {
    /// Id of the sanction rule, within the tenant.
    #[n(0)]
    pub rule: String,
    /// Strikes within the window, this message's included.
    #[n(1)]
    pub count: u32,
    /// How many bring the sanction.
    #[n(2)]
    pub threshold: u32,
    /// For how long each counts, in seconds.
    #[n(3)]
    pub window: u64,
    /// What reaching the threshold brings next; once it is reached, what it brought.
    #[n(4)]
    pub next: NextStep,
    /// This message reached the threshold: the strikes are cleared.
    #[n(5)]
    pub crossed: bool,
    /// Why reaching it had no effect: a sanction's name, the safety switch's, `shadow`.
    #[n(6)]
    pub suppressed_by: Option<String>,
}

/// What counting a message came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// In the order the rules were tried.
    pub strikes: Vec<StrikeStatus>,
    /// The sanction that was made.
    pub sanction: Option<SanctionId>,
    /// It could not be counted.
    pub failed: bool,
}
