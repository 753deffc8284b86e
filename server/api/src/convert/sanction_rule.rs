//! Sanction rules, and what is odd about them.

mod resource;

use super::{
    enums::{self, known, required},
    localized, time,
};
use prost_types::Duration;
use std::fmt::Display;
use umpire_catalog::Kept;
use umpire_model::{RiskClass, SanctionKind, TenantId, Violation};
use umpire_proto::v1::{self as pb, sanction_rule::ladder};
use umpire_sanctions::{Finding, Ladder, SanctionRule, Step};

/// How many times as long as the one before a sanction lasts, where a ladder does not say.
const FACTOR: f64 = 2.0;

pub(crate) fn name(tenant: impl Display, id: impl Display) -> String {
    format!("tenants/{tenant}/sanctionRules/{id}")
}

/// The rule a caller wrote. Fields the server sets are ignored; the engine says what
/// lies outside its limits.
pub(crate) fn from_proto(rule: &pb::SanctionRule) -> Result<SanctionRule, Vec<Violation>> {
    let refused = &mut Vec::new();
    let class = enums::risk_class_from(rule.risk_class);
    let class = required(class, "sanction_rule.risk_class", refused);
    let kind = required(enums::sanction_kind_from(rule.kind), "sanction_rule.kind", refused);
    // What stands in for something missing goes no further than this.
    let kind = kind.unwrap_or(SanctionKind::LoginBan);
    let counted = enums::count_mode_from(rule.count_mode);
    let mode = enums::sanction_rule_mode_from(rule.mode);
    let grace = time::unless_zero(rule.grace);
    let made = SanctionRule {
        display_name: rule.display_name.clone(),
        risk_class: class.unwrap_or(RiskClass::Sensitive),
        labels: rule.labels.clone(),
        charge_from: rule.charge_from,
        charge_to: rule.charge_to,
        servers: rule.servers.clone(),
        channels: rule.channels.clone(),
        // What is negative is below every limit, as is zero.
        threshold: u32::try_from(rule.threshold).unwrap_or_default(),
        window: seconds(rule.window, "sanction_rule.window", refused),
        count_mode: known(counted, "sanction_rule.count_mode", refused).unwrap_or_default(),
        kind,
        duration: length(kind, (rule.duration, rule.permanent), "sanction_rule", refused),
        kick_online: rule.kick_online,
        reason: rule.reason.clone(),
        player_message: localized::from_proto(rule.player_message.as_ref()),
        remark: rule.remark.clone(),
        priority: rule.priority,
        ladder: rule.ladder.as_ref().map(|ladder| ladder_from(ladder, kind, refused)),
        mode: known(mode, "sanction_rule.mode", refused).unwrap_or_default(),
        max_per_minute: max_per_minute(rule, refused),
        grace: seconds(grace, "sanction_rule.grace", refused),
    };
    if refused.is_empty() { Ok(made) } else { Err(std::mem::take(refused)) }
}

/// Seconds of a duration; 0 without one.
fn seconds(duration: Option<Duration>, path: &str, refused: &mut Vec<Violation>) -> u64 {
    time::optional_seconds(duration, path, refused).unwrap_or_default()
}

fn max_per_minute(rule: &pb::SanctionRule, refused: &mut Vec<Violation>) -> u32 {
    u32::try_from(rule.max_per_minute).unwrap_or_else(|_| {
        refused.push(Violation::invalid("sanction_rule.max_per_minute", "must not be negative"));
        0
    })
}

/// How long a sanction of `kind` lasts, in seconds, of what `path` says about that;
/// `None`: permanent, or a WARN. Nothing is permanent because somebody forgot to say.
fn length(
    kind: SanctionKind,
    (given, permanent): (Option<Duration>, bool),
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<u64> {
    let duration = time::unless_zero(given);
    let contradiction = match (kind, duration) {
        (SanctionKind::Warn, _) => Some("a WARN has no end"),
        (_, Some(_)) => Some("what is permanent has no duration"),
        (_, None) => None,
    };
    if let Some(contradiction) = contradiction.filter(|_| permanent) {
        refused.push(Violation::invalid(format!("{path}.permanent"), contradiction));
    }
    let path = format!("{path}.duration");
    if kind != SanctionKind::Warn && given.is_none() && !permanent {
        let message = "must be set; 0, or `permanent`, for one without an end";
        refused.push(Violation::invalid(path, message));
        return None;
    }
    if kind == SanctionKind::Warn && duration.is_some() {
        refused.push(Violation::invalid(path, "a WARN has no end"));
        return None;
    }
    time::optional_seconds(duration, &path, refused)
}

fn ladder_from(
    ladder: &pb::sanction_rule::Ladder,
    kind: SanctionKind,
    refused: &mut Vec<Violation>,
) -> Ladder {
    let path = "sanction_rule.ladder";
    let mut steps = Vec::new();
    for (index, step) in ladder.steps.iter().enumerate() {
        steps.push(step_from(step, kind, &format!("{path}.steps[{index}]"), refused));
    }
    Ladder {
        steps,
        factor: if ladder.factor == 0.0 { FACTOR } else { ladder.factor },
        maximum: time::optional_seconds(ladder.maximum, &format!("{path}.maximum"), refused),
        // The engine says that it must be set.
        memory: seconds(ladder.memory, &format!("{path}.memory"), refused),
        decay: time::optional_seconds(ladder.decay, &format!("{path}.decay"), refused),
    }
}

fn step_from(
    step: &ladder::Step,
    kind: SanctionKind,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Step {
    let own = known(enums::sanction_kind_from(step.kind), &format!("{path}.kind"), refused);
    let given = (step.duration, step.permanent);
    Step { kind: own, duration: length(own.unwrap_or(kind), given, path, refused) }
}

/// What the author of a rule wrote, without name or anything the server sets. What is
/// permanent has the duration 0 here and says no more, so that a change of kind or duration
/// need not name `permanent`.
pub(crate) fn to_proto(rule: &SanctionRule) -> pb::SanctionRule {
    pb::SanctionRule {
        display_name: rule.display_name.clone(),
        risk_class: enums::risk_class(rule.risk_class),
        labels: rule.labels.clone(),
        charge_from: rule.charge_from,
        charge_to: rule.charge_to,
        servers: rule.servers.clone(),
        channels: rule.channels.clone(),
        threshold: i32::try_from(rule.threshold).unwrap_or(i32::MAX),
        window: unless_none(rule.window),
        count_mode: enums::count_mode(rule.count_mode),
        kind: enums::sanction_kind(rule.kind),
        duration: written(rule.kind, rule.duration),
        kick_online: rule.kick_online,
        reason: rule.reason.clone(),
        player_message: localized::to_proto(&rule.player_message),
        remark: rule.remark.clone(),
        priority: rule.priority,
        ladder: rule.ladder.as_ref().map(|ladder| ladder_to_proto(ladder, rule.kind)),
        mode: enums::sanction_rule_mode(rule.mode),
        max_per_minute: i32::try_from(rule.max_per_minute).unwrap_or(i32::MAX),
        grace: unless_none(rule.grace),
        ..pb::SanctionRule::default()
    }
}

/// How the author writes how long something lasts.
fn written(kind: SanctionKind, duration: Option<u64>) -> Option<Duration> {
    (kind != SanctionKind::Warn).then(|| time::seconds(duration.unwrap_or_default()))
}

fn unless_none(seconds: u64) -> Option<Duration> {
    (seconds > 0).then(|| time::seconds(seconds))
}

fn ladder_to_proto(ladder: &Ladder, kind: SanctionKind) -> pb::sanction_rule::Ladder {
    let step = |step: &Step| ladder::Step {
        kind: step.kind.map_or(0, enums::sanction_kind),
        duration: written(step.kind.unwrap_or(kind), step.duration),
        permanent: false,
    };
    pb::sanction_rule::Ladder {
        steps: ladder.steps.iter().map(step).collect(),
        factor: ladder.factor,
        maximum: ladder.maximum.map(time::seconds),
        memory: Some(time::seconds(ladder.memory)),
        decay: ladder.decay.map(time::seconds),
    }
}

/// A rule as it is kept, in full.
pub(crate) fn kept_to_proto(kept: &Kept<SanctionRule>, tenant: &TenantId) -> pb::SanctionRule {
    let rule = &kept.item;
    let mut shown = pb::SanctionRule {
        name: name(tenant, &kept.id),
        permanent: rule.is_permanent(),
        etag: kept.etag(),
        create_time: Some(time::to_proto(kept.create_time)),
        update_time: Some(time::to_proto(kept.update_time)),
        author: kept.author.clone(),
        duration: rule.duration.map(time::seconds),
        ..to_proto(rule)
    };
    let steps = rule.ladder.iter().flat_map(|ladder| &ladder.steps);
    let shown_steps = shown.ladder.iter_mut().flat_map(|ladder| &mut ladder.steps);
    for (shown, step) in shown_steps.zip(steps) {
        let kind = step.kind.unwrap_or(rule.kind);
        shown.permanent = kind != SanctionKind::Warn && step.duration.is_none();
        shown.duration = step.duration.map(time::seconds);
    }
    shown
}

pub(crate) fn finding_to_proto(finding: &Finding, tenant: &TenantId) -> pb::OrderFinding {
    pb::OrderFinding {
        kind: enums::finding_kind(finding.kind),
        sanction_rules: finding.rules.iter().map(|id| name(tenant, id)).collect(),
        message: finding.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pb::sanction_rule::Ladder as ProtoLadder;
    use umpire_model::{ResourceId, Timestamp};

    const HOUR: Duration = Duration { seconds: 3_600, nanos: 0 };
    const NONE: Duration = Duration { seconds: 0, nanos: 0 };
    const HALF: Duration = Duration { seconds: 0, nanos: 500_000_000 };
    const BACK: Duration = Duration { seconds: -1, nanos: 0 };

    /// A mute of an hour.
    fn mute() -> pb::SanctionRule {
        pb::SanctionRule {
            risk_class: pb::RiskClass::HighRisk as i32,
            threshold: 3,
            window: Some(HOUR),
            kind: pb::SanctionKind::Mute as i32,
            duration: Some(HOUR),
            ..<_>::default()
        }
    }

    fn warn() -> pb::SanctionRule {
        pb::SanctionRule { kind: pb::SanctionKind::Warn as i32, duration: None, ..mute() }
    }

    fn with_ladder(ladder: ProtoLadder) -> pb::SanctionRule {
        pb::SanctionRule { ladder: Some(ladder), ..mute() }
    }

    fn paths(rule: &pb::SanctionRule) -> String {
        let violations = from_proto(rule).err().unwrap_or_default();
        let paths: Vec<_> = violations.into_iter().map(|violation| violation.path).collect();
        paths.join(" ")
    }

    #[test]
    fn what_an_author_wrote_comes_back() {
        let step = |kind, duration| ladder::Step { kind, duration, permanent: false };
        let ban = pb::SanctionKind::LoginBan as i32;
        let ladder = ProtoLadder {
            steps: vec![step(0, Some(HOUR)), step(ban, Some(HOUR)), step(ban, Some(NONE))],
            factor: 3.0,
            maximum: Some(HOUR),
            memory: Some(HOUR),
            decay: Some(HOUR),
        };
        let text = pb::LocalizedText { fallback: "watch it".into(), ..<_>::default() };
        let full = pb::SanctionRule {
            display_name: "Abuse".into(),
            labels: vec!["abuse".into()],
            charge_from: Some(0),
            charge_to: Some(9_900),
            servers: vec!["s1".into()],
            channels: vec!["c1".into()],
            count_mode: pb::CountMode::PerMatch as i32,
            kick_online: true,
            reason: "abuse".into(),
            player_message: Some(text),
            remark: "soft".into(),
            priority: -2,
            mode: pb::SanctionRuleMode::Shadow as i32,
            max_per_minute: 5,
            grace: Some(HOUR),
            ..with_ladder(ladder)
        };
        let read = from_proto(&full).expect("sound");
        assert_eq!(to_proto(&read), full);
        assert_eq!(from_proto(&to_proto(&read)), Ok(read));
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let read = from_proto(&pb::SanctionRule { duration: Some(NONE), ..mute() });
        let read = read.expect("sound");
        assert!(read.is_permanent(), "zero says the same as `permanent`");
        assert_eq!((read.grace, read.max_per_minute, read.ladder), (0, 0, None));
        let ladder = ProtoLadder { memory: Some(HOUR), ..<_>::default() };
        let read = from_proto(&with_ladder(ladder)).expect("sound");
        assert_eq!(read.ladder.map(|ladder| ladder.factor), Some(FACTOR));
    }

    #[test]
    fn each_field_that_cannot_be_taken_is_named() {
        let step = |duration, permanent| ladder::Step { kind: 0, duration, permanent };
        let steps = vec![step(Some(HOUR), true), step(Some(HALF), false)];
        for (rule, expected) in [
            (mute(), ""),
            (warn(), ""),
            (
                pb::SanctionRule { risk_class: 0, kind: 0, ..mute() },
                "sanction_rule.risk_class sanction_rule.kind",
            ),
            (pb::SanctionRule { kind: 99, ..mute() }, "sanction_rule.kind"),
            (pb::SanctionRule { permanent: true, ..mute() }, "sanction_rule.permanent"),
            (pb::SanctionRule { permanent: true, ..warn() }, "sanction_rule.permanent"),
            (pb::SanctionRule { duration: Some(HOUR), ..warn() }, "sanction_rule.duration"),
            (pb::SanctionRule { duration: Some(BACK), ..mute() }, "sanction_rule.duration"),
            (pb::SanctionRule { duration: None, ..mute() }, "sanction_rule.duration"),
            (pb::SanctionRule { window: Some(NONE), ..mute() }, "sanction_rule.window"),
            (pb::SanctionRule { window: Some(HALF), ..mute() }, "sanction_rule.window"),
            (pb::SanctionRule { grace: Some(BACK), ..mute() }, "sanction_rule.grace"),
            (pb::SanctionRule { max_per_minute: -1, ..mute() }, "sanction_rule.max_per_minute"),
            (
                with_ladder(ProtoLadder { steps, decay: Some(NONE), ..<_>::default() }),
                "sanction_rule.ladder.steps[0].permanent sanction_rule.ladder.steps[1].duration \
                 sanction_rule.ladder.decay",
            ),
        ] {
            assert_eq!(paths(&rule), expected);
        }
    }

    #[test]
    fn what_is_kept_says_what_is_permanent() {
        let step = |kind: pb::SanctionKind, permanent| ladder::Step {
            kind: kind as i32,
            duration: None,
            permanent,
        };
        let steps =
            vec![step(pb::SanctionKind::Warn, false), step(pb::SanctionKind::LoginBan, true)];
        let rule = pb::SanctionRule {
            duration: Some(NONE),
            ..with_ladder(ProtoLadder { steps, memory: Some(HOUR), ..<_>::default() })
        };
        let kept = Kept {
            id: ResourceId::new("r").expect("valid"),
            item: from_proto(&rule).expect("sound"),
            version: 2,
            create_time: Timestamp(0),
            update_time: Timestamp(0),
            author: "a".into(),
        };
        let shown = kept_to_proto(&kept, &TenantId::operator());
        assert_eq!(shown.name, "tenants/default/sanctionRules/r");
        assert!(shown.permanent);
        let steps = shown.ladder.clone().map(|ladder| ladder.steps).unwrap_or_default();
        let permanent: Vec<_> = steps.iter().map(|step| step.permanent).collect();
        assert_eq!(permanent, [false, true]);
        assert_eq!(from_proto(&shown), Ok(kept.item), "what is shown can be written back");
    }
}
