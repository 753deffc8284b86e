use super::*;
use crate::{Change, Origin, SafetyState, Strikes, port::CounterOf};
use umpire_model::{
    RequestIdReused, RequestKey,
    SanctionKind::{Mute, Warn},
};
use umpire_query::Expr;

fn asked(request: &str, fingerprint: &str) -> Act {
    let key = RequestKey { id: request.into(), fingerprint: fingerprint.into() };
    Act { request: Some(key), ..act(0) }
}

impl World {
    /// Automatic sanctions of these users that the safety switch holds.
    async fn hold(&self, users: &[&str]) -> Vec<SanctionId> {
        let mut held = Vec::new();
        for user in users {
            let id = SanctionId(umpire_model::new_uuid());
            let made = draft(user, Mute).sanction(&tenant(), id, &act(0));
            let mut made = made.expect("a good draft");
            made.origin = Origin::Automatic;
            made.total_recharge = (*user == "payer").then_some(600);
            made.enter(State::Held, at(0), "a test");
            let work = move |turn: &mut dyn Turn| lifecycle::save(turn, &mut made, at(0), None);
            turn(&*self.court.store, work).await.expect("a turn of the memory");
            held.push(id);
        }
        held
    }

    async fn drain(&self, mode: Drain, act: &Act) -> Wave {
        let drained = self.court.drain(&tenant(), mode, &Expr::always(), act).await;
        drained.expect("a good decision")
    }

    /// Forgets the strikes of user `u`.
    async fn reset(&self, rule: Option<&str>) -> Result<u32, CourtError> {
        let rule = rule.map(id);
        self.court.reset_strikes(&tenant(), subject("u"), rule, &act(60)).await
    }

    fn strikes_of(&self, user: &str) -> Strikes {
        let (tenant, rule, subject) = (tenant(), id("spam"), subject(user));
        let counter = CounterOf { tenant: &tenant, rule: &rule, subject: &subject };
        self.store.memory().strikes(counter).expect("memory").clone()
    }
}

#[tokio::test]
async fn a_repeated_request_gets_its_first_answer() {
    let world = World::open().await;
    let (court, request) = (&world.court, asked("r1", "a"));
    let first = court.create(&tenant(), None, draft("u", Mute), &request).await;
    let first = first.expect("a good draft");
    world.lift(first.id, 1).await.expect("it is open");
    let again = court.create(&tenant(), None, draft("u", Mute), &request).await;
    assert_eq!(again, Ok(first));
    let other = court.create(&tenant(), None, draft("v", Mute), &asked("r1", "b")).await;
    assert_eq!(other, Err(CourtError::RequestIdReused(RequestIdReused)));
    assert_eq!(world.store.memory().sanctions.len(), 1);
}

#[tokio::test]
async fn ids_are_taken_once() {
    let world = World::open().await;
    let made = world.sanction("u", Mute, 0).await;
    let again = world.court.create(&tenant(), Some(made.id), draft("v", Mute), &act(1)).await;
    assert_eq!(again, Err(CourtError::AlreadyExists(made.name())));
}

#[tokio::test]
async fn what_is_over_is_not_lifted_again() {
    let world = World::open().await;
    let made = world.sanction("u", Mute, 0).await;
    let lift = Lift::default();
    let stale = world.court.lift(&tenant(), made.id, &made.etag(), lift, &act(1)).await;
    assert_eq!(stale, Err(CourtError::EtagMismatch(made.name())), "it was let out since");
    let unreasoned = Act { reason: String::new(), ..act(1) };
    let refused = world.court.lift(&tenant(), made.id, "", lift, &unreasoned).await;
    assert!(matches!(refused, Err(CourtError::Invalid(_))), "{refused:?}");
    assert_eq!(world.lift(made.id, 1).await.map(|lifted| lifted.state), Ok(State::Lifted));
    assert_eq!(world.lift(made.id, 2).await, Err(CourtError::Over(made.name())));
    let unknown = SanctionId(umpire_model::new_uuid());
    let missing = CourtError::NotFound(name_of(&tenant(), unknown));
    assert_eq!(world.lift(unknown, 2).await, Err(missing));
}

#[tokio::test]
async fn an_end_is_moved_and_told() {
    let world = World::open().await;
    let made = world.sanction("u", Mute, 0).await;
    let end = NewEnd::At(at(60));
    let extended = world.court.extend(&tenant(), made.id, "", end, &act(1)).await;
    let extended = extended.expect("it is open");
    assert_eq!((extended.end_time, extended.permanent), (Some(at(60)), false));
    assert_eq!(extended.state, State::Executing);
    let warning = world.sanction("u", Warn, 0).await;
    let refused = world.court.extend(&tenant(), warning.id, "", end, &act(1)).await;
    assert_eq!(refused, Err(CourtError::WrongKind(warning.name())));
}

#[tokio::test]
async fn waves_are_lifted_together() {
    let world = World::open().await;
    let mut ids = Vec::new();
    for user in 0..12 {
        ids.push(world.sanction(&format!("u{user}"), Mute, 0).await.id);
    }
    world.lift(ids[0], 1).await.expect("it is open");
    let wave = world.court.wave(&tenant(), &Expr::always()).await.expect("a wave");
    assert_eq!((wave.ids.len(), wave.sample.len(), wave.payers), (11, 10, 0));
    world.lift(ids[1], 1).await.expect("it is open");
    let lift = Lift::default();
    let lifted = world.court.lift_some(&tenant(), &wave.ids, &lift, &act(2)).await;
    assert_eq!(lifted, Ok(10), "one was lifted meanwhile");
    for id in ids {
        assert_eq!(world.state(id).await, State::Lifted);
    }
}

#[tokio::test]
async fn held_sanctions_are_decided_about() {
    let world = World::open().await;
    let held = world.hold(&["a", "payer", "b", "c"]).await;
    let look = Act { validate_only: true, reason: String::new(), ..act(1) };
    let preview = world.drain(Drain::Sample(2), &look).await;
    assert_eq!((&preview.ids[..], preview.payers), (&held[..2], 1), "the oldest");
    assert_eq!(preview.sample.len(), 2);
    assert_eq!(world.state(held[0]).await, State::Held);

    let sample = world.drain(Drain::Sample(1), &act(1)).await;
    assert_eq!(sample.ids, held[..1]);
    assert!(sample.sample[0].released);
    assert_eq!(world.state(held[0]).await, State::Pending);
    let dropped = world.drain(Drain::Drop, &act(2)).await;
    assert_eq!((&dropped.ids[..], dropped.payers), (&held[1..], 1));
    assert_eq!(world.state(held[3]).await, State::Lifted);
    assert_eq!(world.drain(Drain::Apply, &act(3)).await, Wave::default());
}

#[tokio::test]
async fn a_switch_says_how_much_is_on_it() {
    let world = World::open().await;
    world.hold(&["a", "b"]).await;
    let status = world.court.switch(&tenant(), at(1)).await.expect("a switch");
    assert_eq!((status.switch.state, status.held), (SafetyState::On, 2));
    assert_eq!((status.ceiling, status.budget_used, status.stopped), (500, 0, false));

    let etag = status.switch.etag();
    let set = SetSwitch { state: Some(SafetyState::Hold), etag, ..SetSwitch::default() };
    let changed = world.court.set_switch(&tenant(), set.clone(), &act(2)).await;
    let changed = changed.expect("a good change");
    assert_eq!((changed.switch.state, changed.held), (SafetyState::Hold, 2));
    let stale = world.court.set_switch(&tenant(), set, &act(3)).await;
    let name = "tenants/games/safetySwitch".to_owned();
    assert_eq!(stale, Err(CourtError::EtagMismatch(name)));
}

#[tokio::test]
async fn strikes_are_forgotten_by_hand() {
    let world = World::open().await;
    let change = Change::Strikes {
        subject: subject("u"),
        rule: id("spam"),
        times: vec![at(0), at(50), at(55)],
        operator: "ann".into(),
        reason: "a test".into(),
    };
    let work = move |turn: &mut dyn Turn| turn.append(&tenant(), at(55), &change);
    turn(&*world.store, work).await.expect("a turn of the memory");
    let missing = CourtError::NotFound("tenants/games/sanctionRules/none".into());
    assert_eq!(world.reset(Some("none")).await, Err(missing));
    assert_eq!(world.strikes_of("u").iter().count(), 3);
    assert_eq!(world.reset(None).await, Ok(2), "the first is over");
    assert!(world.strikes_of("u").is_empty());
    assert_eq!(world.reset(Some("spam")).await, Ok(0));
}

#[tokio::test]
async fn subjects_are_checked_in_memory() {
    let world = World::open().await;
    let made = world.sanction("u", Mute, 0).await;
    let check = || world.court.check_subject(&tenant(), &subject("u"), at(1));
    assert!(check().is_empty() && world.court.as_of(at(1)) < at(1), "nobody followed yet");
    let (down, shutdown) = watch::channel(false);
    let stop = async { down.send_replace(true) };
    tokio::join!(world.court.follow(shutdown), stop);
    assert_eq!(world.court.as_of(at(1)), at(1));
    assert_eq!(check().iter().map(|found| found.id).collect::<Vec<_>>(), [made.id]);
}
