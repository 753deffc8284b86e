use super::*;
use crate::samples::{found, rule, sender, shelf};
use umpire_model::{
    RiskClass::{Fatal, HighRisk, Sensitive},
    SanctionKind::{LoginBan, Mute, Warn},
};

#[test]
fn every_tie_is_broken_by_the_next_difference() {
    let base = SanctionRule { kind: Mute, duration: Some(60), ..rule() };
    let ban = SanctionRule { kind: LoginBan, duration: None, priority: 1, ..base.clone() };
    let warn = SanctionRule { kind: Warn, duration: None, ..base.clone() };
    let forever = SanctionRule { duration: None, ..base.clone() };
    let charged = |charge_from, charge_to| SanctionRule { charge_from, charge_to, ..base.clone() };
    let narrow = charged(Some(0), Some(1));
    for (what, first, second) in [
        ("class", SanctionRule { risk_class: Fatal, ..warn.clone() }, ban.clone()),
        ("class", SanctionRule { risk_class: HighRisk, ..warn.clone() }, ban.clone()),
        ("priority", SanctionRule { priority: 2, ..warn.clone() }, ban.clone()),
        ("priority", warn.clone(), SanctionRule { priority: -1, ..ban.clone() }),
        ("kind", SanctionRule { kind: LoginBan, ..base.clone() }, forever.clone()),
        ("kind", base.clone(), warn.clone()),
        ("permanent", forever, SanctionRule { duration: Some(u64::MAX - 1), ..narrow.clone() }),
        ("longer", SanctionRule { duration: Some(61), ..base.clone() }, narrow.clone()),
        ("narrower", narrow, charged(Some(0), Some(2))),
        ("narrower", charged(Some(500), Some(510)), charged(Some(0), Some(11))),
        ("narrower", charged(Some(0), Some(i64::MAX)), charged(Some(9_000), None)),
        ("narrower", charged(Some(0), Some(i64::MAX)), charged(None, Some(1))),
        ("narrower", charged(None, Some(1)), charged(None, Some(2))),
        ("narrower", charged(Some(2), None), charged(Some(1), None)),
        ("narrower", charged(None, Some(i64::MAX)), base.clone()),
        ("narrower", charged(Some(0), None), base.clone()),
    ] {
        // Whatever their ids are.
        for (id, other) in [("a", "b"), ("b", "a")] {
            let order = Order::of(&shelf([(id, first.clone()), (other, second.clone())]));
            assert_eq!(order.rules[0].id.as_str(), id, "{what}: {first:?} before {second:?}");
        }
    }
}

#[test]
fn rules_alike_go_by_id_and_those_that_are_off_are_left_out() {
    let off = SanctionRule { mode: RuleMode::Off, ..rule() };
    let shadow = SanctionRule { mode: RuleMode::Shadow, ..rule() };
    let order = Order::of(&shelf([("c", rule()), ("b", off), ("a", rule()), ("B", shadow)]));
    let ids: Vec<_> = order.rules.iter().map(|kept| kept.id.as_str()).collect();
    assert_eq!(ids, ["B", "a", "c"]);
}

/// How many strikes a message counts under a rule; 0 when it does not fit.
fn weight(rule: SanctionRule, sender: &Sender<'_>, matches: &[Match]) -> u32 {
    let candidates = Order::of(&shelf([("a", rule)])).candidates(sender, matches);
    candidates.first().map_or(0, |candidate| candidate.weight)
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_rule_counts_matches_of_its_class_with_one_of_its_labels() {
    let shadow = Match { shadow: true, ..found(Sensitive, &["ads"]) };
    let classless = Match { risk_class: None, ..found(Sensitive, &["ads"]) };
    for (labels, matches, fits) in [
        (&[][..], vec![found(Sensitive, &[])], true),
        (&[], vec![found(Sensitive, &["ads"])], true),
        (&[], vec![found(HighRisk, &["ads"])], false),
        (&[], vec![found(HighRisk, &[]), found(Sensitive, &[])], true),
        (&["ads"], vec![found(Sensitive, &["abuse", "ads"])], true),
        (&["fraud", "ads"], vec![found(Sensitive, &["ads"])], true),
        (&["ads"], vec![found(Sensitive, &["abuse"])], false),
        (&["ads"], vec![found(Sensitive, &[])], false),
        // Class and label have to come from one match.
        (&["ads"], vec![found(Sensitive, &[]), found(Fatal, &["ads"])], false),
        (&[], vec![shadow], false),
        (&[], vec![classless], false),
        (&[], Vec::new(), false),
    ] {
        let rule = SanctionRule { labels: texts(labels), ..rule() };
        let weight = weight(rule, &sender("u"), &matches);
        assert_eq!(weight, u32::from(fits), "{labels:?} {matches:?}");
    }
}

#[test]
fn a_rule_looks_at_its_servers_and_channels() {
    for (servers, channels, fits) in [
        (&[][..], &[][..], true),
        (&["s1"], &["world"], true),
        (&["s0", "s1"], &[], true),
        (&["s2"], &[], false),
        (&[], &["guild"], false),
        (&["s1"], &["guild"], false),
    ] {
        let rule = SanctionRule { servers: texts(servers), channels: texts(channels), ..rule() };
        let weight = weight(rule, &sender("u"), &[found(Sensitive, &[])]);
        assert_eq!(weight, u32::from(fits), "{servers:?} {channels:?}");
    }
}

#[test]
fn ranges_of_charge_are_half_open_and_an_unknown_recharge_is_not_zero() {
    for (charge_from, charge_to, recharge, fits) in [
        (Some(100), Some(200), Some(99), false),
        (Some(100), Some(200), Some(100), true),
        (Some(100), Some(200), Some(199), true),
        (Some(100), Some(200), Some(200), false),
        (Some(100), None, Some(i64::MAX), true),
        (None, Some(200), Some(0), true),
        (None, Some(200), Some(200), false),
        (None, None, Some(0), true),
        (None, None, None, true),
        (Some(0), None, None, false),
        (None, Some(i64::MAX), None, false),
        (Some(0), Some(1), None, false),
    ] {
        let rule = SanctionRule { charge_from, charge_to, ..rule() };
        let sender = Sender { total_recharge: recharge, ..sender("u") };
        let weight = weight(rule, &sender, &[found(Sensitive, &[])]);
        assert_eq!(weight, u32::from(fits), "{charge_from:?} {charge_to:?} {recharge:?}");
    }
}

#[test]
fn per_match_each_match_that_fits_is_a_strike() {
    let matches = [
        found(Sensitive, &["ads"]),
        found(Sensitive, &["ads", "abuse"]),
        found(Sensitive, &["fraud"]),
        found(Fatal, &["ads"]),
        Match { shadow: true, ..found(Sensitive, &["ads"]) },
    ];
    let counting = |count_mode| SanctionRule { count_mode, labels: texts(&["ads"]), ..rule() };
    assert_eq!(weight(counting(CountMode::PerMessage), &sender("u"), &matches), 1);
    assert_eq!(weight(counting(CountMode::PerMatch), &sender("u"), &matches), 2);
}
