//! What vendors take.

use super::stage::{Stage, limited};
use crate::{
    Audience, Outcome, Policy, Rate, Receiver,
    dispatch::window::{free_at, rates, slots, tidy},
    samples::{at, receiver_for},
};
use umpire_model::Level;

#[test]
fn windows_slide_and_all_of_them_hold() {
    let rates = [Rate { count: 2, seconds: 10 }, Rate { count: 3, seconds: 60 }];
    // Sent at; looked at; free slots; when one is free.
    let cases: [(&[i64], i64, usize, i64); 8] = [
        (&[], 0, 2, 0),
        (&[0], 5, 1, 5),
        (&[0, 5], 9, 0, 10),
        (&[0, 5], 10, 1, 10),
        (&[0, 5, 11], 20, 0, 60),
        (&[0, 5, 11], 60, 1, 60),
        (&[0, 5, 6], 7, 0, 60),
        // The clock was put back.
        (&[100, 101], 50, 2, 50),
    ];
    for (sent, now, free, next) in cases {
        let sent: Vec<_> = sent.iter().map(|second| at(*second)).collect();
        assert_eq!(slots(&rates, &sent, at(now)), Some(free), "{sent:?} {now}");
        assert_eq!(free_at(&rates, &sent, at(now)), at(next), "{sent:?} {now}");
    }
    assert_eq!(slots(&[], &[at(0)], at(0)), None);
}

#[test]
fn what_no_window_counts_is_forgotten() {
    let rates = [Rate { count: 2, seconds: 10 }, Rate { count: 3, seconds: 60 }];
    let mut sent = vec![at(70), at(1), at(41), at(10), at(11)];
    tidy(&rates, &mut sent, at(70));
    assert_eq!(sent, [at(11), at(41), at(70)]);
}

#[test]
fn what_does_not_fit_waits_until_the_first_leaves_the_window() {
    let mut stage = Stage::with(&[("a", limited(2, 60))]);
    let (first, second) = (stage.queue("a", Level::P1), stage.queue("a", Level::P1));
    assert_eq!(stage.sent(), [first, second]);
    stage.pass(20);
    let third = stage.queue("a", Level::P0);
    let leased = stage.look();
    assert!(leased.batches.is_empty(), "{leased:?}");
    assert_eq!(leased.next, Some(stage.now.plus_seconds(40)));
    stage.pass(40);
    assert_eq!(stage.sent(), [third]);
}

#[test]
fn calls_that_fail_count_and_those_that_were_not_made_do_not() {
    let mut stage = Stage::with(&[("a", limited(4, 60))]);
    for _ in 0..3 {
        stage.queue("a", Level::P1);
    }
    stage.send(&[Outcome::Delivered, Outcome::Transient]);
    assert_eq!(stage.health("a").sent, [stage.now, stage.now]);
    stage.pass(1);
    assert_eq!(stage.batch().deliveries.len(), 2, "two slots are left");
}

#[test]
fn what_a_process_that_ended_may_have_sent_counts() {
    let mut stage = Stage::with(&[("a", limited(2, 90))]);
    stage.queue("a", Level::P1);
    stage.queue("a", Level::P1);
    stage.batch();
    stage.crash();
    stage.pass(60);
    assert!(stage.look().more);
    assert_eq!(stage.look().next, Some(at(90)));
}

#[test]
fn the_vendor_s_own_limit_holds_unless_the_receiver_has_one() {
    let group = receiver_for(Audience::Group);
    let own = Rate { count: 30, seconds: 60 };
    for (receiver, free) in
        [(group.clone(), 18), (Receiver { vendor_rate: Some(own), ..group }, 30)]
    {
        let rates = rates(&receiver, &Policy::default());
        assert_eq!(slots(&rates, &[], at(0)), Some(free));
    }
}
