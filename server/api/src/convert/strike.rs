//! Strikes: what a message counted, and what a counter holds.

use super::{enums, sanction, sanction_rule, time};
use std::fmt::Display;
use umpire_model::{NextStep, StrikeStatus, TenantId, Timestamp};
use umpire_proto::v1 as pb;
use umpire_sanctions::{Counted, SanctionRule};

pub(crate) fn status_to_proto(status: &StrikeStatus, tenant: impl Display) -> pb::StrikeStatus {
    pb::StrikeStatus {
        sanction_rule: sanction_rule::name(tenant, &status.rule),
        count: i32::try_from(status.count).unwrap_or(i32::MAX),
        threshold: i32::try_from(status.threshold).unwrap_or(i32::MAX),
        window: Some(time::seconds(status.window)),
        next: Some(next_to_proto(&status.next)),
        crossed: status.crossed,
        suppressed_by: status.suppressed_by.clone().unwrap_or_default(),
    }
}

fn next_to_proto(next: &NextStep) -> pb::NextStep {
    pb::NextStep {
        kind: enums::sanction_kind(next.kind),
        duration: next.seconds.map(time::seconds),
        permanent: next.permanent,
    }
}

/// What a counter holds at `now` under its rule; `None` when all of it is over. Without
/// the rule, all that it keeps.
pub(crate) fn counter_to_proto(
    counted: &Counted,
    rule: Option<&SanctionRule>,
    tenant: &TenantId,
    now: Timestamp,
) -> Option<pb::StrikeCounter> {
    let window = rule.map_or(u64::MAX, |rule| rule.window);
    let within = |time: Timestamp| now.micros_since(time) < window.saturating_mul(1_000_000);
    let mut times = counted.strikes.iter().map(|(time, _)| time).filter(|time| within(*time));
    let first = times.next()?;
    let last = times.last().unwrap_or(first);
    Some(pb::StrikeCounter {
        subject: Some(sanction::subject_to_proto(&counted.subject)),
        sanction_rule: sanction_rule::name(tenant, &counted.rule),
        count: i32::try_from(counted.strikes.within(now, window)).unwrap_or(i32::MAX),
        threshold: rule.map_or(0, |rule| i32::try_from(rule.threshold).unwrap_or(i32::MAX)),
        window: rule.map(|rule| time::seconds(rule.window)),
        first_time: Some(time::to_proto(first)),
        last_time: Some(time::to_proto(last)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::{ResourceId, SanctionKind};
    use umpire_sanctions::{Strikes, Subject};

    #[test]
    fn a_status_names_its_rule() {
        let status = StrikeStatus {
            rule: "abuse".into(),
            count: 2,
            threshold: 3,
            window: 60,
            next: NextStep { kind: SanctionKind::Mute, seconds: Some(600), permanent: false },
            crossed: false,
            suppressed_by: None,
        };
        let shown = status_to_proto(&status, "default");
        assert_eq!(shown.sanction_rule, "tenants/default/sanctionRules/abuse");
        assert_eq!((shown.count, shown.threshold), (2, 3));
        assert_eq!(shown.window, Some(time::seconds(60)));
        let next = shown.next.expect("always set");
        assert_eq!(next.kind, pb::SanctionKind::Mute as i32);
        assert_eq!((next.duration, next.permanent), (Some(time::seconds(600)), false));
    }

    #[test]
    fn a_counter_shows_what_is_not_over() {
        let rule = sanction_rule::from_proto(&pb::SanctionRule {
            risk_class: pb::RiskClass::Fatal as i32,
            kind: pb::SanctionKind::Warn as i32,
            threshold: 5,
            window: Some(time::seconds(10)),
            ..<_>::default()
        });
        let rule = rule.expect("sound");
        let at = |seconds: i64| Timestamp(0).plus_seconds(seconds);
        let counted = Counted {
            rule: ResourceId::new("r").expect("valid"),
            subject: Subject { user_id: "u".into(), ..Subject::default() },
            strikes: Strikes::of([(at(0), 1), (at(5), 2), (at(8), 1)]),
        };
        let shown = |rule: Option<&SanctionRule>, now| {
            let shown = counter_to_proto(&counted, rule, &TenantId::operator(), at(now));
            shown.map(|shown| (shown.count, shown.threshold, shown.first_time, shown.last_time))
        };
        let time = |seconds| Some(time::to_proto(at(seconds)));
        assert_eq!(shown(Some(&rule), 9), Some((4, 5, time(0), time(8))));
        assert_eq!(shown(Some(&rule), 10), Some((3, 5, time(5), time(8))));
        assert_eq!(shown(Some(&rule), 15), Some((1, 5, time(8), time(8))));
        assert_eq!(shown(Some(&rule), 18), None);
        assert_eq!(shown(None, 90), Some((4, 0, time(0), time(8))));
    }
}
