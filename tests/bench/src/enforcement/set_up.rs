//! The rules and enforcers that are measured.

use tonic::transport::Channel;
use umpire_proto::v1::{
    CreateEnforcerRequest, CreateRuleRequest, CreateSanctionRuleRequest, Enforcer, Level,
    RiskClass, Rule, SafetySwitch, SanctionKind, SanctionRule, TextCondition,
    UpdateSafetySwitchRequest,
    enforcer::{Kind, Stream, Webhook},
    rule::Condition,
    rule_service_client::RuleServiceClient,
    sanction_service_client::SanctionServiceClient,
};

/// `whsec_` and 24 bytes.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
/// A word that is found and brings nothing.
pub const HARMLESS: &str = "silver";
/// A word that brings a mute.
pub const OFFENDING: &str = "gold";
/// The enforcer that is told by webhook, and the game server it is for.
pub const WEBHOOK: &str = "by-webhook";
/// The enforcer that reads a stream, and the game server it is for.
pub const STREAM: &str = "by-stream";

/// As high as the server's ceiling: nothing is held.
const BUDGET: i32 = 1_000_000;

/// Two rules of words, one of which mutes whoever it finds; two enforcers; and the budget.
pub async fn everything(channel: &Channel, url: &str) {
    let mut rules = RuleServiceClient::new(channel.clone());
    for rule in [rule(HARMLESS, RiskClass::Unspecified), rule(OFFENDING, RiskClass::HighRisk)] {
        rules.create_rule(rule).await.unwrap();
    }
    let mut sanctions = SanctionServiceClient::new(channel.clone());
    sanctions.create_sanction_rule(mute()).await.unwrap();
    let (url, secret) = (url.into(), SECRET.into());
    let webhook = Kind::Webhook(Webhook { url, secret, ..Webhook::default() });
    for enforcer in [enforcer(WEBHOOK, webhook), enforcer(STREAM, Kind::Stream(Stream {}))] {
        sanctions.create_enforcer(enforcer).await.unwrap();
    }
    sanctions.update_safety_switch(budget()).await.unwrap();
}

fn rule(word: &str, class: RiskClass) -> CreateRuleRequest {
    let text = TextCondition { words: vec![word.into()], ..TextCondition::default() };
    let rule = Rule {
        condition: Some(Condition::Text(text)),
        level: Level::P2 as i32,
        risk_class: class as i32,
        ..Rule::default()
    };
    CreateRuleRequest { rule_id: word.into(), rule: Some(rule), ..CreateRuleRequest::default() }
}

/// An hour's mute for the first message.
fn mute() -> CreateSanctionRuleRequest {
    let sanction_rule = SanctionRule {
        risk_class: RiskClass::HighRisk as i32,
        threshold: 1,
        kind: SanctionKind::Mute as i32,
        duration: Some(prost_types::Duration { seconds: 3_600, nanos: 0 }),
        reason: "benchmark".into(),
        ..SanctionRule::default()
    };
    CreateSanctionRuleRequest {
        sanction_rule_id: "mute".into(),
        sanction_rule: Some(sanction_rule),
        ..CreateSanctionRuleRequest::default()
    }
}

/// An enforcer for the game server of its name.
fn enforcer(id: &str, kind: Kind) -> CreateEnforcerRequest {
    let enforcer = Enforcer { kind: Some(kind), servers: vec![id.into()], ..Enforcer::default() };
    CreateEnforcerRequest {
        enforcer_id: id.into(),
        enforcer: Some(enforcer),
        ..CreateEnforcerRequest::default()
    }
}

fn budget() -> UpdateSafetySwitchRequest {
    let switch = SafetySwitch { budget_per_minute: BUDGET, ..SafetySwitch::default() };
    UpdateSafetySwitchRequest {
        safety_switch: Some(switch),
        reason: "benchmark".into(),
        ..UpdateSafetySwitchRequest::default()
    }
}
