//! Silences have an author, a reason and an end, and their end is told.

use crate::office::Office;
use prost_types::{FieldMask, Timestamp};
use tonic::{Code, Status};
use umpire_proto::v1::{
    CreateSilenceRequest, DeleteSilenceRequest, GetSilenceRequest,
    Level::{P0, P2},
    ListSilencesRequest, Silence, UpdateSilenceRequest,
};
use umpire_testkit::{Clock, deliveries_with, fates, reason, violated};

const ID: &str = "0193a7b2-5c1e-7cc0-8000-000000000001";

/// So many seconds from now.
fn moment(office: &Office, seconds: i64) -> Option<Timestamp> {
    let (seconds, nanos) = office.server.clock.now().plus_seconds(seconds).parts();
    Some(Timestamp { seconds, nanos })
}

/// From now on, for so long.
fn silence(office: &Office, filter: &str, seconds: i64) -> Silence {
    let (r#match, reason) = (filter.to_owned(), "a drill".to_owned());
    Silence { r#match, reason, end_time: moment(office, seconds), ..<_>::default() }
}

async fn create(office: &Office, id: &str, silence: Silence) -> Result<Silence, Status> {
    let request =
        CreateSilenceRequest { silence_id: id.into(), silence: Some(silence), ..<_>::default() };
    let made = office.clients.alerts.clone().create_silence(request).await?;
    Ok(made.into_inner().silence.unwrap())
}

async fn update(office: &Office, silence: Silence, path: &str) -> Result<Silence, Status> {
    let request = UpdateSilenceRequest {
        silence: Some(silence),
        update_mask: Some(FieldMask { paths: vec![path.into()] }),
        ..<_>::default()
    };
    let changed = office.clients.alerts.clone().update_silence(request).await?;
    Ok(changed.into_inner().silence.unwrap())
}

async fn with_rules() -> Office {
    let office = Office::start(&["duty"]).await;
    for rule in ["leak", "slur"] {
        office.rule(rule, P2).await;
    }
    office
}

#[tokio::test]
async fn what_is_silenced_is_seen_counted_and_told_afterwards() {
    let office = with_rules().await;
    let made = create(&office, "drill", silence(&office, "rule = leak", 600)).await.unwrap();
    assert_eq!(made.name, "tenants/default/silences/drill");
    assert_eq!((made.author.as_str(), made.reason.as_str()), ("local", "a drill"));
    let moment = |time: Option<prost_types::Timestamp>| time.unwrap().seconds;
    assert_eq!(moment(made.end_time) - moment(made.start_time), 600);
    for _ in 0..2 {
        office.say("room", "leak").await;
    }
    let held = office.alert("count = 2").await;
    assert_eq!((fates(&held), &held.suppressed_by), (vec![("SILENCED", 2)], &made.name));
    assert!(held.receivers.is_empty());
    let left_out = deliveries_with(&office.clients, "state = SUPPRESSED").await;
    assert!(!left_out.is_empty() && left_out.iter().all(|one| one.suppressed_by == made.name));
    office.say("room", "slur").await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 1 slur"], "the silence is not about that");
    office.pass(601).await;
    let ended = "duty P2 FIRST 1 Silence drill by local has ended";
    assert_eq!(office.heard(2).await[1], ended);
    office.say("room", "leak").await;
    assert_eq!(office.heard(3).await[2], "duty P2 FIRST 3 leak");
    let told = office.alert("rule = leak AND suppressed = false").await;
    assert_eq!((told.name.as_str(), fates(&told)), (held.name.as_str(), vec![("NOTIFIED", 3)]));
    assert_eq!(office.alert("kind = SYSTEM").await.key, "silence/drill");
}

#[tokio::test]
async fn even_a_p0_is_silenced_and_a_rise_too() {
    let office = with_rules().await;
    create(&office, "drill", silence(&office, "conversation = room", 600)).await.unwrap();
    office.say("room", "leak").await;
    office.alert("count = 1").await;
    office.set_level("leak", P0).await;
    office.say("room", "leak").await;
    let held = office.alert("count = 2").await;
    assert_eq!((held.level(), fates(&held)), (P0, vec![("SILENCED", 2)]));
    office.say("hall", "leak").await;
    assert_eq!(office.heard(1).await, ["duty P0 FIRST 1 leak"]);
}

#[tokio::test]
async fn a_silence_holds_from_its_start_to_its_end_wherever_they_are_put() {
    let office = with_rules().await;
    let later = Silence { start_time: moment(&office, 60), ..silence(&office, "rule = leak", 600) };
    let later = create(&office, "later", later).await.unwrap();
    office.say("a", "leak").await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 1 leak"], "not yet");
    office.pass(61).await;
    office.say("b", "leak").await;
    assert_eq!(office.alert("conversation = b").await.suppressed_by, later.name);
    let shorter = Silence { end_time: moment(&office, 10), ..later.clone() };
    let shorter = update(&office, shorter, "end_time").await.unwrap();
    office.pass(11).await;
    let ended = "duty P2 FIRST 1 Silence later by local has ended";
    assert_eq!(office.heard(2).await[1], ended);
    office.say("b", "leak").await;
    assert_eq!(office.heard(3).await[2], "duty P2 FIRST 2 leak");

    // What is deleted ends at once, and nobody needs to be told.
    let gone = create(&office, "gone", silence(&office, "rule = leak", 60)).await.unwrap();
    let delete = DeleteSilenceRequest { name: gone.name, etag: gone.etag, ..<_>::default() };
    office.clients.alerts.clone().delete_silence(delete).await.unwrap();
    office.pass(61).await;
    office.say("c", "leak").await;
    assert_eq!(office.heard(4).await[3], "duty P2 FIRST 1 leak");
    let stale = update(&office, later, "end_time").await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let get = GetSilenceRequest { name: shorter.name.clone() };
    let read = office.clients.alerts.clone().get_silence(get).await.unwrap().into_inner();
    assert_eq!(read.silence, Some(shorter), "it stays to be read");
}

#[tokio::test]
async fn a_silence_outlives_a_restart() {
    let mut office = with_rules().await;
    let made = create(&office, "drill", silence(&office, "rule = leak", 600)).await.unwrap();
    office.restart().await;
    office.say("room", "leak").await;
    assert_eq!(office.alert("").await.suppressed_by, made.name);
    office.pass(601).await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 1 Silence drill by local has ended"]);
}

#[tokio::test]
async fn silences_are_listed_and_found() {
    let office = Office::start(&[]).await;
    for (id, seconds) in [("a", 60), ("b", 600), ("c", 6_000)] {
        create(&office, id, silence(&office, "rule = leak", seconds)).await.unwrap();
    }
    for (filter, expected) in [
        ("", "a b c"),
        ("id = b", "b"),
        ("author = local", "a b c"),
        ("author = somebody", ""),
        ("end_time > 2026-11-22T03:05:00Z", "b c"),
    ] {
        let request = ListSilencesRequest { filter: filter.into(), ..<_>::default() };
        let page = office.clients.alerts.clone().list_silences(request).await.unwrap().into_inner();
        let ids = page.silences.iter().map(|one| one.name.rsplit('/').next().unwrap());
        assert_eq!(ids.collect::<Vec<_>>().join(" "), expected, "{filter}");
    }
    let request = CreateSilenceRequest {
        silence: Some(silence(&office, "rule = leak", 60)),
        request_id: ID.into(),
        ..<_>::default()
    };
    let mut service = office.clients.alerts.clone();
    let first = service.create_silence(request.clone()).await.unwrap().into_inner();
    assert_eq!(service.create_silence(request).await.unwrap().into_inner(), first);
}

#[tokio::test]
async fn mistakes_are_named() {
    let office = Office::start(&[]).await;
    let good = silence(&office, "rule = leak", 60);
    let long = moment(&office, 367 * 86_400);
    for (silence, fields) in [
        (Silence { r#match: String::new(), ..good.clone() }, &["silence.match"][..]),
        (Silence { r#match: "colour = red".into(), ..good.clone() }, &["silence.match"]),
        (Silence { reason: " ".into(), ..good.clone() }, &["silence.reason"]),
        (Silence { reason: "字".repeat(501), ..good.clone() }, &["silence.reason"]),
        (Silence { end_time: None, ..good.clone() }, &["silence.end_time"]),
        (Silence { end_time: moment(&office, -1), ..good.clone() }, &["silence.end_time"]),
        (Silence { end_time: long, ..good.clone() }, &["silence.end_time"]),
        (
            Silence { r#match: String::new(), reason: String::new(), ..good.clone() },
            &["silence.match", "silence.reason"],
        ),
    ] {
        let refused = create(&office, "", silence).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(violated(&refused), fields);
    }
    let made = create(&office, "", good).await.unwrap();
    let refused = update(&office, made, "author").await.unwrap_err();
    assert_eq!(violated(&refused), ["update_mask"]);
}
