//! TestRouting: who would be told, and what would hold it back.

use crate::office::Office;
use tonic::{Code, Status};
use umpire_proto::v1::{
    Action, ActionKind, ActiveWindow, Alert, AlertKind, Conversation,
    CreateEscalationPolicyRequest, CreateSilenceRequest, EscalationPolicy, GroupBy,
    Level::{P0, P1, P2, P3},
    Sender, Silence, TestRoutingRequest,
    escalation_policy::Step,
    test_routing_request::About,
    test_routing_response::Outcome,
};
use umpire_testkit::{
    Clock, alerting_rule, alerts, delivered, deliveries, reason, receiver_name, seconds, violated,
};

async fn try_routing(office: &Office, about: Option<About>) -> Result<Vec<Outcome>, Status> {
    let request = TestRoutingRequest { about, ..<_>::default() };
    Ok(office.clients.alerts.clone().test_routing(request).await?.into_inner().routes)
}

async fn routed(office: &Office, sample: Alert) -> Vec<Outcome> {
    try_routing(office, Some(About::Sample(sample))).await.unwrap()
}

fn only(mut outcomes: Vec<Outcome>) -> Outcome {
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    outcomes.remove(0)
}

fn sample() -> Alert {
    let sender = Sender { user_id: "u-1".into(), department: "sales".into(), ..<_>::default() };
    Alert {
        kind: AlertKind::Text as i32,
        level: P1 as i32,
        rule: "leak".into(),
        labels: vec!["hr".into(), "legal".into()],
        scene: "mail".into(),
        conversation: Some(Conversation { id: "room-7".into(), ..<_>::default() }),
        sender: Some(sender),
        camera: "gate".into(),
        key: "leak/room-7".into(),
        ..<_>::default()
    }
}

/// Every field that routes match by, with filters that take the sample and some that do not.
const FILTERS: [(&str, &str); 13] = [
    ("tenant = default", "tenant = other"),
    ("kind = TEXT", "kind = FRAME"),
    ("level >= P1", "level = P0"),
    ("rule = leak", "rule = slur"),
    ("rule = tenants/default/rules/leak", "rule = tenants/other/rules/leak"),
    ("label = legal", "label = it"),
    ("scene = mail", "scene = chat"),
    ("conversation = room-7", "conversation = room"),
    ("conversation:ROOM", "conversation:hall"),
    ("sender = u-1", "sender = u-2"),
    ("department = sales", "department != sales"),
    ("camera = gate", "camera = roof"),
    ("level = P1 OR level = P0 AND scene = mail", "NOT key = leak/room-7"),
];

#[tokio::test]
async fn routes_match_by_everything_that_an_alert_is() {
    let office = Office::start(&["duty"]).await;
    for (number, (takes, leaves)) in FILTERS.into_iter().enumerate() {
        for (id, filter) in [(format!("r{number:02}"), takes), (format!("x{number:02}"), leaves)] {
            office.route(&id, filter, &["duty"], |route| route.continue_matching = true).await;
        }
    }
    office.route("z", "", &[], |_| {}).await;
    let taken = routed(&office, sample()).await;
    let taken: Vec<_> = taken.iter().map(|outcome| outcome.route.as_str()).collect();
    let name = |id: &str| format!("tenants/default/routes/{id}");
    let mut expected: Vec<_> =
        (0..FILTERS.len()).map(|number| name(&format!("r{number:02}"))).collect();
    expected.push(name("z"));
    assert_eq!(taken, expected);
}

#[tokio::test]
async fn what_would_happen_is_said_and_nothing_happens() {
    let office = Office::start(&["duty", "night"]).await;
    let outcome = only(routed(&office, sample()).await);
    let both = [receiver_name("duty"), receiver_name("night")];
    assert_eq!((outcome.route.as_str(), &outcome.receivers[..]), ("(default)", &both[..]));
    assert_eq!((&*outcome.suppressed_by, &*outcome.group_key), ("", ""));
    for (level, expected) in [(P0, 2), (P2, 1)] {
        let outcome = only(routed(&office, Alert { level: level as i32, ..sample() }).await);
        assert_eq!(outcome.receivers.len(), expected, "{level:?}");
    }
    assert!(routed(&office, Alert { level: P3 as i32, ..sample() }).await.is_empty());

    let climb = CreateEscalationPolicyRequest {
        escalation_policy_id: "climb".into(),
        escalation_policy: Some(EscalationPolicy {
            steps: vec![Step {
                wait: seconds(60),
                receivers: vec![receiver_name("duty")],
                ..<_>::default()
            }],
            ..<_>::default()
        }),
        ..<_>::default()
    };
    office.clients.alerts.clone().create_escalation_policy(climb).await.unwrap();
    office
        .route("a", "rule = leak", &["night"], |route| {
            route.group_by = vec![GroupBy::Rule as i32, GroupBy::Scene as i32];
            route.escalation_policy = "tenants/default/escalationPolicies/climb".into();
            route.continue_matching = true;
        })
        .await;
    let never = ActiveWindow { weekdays: vec![1], ..<_>::default() };
    office.route("b", "", &["duty"], |route| route.active_window = Some(never)).await;
    let outcomes = routed(&office, sample()).await;
    let [first, second] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(first.group_key, "rule=tenants/default/rules/leak\nscene=mail");
    assert_eq!(first.escalation_policy, "tenants/default/escalationPolicies/climb");
    assert_eq!((&*first.suppressed_by, &*second.suppressed_by), ("", "INACTIVE"), "it is Sunday");
    silence_all(&office).await;
    let outcomes = routed(&office, sample()).await;
    let [first, second] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(first.suppressed_by, "tenants/default/silences/all");
    assert_eq!(second.suppressed_by, "INACTIVE");
    assert!(
        alerts(&office.clients).await.is_empty() && deliveries(&office.clients).await.is_empty()
    );
}

async fn silence_all(office: &Office) {
    let (seconds, nanos) = office.server.clock.now().plus_seconds(600).parts();
    let silence = Silence {
        r#match: "level >= P3".into(),
        reason: "a drill".into(),
        end_time: Some(prost_types::Timestamp { seconds, nanos }),
        ..<_>::default()
    };
    let request =
        CreateSilenceRequest { silence_id: "all".into(), silence: Some(silence), ..<_>::default() };
    office.clients.alerts.clone().create_silence(request).await.unwrap();
}

#[tokio::test]
async fn an_alert_that_is_there_is_asked_about_by_its_name() {
    let office = Office::start(&["duty", "night"]).await;
    office.route("all", "rule = leak", &["duty"], |_| {}).await;
    let mut request = alerting_rule("leak", &["leak"], P2);
    let rule = request.rule.as_mut().unwrap();
    let alert = ActionKind::Alert as i32;
    rule.actions = vec![Action { kind: alert, target: "night".into(), ..<_>::default() }];
    office.clients.rules.clone().create_rule(request).await.unwrap();
    office.say("room", "leak").await;
    delivered(&office.clients, 2).await;
    let alert = office.alert("").await;
    let outcomes = try_routing(&office, Some(About::Alert(alert.name))).await.unwrap();
    let told: Vec<_> =
        outcomes.iter().map(|one| (one.route.as_str(), one.receivers.join(" "))).collect();
    let expected = [
        ("tenants/default/routes/all", receiver_name("duty")),
        ("(called)", receiver_name("night")),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_cannot_be_tried_is_refused() {
    let office = Office::start(&[]).await;
    let nothing = try_routing(&office, None).await.unwrap_err();
    assert_eq!((nothing.code(), violated(&nothing).len()), (Code::InvalidArgument, 1));
    for (sample, field) in [
        (Alert { level: 0, ..sample() }, "sample.level"),
        (Alert { level: 77, ..sample() }, "sample.level"),
        (Alert { kind: 77, ..sample() }, "sample.kind"),
    ] {
        let refused = try_routing(&office, Some(About::Sample(sample))).await.unwrap_err();
        assert_eq!(violated(&refused), [field]);
    }
    for id in ["nothing", "0193a7b2-5c1e-7cc0-8000-000000000001"] {
        let name = format!("tenants/default/alerts/{id}");
        let refused = try_routing(&office, Some(About::Alert(name))).await.unwrap_err();
        assert_eq!((refused.code(), &*reason(&refused)), (Code::NotFound, "NOT_FOUND"), "{id}");
    }
}
