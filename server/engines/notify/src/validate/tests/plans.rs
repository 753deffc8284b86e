//! Routes, silences, templates and escalation policies.

use super::{check, names};
use crate::{
    EscalationPolicy, EscalationStep, GroupBy, Inhibition, Raise, Route, Silence, Template,
    samples::{at, id, route},
    validate::DAY,
};
use umpire_catalog::Item;
use umpire_model::{ActiveWindow, Level, ResourceId};

fn receivers(count: usize) -> Vec<ResourceId> {
    names(count).iter().map(|name| id(name)).collect()
}

#[test]
fn filters_are_checked_and_what_is_wrong_is_said() {
    check(&Route { matches: String::new(), ..route() }, &[]);
    check(&Route { matches: "level >= P1 AND label:fraud".into(), ..route() }, &[]);
    for (matches, said) in [
        ("color = red", "unknown field `color`"),
        ("level >=", "expected a value"),
        ("state = LOST", "expected one of OPEN, ACKNOWLEDGED, RESOLVED"),
        ("(level = P0", "expected `)`"),
    ] {
        let route = Route { matches: matches.into(), ..route() };
        check(&route, &["route.match"]);
        let message = &route.violations()[0].message;
        assert!(message.contains(said) && message.starts_with("at byte "), "{message}");
    }
}

#[test]
fn routes_have_limits() {
    check(&Route { receivers: receivers(50), ..route() }, &[]);
    check(&Route { receivers: receivers(51), ..route() }, &["route.receivers"]);
    let twice = vec![id("a"), id("b"), id("a")];
    check(&Route { receivers: twice, ..route() }, &["route.receivers[2]"]);
    check(&Route { display_name: "x".repeat(201), ..route() }, &["route.display_name"]);
    let longest = Route {
        group_wait: 3_600,
        group_interval: DAY,
        repeat_interval: 30 * DAY,
        dedupe_window: Some(7 * DAY),
        ..route()
    };
    check(&longest, &[]);
    check(&Route { group_wait: 3_601, ..route() }, &["route.group_wait"]);
    check(&Route { group_interval: DAY + 1, ..route() }, &["route.group_interval"]);
    check(&Route { repeat_interval: u64::MAX, ..route() }, &["route.repeat_interval"]);
    check(&Route { dedupe_window: Some(7 * DAY + 1), ..route() }, &["route.dedupe_window"]);
    let group_by = vec![GroupBy::Rule, GroupBy::Level, GroupBy::Rule];
    check(&Route { group_by, ..route() }, &["route.group_by[2]"]);
    let window = ActiveWindow { daily_start: "9:00".into(), ..ActiveWindow::default() };
    let paths = ["route.active_window.daily_start", "route.active_window"];
    check(&Route { active_window: Some(window), ..route() }, &paths);
}

#[test]
fn inhibitions_say_by_what() {
    let inhibition = |source: &str, equal: &[GroupBy]| Inhibition {
        source: source.into(),
        equal: equal.to_vec(),
    };
    let by = |inhibitions| Route { inhibitions, ..route() };
    let good = inhibition("level = P0", &[GroupBy::Conversation]);
    check(&by(vec![good.clone(); 20]), &[]);
    check(&by(vec![good.clone(); 21]), &["route.inhibitions"]);
    check(&by(vec![good.clone(), inhibition(" ", &[])]), &["route.inhibitions[1].source"]);
    check(&by(vec![good, inhibition("level", &[])]), &["route.inhibitions[1].source"]);
    let twice = inhibition("level = P0", &[GroupBy::Rule, GroupBy::Rule]);
    check(&by(vec![twice]), &["route.inhibitions[0].equal[1]"]);
}

fn silence() -> Silence {
    let (matches, reason) = ("rule = \"a\"".into(), "a drill".into());
    Silence { matches, reason, start_time: at(0), end_time: at(3_600) }
}

#[test]
fn silences_are_about_something_for_a_reason_and_end() {
    check(&silence(), &[]);
    check(&Silence { reason: "字".repeat(500), ..silence() }, &[]);
    check(&Silence { reason: "x".repeat(501), ..silence() }, &["silence.reason"]);
    check(&Silence { reason: " ".into(), ..silence() }, &["silence.reason"]);
    for matches in ["", " ", "color = red"] {
        check(&Silence { matches: matches.into(), ..silence() }, &["silence.match"]);
    }
    let year = 366 * 86_400;
    for (end, sound) in [(1, true), (year, true), (0, false), (-1, false), (year + 1, false)] {
        let path = (!sound).then_some("silence.end_time");
        check(&Silence { end_time: at(end), ..silence() }, path.as_slice());
    }
}

fn template() -> Template {
    Template {
        display_name: String::new(),
        channel: None,
        level: None,
        kind: None,
        language: None,
        reason: None,
        urgent: None,
        title: String::new(),
        body: "something happened".into(),
    }
}

#[test]
fn templates_have_a_body_and_limits() {
    check(&template(), &[]);
    check(&Template { body: "\n".into(), ..template() }, &["template.body"]);
    check(&Template { body: "x".repeat(16 * 1_024 + 1), ..template() }, &["template.body"]);
    check(&Template { title: "x".repeat(16 * 1_024 + 1), ..template() }, &["template.title"]);
    check(&Template { display_name: "x".repeat(201), ..template() }, &["template.display_name"]);
    check(&Template { body: "{{ unclosed".into(), ..template() }, &["template.body"]);
}

fn step(wait: u64, count: usize) -> EscalationStep {
    EscalationStep { wait, receivers: receivers(count), raise_to: None }
}

fn policy() -> EscalationPolicy {
    EscalationPolicy {
        display_name: String::new(),
        steps: vec![step(300, 1)],
        repeat: 0,
        raises: Vec::new(),
    }
}

#[test]
fn policies_have_steps_or_raises() {
    check(&policy(), &[]);
    let none = EscalationPolicy { steps: Vec::new(), ..policy() };
    check(&none, &["escalation_policy.steps"]);
    let raises = vec![Raise { count: 2, seconds: 60, to: Level::P0 }];
    check(&EscalationPolicy { raises, ..none }, &[]);
    let steps = vec![step(60, 1); 20];
    check(&EscalationPolicy { steps, repeat: 5, ..policy() }, &[]);
    let steps = vec![step(60, 1); 21];
    let paths = ["escalation_policy.steps", "escalation_policy.repeat"];
    check(&EscalationPolicy { steps, repeat: 6, ..policy() }, &paths);
    let display_name = "x".repeat(201);
    let named = EscalationPolicy { display_name, ..policy() };
    check(&named, &["escalation_policy.display_name"]);
}

#[test]
fn steps_do_something_in_time() {
    let level_only = EscalationStep { raise_to: Some(Level::P0), ..step(1, 0) };
    for (step, field) in [
        (step(1, 50), None),
        (step(7 * DAY, 1), None),
        (level_only, None),
        (step(0, 1), Some("wait")),
        (step(7 * DAY + 1, 1), Some("wait")),
        (step(60, 0), Some("receivers")),
        (step(60, 51), Some("receivers")),
    ] {
        let path = field.map(|field| format!("escalation_policy.steps[1].{field}"));
        let paths: Vec<_> = path.iter().map(String::as_str).collect();
        let steps = vec![policy().steps.remove(0), step];
        check(&EscalationPolicy { steps, ..policy() }, &paths);
    }
}

#[test]
fn raises_count_in_bounds() {
    for (count, seconds, field) in [
        (2, 1, None),
        (1_000, 7 * DAY, None),
        (1, 1, Some("count")),
        (1_001, 1, Some("count")),
        (2, 0, Some("within")),
        (2, 7 * DAY + 1, Some("within")),
    ] {
        let path = field.map(|field| format!("escalation_policy.raises[0].{field}"));
        let paths: Vec<_> = path.iter().map(String::as_str).collect();
        let raises = vec![Raise { count, seconds, to: Level::P0 }];
        check(&EscalationPolicy { raises, ..policy() }, &paths);
    }
    let raises = vec![Raise { count: 2, seconds: 60, to: Level::P0 }; 11];
    check(&EscalationPolicy { raises, ..policy() }, &["escalation_policy.raises"]);
}
