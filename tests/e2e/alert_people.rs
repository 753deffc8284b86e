//! What people do about alerts, and what happens while they do nothing.

use crate::office::Office;
use tonic::{Code, Status};
use umpire_proto::v1::{
    AcknowledgeAlertRequest, Alert, AlertState, AssignAlertRequest, CreateEscalationPolicyRequest,
    EscalationPolicy,
    Level::{P0, P2},
    ResolveAlertRequest,
    escalation_policy::{Raise, Step},
};
use umpire_testkit::{
    acknowledge_alert, alert, alerts_with, delivered, fates, reason, receiver_name, resolve_alert,
    seconds, so_many_alerts, violated,
};

const ID: &str = "0193a7b2-5c1e-7cc0-8000-000000000001";
const OTHER_ID: &str = "0193a7b2-5c1e-7cc0-8000-000000000002";

fn step(wait: i64, receiver: &str) -> Step {
    Step { wait: seconds(wait), receivers: vec![receiver_name(receiver)], raise_to: 0 }
}

fn policy(steps: Vec<Step>) -> EscalationPolicy {
    EscalationPolicy { steps, ..<_>::default() }
}

async fn create_policy(
    office: &Office,
    policy: EscalationPolicy,
) -> Result<EscalationPolicy, Status> {
    let request = CreateEscalationPolicyRequest {
        escalation_policy_id: "climb".into(),
        escalation_policy: Some(policy),
        ..<_>::default()
    };
    let made = office.clients.alerts.clone().create_escalation_policy(request).await?;
    Ok(made.into_inner().escalation_policy.unwrap())
}

/// `duty` is told of leaks, at P2, each event by itself; then the policy runs.
async fn with_policy(receivers: &[&str], policy: EscalationPolicy) -> Office {
    let office = Office::start(receivers).await;
    create_policy(&office, policy).await.unwrap();
    office
        .route("all", "", &["duty"], |route| {
            (route.escalation_policy, route.dedupe_window) = ("climb".into(), seconds(0));
        })
        .await;
    office.rule("leak", P2).await;
    office
}

#[tokio::test]
async fn who_looks_after_an_alert_is_left_in_peace_for_a_while() {
    let office = with_policy(&["duty", "boss"], policy(vec![step(60, "boss")])).await;
    office.say("room", "leak").await;
    office.heard(1).await;
    let open = office.alert("").await;
    let request = AcknowledgeAlertRequest {
        name: open.name.clone(),
        expire_after: seconds(600),
        note: "on it".into(),
        ..<_>::default()
    };
    let mut service = office.clients.alerts.clone();
    let mine = service.acknowledge_alert(request).await.unwrap().into_inner().alert.unwrap();
    assert_eq!(mine.state(), AlertState::Acknowledged);
    let given = mine.acknowledgement.as_ref().unwrap();
    assert_eq!((given.operator.as_str(), given.note.as_str()), ("local", "on it"));
    let (from, until) = (given.time.unwrap().seconds, given.expire_time.unwrap().seconds);
    assert_eq!(until - from, 600);
    office.say("room", "leak").await;
    let waits = office.alert("count = 2").await;
    assert_eq!(waits.state(), AlertState::Acknowledged);
    assert_eq!(fates(&waits), [("DEDUPLICATED", 1), ("NOTIFIED", 1)]);
    office.pass(540).await;
    office.pass(61).await;
    let heard = office.heard(2).await;
    assert_eq!(heard[1], "duty P2 ACK_EXPIRED 1 leak", "and the boss was not called");
    let again = office.alert("state = OPEN").await;
    assert_eq!((again.acknowledgement.as_ref(), fates(&again)), (None, vec![("NOTIFIED", 2)]));
    office.pass(61).await;
    assert_eq!(office.heard(3).await[2], "boss P2 ESCALATED 0 leak");
}

#[tokio::test]
async fn a_rise_is_told_though_somebody_looks_after_it() {
    let office = Office::start(&["duty"]).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    office.heard(1).await;
    let open = office.alert("").await;
    let mine = acknowledge_alert(&office.clients, &open.name, 600).await.unwrap();
    assert_eq!(mine.state(), AlertState::Acknowledged);
    office.set_level("leak", P0).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(2).await[1], "duty P0 LEVEL_UP 1 leak");
}

#[tokio::test]
async fn while_nobody_answers_the_next_are_called() {
    let higher = Step { raise_to: P0 as i32, ..step(120, "chief") };
    let climb = EscalationPolicy { repeat: 1, ..policy(vec![step(60, "boss"), higher]) };
    let office = with_policy(&["duty", "boss", "chief"], climb).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 1 leak"]);
    office.pass(61).await;
    assert_eq!(office.heard(2).await[1], "boss P2 ESCALATED 0 leak");
    office.pass(121).await;
    let mut both = office.heard(4).await.split_off(2);
    both.sort();
    assert_eq!(both, ["chief P0 ESCALATED 0 leak", "duty P0 LEVEL_UP 0 leak"]);
    let raised = office.alert("level = P0").await;
    let last = raised.level_history.last().unwrap();
    assert_eq!(last.cause, "tenants/default/escalationPolicies/climb");
    let all = ["duty", "boss", "chief"].map(receiver_name);
    assert!(all.iter().all(|name| raised.receivers.contains(name)), "{:?}", raised.receivers);
    // Once more, from the start.
    office.pass(61).await;
    assert_eq!(office.heard(5).await[4], "boss P0 ESCALATED 0 leak");
    office.pass(121).await;
    assert_eq!(office.heard(6).await[5], "chief P0 ESCALATED 0 leak");
    office.pass(121).await;
    office.say("hall", "leak").await;
    assert_eq!(office.heard(7).await[6], "duty P2 FIRST 1 leak", "that was the last step");
}

#[tokio::test]
async fn what_persists_becomes_more_urgent() {
    let raise = Raise { count: 3, within: seconds(60), to: P0 as i32 };
    let climb = EscalationPolicy { raises: vec![raise], ..<_>::default() };
    let office = with_policy(&["duty"], climb).await;
    for (number, expected) in [
        "duty P2 FIRST 1 leak",
        "duty P2 REPEATED 1 leak",
        "duty P2 REPEATED 1 leak",
        "duty P0 LEVEL_UP 1 leak",
    ]
    .into_iter()
    .enumerate()
    {
        office.say("room", "leak").await;
        assert_eq!(office.heard(number + 1).await[number], expected);
        // The first is a minute older than the third.
        office.pass(if number == 0 { 61 } else { 1 }).await;
    }
    let history = office.alert("").await.level_history;
    let causes: Vec<_> = history.iter().map(|change| (change.level(), &*change.cause)).collect();
    assert_eq!(causes, [(P2, "event"), (P0, "tenants/default/escalationPolicies/climb")]);
}

#[tokio::test]
async fn what_is_resolved_is_over_and_comes_anew() {
    let office = Office::start(&["log"]).await;
    office.receiver("duty", |receiver| receiver.send_resolved = true).await;
    office.route("all", "", &["duty", "log"], |_| {}).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    office.heard(2).await;
    let open = office.alert("").await;
    let request =
        ResolveAlertRequest { name: open.name.clone(), note: "a drill".into(), ..<_>::default() };
    let mut service = office.clients.alerts.clone();
    let over = service.resolve_alert(request).await.unwrap().into_inner().alert.unwrap();
    let resolution = over.resolution.as_ref().unwrap();
    assert_eq!((over.state(), resolution.operator.as_str()), (AlertState::Resolved, "local"));
    assert_eq!(resolution.note, "a drill");
    assert_eq!(office.heard(3).await[2], "duty P2 RESOLVED 0 leak");
    let acknowledged = acknowledge_alert(&office.clients, &open.name, 600).await.map(drop);
    let resolved = resolve_alert(&office.clients, &open.name).await.map(drop);
    for refused in [acknowledged, resolved] {
        let refused = refused.unwrap_err();
        assert_eq!((refused.code(), &*reason(&refused)), (Code::FailedPrecondition, "ALERT_OVER"));
    }
    office.say("room", "leak").await;
    let heard = office.heard(5).await.split_off(3);
    assert!(heard.iter().all(|told| told.ends_with(" P2 FIRST 1 leak")), "{heard:?}");
    let both = so_many_alerts(&office.clients, "key = leak/room", 2).await;
    assert_eq!((both[0].state(), &both[1]), (AlertState::Open, &over));
    delivered(&office.clients, 5).await;
}

#[tokio::test]
async fn only_who_knows_an_alert_as_it_is_changes_it_and_only_once() {
    let office = Office::start(&[]).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    let open = office.alert("").await;
    let assign = |assignee: &str, etag: &str, request_id: &str| {
        let request = AssignAlertRequest {
            name: open.name.clone(),
            assignee: assignee.into(),
            etag: etag.into(),
            request_id: request_id.into(),
        };
        let mut service = office.clients.alerts.clone();
        async move {
            let done = service.assign_alert(request).await?;
            Ok::<Alert, Status>(done.into_inner().alert.unwrap())
        }
    };
    let mine = assign("zhang", &open.etag, ID).await.unwrap();
    assert_eq!(mine.assignee, "zhang");
    assert_ne!(mine.etag, open.etag);
    let repeated = assign("zhang", &open.etag, ID).await.unwrap();
    assert_eq!(repeated, mine, "the first answer again, though the etag is stale");
    let refused = assign("li", &open.etag, ID).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    let refused = assign("li", &open.etag, OTHER_ID).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::Aborted, "ETAG_MISMATCH"));
    let refused = assign("li", "", "no uuid").await.unwrap_err();
    assert_eq!(violated(&refused), ["request_id"]);
    assert_eq!(alerts_with(&office.clients, "assignee = zhang").await, std::slice::from_ref(&mine));
    let nobodys = assign("", &mine.etag, "").await.unwrap();
    assert_eq!((nobodys.assignee.as_str(), nobodys.state()), ("", AlertState::Open));
    for stale in [&open, &mine] {
        let acknowledge = AcknowledgeAlertRequest {
            name: open.name.clone(),
            etag: stale.etag.clone(),
            ..<_>::default()
        };
        let resolve = ResolveAlertRequest {
            name: open.name.clone(),
            etag: stale.etag.clone(),
            ..<_>::default()
        };
        let mut service = office.clients.alerts.clone();
        let refused = service.acknowledge_alert(acknowledge).await.unwrap_err();
        assert_eq!(reason(&refused), "ETAG_MISMATCH");
        let refused = service.resolve_alert(resolve).await.unwrap_err();
        assert_eq!(reason(&refused), "ETAG_MISMATCH");
    }
    assert_eq!(alert(&office.clients, &open.name).await.unwrap(), nobodys);
}

#[tokio::test]
async fn what_people_may_not_do_is_refused_and_named() {
    let office = Office::start(&[]).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    let open = office.alert("").await;
    let mut service = office.clients.alerts.clone();
    for (days, note, field) in
        [(8, "", "expire_after"), (-1, "", "expire_after"), (1, &*"字".repeat(501), "note")]
    {
        let request = AcknowledgeAlertRequest {
            name: open.name.clone(),
            expire_after: seconds(days * 86_400),
            note: note.into(),
            ..<_>::default()
        };
        let refused = service.acknowledge_alert(request).await.expect_err(field);
        assert_eq!((refused.code(), &*violated(&refused)[0]), (Code::InvalidArgument, field));
    }
    for assignee in ["x".repeat(201), "two\nlines".into()] {
        let request = AssignAlertRequest { name: open.name.clone(), assignee, ..<_>::default() };
        let refused = service.assign_alert(request).await.unwrap_err();
        assert_eq!(violated(&refused), ["assignee"]);
    }
    for name in ["tenants/default/alerts/nothing", &*format!("tenants/default/alerts/{ID}")] {
        for refused in [
            acknowledge_alert(&office.clients, name, 600).await.unwrap_err(),
            resolve_alert(&office.clients, name).await.unwrap_err(),
            alert(&office.clients, name).await.unwrap_err(),
        ] {
            assert_eq!((refused.code(), &*reason(&refused)), (Code::NotFound, "NOT_FOUND"));
        }
    }
    assert_eq!(alert(&office.clients, &open.name).await.unwrap(), open, "nothing changed");
    let brief = acknowledge_alert(&office.clients, &open.name, 0).await.unwrap();
    let given = brief.acknowledgement.unwrap();
    let lasts = given.expire_time.unwrap().seconds - given.time.unwrap().seconds;
    assert_eq!(lasts, 3_600, "an hour, where nobody says for how long");
}

#[tokio::test]
async fn mistakes_in_policies_are_named() {
    let office = Office::start(&["boss"]).await;
    let raise = |count, within, to| EscalationPolicy {
        raises: vec![Raise { count, within, to }],
        ..policy(vec![step(60, "boss")])
    };
    let receivers = vec![receiver_name("boss")];
    let foreign = Step { receivers: vec!["tenants/other/receivers/a".into()], ..step(60, "boss") };
    for (policy, field) in [
        (EscalationPolicy::default(), "steps"),
        (policy(vec![Step { receivers, ..<_>::default() }]), "steps[0].wait"),
        (policy(vec![step(60, "boss"), step(8 * 86_400, "boss")]), "steps[1].wait"),
        (policy(vec![Step { wait: seconds(60), ..<_>::default() }]), "steps[0].receivers"),
        (policy(vec![foreign]), "steps[0].receivers[0]"),
        (policy(vec![step(60, "nobody")]), "steps[0].receivers[0]"),
        (policy(vec![Step { raise_to: 77, ..step(60, "boss") }]), "steps[0].raise_to"),
        (policy(vec![step(60, "boss"); 21]), "steps"),
        (EscalationPolicy { repeat: 6, ..policy(vec![step(60, "boss")]) }, "repeat"),
        (EscalationPolicy { repeat: -1, ..policy(vec![step(60, "boss")]) }, "repeat"),
        (raise(1, seconds(60), P0 as i32), "raises[0].count"),
        (raise(3, None, P0 as i32), "raises[0].within"),
        (raise(3, seconds(8 * 86_400), P0 as i32), "raises[0].within"),
        (raise(3, seconds(60), 0), "raises[0].to"),
    ] {
        let refused = create_policy(&office, policy).await.expect_err(field);
        assert_eq!(violated(&refused), [format!("escalation_policy.{field}")]);
    }
}
