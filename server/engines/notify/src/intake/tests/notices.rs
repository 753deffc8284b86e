//! What notices and alerts say of events.

use super::stage::Stage;
use crate::{
    Alert, Call, Event, Mention, Notice, Person, Place,
    intake::alert_of,
    samples::{at, event_at, id},
};
use umpire_model::Level;

fn last_notice(stage: &Stage) -> Notice {
    stage.memory.deliveries.values().last().expect("a delivery").notice.clone()
}

#[test]
fn an_alert_keeps_the_first_title_and_the_last_words() {
    let mut stage = Stage::with_window(60);
    let first = Event {
        labels: vec!["a".into(), "b".into()],
        audit_record: "tenants/acme/auditRecords/1".into(),
        call: Call { mentions: vec!["ann".into()], alert: true, ..Call::default() },
        ..event_at("k", Level::P2, at(0))
    };
    let second = Event {
        title: "Something else".into(),
        rule: "tenants/acme/rules/ads".into(),
        excerpt: "later words".into(),
        keyword: "words".into(),
        labels: vec!["b".into(), "c".into()],
        audit_record: "tenants/acme/auditRecords/2".into(),
        sender: Person { user_id: "u2".into(), ..Person::default() },
        place: Place { scene: "world".into(), ..Place::default() },
        confidence: Some(0.9),
        call: Call { mentions: vec!["ann".into(), "bob".into()], ..Call::default() },
        ..event_at("k", Level::P2, at(5))
    };
    stage.now = at(10);
    stage.take(vec![first, second]);
    let alert = stage.alert("k");
    assert_eq!((&*alert.title, &*alert.rule), ("Fraud was found", "tenants/acme/rules/fraud"));
    assert_eq!((&*alert.excerpt, &*alert.keyword), ("later words", "words"));
    assert_eq!((&*alert.sender.user_id, &*alert.place.scene), ("u2", "world"));
    assert_eq!(alert.labels, ["a", "b", "c"]);
    assert_eq!(alert.audit_records.len(), 2);
    assert_eq!((alert.first_time, alert.last_time), (at(0), at(5)));
    assert_eq!((alert.call.mentions.len(), alert.call.alert), (2, true));
    assert_eq!((alert.confidence, alert.version), (Some(0.9), 1));
    assert_eq!(alert.recent, [at(0), at(5)]);
    let notice = last_notice(&stage);
    assert_eq!(notice.mentions, ["ann", "bob"]);
    assert_eq!((notice.count, notice.parts.len()), (2, 1));
    assert_eq!((&*notice.thread, &*notice.tenant), (&*alert.id.to_string(), "acme"));
    assert_eq!(notice.end_time, at(10 + 1_800));
}

#[test]
fn lists_have_an_end() {
    let mut stage = Stage::with_window(60);
    let events = (0..1_000).map(|n| Event {
        labels: vec![format!("label {n}")],
        audit_record: n.to_string(),
        not_to: vec![id(&format!("r{n}"))],
        ..event_at("k", Level::P2, at(0))
    });
    stage.take(events.collect());
    stage.happens("k", Level::P2);
    let alert = stage.alert("k");
    assert_eq!((alert.labels.len(), alert.recent.len(), alert.count), (32, 1_000, 1_001));
    assert_eq!(alert.not_to.len(), 100);
    let records: Vec<_> = (990..1_000).map(|n| n.to_string()).collect();
    assert_eq!(alert.audit_records, records);
}

#[test]
fn times_are_kept_in_order_and_none_lies_ahead() {
    let mut stage = Stage::with_window(60);
    stage.now = at(100);
    let events = [50, 10, 1_000_000, 30].map(|time| event_at("k", Level::P2, at(time)));
    stage.take(events.to_vec());
    let alert = stage.alert("k");
    assert_eq!(alert.recent, [at(10), at(30), at(50), at(100)]);
    assert_eq!((alert.first_time, alert.last_time), (at(10), at(100)));
}

#[test]
fn the_level_says_who_is_mentioned_and_how_it_looks() {
    for (level, events, mention, urgent) in [
        (Level::P0, 1, Mention::All, true),
        (Level::P1, 1, Mention::Named, false),
        (Level::P1, 3, Mention::Named, true),
        (Level::P2, 2, Mention::Nobody, false),
        (Level::P3, 3, Mention::Nobody, true),
    ] {
        let mut stage = Stage::with_window(60);
        stage.take((0..events).map(|_| event_at("k", level, at(0))).collect());
        let notice = last_notice(&stage);
        assert_eq!((notice.mention, notice.urgent), (mention, urgent), "{level:?} x{events}");
    }
}

#[test]
fn a_place_is_said_in_one_word() {
    let place = |name: &str, id: &str, camera: &str, scene: &str| Place {
        conversation_name: name.into(),
        conversation_id: id.into(),
        camera: camera.into(),
        scene: scene.into(),
    };
    for (place, expected) in [
        (place("Guild", "c1", "gate", "world"), "Guild"),
        (place("", "c1", "gate", "world"), "c1"),
        (place("", "", "gate", "world"), "gate"),
        (place("", "", "", "world"), "world"),
        (place("", "", "", ""), ""),
    ] {
        let mut stage = Stage::with_window(60);
        stage.take(vec![Event { place, ..event_at("k", Level::P2, at(0)) }]);
        assert_eq!(last_notice(&stage).parts[0].place, expected);
    }
}

#[test]
fn an_alert_that_could_be_is_as_one_that_is() {
    let mut stage = Stage::with_window(60);
    let event = event_at("k", Level::P2, at(0));
    let could_be = alert_of(&event, at(0));
    stage.take(vec![event]);
    let is = stage.alert("k");
    let known = Alert { id: is.id, version: 1, ..could_be };
    let unrouted =
        Alert { threads: Vec::new(), told: Vec::new(), fates: known.fates.clone(), ..is };
    assert_eq!(known, unrouted);
}
