//! What a crossing brings, and what suppresses it.

use super::*;
use crate::{Ladder, Origin, Step};
use umpire_model::{LocalizedText, SanctionId, SanctionKind};

/// Puts a subject under a sanction from second 0 on; `None` seconds are permanent, or a WARN.
fn serves(game: &mut Game, subject: Subject, kind: SanctionKind, seconds: Option<u64>) -> Sanction {
    let offence = Offence { subject, ..offence("u", "given", at(0), Vec::new()) };
    let permanent = kind != Warn && seconds.is_none();
    let next = NextStep { kind, seconds, permanent };
    let given = candidate("given", rule());
    let id = sanction_id(&tenant(), &offence.subject, &given.id, "given");
    let sanction = sentence::sanction(&offence, &given, id, next, None);
    put(game, &sanction);
    sanction
}

fn put(game: &mut Game, sanction: &Sanction) {
    let sanction = Box::new(sanction.clone());
    game.append(&Change::Sanction { sanction, telling: None });
}

#[test]
fn who_serves_as_much_or_more_gets_nothing_new() {
    for ((kind, seconds), (next_kind, duration), suppressed) in [
        ((Mute, Some(3_600)), (Mute, Some(3_600)), true),
        ((Mute, Some(3_599)), (Mute, Some(3_600)), false),
        ((Mute, None), (Mute, Some(3_600)), true),
        ((Mute, Some(3_600)), (Mute, None), false),
        ((Mute, None), (Mute, None), true),
        ((LoginBan, Some(60)), (Mute, Some(60)), true),
        ((LoginBan, Some(60)), (Mute, Some(61)), false),
        ((LoginBan, None), (LoginBan, None), true),
        ((Mute, None), (LoginBan, Some(1)), false),
        ((Mute, Some(1)), (Warn, None), true),
        ((LoginBan, Some(1)), (Warn, None), true),
        ((Warn, None), (Warn, None), false),
        ((Warn, None), (Mute, Some(1)), false),
    ] {
        let new = SanctionRule { kind: next_kind, duration, ..at_once(rule()) };
        let mut game = Game::with([("a", new)]);
        let serving = serves(&mut game, subject("u"), kind, seconds);
        let judged = game.counts("u", at(0));
        let expected = suppressed.then(|| serving.name());
        let case = format!("{kind:?} {seconds:?}, then {next_kind:?} {duration:?}");
        assert_eq!(suppressed_by(&judged), expected.as_deref(), "{case}");
        assert_eq!(judged.sanction.is_none(), suppressed, "{case}");
        assert!(judged.strikes[0].crossed, "{case}");
    }
}

#[test]
fn only_what_is_in_force_or_held_suppresses() {
    for (state, second, suppressed) in [
        (State::Pending, 0, true),
        (State::Held, 0, true),
        (State::Executing, 0, true),
        (State::Done, 3_599, true),
        (State::Failed, 0, true),
        (State::Lifted, 0, false),
        (State::Expired, 0, false),
        // Its end came, and nobody has noted it yet.
        (State::Done, 3_600, false),
    ] {
        let mut game = Game::with([("a", at_once(rule()))]);
        let mut serving = serves(&mut game, subject("u"), Mute, Some(3_600));
        serving.enter(state, at(0), "a test");
        put(&mut game, &serving);
        let judged = game.counts("u", at(second));
        assert_eq!(suppressed_by(&judged).is_some(), suppressed, "{state:?} {second}");
    }
}

#[test]
fn a_sanction_suppresses_where_it_holds() {
    let everywhere = Subject { user_id: "u".into(), ..Subject::default() };
    let server = |id: &str| Subject { server_id: id.into(), ..everywhere.clone() };
    for (serving, suppressed) in [
        (subject("u"), true),
        (server("s1"), true),
        (server("s2"), false),
        (Subject { channel: "guild".into(), ..everywhere.clone() }, false),
        (subject("v"), false),
        (everywhere.clone(), true),
    ] {
        let mut game = Game::with([("a", at_once(rule()))]);
        serves(&mut game, serving.clone(), Mute, None);
        let judged = game.counts("u", at(0));
        assert_eq!(suppressed_by(&judged).is_some(), suppressed, "{serving:?}");
    }
}

#[test]
fn a_suppressed_crossing_clears_the_strikes_and_ends_the_search() {
    let steps = [Some(3_600), None].map(|duration| Step { kind: None, duration }).into();
    let ladder = Ladder { steps, factor: 2.0, maximum: None, memory: 86_400, decay: None };
    let climbing = SanctionRule { ladder: Some(ladder), priority: 1, ..rule() };
    let patient = SanctionRule { threshold: 100, ..rule() };
    let mut game = Game::with([("a", climbing), ("b", patient)]);
    let crossings: Vec<_> = (0..9).map(|second| game.counts("u", at(second))).collect();
    let third: Vec<_> = crossings.iter().skip(2).step_by(3).collect();
    for judged in &third {
        assert_eq!(judged.strikes.len(), 1, "{judged:?}");
        assert!(judged.strikes[0].crossed, "{judged:?}");
    }
    // Who serves the first step climbs no further meanwhile.
    let made: Vec<_> = third.iter().map(|judged| judged.sanction.is_some()).collect();
    assert_eq!(made, [true, false, false]);
    let recorded = game.last();
    assert_eq!((recorded.state, recorded.cleared), (State::Done, vec![at(6), at(7)]));
}

#[test]
fn a_sanction_carries_everything_about_its_offence() {
    let player_message = LocalizedText { fallback: "muted".into(), ..LocalizedText::default() };
    let mut game = Game::with([(
        "a",
        SanctionRule {
            kick_online: true,
            remark: "ask ann".into(),
            player_message: player_message.clone(),
            ..rule()
        },
    )]);
    for second in [0, 10, 20] {
        game.counts("u", at(second));
    }
    let made = game.last();
    let expected = Sanction {
        id: sanction_id(&tenant(), &subject("u"), &id("a"), "record-3"),
        tenant: tenant(),
        subject: subject("u"),
        kind: Mute,
        state: State::Pending,
        origin: Origin::Automatic,
        operator: String::new(),
        start_time: at(20),
        end_time: Some(at(3_620)),
        permanent: false,
        kick_online: true,
        reason: "spam".into(),
        player_message,
        remark: "ask ann".into(),
        content: "b*d".into(),
        ip: "192.0.2.1".into(),
        callback_info: "ticket".into(),
        sanction_rule: Some(id("a")),
        revision: 7,
        audit_records: vec!["record-3".into()],
        deliveries: Vec::new(),
        history: made.history.clone(),
        suppressed_by: None,
        version: 1,
        step: 1,
        total_recharge: Some(600),
        cleared: vec![at(0), at(10)],
        held_since: None,
        held_micros: 0,
        dispatch_time: None,
        released: false,
    };
    assert_eq!(made, expected);
    let history: Vec<_> = made.history.iter().map(|entry| (entry.state, entry.time)).collect();
    assert_eq!(history, [(State::Pending, at(20))]);
}

#[test]
fn repeat_offenders_climb_and_those_who_were_pardoned_do_not() {
    let step = |kind, duration| Step { kind, duration };
    let steps = vec![step(Some(Warn), None), step(None, Some(60)), step(Some(LoginBan), None)];
    let ladder = Ladder { steps, factor: 2.0, maximum: None, memory: 1_000, decay: None };
    let mut game = Game::with([("a", SanctionRule { ladder: Some(ladder), ..at_once(rule()) })]);
    let brings = |game: &mut Game, second| {
        let judged = game.counts("u", at(second));
        let made = game.last();
        assert_eq!(judged.strikes[0].next.kind, made.kind);
        (made.step, made.kind)
    };
    assert_eq!(brings(&mut game, 0), (1, Warn));
    assert_eq!(brings(&mut game, 10), (2, Mute));
    let mut pardoned = game.last();
    pardoned.enter(State::Lifted, at(20), "a test");
    put(&mut game, &pardoned);
    assert_eq!(brings(&mut game, 30), (2, Mute));
    assert_eq!(brings(&mut game, 100), (3, LoginBan));
    // The ban is lifted as well; what the ladder forgets takes steps back.
    let mut pardoned = game.last();
    pardoned.enter(State::Lifted, at(200), "a test");
    put(&mut game, &pardoned);
    assert_eq!(brings(&mut game, 1_000), (2, Mute));
    assert_eq!(brings(&mut game, 3_000), (1, Warn));
}

#[test]
fn the_verdict_tells_what_comes_next() {
    let steps = [Some(60), None].map(|duration| Step { kind: None, duration }).into();
    let ladder = Ladder { steps, factor: 2.0, maximum: None, memory: 86_400, decay: None };
    let counting = SanctionRule { threshold: 2, ladder: Some(ladder), ..rule() };
    let mut game = Game::with([("a", counting)]);
    for (second, count, seconds) in
        [(0, 1, Some(60)), (1, 2, Some(60)), (100, 1, None), (101, 2, None)]
    {
        let judged = game.counts("u", at(second));
        let status = &judged.strikes[0];
        let permanent = seconds.is_none();
        assert_eq!(status.next, NextStep { kind: Mute, seconds, permanent }, "{second}");
        assert_eq!((status.count, status.threshold, status.window), (count, 2, 60), "{second}");
    }
}

#[test]
fn ids_follow_from_tenant_subject_rule_and_record() {
    let made = |user: &str, rule: &str, record: &str| {
        sanction_id(&tenant(), &subject(user), &id(rule), record)
    };
    let first = made("u", "a", "r");
    assert_eq!(first, made("u", "a", "r"));
    assert_eq!(first.0.get_version_num(), 8);
    let others: [SanctionId; 4] =
        [made("v", "a", "r"), made("u", "b", "r"), made("u", "a", "s"), made("u", "ar", "")];
    assert!(!others.contains(&first));
    // Names are not compared.
    let renamed = Subject { role_name: "new".into(), ..subject("u") };
    assert_eq!(first, sanction_id(&tenant(), &renamed, &id("a"), "r"));
}
