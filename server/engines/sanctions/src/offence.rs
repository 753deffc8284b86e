use crate::{SanctionRule, Subject};
use serde::{Deserialize, Serialize};
use umpire_model::{ResourceId, TenantId, Timestamp};

/// A message that sanction rules count, with all that a sanction would carry. It is
/// counted by [`judge`](crate::judge()) in the commit that records the message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offence {
    /// Whose rules.
    pub tenant: TenantId,
    /// Who sent it.
    pub subject: Subject,
    /// When it was received.
    pub time: Timestamp,
    /// The rules that fit, in their one order.
    pub candidates: Vec<Candidate>,
    /// Id of its record.
    pub record: String,
    /// What was said, masked.
    pub content: String,
    /// The sender's address.
    pub ip: String,
    /// What the caller gave to be given back.
    pub callback_info: String,
    /// The sender's recharge.
    pub total_recharge: Option<i64>,
    /// Rule-set revision that judged.
    pub revision: u64,
    /// The configuration keeps automatic sanctions off.
    pub stopped: bool,
}

/// A sanction rule that fits a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its id.
    pub id: ResourceId,
    /// The rule as it was when the message was judged.
    pub rule: SanctionRule,
    /// How many strikes the message counts under it.
    pub weight: u32,
}
