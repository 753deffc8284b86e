use super::*;
use crate::{AckResult, JobState, Notice};
use futures_util::FutureExt;
use umpire_model::SanctionKind::{Mute, Warn};

fn told(events: &[Event]) -> Vec<String> {
    let said = |event: &Event| match &event.what {
        What::Sanction(sanction) => format!("apply {}", sanction.subject.user_id),
        What::Lifted(sanction) => format!("lift {}", sanction.subject.user_id),
        What::Expired(sanction) => format!("expire {}", sanction.subject.user_id),
        What::SnapshotEnd => "end".into(),
        What::Checkpoint => "checkpoint".into(),
    };
    events.iter().map(said).collect()
}

fn token(event: &Event) -> String {
    event.resume.clone().expect("a token")
}

impl World {
    async fn watch(&self, resume: &str) -> Watch {
        self.court.watch(&tenant(), &id("game"), resume).await.expect("a stream")
    }

    async fn ack(&self, enforcer: &str, of: SanctionId) -> Result<(), CourtError> {
        let ack =
            Ack { sanction: of, result: AckResult::Applied, error: String::new(), about: None };
        self.court.acknowledge(&tenant(), &id(enforcer), vec![ack], at(9)).await
    }
}

async fn next(watch: &mut Watch) -> Vec<Event> {
    watch.next(at(5)).await.expect("events")
}

#[tokio::test]
async fn what_is_in_force_comes_first_and_changes_follow() {
    let world = World::open().await;
    let first = world.sanction("a", Mute, 0).await;
    let mut watch = world.watch("").await;
    let snapshot = next(&mut watch).await;
    assert_eq!(told(&snapshot), ["apply a", "end"]);
    assert_eq!((&snapshot[0].resume, snapshot[0].attempt), (&None, 1));

    world.sanction("b", Mute, 1).await;
    world.lift(first.id, 2).await.expect("it is open");
    let changes = next(&mut watch).await;
    assert_eq!(told(&changes), ["apply b", "lift a"]);
    let (all, last) = (&["apply b", "lift a"][..], &["lift a"][..]);
    for (after, expected) in [(&snapshot[1], all), (&changes[0], last)] {
        let mut resumed = world.watch(&token(after)).await;
        assert_eq!(told(&next(&mut resumed).await), expected);
    }
    let mut resumed = world.watch(&token(&watch.checkpoint())).await;
    assert!(resumed.next(at(5)).now_or_never().is_none(), "there is nothing new");
}

#[tokio::test]
async fn a_watch_that_waited_wants_the_time_of_then() {
    let world = World::open().await;
    let mut watch = world.watch("").await;
    assert_eq!(told(&next(&mut watch).await), ["end"]);
    let (waited, _) = tokio::join!(next(&mut watch), world.sanction("a", Mute, 0));
    assert!(waited.is_empty(), "{waited:?}");
    assert_eq!(told(&next(&mut watch).await), ["apply a"]);
}

#[tokio::test]
async fn a_watch_that_is_dropped_while_it_waits_loses_nothing() {
    let world = World::open().await;
    let mut watch = world.watch("").await;
    next(&mut watch).await;
    assert!(watch.next(at(5)).now_or_never().is_none());
    world.sanction("a", Mute, 0).await;
    assert_eq!(told(&next(&mut watch).await), ["apply a"]);
    assert!(watch.next(at(5)).now_or_never().is_none());
}

#[tokio::test]
async fn long_snapshots_come_in_parts() {
    let world = World::open().await;
    for user in 0..250 {
        world.sanction(&format!("u{user}"), Mute, 0).await;
    }
    let mut watch = world.watch("").await;
    let mut events = Vec::new();
    for part in [100, 100, 51] {
        let next = next(&mut watch).await;
        assert_eq!(next.len(), part);
        events.extend(next);
    }
    let mut told = told(&events);
    assert_eq!(told.pop(), Some("end".into()));
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 250);
}

#[tokio::test]
async fn who_starts_anew_hears_of_lifts_that_nobody_acknowledged() {
    let world = World::open().await;
    let heard = world.sanction("a", Mute, 0).await;
    let unheard = world.sanction("b", Mute, 0).await;
    next(&mut world.watch("").await).await;
    for sanction in [&heard, &unheard] {
        world.ack("game", sanction.id).await.expect("it was sent");
        world.lift(sanction.id, 1).await.expect("it is open");
    }
    let mut first = world.watch("").await;
    let mut both = told(&next(&mut first).await);
    both.sort_unstable();
    assert_eq!(both, ["end", "lift a", "lift b"]);
    world.ack("game", heard.id).await.expect("it was sent");
    assert_eq!(told(&next(&mut world.watch("").await).await), ["lift b", "end"]);
}

#[tokio::test]
async fn warnings_are_shown_until_they_are_acknowledged() {
    let world = World::open().await;
    let warning = world.sanction("a", Warn, 0).await;
    for _ in 0..2 {
        assert_eq!(told(&next(&mut world.watch("").await).await), ["apply a", "end"]);
    }
    world.ack("game", warning.id).await.expect("it was sent");
    assert_eq!(world.state(warning.id).await, State::Done);
    assert_eq!(told(&next(&mut world.watch("").await).await), ["end"]);
}

#[tokio::test]
async fn what_is_given_has_a_deadline() {
    let world = World::open().await;
    let sanction = world.sanction("a", Mute, 0).await;
    next(&mut world.watch("").await).await;
    let jobs: Vec<_> = world.store.memory().jobs.values().cloned().collect();
    let [job] = &jobs[..] else { panic!("one job: {jobs:?}") };
    assert_eq!((job.sanction, job.notice), (sanction.id, Notice::Apply));
    assert_eq!((job.state, job.attempts, job.due), (JobState::Leased, 1, at(35)));
}

#[tokio::test]
async fn tokens_are_good_for_their_stream_alone() {
    let world = World::open().await;
    let mut watch = world.watch("").await;
    let end = token(&next(&mut watch).await[0]);
    for bad in ["x", "AAAA", &end[1..]] {
        let refused = world.court.watch(&tenant(), &id("game"), bad).await;
        assert!(matches!(refused, Err(CourtError::InvalidToken)), "{bad}");
    }
    let other = World::open().await;
    other.sanction("a", Mute, 0).await;
    let later = token(&next(&mut other.watch("").await).await[1]);
    let refused = world.court.watch(&tenant(), &id("game"), &later).await;
    assert!(matches!(refused, Err(CourtError::InvalidToken)), "it lies ahead");
}

#[tokio::test]
async fn a_token_that_is_too_old_says_what_there_is() {
    let world = World::open().await;
    world.sanction("a", Mute, 0).await;
    let early = token(&next(&mut world.watch("").await).await[1]);
    for _ in 0..3 {
        world.sanction("b", Mute, 0).await;
    }
    let oldest = {
        let mut memory = world.store.memory();
        let kept = memory.journal.split_off(4);
        memory.journal = kept;
        memory.journal[0].sequence
    };
    let refused = world.court.watch(&tenant(), &id("game"), &early).await;
    assert_eq!(refused.err(), Some(CourtError::TokenExpired { oldest }));
}

#[tokio::test]
async fn only_streams_watch_and_acknowledge() {
    let world = World::open().await;
    let sanction = world.sanction("a", Mute, 0).await;
    let hook = "tenants/games/enforcers/hook";
    let watched = world.court.watch(&tenant(), &id("hook"), "").await;
    assert_eq!(watched.err(), Some(CourtError::WrongKind(hook.into())));
    let acked = world.ack("hook", sanction.id).await;
    assert_eq!(acked, Err(CourtError::WrongKind(hook.into())));
    let nobody = CourtError::NotFound("tenants/games/enforcers/nobody".into());
    assert_eq!(world.ack("nobody", sanction.id).await, Err(nobody));
    let unknown = SanctionId(umpire_model::new_uuid());
    let missing = CourtError::NotFound(name_of(&tenant(), unknown));
    assert_eq!(world.ack("game", unknown).await, Err(missing));
}
