use super::{
    FindingKind::{Gap, NoSource, Off, Overlap, Shadowed},
    *,
};
use crate::samples::{rule, shelf};

/// Every class comes, with any label.
fn everything() -> Sources {
    let classes = BTreeSet::from([RiskClass::Sensitive, RiskClass::HighRisk, RiskClass::Fatal]);
    Sources { classes: classes.clone(), labels_by_class: BTreeMap::new(), open_labels: classes }
}

/// Kinds and rules of the findings about rules that are called a, b, c, ...
fn odd(rules: Vec<SanctionRule>) -> Vec<(FindingKind, String)> {
    let named = ["a", "b", "c", "d"].into_iter().zip(rules);
    let found = findings(&shelf(named), &everything());
    found.into_iter().map(|finding| (finding.kind, ids(&finding))).collect()
}

fn ids(finding: &Finding) -> String {
    finding.rules.iter().map(ResourceId::as_str).collect::<Vec<_>>().join(" ")
}

fn charged(charge_from: Option<i64>, charge_to: Option<i64>) -> SanctionRule {
    SanctionRule { charge_from, charge_to, ..rule() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn ranges_of_rules_for_the_same_matches_overlap_or_leave_gaps() {
    for (ranges, expected) in [
        (vec![(Some(0), Some(100)), (Some(100), Some(200))], vec![]),
        (vec![(Some(0), Some(100)), (Some(100), None)], vec![]),
        (vec![(None, None), (None, None)], vec![]),
        (vec![(Some(0), Some(100)), (Some(99), Some(199))], vec![(Overlap, "a b")]),
        (vec![(Some(0), Some(100)), (None, None)], vec![(Overlap, "a b")]),
        (vec![(None, Some(100)), (Some(50), None)], vec![(Overlap, "a b")]),
        (vec![(Some(0), Some(100)), (Some(101), Some(200))], vec![(Gap, "a b")]),
        (vec![(Some(200), None), (None, Some(100))], vec![(Gap, "b a")]),
        // The wide one holds the narrow ones, which do not overlap each other.
        (
            vec![(Some(0), Some(90)), (Some(10), Some(20)), (Some(30), Some(40)), (Some(95), None)],
            vec![(Overlap, "b c a"), (Gap, "a d")],
        ),
        (
            vec![(Some(0), Some(10)), (Some(5), Some(15)), (Some(20), Some(30)), (Some(25), None)],
            vec![(Overlap, "a b"), (Overlap, "c d"), (Gap, "b c")],
        ),
    ] {
        let rules = ranges.iter().map(|(from, to)| charged(*from, *to)).collect();
        let expected: Vec<_> = expected.into_iter().map(|(k, ids)| (k, ids.to_owned())).collect();
        assert_eq!(odd(rules), expected, "{ranges:?}");
    }
}

#[test]
fn a_gap_names_the_first_and_the_last_charge_in_it() {
    let rules = [("a", charged(None, Some(100))), ("b", charged(Some(250), None))];
    let found = findings(&shelf(rules), &everything());
    assert!(found[0].message.contains("from 100 to 249"), "{}", found[0].message);
}

#[test]
fn ranges_of_rules_for_other_matches_are_not_compared() {
    let first = charged(Some(0), Some(100));
    let second = charged(Some(50), Some(90));
    for other in [
        SanctionRule { risk_class: RiskClass::Fatal, ..second.clone() },
        SanctionRule { labels: texts(&["ads"]), ..second.clone() },
        SanctionRule { servers: texts(&["s1"]), ..second.clone() },
        SanctionRule { channels: texts(&["world"]), ..second.clone() },
        SanctionRule { mode: RuleMode::Shadow, ..second.clone() },
    ] {
        assert!(odd(vec![first.clone(), other.clone()]).is_empty(), "{other:?}");
    }
    let labelled = |labels, rule| SanctionRule { labels: texts(labels), ..rule };
    let (first, second) = (labelled(&["a", "b"], first), labelled(&["b", "a"], second));
    assert_eq!(odd(vec![first, second]), [(Overlap, "b a".to_owned())]);
}

#[test]
fn rules_that_nothing_feeds_are_named_with_what_is_missing() {
    let given = |labels: &[&str]| texts(labels).into_iter().collect::<BTreeSet<_>>();
    let sources = Sources {
        classes: BTreeSet::from([RiskClass::Sensitive, RiskClass::HighRisk]),
        labels_by_class: BTreeMap::from([
            (RiskClass::Sensitive, given(&["ads", "abuse"])),
            (RiskClass::HighRisk, given(&["fraud"])),
        ]),
        open_labels: BTreeSet::from([RiskClass::HighRisk]),
    };
    for (class, labels, missing) in [
        (RiskClass::Sensitive, &[][..], None),
        (RiskClass::Sensitive, &["ads"], None),
        (RiskClass::Sensitive, &["ads", "asd"], Some("with class SENSITIVE: asd")),
        (RiskClass::Sensitive, &["x", "y"], Some("with class SENSITIVE: x, y")),
        (RiskClass::Sensitive, &["fraud"], Some("with class SENSITIVE: fraud")),
        // A list may bring it.
        (RiskClass::HighRisk, &["x"], None),
        (RiskClass::Fatal, &[], Some("class FATAL")),
        (RiskClass::Fatal, &["ads"], Some("class FATAL")),
    ] {
        let rule = SanctionRule { risk_class: class, labels: texts(labels), ..rule() };
        let found = findings(&shelf([("a", rule)]), &sources);
        let found: Vec<_> = found.iter().map(|one| (one.kind, one.message.as_str())).collect();
        match missing {
            None => assert!(found.is_empty(), "{found:?}"),
            Some(end) => {
                assert_eq!(found.len(), 1, "{found:?}");
                assert!(found[0].0 == NoSource && found[0].1.ends_with(end), "{found:?}");
            }
        }
    }
}

#[test]
fn a_rule_behind_one_that_sanctions_at_once_is_shadowed() {
    let at_once = SanctionRule { threshold: 1, window: 0, priority: 9, ..rule() };
    let labelled = |labels| SanctionRule { labels: texts(labels), ..at_once.clone() };
    for (what, first, second, shadowed) in [
        ("all", at_once.clone(), rule(), true),
        ("a label of all", at_once.clone(), SanctionRule { labels: texts(&["a"]), ..rule() }, true),
        (
            "one of two labels",
            labelled(&["a", "b"]),
            SanctionRule { labels: texts(&["b"]), ..rule() },
            true,
        ),
        (
            "another label",
            labelled(&["a"]),
            SanctionRule { labels: texts(&["a", "b"]), ..rule() },
            false,
        ),
        ("more than a label", labelled(&["a"]), rule(), false),
        ("a server", at_once.clone(), SanctionRule { servers: texts(&["s"]), ..rule() }, true),
        (
            "more than a server",
            SanctionRule { servers: texts(&["s"]), ..at_once.clone() },
            rule(),
            false,
        ),
        (
            "more than a channel",
            SanctionRule { channels: texts(&["c"]), ..at_once.clone() },
            rule(),
            false,
        ),
        ("a range of all", at_once.clone(), charged(Some(5), Some(9)), true),
        (
            "who has no known recharge",
            SanctionRule { charge_from: Some(i64::MIN), ..at_once.clone() },
            rule(),
            false,
        ),
        (
            "another class",
            SanctionRule { risk_class: RiskClass::Fatal, ..at_once.clone() },
            rule(),
            false,
        ),
        ("in shadow", SanctionRule { mode: RuleMode::Shadow, ..at_once.clone() }, rule(), false),
        ("twice", SanctionRule { threshold: 2, window: 9, ..at_once.clone() }, rule(), false),
        ("behind", SanctionRule { priority: -1, ..at_once.clone() }, rule(), false),
    ] {
        let found: Vec<_> =
            odd(vec![first, second]).into_iter().filter(|(kind, _)| *kind == Shadowed).collect();
        let expected = if shadowed { vec![(Shadowed, "b a".to_owned())] } else { Vec::new() };
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn a_rule_that_is_off_is_only_told_to_be_off() {
    let off = SanctionRule { mode: RuleMode::Off, ..charged(Some(0), Some(100)) };
    let found = odd(vec![off, charged(Some(50), Some(90))]);
    assert_eq!(found, [(Off, "a".to_owned())]);
}
