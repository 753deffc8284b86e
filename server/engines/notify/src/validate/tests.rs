mod channels;
mod plans;
mod vendors;

use super::*;
use crate::{Rate, Receiver, Route, samples::receiver};
use umpire_catalog::Item;

/// Exactly these fields are wrong.
#[track_caller]
fn check<T: Item>(item: &T, paths: &[&str]) {
    let found = item.violations();
    let found_at: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(found_at, paths, "{found:?}");
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("name-{number}")).collect()
}

#[test]
fn receivers_have_limits() {
    check(&receiver(), &[]);
    check(&Receiver { display_name: "字".repeat(200), ..receiver() }, &[]);
    for display_name in ["字".repeat(201), "a\nb".into()] {
        check(&Receiver { display_name, ..receiver() }, &["receiver.display_name"]);
    }
    let most = Receiver { failover_after: DAY, test_interval: 30 * DAY, ..receiver() };
    check(&most, &[]);
    check(&Receiver { failover_after: DAY + 1, ..receiver() }, &["receiver.failover_after"]);
    for (test_interval, sound) in [(0, true), (300, true), (299, false), (30 * DAY + 1, false)] {
        let path = (!sound).then_some("receiver.test_interval");
        check(&Receiver { test_interval, ..receiver() }, path.as_slice());
    }
}

#[test]
fn rates_have_limits() {
    for (count, seconds, wrong) in [
        (1, 1, vec![]),
        (1_000, DAY, vec![]),
        (0, 1, vec!["count"]),
        (1_001, 1, vec!["count"]),
        (1, 0, vec!["window"]),
        (0, DAY + 1, vec!["count", "window"]),
    ] {
        let rate = Some(Rate { count, seconds });
        let paths = |field: &str| -> Vec<String> {
            wrong.iter().map(|part| format!("receiver.{field}.{part}")).collect()
        };
        let (own, vendor) = (paths("rate"), paths("vendor_rate"));
        let own: Vec<_> = own.iter().map(String::as_str).collect();
        let vendor: Vec<_> = vendor.iter().map(String::as_str).collect();
        check(&Receiver { rate, ..receiver() }, &own);
        check(&Receiver { vendor_rate: rate, ..receiver() }, &vendor);
    }
}

#[test]
fn kinds_are_kept_apart_and_receivers_sealed() {
    assert_eq!((Receiver::COLLECTION, Receiver::SEALED), ("receivers", true));
    assert_eq!((Route::COLLECTION, Route::SEALED), ("routes", false));
}
