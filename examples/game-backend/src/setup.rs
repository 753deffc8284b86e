//! What a moderator would set up, so that there is something to see.

use prost_types::Duration;
use umpire_client::{
    Error, Umpire,
    v1::{
        Action, ActionKind, Enforcer, ErrorReason, RiskClass, Rule, SanctionKind, SanctionRule,
        TextCondition, enforcer, rule::Condition,
    },
};

/// The enforcer this game is.
pub const ENFORCER: &str = "game";

/// Keeps two rules, two sanction rules and the enforcer, unless they are there.
pub async fn set_up(umpire: &Umpire) -> Result<(), Error> {
    let (rules, sanctions) = (umpire.rules(), umpire.sanctions());
    let (risk, fatal) = (RiskClass::HighRisk, RiskClass::Fatal);
    unless_there(rules.create("game-spam", intercept("cheap gold", risk)).await)?;
    unless_there(rules.create("game-theft", intercept("stolen account", fatal)).await)?;
    let spammers = SanctionRule {
        risk_class: risk as i32,
        threshold: 3,
        window: Some(Duration { seconds: 3_600, nanos: 0 }),
        kind: SanctionKind::Mute as i32,
        duration: Some(Duration { seconds: 600, nanos: 0 }),
        reason: "selling gold".into(),
        ..<_>::default()
    };
    unless_there(sanctions.create_rule("spammers", spammers).await)?;
    let thieves = SanctionRule {
        risk_class: fatal as i32,
        threshold: 1,
        kind: SanctionKind::LoginBan as i32,
        permanent: true,
        kick_online: true,
        reason: "selling accounts".into(),
        ..<_>::default()
    };
    unless_there(sanctions.create_rule("thieves", thieves).await)?;
    let kind = Some(enforcer::Kind::Stream(enforcer::Stream {}));
    unless_there(sanctions.create_enforcer(ENFORCER, Enforcer { kind, ..<_>::default() }).await)
}

fn intercept(word: &str, class: RiskClass) -> Rule {
    let text = TextCondition { words: vec![word.into()], ..<_>::default() };
    Rule {
        condition: Some(Condition::Text(text)),
        risk_class: class as i32,
        actions: vec![Action { kind: ActionKind::Intercept as i32, ..<_>::default() }],
        ..<_>::default()
    }
}

fn unless_there<T>(made: Result<T, Error>) -> Result<(), Error> {
    match made {
        Err(error) if error.reason() != ErrorReason::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
