use crate::conditions::word;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{Message, Timestamp, Violation, rfc3339};

/// Most exemptions of a rule.
const MAX_EXEMPTIONS: usize = 1_000;
/// Longest reason, in characters.
const MAX_REASON_CHARS: usize = 500;
/// Longest id, in bytes.
const MAX_SUBJECT_BYTES: usize = 1_024;

/// Somebody or something a rule lets through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// User id. Exactly one of this, `conversation` and `phrase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Arc<str>>,
    /// Conversation id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Arc<str>>,
    /// A harmless phrase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<Arc<str>>,
    /// Why.
    pub reason: String,
    /// From then on it no longer holds.
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
}

impl Exemption {
    /// Whether it lets this message's sender or conversation through. Phrases are the
    /// scanner's affair.
    pub(crate) fn covers(&self, message: &Message<'_>, now: Timestamp) -> bool {
        let is = |ours: &Option<Arc<str>>, id: &str| ours.as_deref().is_some_and(|o| o == id);
        self.end_time.is_none_or(|end| now < end)
            && (is(&self.sender, message.sender.user_id)
                || is(&self.conversation, message.conversation.id))
    }

    fn check(&self, path: &str, found: &mut Vec<Violation>) {
        let subjects = [&self.sender, &self.conversation, &self.phrase];
        let mut given = subjects.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(phrase), None) if self.phrase.is_some() && !umpire_text::is_blank(phrase) => {
                if word::is_too_long(phrase) {
                    let limit = format!("{} characters", word::MAX_WORD_CHARS);
                    found.push(Violation::too_large(path, limit));
                }
            }
            (Some(only), None) if only.len() > MAX_SUBJECT_BYTES => {
                found.push(Violation::too_large(path, MAX_SUBJECT_BYTES));
            }
            (Some(only), None) if umpire_text::is_blank(only) => {
                found.push(Violation::invalid(path, "must not be blank"));
            }
            (Some(_), None) => {}
            _ => {
                let message = "exactly one of `sender`, `conversation` and `phrase` must be set";
                found.push(Violation::invalid(path, message));
            }
        }
        let reason = self.reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
            let message = format!("must have 1 to {MAX_REASON_CHARS} characters");
            found.push(Violation::invalid(format!("{path}.reason"), message));
        }
    }
}

/// What is wrong with a rule's exemptions.
pub(crate) fn check(exemptions: &[Exemption], path: &str, found: &mut Vec<Violation>) {
    if exemptions.len() > MAX_EXEMPTIONS {
        return found.push(Violation::too_large(path, MAX_EXEMPTIONS));
    }
    for (index, exemption) in exemptions.iter().enumerate() {
        exemption.check(&format!("{path}[{index}]"), found);
    }
}
