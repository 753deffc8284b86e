mod histories;
mod sentences;

use super::*;
use crate::{
    CountMode, Entry, Order, SafetyState, SafetySwitch, State, Subject,
    memory::Memory,
    samples::{at, candidate, found, id, offence, rule, sender, shelf, subject, tenant},
};
use umpire_model::{
    Match,
    RiskClass::{Fatal, HighRisk, Sensitive},
    SanctionKind::{LoginBan, Mute, Warn},
};

/// A tenant whose messages are judged one after the other, each with a record of its own.
struct Game {
    memory: Memory,
    order: Order,
    said: usize,
    stopped: bool,
}

impl Game {
    fn with<'a>(rules: impl IntoIterator<Item = (&'a str, SanctionRule)>) -> Self {
        let order = Order::of(&shelf(rules));
        Self { memory: Memory::default(), order, said: 0, stopped: false }
    }

    fn hears(&mut self, user: &str, time: Timestamp, matches: &[Match]) -> Judged {
        self.said += 1;
        let record = format!("record-{}", self.said);
        let candidates = self.order.candidates(&sender(user), matches);
        let offence = offence(user, &record, time, candidates);
        let offence = Offence { stopped: self.stopped, ..offence };
        judge(&mut self.memory, &offence).expect("a turn in memory")
    }

    /// Hears a SENSITIVE message.
    fn counts(&mut self, user: &str, time: Timestamp) -> Judged {
        self.hears(user, time, &[found(Sensitive, &[])])
    }

    fn append(&mut self, change: &Change) {
        self.memory.append(&tenant(), at(0), change).expect("a turn in memory");
    }

    fn switch(&mut self, state: SafetyState) {
        self.append(&Change::Safety(SafetySwitch { state, ..SafetySwitch::default() }));
    }

    /// What was made or changed last.
    fn last(&self) -> Sanction {
        let mut changes = self.memory.journal.iter().rev().map(|entry| &entry.change);
        let last = changes.find_map(|change| match change {
            Change::Sanction { sanction, .. } => Some(Sanction::clone(sanction)),
            _ => None,
        });
        last.expect("a sanction")
    }
}

/// Rules in the order they were tried, each with its count; `!` when it was crossed.
fn tried(judged: &Judged) -> String {
    let one = |status: &StrikeStatus| {
        let crossed = if status.crossed { "!" } else { "" };
        format!("{} {}{crossed}", status.rule, status.count)
    };
    judged.strikes.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn suppressed_by(judged: &Judged) -> Option<&str> {
    judged.strikes.last().and_then(|status| status.suppressed_by.as_deref())
}

fn at_once(rule: SanctionRule) -> SanctionRule {
    SanctionRule { threshold: 1, window: 0, ..rule }
}

#[test]
fn the_first_rule_that_reaches_its_threshold_ends_the_search() {
    let counting = |risk_class, threshold, kind| SanctionRule {
        risk_class,
        threshold,
        kind,
        duration: (kind != Warn).then_some(3_600),
        ..rule()
    };
    let mut game = Game::with([
        ("low", counting(Sensitive, 1, Warn)),
        ("high", counting(HighRisk, 2, Mute)),
        ("fatal", counting(Fatal, 3, LoginBan)),
    ]);
    let all = [found(Sensitive, &[]), found(HighRisk, &[]), found(Fatal, &[])];
    for (second, expected, sanction) in [
        (0, "fatal 1, high 1, low 1!", Some(Warn)),
        (1, "fatal 2, high 2!", Some(Mute)),
        (2, "fatal 3!", Some(LoginBan)),
        // Those who crossed begin anew, those below kept their strikes.
        (3, "fatal 1, high 1, low 1!", None),
        (4, "fatal 2, high 2!", None),
    ] {
        let judged = game.hears("u", at(second), &all);
        assert_eq!(tried(&judged), expected, "second {second}");
        let made = judged.sanction.map(|_| game.last().kind);
        assert_eq!(made, sanction, "second {second}");
    }
}

#[test]
fn rules_that_do_not_fit_count_nothing() {
    let mut game = Game::with([("ads", SanctionRule { labels: vec!["ads".into()], ..rule() })]);
    assert_eq!(game.counts("u", at(0)), Judged::default());
    assert!(game.memory.journal.is_empty());
}

#[test]
fn every_subject_has_its_own_counter() {
    let mut game = Game::with([("a", rule())]);
    for user in ["u", "v"] {
        assert_eq!(tried(&game.counts(user, at(0))), "a 1");
        assert_eq!(tried(&game.counts(user, at(0))), "a 2");
    }
    let elsewhere = Offence {
        subject: Subject { channel: "guild".into(), ..subject("u") },
        ..offence("u", "elsewhere", at(0), vec![candidate("a", rule())])
    };
    let judged = judge(&mut game.memory, &elsewhere).expect("a turn in memory");
    assert_eq!(tried(&judged), "a 1");
}

#[test]
fn seventy_two_hours_span_seventy_two_hours() {
    let hours = 72 * 60 * 60;
    let counting = SanctionRule { threshold: 3, window: 72 * 60 * 60, ..rule() };
    let just_within = Timestamp(at(hours).0 - 1);
    for (second, third, expected) in [
        (just_within, just_within, "a 3!"),
        (at(1), at(hours), "a 2"),
        (at(hours), at(hours), "a 2"),
        (at(hours / 2), Timestamp(at(hours + hours / 2).0 - 1), "a 2"),
        (at(hours / 2), at(hours + hours / 2), "a 1"),
    ] {
        let mut game = Game::with([("a", counting.clone())]);
        game.counts("u", at(0));
        game.counts("u", second);
        assert_eq!(tried(&game.counts("u", third)), expected, "{second} {third}");
    }
}

#[test]
fn every_threshold_is_crossed_as_often_as_it_goes_into_the_strikes() {
    for threshold in [1, 7, 64, 10_000] {
        let counting = SanctionRule { threshold, duration: None, ..rule() };
        let candidates = vec![candidate("a", counting)];
        let mut memory = Memory::default();
        let (mut crossed, mut made) = (0, 0);
        for number in 0..10_000 {
            let record = format!("record-{number}");
            let offence = offence("u", &record, at(0), candidates.clone());
            let judged = judge(&mut memory, &offence).expect("a turn in memory");
            crossed += u32::from(judged.strikes[0].crossed);
            made += u32::from(judged.sanction.is_some());
        }
        assert_eq!(crossed, 10_000 / threshold, "{threshold}");
        // The first one lasts, and suppresses the others.
        assert_eq!((made, memory.sanctions.len()), (1, crossed as usize), "{threshold}");
    }
}

#[test]
fn per_match_a_message_is_as_many_strikes_as_matches() {
    let counting = SanctionRule { count_mode: CountMode::PerMatch, threshold: 5, ..rule() };
    let mut game = Game::with([("a", counting)]);
    let twice = [found(Sensitive, &[]), found(Sensitive, &[]), found(Fatal, &[])];
    assert_eq!(tried(&game.hears("u", at(0), &twice)), "a 2");
    assert_eq!(tried(&game.counts("u", at(1))), "a 3");
    assert_eq!(tried(&game.hears("u", at(2), &twice)), "a 5!");
    assert_eq!(game.last().cleared, [at(0), at(0), at(1)]);
    // What is over the threshold is not kept.
    assert_eq!(tried(&game.hears("u", at(3), &twice)), "a 2");
}

#[test]
fn a_message_judged_twice_brings_one_sanction() {
    let shadow = SanctionRule { mode: RuleMode::Shadow, priority: 1, ..at_once(rule()) };
    let candidates = vec![candidate("shadow", shadow), candidate("a", at_once(rule()))];
    let offence = offence("u", "record", at(0), candidates);
    let mut memory = Memory::default();
    let first = judge(&mut memory, &offence).expect("a turn in memory");
    let entries = memory.journal.len();
    let later = Offence { time: at(9), ..offence };
    assert_eq!(judge(&mut memory, &later), Ok(first.clone()));
    assert_eq!(tried(&first), "shadow 1!, a 1!");
    assert_eq!((memory.journal.len(), memory.sanctions.len()), (entries, 2));
}

#[test]
fn strikes_are_written_before_what_they_bring() {
    let shadow = SanctionRule { mode: RuleMode::Shadow, priority: 1, ..at_once(rule()) };
    let mut game = Game::with([("shadow", shadow), ("a", at_once(rule())), ("b", rule())]);
    game.counts("u", at(5));
    let kinds: Vec<_> = game.memory.journal.iter().map(kind_of).collect();
    assert_eq!(kinds, ["counted", "sanction", "sanction"]);
    let Entry { time, change: Change::Counted { subject, record, strikes }, .. } =
        &game.memory.journal[0]
    else {
        panic!("not counted first")
    };
    assert_eq!((*time, subject.user_id.as_str(), record.as_str()), (at(5), "u", "record-1"));
    let strike = |rule| Strike { rule: id(rule), window: 0, weight: 1, crossed: true };
    assert_eq!(*strikes, [strike("shadow"), strike("a")]);
}

fn kind_of(entry: &Entry) -> &'static str {
    match &entry.change {
        Change::Counted { .. } => "counted",
        Change::Sanction { .. } => "sanction",
        _ => "else",
    }
}

#[test]
fn a_grace_stops_one_rule_from_counting_one_subject() {
    let mut game = Game::with([("a", rule()), ("b", rule())]);
    let (subject, until) = (subject("u"), at(100));
    game.append(&Change::Grace { subject, rule: id("a"), until });
    let just_before = Timestamp(at(100).0 - 1);
    assert_eq!(tried(&game.counts("u", just_before)), "b 1");
    assert_eq!(tried(&game.counts("v", just_before)), "a 1, b 1");
    assert_eq!(tried(&game.counts("u", at(100))), "a 1, b 2");
}

#[test]
fn a_rule_in_shadow_records_and_stops_nothing() {
    let shadow = SanctionRule { mode: RuleMode::Shadow, priority: 1, ..at_once(rule()) };
    let mut game = Game::with([("shadow", shadow), ("a", rule())]);
    let judged = game.counts("u", at(0));
    assert_eq!(tried(&judged), "shadow 1!, a 1");
    assert_eq!(judged.sanction, None);
    assert_eq!(judged.strikes[0].suppressed_by.as_deref(), Some("shadow"));
    let recorded = game.last();
    assert_eq!((recorded.state, recorded.suppressed_by.as_deref()), (State::Done, Some("shadow")));
    // What it would have done suppresses nothing.
    game.counts("u", at(1));
    let judged = game.counts("u", at(2));
    assert_eq!(tried(&judged), "shadow 1!, a 3!");
    assert_eq!(judged.sanction, Some(game.last().id));
}

#[test]
fn while_the_switch_is_off_thresholds_are_only_recorded() {
    let switch = Some("tenants/games/safetySwitch");
    for (state, stopped, expected) in [
        (SafetyState::On, false, None),
        (SafetyState::Hold, false, None),
        (SafetyState::Off, false, switch),
        (SafetyState::On, true, switch),
    ] {
        let mut game = Game::with([("a", at_once(rule())), ("b", at_once(rule()))]);
        game.switch(state);
        game.stopped = stopped;
        let judged = game.counts("u", at(0));
        assert_eq!(tried(&judged), "a 1!", "{state:?} {stopped}");
        assert_eq!(suppressed_by(&judged), expected, "{state:?} {stopped}");
        assert_eq!(judged.sanction.is_some(), expected.is_none(), "{state:?} {stopped}");
        let first = if expected.is_some() { State::Done } else { State::Pending };
        assert_eq!(game.last().state, first, "{state:?} {stopped}");
    }
}
