use serde::{Deserialize, Serialize};

/// How urgent a match is. `P0` sorts first: it is the most urgent.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[cbor(index_only)]
pub enum Level {
    /// Urgent: several channels at once.
    #[n(0)]
    P0,
    /// Group mention and direct message.
    #[n(1)]
    P1,
    /// One ordinary notice.
    #[n(2)]
    P2,
    /// A hint, recorded only.
    #[n(3)]
    P3,
}

impl Level {
    /// `P0` to `P3`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["P0", "P1", "P2", "P3"][self as usize]
    }
}

/// The class a sanction rule counts by. The gravest sorts last.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
pub enum RiskClass {
    /// Unwelcome.
    #[n(0)]
    Sensitive,
    /// Harmful.
    #[n(1)]
    HighRisk,
    /// Never tolerated.
    #[n(2)]
    Fatal,
}

/// What the caller should do with the content as a whole. The strictest sorts last.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
pub enum Decision {
    /// Let it through.
    #[n(0)]
    Pass,
    /// A moderator has to look.
    #[n(1)]
    Review,
    /// Do not deliver it.
    #[n(2)]
    Block,
}
