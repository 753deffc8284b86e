use super::{merge, names, paths};
use prost_types::FieldMask;
use umpire_model::Violation;
use umpire_proto::v1 as pb;

/// Fields of a sanction rule that a change may name; `*` names them all.
const SANCTION_RULE_FIELDS: [&str; 22] = [
    "display_name",
    "risk_class",
    "labels",
    "charge_from",
    "charge_to",
    "servers",
    "channels",
    "threshold",
    "window",
    "count_mode",
    "kind",
    "duration",
    "permanent",
    "kick_online",
    "reason",
    "player_message",
    "remark",
    "priority",
    "ladder",
    "mode",
    "max_per_minute",
    "grace",
];

/// As [`apply_to_rule`](super::apply_to_rule), for sanction rules: without a mask every
/// field that is set, those inside `ladder` one by one.
pub(crate) fn apply_to_sanction_rule(
    current: pb::SanctionRule,
    change: &pb::SanctionRule,
    mask: Option<&FieldMask>,
) -> Result<pb::SanctionRule, Violation> {
    let paths = paths(mask, || sanction_rule_fields_set(change));
    let mut merged =
        merge(current, change, &paths, &SANCTION_RULE_FIELDS, copy_sanction_rule_field)?;
    let named = |field: &str| paths.iter().any(|path| path == field || path == "*");
    // Who says that it has no end need not say that the duration is gone.
    if merged.permanent && !named("duration") {
        merged.duration = None;
    }
    Ok(merged)
}

fn copy_sanction_rule_field(
    path: &str,
    from: &pb::SanctionRule,
    to: &mut pb::SanctionRule,
) -> bool {
    if let Some(field) = path.strip_prefix("ladder.") {
        return copy_ladder_field(field, from, to);
    }
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "risk_class" => risk_class,
        "labels" => labels,
        "charge_from" => charge_from,
        "charge_to" => charge_to,
        "servers" => servers,
        "channels" => channels,
        "threshold" => threshold,
        "window" => window,
        "count_mode" => count_mode,
        "kind" => kind,
        "duration" => duration,
        "permanent" => permanent,
        "kick_online" => kick_online,
        "reason" => reason,
        "player_message" => player_message,
        "remark" => remark,
        "priority" => priority,
        "ladder" => ladder,
        "mode" => mode,
        "max_per_minute" => max_per_minute,
        "grace" => grace,
    });
    true
}

fn copy_ladder_field(path: &str, from: &pb::SanctionRule, to: &mut pb::SanctionRule) -> bool {
    let from = from.ladder.clone().unwrap_or_default();
    let to = to.ladder.get_or_insert_default();
    copy_fields!(path, from, to, {
        "steps" => steps,
        "factor" => factor,
        "maximum" => maximum,
        "memory" => memory,
        "decay" => decay,
    });
    true
}

fn sanction_rule_fields_set(rule: &pb::SanctionRule) -> Vec<String> {
    let set = [
        ("display_name", !rule.display_name.is_empty()),
        ("risk_class", rule.risk_class != 0),
        ("labels", !rule.labels.is_empty()),
        ("charge_from", rule.charge_from.is_some()),
        ("charge_to", rule.charge_to.is_some()),
        ("servers", !rule.servers.is_empty()),
        ("channels", !rule.channels.is_empty()),
        ("threshold", rule.threshold != 0),
        ("window", rule.window.is_some()),
        ("count_mode", rule.count_mode != 0),
        ("kind", rule.kind != 0),
        ("duration", rule.duration.is_some()),
        ("permanent", rule.permanent),
        ("kick_online", rule.kick_online),
        ("reason", !rule.reason.is_empty()),
        ("player_message", rule.player_message.is_some()),
        ("remark", !rule.remark.is_empty()),
        ("priority", rule.priority != 0),
        ("mode", rule.mode != 0),
        ("max_per_minute", rule.max_per_minute != 0),
        ("grace", rule.grace.is_some()),
    ];
    names(&set).into_iter().chain(ladder_fields_set(rule)).collect()
}

fn ladder_fields_set(rule: &pb::SanctionRule) -> Vec<String> {
    let Some(ladder) = &rule.ladder else { return Vec::new() };
    names(&[
        ("ladder.steps", !ladder.steps.is_empty()),
        ("ladder.factor", ladder.factor != 0.0),
        ("ladder.maximum", ladder.maximum.is_some()),
        ("ladder.memory", ladder.memory.is_some()),
        ("ladder.decay", ladder.decay.is_some()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Duration;

    const HOUR: Duration = Duration { seconds: 3_600, nanos: 0 };

    fn mask(paths: &[&str]) -> Option<FieldMask> {
        Some(FieldMask { paths: paths.iter().map(|&path| path.to_owned()).collect() })
    }

    fn mute() -> pb::SanctionRule {
        pb::SanctionRule {
            display_name: "old".into(),
            kind: pb::SanctionKind::Mute as i32,
            duration: Some(HOUR),
            threshold: 3,
            ladder: Some(pb::sanction_rule::Ladder { factor: 3.0, ..<_>::default() }),
            ..<_>::default()
        }
    }

    #[test]
    fn only_named_fields_change() {
        let change = pb::SanctionRule {
            display_name: "new".into(),
            ladder: Some(pb::sanction_rule::Ladder { memory: Some(HOUR), ..<_>::default() }),
            ..<_>::default()
        };
        let apply = |paths: &[&str]| apply_to_sanction_rule(mute(), &change, mask(paths).as_ref());
        let renamed = pb::SanctionRule { display_name: "new".into(), ..mute() };
        assert_eq!(apply(&["display_name"]), Ok(renamed.clone()));
        assert_eq!(apply(&["threshold"]), Ok(pb::SanctionRule { threshold: 0, ..mute() }));
        assert_eq!(apply(&["*"]), Ok(change.clone()));
        let ladder =
            pb::sanction_rule::Ladder { factor: 3.0, memory: Some(HOUR), ..<_>::default() };
        let set = pb::SanctionRule { ladder: Some(ladder), ..renamed };
        assert_eq!(apply(&[]), Ok(set), "set fields only, those of the ladder one by one");
        for bad in ["name", "etag", "author", "ladder.color", "color"] {
            assert!(apply(&[bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn permanent_takes_the_place_of_a_duration() {
        let permanent = pb::SanctionRule { permanent: true, ..<_>::default() };
        let expected = pb::SanctionRule { duration: None, permanent: true, ..mute() };
        for named in [mask(&["permanent"]), None] {
            let merged = apply_to_sanction_rule(mute(), &permanent, named.as_ref());
            assert_eq!(merged, Ok(expected.clone()));
        }
        let both = pb::SanctionRule { duration: Some(HOUR), ..permanent };
        let merged = apply_to_sanction_rule(mute(), &both, None).expect("known fields");
        assert_eq!((merged.duration, merged.permanent), (Some(HOUR), true), "kept to be refused");
    }
}
