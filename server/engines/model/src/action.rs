use crate::{Cover, MaskStrategy};
use serde::{Deserialize, Serialize};

/// What is to be done after a match.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
pub enum ActionKind {
    /// Keep the record, nothing else.
    #[n(0)]
    Log,
    /// Tell the people on duty.
    #[n(1)]
    Alert,
    /// Show the masked text.
    #[n(2)]
    Mask,
    /// Hold for a moderator.
    #[n(3)]
    Review,
    /// Stop or recall the message.
    #[n(4)]
    Intercept,
    /// Answer in the conversation.
    #[n(5)]
    Reply,
    /// Mention somebody.
    #[n(6)]
    Mention,
    /// Open a ticket.
    #[n(7)]
    Ticket,
    /// Hand the conversation to a group.
    #[n(8)]
    Route,
}

/// One thing to be done, by the caller or by a worker.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What to do.
    #[n(0)]
    pub kind: ActionKind,
    /// Whom or what it is for: a user, a queue, a group.
    #[n(1)]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Words to use.
    #[n(2)]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How MASK covers what was found; FULL, when `None`.
    #[n(3)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<MaskStrategy>,
}

impl Action {
    /// An action without target or text.
    #[must_use]
    pub fn plain(kind: ActionKind) -> Self {
        Self { kind, target: String::new(), text: String::new(), mask: None }
    }

    /// Whether people are told because of it.
    #[must_use]
    pub fn tells(&self) -> bool {
        matches!(self.kind, ActionKind::Alert | ActionKind::Mention | ActionKind::Ticket)
    }

    /// What stands in for the hits of a rule with this action; `None` unless it masks.
    #[must_use]
    pub fn cover(&self) -> Option<Cover> {
        let masks = self.kind == ActionKind::Mask;
        masks.then(|| Cover::of(self.mask.unwrap_or_default(), &self.text))
    }
}
