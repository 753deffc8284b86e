//! Every method of SanctionService, tried by another tenant.

use super::{Attempt, PARENT, attempt};
use umpire_proto::v1 as pb;
use umpire_testkit::{Clients, sanction_rule, stream_enforcer};

fn parent() -> String {
    PARENT.into()
}

fn name(collection: &str) -> String {
    format!("{PARENT}/{collection}/a")
}

pub(super) async fn on_sanctions(intruder: &Clients) -> Vec<Attempt> {
    let mut all = on_rules(intruder).await;
    all.extend(on_enforcers(intruder).await);
    all.extend(on_single(intruder).await);
    all.extend(on_many(intruder).await);
    all
}

async fn on_rules(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.sanctions;
    let create = sanction_rule("a", pb::RiskClass::Sensitive, 1, pb::SanctionKind::Mute);
    let rule = pb::SanctionRule { name: name("sanctionRules"), ..<_>::default() };
    let update = pb::UpdateSanctionRuleRequest { sanction_rule: Some(rule), ..<_>::default() };
    let get = pb::GetSanctionRuleRequest { name: name("sanctionRules") };
    let list = pb::ListSanctionRulesRequest { parent: parent(), ..<_>::default() };
    let delete = pb::DeleteSanctionRuleRequest { name: name("sanctionRules"), ..<_>::default() };
    let order = pb::ListEffectiveOrderRequest { parent: parent() };
    let create = pb::CreateSanctionRuleRequest { parent: parent(), ..create };
    vec![
        attempt!("CreateSanctionRule", client, create_sanction_rule, create),
        attempt!("GetSanctionRule", client, get_sanction_rule, get),
        attempt!("ListSanctionRules", client, list_sanction_rules, list),
        attempt!("UpdateSanctionRule", client, update_sanction_rule, update),
        attempt!("DeleteSanctionRule", client, delete_sanction_rule, delete),
        attempt!("ListEffectiveOrder", client, list_effective_order, order),
    ]
}

async fn on_enforcers(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.sanctions;
    let create = pb::CreateEnforcerRequest { parent: parent(), ..stream_enforcer("a") };
    let enforcer = pb::Enforcer { name: name("enforcers"), ..<_>::default() };
    let update = pb::UpdateEnforcerRequest { enforcer: Some(enforcer), ..<_>::default() };
    let get = pb::GetEnforcerRequest { name: name("enforcers") };
    let list = pb::ListEnforcersRequest { parent: parent(), ..<_>::default() };
    let delete = pb::DeleteEnforcerRequest { name: name("enforcers"), ..<_>::default() };
    let watch =
        pb::WatchSanctionsRequest { parent: parent(), enforcer: "a".into(), ..<_>::default() };
    let ack = pb::AckSanctionsRequest { parent: parent(), enforcer: "a".into(), acks: vec![] };
    vec![
        attempt!("CreateEnforcer", client, create_enforcer, create),
        attempt!("GetEnforcer", client, get_enforcer, get),
        attempt!("ListEnforcers", client, list_enforcers, list),
        attempt!("UpdateEnforcer", client, update_enforcer, update),
        attempt!("DeleteEnforcer", client, delete_enforcer, delete),
        attempt!("WatchSanctions", client, watch_sanctions, watch),
        attempt!("AckSanctions", client, ack_sanctions, ack),
    ]
}

async fn on_single(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.sanctions;
    let create = pb::CreateSanctionRequest { parent: parent(), ..<_>::default() };
    let get = pb::GetSanctionRequest { name: name("sanctions") };
    let list = pb::ListSanctionsRequest { parent: parent(), ..<_>::default() };
    let reason = || "why".to_owned();
    let lift =
        pb::LiftSanctionRequest { name: name("sanctions"), reason: reason(), ..<_>::default() };
    let extend =
        pb::ExtendSanctionRequest { name: name("sanctions"), reason: reason(), ..<_>::default() };
    let subject = pb::Subject { user_id: "u".into(), ..<_>::default() };
    let check = pb::CheckSubjectRequest { parent: parent(), subject: Some(subject) };
    vec![
        attempt!("CreateSanction", client, create_sanction, create),
        attempt!("GetSanction", client, get_sanction, get),
        attempt!("ListSanctions", client, list_sanctions, list),
        attempt!("LiftSanction", client, lift_sanction, lift),
        attempt!("ExtendSanction", client, extend_sanction, extend),
        attempt!("CheckSubject", client, check_subject, check),
    ]
}

async fn on_many(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.sanctions;
    let reason = || "why".to_owned();
    let subject = || pb::Subject { user_id: "u".into(), ..<_>::default() };
    let wave = pb::BatchLiftSanctionsRequest {
        parent: parent(),
        filter: "revision > 0".into(),
        reason: reason(),
        ..<_>::default()
    };
    let check = pb::BatchCheckSubjectsRequest { parent: parent(), subjects: vec![subject()] };
    let strikes = pb::ListStrikesRequest { parent: parent(), ..<_>::default() };
    let reset = pb::ResetStrikesRequest {
        parent: parent(),
        subject: Some(subject()),
        reason: reason(),
        ..<_>::default()
    };
    let switch = || format!("{PARENT}/safetySwitch");
    let get = pb::GetSafetySwitchRequest { name: switch() };
    let state = pb::SafetyState::Off as i32;
    let set = pb::SafetySwitch { name: switch(), state, ..<_>::default() };
    let set = pb::UpdateSafetySwitchRequest {
        safety_switch: Some(set),
        reason: reason(),
        ..<_>::default()
    };
    let drain = pb::DrainHeldSanctionsRequest {
        parent: parent(),
        mode: pb::DrainMode::Drop as i32,
        reason: reason(),
        ..<_>::default()
    };
    vec![
        attempt!("BatchLiftSanctions", client, batch_lift_sanctions, wave),
        attempt!("BatchCheckSubjects", client, batch_check_subjects, check),
        attempt!("ListStrikes", client, list_strikes, strikes),
        attempt!("ResetStrikes", client, reset_strikes, reset),
        attempt!("GetSafetySwitch", client, get_safety_switch, get),
        attempt!("UpdateSafetySwitch", client, update_safety_switch, set),
        attempt!("DrainHeldSanctions", client, drain_held_sanctions, drain),
    ]
}
