use super::*;
use crate::{AlertId, AlertQuery, AlertState};
use umpire_model::{RequestIdReused, new_uuid};
use umpire_query::Expr;

impl Office {
    async fn acknowledge(&self, of: &Alert, etag: &str, act: &Act) -> Result<Alert, DeskError> {
        let acknowledge = Acknowledge { expire_after: 600, note: "on it".into() };
        self.desk.acknowledge(&tenant(), of.id, etag, acknowledge, act).await
    }

    async fn resolve(&self, of: &Alert, etag: &str, act: &Act) -> Result<Alert, DeskError> {
        let resolve = Resolve { note: "a drill".into() };
        self.desk.resolve(&tenant(), of.id, etag, resolve, act).await
    }

    /// What happened, in order.
    fn happened(&self) -> Vec<HappeningKind> {
        self.store.memory().journal.iter().map(|told| told.happening.kind).collect()
    }
}

#[tokio::test]
async fn an_acknowledgement_says_who_until_when_and_why() {
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    let answer = office.acknowledge(&alert, &alert.etag(), &act(10)).await.expect("it is open");
    assert_eq!(answer.state, AlertState::Acknowledged);
    let known = answer.acknowledgement.clone().expect("somebody looks after it");
    assert_eq!((known.operator.as_str(), known.note.as_str()), ("ann", "on it"));
    assert_eq!((known.time, known.expire_time), (at(10), at(610)));
    assert_eq!(office.desk.get(&tenant(), alert.id).await, Ok(answer.clone()));
    assert_ne!(answer.etag(), alert.etag(), "it changed");
    assert_eq!(office.happened(), [HappeningKind::Created, HappeningKind::Acknowledged]);
}

#[tokio::test]
async fn who_does_not_say_for_how_long_has_an_hour_and_at_most_a_week() {
    let office = Office::empty().await;
    let week = 7 * 24 * 3_600;
    for (expire_after, expires) in
        [(0, Some(3_600)), (1, Some(1)), (week, Some(week)), (week + 1, None)]
    {
        let alert = office.alert(&format!("after {expire_after}")).await;
        let acknowledge = Acknowledge { expire_after, ..Acknowledge::default() };
        let answer = office.desk.acknowledge(&tenant(), alert.id, "", acknowledge, &act(0)).await;
        let until = answer.ok().and_then(|alert| alert.acknowledgement).map(|it| it.expire_time);
        let expected = expires.map(|seconds| at(i64::try_from(seconds).expect("a week")));
        assert_eq!(until, expected, "{expire_after}");
    }
}

#[tokio::test]
async fn notes_and_names_are_bounded() {
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    let path = |refused: Result<Alert, DeskError>| match refused {
        Err(DeskError::Invalid(found)) => found[0].path.clone(),
        other => panic!("{other:?}"),
    };
    let (long, of, id) = ("字".repeat(501), tenant(), alert.id);
    let acknowledge = Acknowledge { note: long.clone(), ..Acknowledge::default() };
    let refused = office.desk.acknowledge(&of, id, "", acknowledge, &act(0)).await;
    assert_eq!(path(refused), "note");
    let refused = office.desk.resolve(&of, id, "", Resolve { note: long }, &act(0)).await;
    assert_eq!(path(refused), "note");
    for name in ["x".repeat(201), "ann\n".into()] {
        let refused = office.desk.assign(&of, id, "", name, &act(0)).await;
        assert_eq!(path(refused), "assignee");
    }
    assert_eq!(office.happened(), [HappeningKind::Created], "nothing was changed");
}

#[tokio::test]
async fn an_alert_is_assigned_and_the_name_taken_back() {
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    for name in ["bob", ""] {
        let answer = office.desk.assign(&tenant(), alert.id, "", name.into(), &act(10)).await;
        assert_eq!(answer.expect("it is open").assignee, name);
        let kept = office.desk.get(&tenant(), alert.id).await.expect("an alert");
        assert_eq!(kept.assignee, name);
    }
}

#[tokio::test]
async fn only_who_read_it_as_it_is_changes_an_alert() {
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    let stale = Err(DeskError::EtagMismatch(alert.name()));
    assert_eq!(office.acknowledge(&alert, "a99", &act(10)).await, stale);
    office.acknowledge(&alert, &alert.etag(), &act(10)).await.expect("it is as it was");
    assert_eq!(office.resolve(&alert, &alert.etag(), &act(20)).await, stale);
    let resolved = office.resolve(&alert, "", &act(20)).await.expect("any state will do");
    assert_eq!(resolved.state, AlertState::Resolved);
    let resolution = resolved.resolution.clone().expect("it is over");
    assert_eq!((resolution.operator.as_str(), resolution.note.as_str()), ("ann", "a drill"));
    assert_eq!(office.desk.get(&tenant(), alert.id).await, Ok(resolved));
}

#[tokio::test]
async fn what_is_over_or_was_never_there_is_not_changed() {
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    office.resolve(&alert, "", &act(10)).await.expect("it is open");
    let over = Err(DeskError::Over(alert.name()));
    assert_eq!(office.acknowledge(&alert, "", &act(20)).await, over);
    assert_eq!(office.resolve(&alert, "", &act(20)).await, over);
    let unknown = Alert { id: AlertId(new_uuid()), ..alert };
    let missing = Err(DeskError::NotFound(unknown.name()));
    assert_eq!(office.acknowledge(&unknown, "", &act(20)).await, missing);
    assert_eq!(office.desk.get(&tenant(), unknown.id).await, missing);
}

#[tokio::test]
async fn a_repeated_request_gets_its_first_answer() {
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    let request = asked("r1", "a");
    let refused = office.acknowledge(&alert, "a99", &request).await;
    assert!(refused.is_err(), "what fails is not remembered: {refused:?}");
    let first = office.acknowledge(&alert, &alert.etag(), &request).await.expect("it is open");
    office.resolve(&alert, "", &act(20)).await.expect("it is open");
    let again = office.acknowledge(&alert, &alert.etag(), &request).await;
    assert_eq!(again, Ok(first));
    let other = office.acknowledge(&alert, "", &asked("r1", "b")).await;
    assert_eq!(other, Err(DeskError::RequestIdReused(RequestIdReused)));
    let count = |kind| office.happened().into_iter().filter(|known| *known == kind).count();
    assert_eq!(count(HappeningKind::Acknowledged), 1);
}

#[tokio::test]
async fn alerts_are_listed_by_a_filter() {
    let office = Office::empty().await;
    for key in ["a", "b", "c"] {
        office.alert(key).await;
    }
    let filter = umpire_query::parse("key != b").expect("a filter");
    for (filter, size, keys) in [(filter, 9, vec!["c", "a"]), (Expr::always(), 2, vec!["c", "b"])] {
        let query = AlertQuery { tenant: tenant(), filter, size, cursor: None };
        let page = office.desk.list(query).await.expect("memory");
        let found: Vec<_> = page.items.iter().map(|alert| alert.key.as_str()).collect();
        assert_eq!(found, keys);
    }
}

#[tokio::test]
async fn who_acts_wakes_the_notifier() {
    use futures_util::FutureExt;
    let office = Office::empty().await;
    let alert = office.alert("a").await;
    assert!(office.desk.wake().notified().now_or_never().is_none());
    office.acknowledge(&alert, "", &act(10)).await.expect("it is open");
    assert!(office.desk.wake().notified().now_or_never().is_some());
}
