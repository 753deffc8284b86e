use super::{
    append, at, candidate, commit, decision, dump, folder, id, open, strikes, subject, tenant,
};
use crate::EmbeddedStore;
use fastrand::Rng;
use umpire_model::{StoreError, Timestamp};
use umpire_query::Expr;
use umpire_sanctions::{
    Change, RuleMode, SafetySwitch, SanctionQuery, Sanctions, State, StrikeQuery, turn,
};

/// One random thing that happens.
async fn happen(store: &EmbeddedStore, random: &mut Rng, time: Timestamp) {
    let user = format!("u{}", random.u32(..4));
    let rule = id(["spam", "flood", "shadow"][random.usize(..3)]);
    let subject = subject(&user);
    let change = match random.u32(..40) {
        0 => return undo(store, time).await,
        1..=3 => return lift_newest(store, time).await,
        4..=6 => {
            let times = (0..random.i64(0..4)).map(|n| time.plus_seconds(-n / 2)).collect();
            let (operator, reason) = ("a person".into(), "undone".into());
            Change::Strikes { subject, rule, times, operator, reason }
        }
        7 | 8 => Change::Grace { subject, rule, until: time.plus_seconds(30) },
        9 => Change::Safety(SafetySwitch { version: 1, ..SafetySwitch::default() }),
        10 => Change::RuleDeleted { rule },
        _ => return offend(store, random, &user, time).await,
    };
    append(store, time, change).await;
}

async fn offend(store: &EmbeddedStore, random: &mut Rng, user: &str, time: Timestamp) {
    let mut rules = vec![candidate("shadow", 2), candidate("flood", 5), candidate("spam", 3)];
    rules[0].rule.mode = RuleMode::Shadow;
    rules[1].weight = random.u32(1..3);
    // Clocks and queues do not keep the order of messages.
    let time = time.plus_seconds(random.i64(-5..=0));
    commit(store, decision(user, "", time, rules)).await;
}

/// Something that is taken back.
async fn undo(store: &EmbeddedStore, time: Timestamp) {
    let work = turn(store, move |turn| {
        turn.append(&tenant(), time, &Change::RuleDeleted { rule: id("spam") })?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(work.await, Err(StoreError::Overloaded));
}

async fn lift_newest(store: &EmbeddedStore, time: Timestamp) {
    let lift = turn(store, move |turn| {
        let filter = Expr::always();
        let query = SanctionQuery { tenant: tenant(), filter, size: 1, cursor: None };
        let Some(mut sanction) = turn.matching(&query)?.items.pop() else { return Ok(()) };
        sanction.enter(State::Lifted, time, "a person lifted it");
        sanction.version += 1;
        let change = Change::Sanction { sanction: Box::new(sanction), telling: None };
        turn.append(&tenant(), time, &change)?;
        Ok::<_, StoreError>(())
    });
    lift.await.expect("lifted");
}

#[tokio::test]
async fn projections_are_the_same_when_they_are_made_anew() {
    for seed in 0..4 {
        let folder = folder();
        let store = open(&folder);
        let mut random = Rng::with_seed(seed);
        for step in 0..300 {
            happen(&store, &mut random, at(2 * step)).await;
        }
        store.close().await;
        let before = dump(folder.path());
        for table in ["counters", "strikes", "graces", "sanctions", "switches"] {
            assert!(before.iter().any(|row| row.starts_with(table)), "no {table}");
        }

        let store = open(&folder);
        store.forget_projections().await.expect("forgotten");
        store.close().await;
        assert_eq!(dump(folder.path()).len(), 1, "only where they are up to is left");
        open(&folder).close().await;
        assert_eq!(dump(folder.path()), before, "seed {seed}");
    }
}

#[tokio::test]
async fn memory_and_tables_hold_the_same_strikes() {
    let folder = folder();
    let store = open(&folder);
    let mut random = Rng::with_seed(7);
    for step in 0..300 {
        happen(&store, &mut random, at(2 * step)).await;
        if step % 20 > 0 {
            continue;
        }
        let filter = Expr::always();
        let query = StrikeQuery { tenant: tenant(), filter, size: 100, cursor: None };
        for counted in store.counters(query).await.expect("read").items {
            let (user, rule) = (&counted.subject.user_id, counted.rule.as_str());
            assert_eq!(strikes(&store, user, rule).await, counted.strikes);
        }
    }
    store.close().await;
}

#[tokio::test]
async fn what_is_appended_to_forgotten_projections_is_not_lost() {
    let folder = folder();
    let store = open(&folder);
    for second in 0..2 {
        commit(&store, decision("u1", "", at(second), vec![candidate("spam", 9)])).await;
    }
    store.forget_projections().await.expect("forgotten");
    commit(&store, decision("u1", "", at(2), vec![candidate("spam", 9)])).await;
    store.close().await;
    let store = open(&folder);
    assert_eq!(strikes(&store, "u1", "spam").await.iter().count(), 3);
    store.close().await;
}
