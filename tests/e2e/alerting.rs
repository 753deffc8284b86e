//! What rules find, and what the server has to say, becomes alerts that people are told of:
//! counted, once in a window, and nothing of it is lost.

mod actions;
mod chats;

use crate::office::{Office, said_in};
use tonic::Status;
use umpire_proto::v1::{
    ActionKind::Log,
    AlertKind, AlertState, CheckMessageRequest, CheckMode, Conversation,
    Level::{P0, P1, P2, P3},
    Message,
    RiskClass::HighRisk,
    RuleMode, SafetySwitch,
    SanctionKind::LoginBan,
    Sender, TestRulesRequest, UpdateSafetySwitchRequest, Verdict,
    receiver::Rate,
};
use umpire_testkit::{
    alerting_rule, alerts, alerts_with, check, classed_rule, delivered, deliveries_with, fates,
    message, receiver_name, resolve_alert, said_by, sanction_rule, seconds, so_many_alerts,
    stream_enforcer, word_rule,
};

#[tokio::test]
async fn what_happens_again_is_counted_and_told_once_in_a_window() {
    let mut office = Office::start(&["duty"]).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 1 leak"]);
    delivered(&office.clients, 1).await;
    office.restart().await;
    for _ in 0..3 {
        office.say("room", "a leak again").await;
    }
    let waits = office.alert("count = 4").await;
    assert_eq!((waits.key.as_str(), waits.suppressed_by.as_str()), ("leak/room", "DEDUPLICATED"));
    assert_eq!(fates(&waits), [("DEDUPLICATED", 3), ("NOTIFIED", 1)]);
    assert_eq!(waits.receivers, [receiver_name("duty")]);
    office.pass(301).await;
    assert_eq!(office.heard(2).await[1], "duty P2 REPEATED 3 leak");
    let text = &office.sink.messages()[1].text;
    assert!(text.contains("Stands for 2 more of the same."), "{text}");
    let told = office.alert("count = 4 AND suppressed = false").await;
    assert_eq!((&told.name, fates(&told)), (&waits.name, vec![("NOTIFIED", 4)]));
    let delivered = delivered(&office.clients, 2).await;
    let stand_for: Vec<_> = delivered.iter().map(|delivery| delivery.stands_for).collect();
    assert_eq!(stand_for, [3, 1]);
}

#[tokio::test]
async fn a_matter_is_a_rule_in_a_conversation() {
    let office = Office::start(&["duty"]).await;
    for rule in ["leak", "slur"] {
        office.rule(rule, P2).await;
    }
    office.say("room", "leak and slur").await;
    office.say("hall", "leak").await;
    let found = so_many_alerts(&office.clients, "", 3).await;
    let mut keys: Vec<_> = found.iter().map(|alert| alert.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["leak/hall", "leak/room", "slur/room"]);
    assert!(found.iter().all(|alert| alert.count == 1));
    let heard = office.heard_by_all(3).await;
    assert_eq!(heard, ["duty P2 FIRST 1 leak", "duty P2 FIRST 1 leak", "duty P2 FIRST 1 slur"]);
}

#[tokio::test]
async fn an_alert_says_what_happened_and_nothing_private() {
    let office = Office::start(&[]).await;
    let mut request = alerting_rule("leak", &["leak"], P1);
    let rule = request.rule.as_mut().unwrap();
    (rule.display_name, rule.labels) = ("Leaks".into(), vec!["hr".into()]);
    office.clients.rules.clone().create_rule(request).await.unwrap();
    let conversation =
        Conversation { id: "room".into(), name: "of 13800138000".into(), ..<_>::default() };
    let sender = Sender {
        user_id: "u-7".into(),
        display_name: "Zhang".into(),
        department: "sales".into(),
        server_id: "s1".into(),
        ip: "192.0.2.1".into(),
        ..<_>::default()
    };
    let said = Message {
        scene: "mail".into(),
        conversation: Some(conversation),
        sender: Some(sender),
        ..message("a leak: call 13800138000")
    };
    let verdict = check(&office.clients, said).await.unwrap();
    let alert = office.alert("").await;
    assert_eq!(
        (alert.state(), alert.kind(), alert.level()),
        (AlertState::Open, AlertKind::Text, P1)
    );
    let stars = "*".repeat(11);
    for (found, expected) in [
        (&alert.title, "Leaks"),
        (&alert.key, "leak/room"),
        (&alert.keyword, "leak"),
        (&alert.rule, "tenants/default/rules/leak"),
        (&alert.scene, "mail"),
        (&alert.summary, &*format!("a leak: call {stars}")),
    ] {
        assert_eq!(found, expected);
    }
    assert_eq!((alert.count, alert.labels.as_slice()), (1, &["hr".to_owned()][..]));
    assert_eq!(alert.audit_records, [verdict.audit_record]);
    let conversation = alert.conversation.as_ref().unwrap();
    assert_eq!((conversation.id.as_str(), &conversation.name), ("room", &format!("of {stars}")));
    let sender = alert.sender.as_ref().unwrap();
    assert_eq!((sender.user_id.as_str(), sender.department.as_str()), ("u-7", "sales"));
    assert_eq!(sender.ip, "", "nobody needs to know");
    let [first] = &alert.level_history[..] else { panic!("{:?}", alert.level_history) };
    assert_eq!((first.level(), first.cause.as_str()), (P1, "event"));
    assert!(alert.first_time.is_some() && alert.first_time == alert.last_time);
    let read = umpire_testkit::alert(&office.clients, &alert.name).await.unwrap();
    assert_eq!(read, alert);
}

#[tokio::test]
async fn a_rise_is_told_at_once_and_a_fall_is_none() {
    let office = Office::start(&["duty"]).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    office.heard(1).await;
    office.say("room", "leak").await;
    assert_eq!(office.alert("count = 2").await.suppressed_by, "DEDUPLICATED");
    office.set_level("leak", P0).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(2).await[1], "duty P0 LEVEL_UP 2 leak");
    let risen = office.alert("count = 3").await;
    assert_eq!(fates(&risen), [("NOTIFIED", 3)]);
    office.set_level("leak", P3).await;
    office.say("room", "leak").await;
    let stays = office.alert("count = 4").await;
    assert_eq!((stays.level(), stays.suppressed_by.as_str()), (P0, "DEDUPLICATED"));
    let history: Vec<_> = stays.level_history.iter().map(|change| change.level()).collect();
    assert_eq!(history, [P2, P0]);
}

#[tokio::test]
async fn a_receiver_hears_of_a_key_so_often_and_what_is_left_out_is_counted() {
    let office = Office::start(&[]).await;
    let rate = Some(Rate { count: 2, window: seconds(600) });
    office.receiver("duty", |receiver| receiver.rate = rate).await;
    office.route("all", "", &["duty"], |route| route.dedupe_window = seconds(0)).await;
    office.rule("leak", P2).await;
    for (number, expected) in ["duty P2 FIRST 1 leak", "duty P2 REPEATED 1 leak"].iter().enumerate()
    {
        office.say("room", "leak").await;
        assert_eq!(&office.heard(number + 1).await[number], expected);
    }
    office.say("room", "leak").await;
    let limited = office.alert("count = 3").await;
    assert_eq!(limited.suppressed_by, "RATE_LIMITED");
    let left_out = deliveries_with(&office.clients, "state = SUPPRESSED").await;
    let [left_out] = &left_out[..] else { panic!("{left_out:?}") };
    assert_eq!((left_out.suppressed_by.as_str(), left_out.stands_for), ("RATE_LIMITED", 1));
    office.say("room", "leak").await;
    let limited = office.alert("count = 4").await;
    assert_eq!(fates(&limited), [("NOTIFIED", 2), ("RATE_LIMITED", 2)]);
    office.say("hall", "leak").await;
    assert_eq!(office.heard(3).await[2], "duty P2 FIRST 1 leak", "another key");
    office.pass(601).await;
    assert_eq!(office.heard(4).await[3], "duty P2 REPEATED 2 leak");
    let told = office.alert("conversation = room AND suppressed = false").await;
    assert_eq!(fates(&told), [("NOTIFIED", 4)]);
}

#[tokio::test]
async fn the_first_of_a_p0_and_a_rise_are_told_whatever_the_rate() {
    let office = Office::start(&[]).await;
    let rate = Some(Rate { count: 1, window: seconds(600) });
    office.receiver("duty", |receiver| receiver.rate = rate).await;
    for (word, level) in [("leak", P2), ("fire", P0)] {
        office.rule(word, level).await;
        office.say("room", word).await;
    }
    office.heard(2).await;
    for alert in so_many_alerts(&office.clients, "", 2).await {
        resolve_alert(&office.clients, &alert.name).await.unwrap();
    }
    office.say("room", "leak").await;
    let limited = office.alert("rule = leak AND state = OPEN").await;
    assert_eq!(limited.suppressed_by, "RATE_LIMITED");
    office.say("room", "fire").await;
    assert_eq!(office.heard(3).await[2], "duty P0 FIRST 1 fire");
    office.set_level("leak", P1).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(4).await[3], "duty P1 FIRST 2 leak");
}

#[tokio::test]
async fn windows_and_ends_are_those_of_the_configuration() {
    let office = Office::start_with(&[], |config| {
        (config.alerts.dedupe_seconds, config.alerts.resolve_minutes) = (60, 5);
    })
    .await;
    office.receiver("duty", |receiver| receiver.send_resolved = true).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    office.heard(1).await;
    office.say("room", "leak").await;
    office.alert("count = 2").await;
    office.pass(61).await;
    assert_eq!(office.heard(2).await[1], "duty P2 REPEATED 1 leak");
    office.pass(240).await;
    assert_eq!(office.heard(3).await[2], "duty P2 RESOLVED 0 leak");
    let over = office.alert("state = RESOLVED").await;
    assert_eq!(over.resolution.as_ref().unwrap().operator, "", "it went quiet");
    assert_eq!(over.count, 2);
    office.say("room", "leak").await;
    assert_eq!(office.heard(4).await[3], "duty P2 FIRST 1 leak");
    let anew = office.alert("state = OPEN").await;
    assert!(anew.name != over.name && anew.key == over.key && anew.count == 1);
}

#[tokio::test]
async fn what_has_no_consequences_raises_nothing() {
    let office = Office::start(&["duty"]).await;
    let mut rules = office.clients.rules.clone();
    office.rule("leak", P2).await;
    rules.create_rule(word_rule("note", &["note"], &[Log])).await.unwrap();
    for (word, mode) in [("slur", RuleMode::Shadow), ("rant", RuleMode::Off)] {
        let mut request = alerting_rule(word, &[word], P0);
        request.rule.as_mut().unwrap().mode = mode as i32;
        rules.create_rule(request).await.unwrap();
    }
    let dry = CheckMessageRequest {
        message: Some(said_in("room", "leak")),
        mode: CheckMode::DryRun as i32,
        ..<_>::default()
    };
    office.clients.moderation.clone().check_message(dry).await.unwrap();
    let messages = vec![said_in("room", "leak")];
    let test = TestRulesRequest { include_live: true, messages, ..<_>::default() };
    rules.test_rules(test).await.unwrap();
    office.say("room", "slur, rant and note").await;
    for replayed in [false, true] {
        let again = Message { message_id: "1".into(), ..said_in("room", "leak") };
        let verdict = check(&office.clients, again).await.unwrap();
        assert_eq!(verdict.replayed, replayed);
    }
    // The inbox keeps its order: when this is there, all of that was looked at.
    office.say("hall", "leak").await;
    office.alert("conversation = hall").await;
    let counts: Vec<_> = alerts(&office.clients).await.iter().map(|alert| alert.count).collect();
    assert_eq!(counts, [1, 1]);
    assert_eq!(office.heard(2).await, ["duty P2 FIRST 1 leak"; 2]);
}

#[tokio::test]
async fn the_safety_switch_and_sanctions_given_up_are_told() {
    let office = Office::start(&["duty"]).await;
    ban_for_good(&office).await.unwrap();
    let verdict = offend(&office, "p").await;
    assert_eq!(verdict.sanctions.len(), 1);
    offend(&office, "q").await;
    let heard = office.heard(1).await;
    let held = "duty P0 FIRST 1 automatic sanctions of tenants/default are held";
    assert!(heard[0].starts_with(held), "{heard:?}");
    let alert = office.alert("kind = SAFETY").await;
    assert_eq!((alert.level(), alert.key.as_str()), (P0, "safety/ban"));
    assert_eq!(alert.rule, "tenants/default/sanctionRules/ban");
    // The game never reads what it is told.
    office.pass(86_400 + 1).await;
    let heard = office.heard(2).await;
    assert!(heard[1].starts_with("duty P1 FIRST 1 ") && heard[1].contains("stale"), "{heard:?}");
    let given_up = office.alert("kind = SANCTION").await;
    assert!(verdict.sanctions[0].ends_with(given_up.key.rsplit('/').next().unwrap()));
    assert_eq!(alerts_with(&office.clients, "kind = SANCTION OR kind = SAFETY").await.len(), 2);
}

/// Whoever says `worse` is banned for good, one a minute; a game should hear of it.
async fn ban_for_good(office: &Office) -> Result<(), Status> {
    let mut sanctions = office.clients.sanctions.clone();
    office.clients.rules.clone().create_rule(classed_rule("w", &["worse"], HighRisk)).await?;
    let mut ban = sanction_rule("ban", HighRisk, 1, LoginBan);
    ban.sanction_rule.as_mut().unwrap().duration = seconds(0);
    sanctions.create_sanction_rule(ban).await?;
    sanctions.create_enforcer(stream_enforcer("game")).await?;
    let safety_switch = Some(SafetySwitch { budget_per_minute: 1, ..<_>::default() });
    let reason = "the test wants it".to_owned();
    let request = UpdateSafetySwitchRequest { safety_switch, reason, ..<_>::default() };
    sanctions.update_safety_switch(request).await.map(drop)
}

async fn offend(office: &Office, user: &str) -> Verdict {
    check(&office.clients, said_by(user, "worse")).await.unwrap()
}
