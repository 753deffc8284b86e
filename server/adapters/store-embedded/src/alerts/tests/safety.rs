use super::{at, events_waiting, folder, id, open, take, tenant};
use crate::{EmbeddedStore, alerts::event_of};
use umpire_model::{Level, SanctionId, StoreError, new_uuid};
use umpire_notify::{AlertKind, Alerts, Call};
use umpire_sanctions::{AlertEvent, Change, turn};

fn held() -> AlertEvent {
    AlertEvent {
        level: Level::P0,
        kind: umpire_sanctions::AlertKind::Safety,
        title: "automatic sanctions are held".into(),
        rule: Some(id("spam")),
        sanction: Some(SanctionId(new_uuid())),
    }
}

async fn append(store: &EmbeddedStore, alert: AlertEvent) {
    let change = Change::Alert(alert);
    let append = turn(store, move |turn| turn.append(&tenant(), at(5), &change));
    append.await.expect("appended");
}

#[tokio::test]
async fn what_sanctions_alert_of_reaches_the_inbox() {
    let folder = folder();
    let store = open(&folder);
    let accepted = store.accepted();
    append(&store, held()).await;
    assert_eq!(*accepted.borrow(), 1);
    let events = take(&store, |turn| turn.take_events(9)).await;
    let [event] = &events[..] else { panic!("not one: {events:?}") };
    assert_eq!((&event.tenant, event.time, event.level), (&tenant(), at(5), Level::P0));
    assert_eq!((event.kind, event.key.as_str()), (AlertKind::Safety, "safety/spam"));
    assert_eq!(event.title, "automatic sanctions are held");
    assert_eq!(event.rule, "tenants/games/sanctionRules/spam");
    assert_eq!(event.rule_name, "spam");
    assert_eq!(event.call, Call { alert: true, ..Call::default() });
    store.close().await;
}

#[tokio::test]
async fn a_turn_of_sanctions_that_is_undone_alerts_nobody() {
    let folder = folder();
    let store = open(&folder);
    let undone = turn(&store, |turn| {
        turn.append(&tenant(), at(5), &Change::Alert(held()))?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(undone.await, Err(StoreError::Overloaded));
    assert_eq!((events_waiting(&store).await, *store.accepted().borrow()), (0, 0));
    store.close().await;
}

#[tokio::test]
async fn projections_that_are_made_anew_alert_nobody_again() {
    let folder = folder();
    let store = open(&folder);
    append(&store, held()).await;
    append(&store, held()).await;
    assert_eq!(take(&store, |turn| turn.take_events(1)).await.len(), 1);
    store.forget_projections().await.expect("forgotten");
    store.close().await;
    let store = open(&folder);
    assert_eq!(events_waiting(&store).await, 1);
    store.close().await;
}

#[test]
fn keys_tell_matters_apart() {
    use umpire_sanctions::AlertKind::{Safety, Sanction};
    let sanction = SanctionId(new_uuid());
    let long = "禁".repeat(200);
    for (kind, rule, sanction, title, expected) in [
        (Safety, Some("spam"), Some(sanction), "t", "safety/spam".to_owned()),
        (Safety, None, Some(sanction), "t", "safety".to_owned()),
        (Sanction, Some("spam"), Some(sanction), "t", format!("sanction/{sanction}")),
        (Sanction, Some("spam"), None, "not done", "not done".to_owned()),
        (Sanction, None, None, long.as_str(), "禁".repeat(128)),
    ] {
        let (title, rule) = (title.to_owned(), rule.map(id));
        let alert = AlertEvent { level: Level::P1, kind, title, rule, sanction };
        let key = event_of(&tenant(), at(0), &alert).key;
        assert_eq!(key, expected);
        assert!(key.len() <= 512, "{key}");
    }
}
