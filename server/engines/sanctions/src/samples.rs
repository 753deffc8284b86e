//! Rules, senders and offences that tests start from.

use crate::{Candidate, CountMode, Offence, RuleMode, SanctionRule, Subject};
use std::sync::Arc;
use umpire_catalog::{Kept, Shelf};
use umpire_model::{
    FieldId, Level, LocalizedText, Match, ResourceId, RiskClass, SanctionKind, Sender, TenantId,
    Timestamp,
};

pub(crate) fn tenant() -> TenantId {
    TenantId::new("games").expect("an id")
}

pub(crate) fn id(text: &str) -> ResourceId {
    ResourceId::new(text).expect("an id")
}

/// So many seconds after the epoch.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp(0).plus_seconds(seconds)
}

/// A MUTE for an hour at the third SENSITIVE message within a minute.
pub(crate) fn rule() -> SanctionRule {
    SanctionRule {
        display_name: String::new(),
        risk_class: RiskClass::Sensitive,
        labels: Vec::new(),
        charge_from: None,
        charge_to: None,
        servers: Vec::new(),
        channels: Vec::new(),
        threshold: 3,
        window: 60,
        count_mode: CountMode::PerMessage,
        kind: SanctionKind::Mute,
        duration: Some(3_600),
        kick_online: false,
        reason: "spam".into(),
        player_message: LocalizedText::default(),
        remark: String::new(),
        priority: 0,
        ladder: None,
        mode: RuleMode::Enforced,
        max_per_minute: 0,
        grace: 0,
    }
}

pub(crate) fn kept(name: &str, item: SanctionRule) -> Arc<Kept<SanctionRule>> {
    let (create_time, update_time) = (at(0), at(0));
    let author = "an author".into();
    Arc::new(Kept { id: id(name), item, version: 1, create_time, update_time, author })
}

pub(crate) fn shelf<'a>(
    rules: impl IntoIterator<Item = (&'a str, SanctionRule)>,
) -> Shelf<SanctionRule> {
    Shelf::new(rules.into_iter().map(|(name, rule)| (id(name), kept(name, rule))).collect())
}

/// A match of an enforced rule.
pub(crate) fn found(risk_class: RiskClass, labels: &[&str]) -> Match {
    Match {
        rule: "tenants/games/rules/a".into(),
        word: "a word".into(),
        labels: labels.iter().map(|label| Arc::from(*label)).collect(),
        level: Level::P3,
        risk_class: Some(risk_class),
        field: FieldId::Text,
        spans: Vec::new(),
        earlier: Vec::new(),
        shadow: false,
        transformations: Vec::new(),
    }
}

pub(crate) fn sender(user: &str) -> Sender<'_> {
    let (server_id, channel, category) = ("s1", "world", "game");
    Sender { user_id: user, server_id, channel, category, ..Sender::default() }
}

pub(crate) fn subject(user: &str) -> Subject {
    Subject::of(&sender(user)).expect("a user id")
}

pub(crate) fn candidate(name: &str, rule: SanctionRule) -> Candidate {
    Candidate { id: id(name), rule, weight: 1 }
}

/// Something a user said, to be counted under these.
pub(crate) fn offence(
    user: &str,
    record: &str,
    time: Timestamp,
    candidates: Vec<Candidate>,
) -> Offence {
    Offence {
        tenant: tenant(),
        subject: subject(user),
        time,
        candidates,
        record: record.into(),
        content: "b*d".into(),
        ip: "192.0.2.1".into(),
        callback_info: "ticket".into(),
        total_recharge: Some(600),
        revision: 7,
        stopped: false,
    }
}
