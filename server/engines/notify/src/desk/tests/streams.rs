use super::*;
use crate::AlertField;
use futures_util::FutureExt;
use umpire_model::Level;
use umpire_query::Expr;

impl Office {
    async fn watch(&self, filter: &str, resume: &str) -> Result<Watch, DeskError> {
        let parsed: Expr<AlertField> = umpire_query::parse(filter).expect("a filter");
        self.desk.watch(&tenant(), parsed, filter, resume).await
    }

    async fn watching(&self, filter: &str, resume: &str) -> Watch {
        self.watch(filter, resume).await.expect("a good token")
    }
}

async fn next(watch: &mut Watch) -> Vec<WatchEvent> {
    watch.next().await.expect("events")
}

/// Keys of the alerts that something happened to.
fn keys(events: &[WatchEvent]) -> Vec<&str> {
    let happened = events.iter().map(|event| event.happened.as_ref().expect("no checkpoint"));
    happened.map(|happened| happened.alert.key.as_str()).collect()
}

fn is_quiet(watch: &mut Watch) -> bool {
    watch.next().now_or_never().is_none()
}

#[tokio::test]
async fn a_watch_begins_now_and_goes_on_from_its_tokens() {
    let office = Office::empty().await;
    office.alert("before").await;
    let mut watch = office.watching("", "").await;
    assert!(is_quiet(&mut watch), "what was before is listed, not watched");
    let start = watch.checkpoint();
    assert_eq!(start.happened, None);
    for key in ["a", "b", "c"] {
        office.alert(key).await;
    }
    let events = next(&mut watch).await;
    assert_eq!(keys(&events), ["a", "b", "c"]);
    let happened = events[0].happened.clone().expect("something");
    assert_eq!((happened.kind, happened.time), (HappeningKind::Created, at(1)));
    assert!(is_quiet(&mut watch));
    let after: [(&str, &[&str]); 4] = [
        (&start.resume, &["a", "b", "c"]),
        (&events[0].resume, &["b", "c"]),
        (&events[1].resume, &["c"]),
        (&events[2].resume, &[]),
    ];
    for (token, expected) in after {
        let mut resumed = office.watching("", token).await;
        if expected.is_empty() {
            assert!(is_quiet(&mut resumed));
        } else {
            assert_eq!(keys(&next(&mut resumed).await), expected);
        }
    }
    assert_eq!(watch.checkpoint().resume, events[2].resume);
}

#[tokio::test]
async fn only_what_meets_the_filter_is_told_and_the_rest_is_passed_over() {
    let office = Office::empty().await;
    let mut watch = office.watching("level = P0", "").await;
    let start = watch.checkpoint();
    office.alert("quiet").await;
    assert!(is_quiet(&mut watch));
    assert_ne!(watch.checkpoint().resume, start.resume, "it need not be read again");
    let urgent = Alert { level: Level::P0, ..alert("loud") };
    office.enter(HappeningKind::Escalated, &urgent).await;
    office.alert("quiet again").await;
    let events = next(&mut watch).await;
    assert_eq!(keys(&events), ["loud"]);
    assert_eq!(events[0].happened.as_ref().map(|it| it.kind), Some(HappeningKind::Escalated));
    let mut resumed = office.watching("level = P0", &start.resume).await;
    assert_eq!(next(&mut resumed).await, events);
}

#[tokio::test]
async fn tenants_hear_of_their_own_alone() {
    let office = Office::empty().await;
    let mut watch = office.watching("", "").await;
    let other = Alert { tenant: TenantId::operator(), ..alert("theirs") };
    office.enter(HappeningKind::Created, &other).await;
    assert!(is_quiet(&mut watch));
    office.alert("ours").await;
    assert_eq!(keys(&next(&mut watch).await), ["ours"]);
}

#[tokio::test]
async fn long_journals_come_in_parts() {
    let office = Office::empty().await;
    let mut watch = office.watching("", "").await;
    let expected: Vec<_> = (0..1_203).map(|number| format!("key-{number}")).collect();
    let keys_of_all = expected.clone();
    let work = move |turn: &mut dyn Turn| -> Result<(), StoreError> {
        for key in keys_of_all {
            let (kind, cause) = (HappeningKind::Created, String::new());
            let happening = Happening { kind, alert: Box::new(alert(&key)), cause };
            turn.append(&tenant(), at(1), &happening)?;
        }
        Ok(())
    };
    turn(&*office.store, work).await.expect("a turn of the memory");
    let mut found = Vec::new();
    for size in [500, 500, 203] {
        let events = next(&mut watch).await;
        assert_eq!(events.len(), size);
        found.extend(keys(&events).into_iter().map(str::to_owned));
    }
    assert_eq!(found, expected);
    assert!(is_quiet(&mut watch));
}

#[tokio::test]
async fn a_watch_waits_and_loses_nothing_when_it_is_dropped_meanwhile() {
    let office = Office::empty().await;
    let mut watch = office.watching("", "").await;
    let (events, _) = tokio::join!(next(&mut watch), office.alert("a"));
    assert_eq!(keys(&events), ["a"]);
    for _ in 0..3 {
        assert!(is_quiet(&mut watch));
    }
    office.alert("b").await;
    assert_eq!(keys(&next(&mut watch).await), ["b"]);
}

#[tokio::test]
async fn tokens_are_good_for_their_stream_alone() {
    let office = Office::empty().await;
    office.alert("a").await;
    let token = office.watching("level = P1", "").await.checkpoint().resume;
    let refused = |watch: Result<Watch, DeskError>| watch.err() == Some(DeskError::InvalidToken);
    for bad in ["x", "AAAA", &token[1..]] {
        assert!(refused(office.watch("level = P1", bad).await), "{bad}");
    }
    assert!(refused(office.watch("level = P0", &token).await), "another filter");
    let anybody = TenantId::operator();
    let theirs = office.desk.watch(&anybody, Expr::always(), "level = P1", &token).await;
    assert!(refused(theirs), "another tenant");
    let young = Office::empty().await;
    assert!(refused(young.watch("level = P1", &token).await), "it lies ahead");
}

#[tokio::test]
async fn a_token_that_is_too_old_says_what_there_is() {
    let office = Office::empty().await;
    let mut watch = office.watching("", "").await;
    for key in ["a", "b", "c", "d"] {
        office.alert(key).await;
    }
    let events = next(&mut watch).await;
    office.store.forget(3);
    let expired = Some(DeskError::TokenExpired { oldest: 4 });
    assert_eq!(office.watch("", &events[1].resume).await.err(), expired);
    let mut resumed = office.watching("", &events[2].resume).await;
    assert_eq!(keys(&next(&mut resumed).await), ["d"]);
}

#[tokio::test]
async fn a_watch_that_is_too_slow_says_so() {
    let office = Office::empty().await;
    let mut watch = office.watching("", "").await;
    for key in ["a", "b", "c"] {
        office.alert(key).await;
    }
    office.store.forget(2);
    assert_eq!(watch.next().await, Err(DeskError::TokenExpired { oldest: 3 }));
}
