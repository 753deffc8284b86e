use super::{append, at, candidate, commit, decision, folder, open, tenant};
use crate::EmbeddedStore;
use umpire_query::{Expr, parse};
use umpire_sanctions::{Change, SanctionField, SanctionQuery, Sanctions, State, StrikeQuery};

/// Users of the sanctions that meet a filter, and whether there is another page.
async fn users(store: &EmbeddedStore, filter: &str) -> Vec<String> {
    let filter: Expr<SanctionField> = parse(filter).expect("a filter");
    let mut query = SanctionQuery { tenant: tenant(), filter, size: 2, cursor: None };
    let mut users = Vec::new();
    loop {
        let page = store.sanctions(query.clone()).await.expect("read");
        assert!(page.items.len() <= 2);
        users.extend(page.items.into_iter().map(|sanction| sanction.subject.user_id));
        query.cursor = page.next;
        if query.cursor.is_none() {
            return users;
        }
    }
}

#[tokio::test]
async fn sanctions_are_found_newest_first() {
    let folder = folder();
    let store = open(&folder);
    for (second, user) in (0..).zip(["u1", "u2", "u3", "u1"]) {
        commit(&store, decision(user, "", at(second), vec![candidate("spam", 1)])).await;
    }
    let newest = store.open(None).await.expect("read").1.pop().expect("there");
    let mut lifted = newest;
    lifted.enter(State::Lifted, at(9), "a person lifted it");
    lifted.version += 1;
    let change = Change::Sanction { sanction: Box::new(lifted), telling: None };
    append(&store, at(9), change).await;

    for (filter, expected) in [
        ("", &["u1", "u3", "u2", "u1"][..]),
        ("subject.user_id = \"u1\"", &["u1", "u1"]),
        ("suppressed = true", &["u1"]),
        ("active = true", &["u2", "u1"]),
        ("state = LIFTED", &["u3"]),
        ("NOT state = LIFTED AND suppressed = false", &["u2", "u1"]),
        ("sanction_rule = \"spam\" AND kind = MUTE", &["u1", "u3", "u2", "u1"]),
        ("sanction_rule = \"tenants/games/sanctionRules/spam\"", &["u1", "u3", "u2", "u1"]),
        ("sanction_rule = \"other\" OR permanent = true OR origin = MANUAL", &[]),
        ("start_time >= \"1970-01-01T00:00:02Z\"", &["u1", "u3"]),
        ("end_time < \"1970-01-01T00:10:01Z\"", &["u1"]),
        ("subject.server_id = \"s1\" AND subject.category != \"game\"", &[]),
    ] {
        assert_eq!(users(&store, filter).await, expected, "{filter}");
    }
    let (sequence, open) = store.open(Some(tenant())).await.expect("read");
    assert_eq!((sequence, open.len()), (9, 2));
    let waiting = store.waiting(at(9)).await.expect("read");
    assert_eq!((waiting.pending, waiting.held, waiting.oldest), (2, 0, Some(at(0))));
    store.close().await;
}

#[tokio::test]
async fn counters_that_hold_a_strike_are_listed_in_a_fixed_order() {
    let folder = folder();
    let store = open(&folder);
    for user in ["u1", "u2", "u1", "u3"] {
        commit(&store, decision(user, "", at(0), vec![candidate("spam", 9)])).await;
    }
    let filter = parse("subject.user_id != \"u2\" AND sanction_rule = \"spam\"").expect("a filter");
    let mut query = StrikeQuery { tenant: tenant(), filter, size: 1, cursor: None };
    let mut found = Vec::new();
    for _ in 0..2 {
        let mut page = store.counters(query.clone()).await.expect("read");
        let counted = page.items.pop().expect("one");
        found.push((counted.subject.user_id, counted.strikes.iter().count()));
        query.cursor = page.next;
    }
    assert_eq!(found, [("u1".to_owned(), 2), ("u3".to_owned(), 1)]);
    assert_eq!(query.cursor, None);
    store.close().await;
}
