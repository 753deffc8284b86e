use super::{from_proto, kept_to_proto, to_proto};
use crate::{
    mask::Writable,
    resources::{Resource, Writing},
    sanctions::fields::{RuleField, test_rule},
};
use umpire_catalog::Kept;
use umpire_model::{TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_query::Term;
use umpire_sanctions::SanctionRule;

impl Resource for SanctionRule {
    type Proto = pb::SanctionRule;
    type Filter = RuleField;
    const FIELD: &'static str = "sanction_rule";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.SanctionRule",
        fields: &[
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
        ],
        deep: &["ladder"],
    };

    fn from_proto(rule: &pb::SanctionRule, _: &Writing<'_, Self>) -> Result<Self, Vec<Violation>> {
        from_proto(rule)
    }

    fn to_proto(&self, _tenant: &TenantId) -> pb::SanctionRule {
        to_proto(self)
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::SanctionRule {
        kept_to_proto(kept, tenant)
    }

    fn named(rule: &pb::SanctionRule) -> (&str, &str) {
        (&rule.name, &rule.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<RuleField>) -> bool {
        test_rule(kept, term)
    }

    fn settle(merged: &mut pb::SanctionRule, named: &dyn Fn(&str) -> bool) {
        // Who says that it has no end need not say that the duration is gone.
        if merged.permanent && !named("duration") {
            merged.duration = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::{Duration, FieldMask};

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

    /// What a change makes of the mute.
    fn changed(
        change: &pb::SanctionRule,
        mask: Option<&FieldMask>,
    ) -> Result<pb::SanctionRule, Violation> {
        let mut merged = SanctionRule::WRITABLE.apply(&mute(), change, mask)?;
        let named = SanctionRule::WRITABLE.named(change, mask)?;
        SanctionRule::settle(&mut merged, &|field| named.iter().any(|name| name == field));
        Ok(merged)
    }

    #[test]
    fn only_named_fields_change() {
        let change = pb::SanctionRule {
            display_name: "new".into(),
            ladder: Some(pb::sanction_rule::Ladder { memory: Some(HOUR), ..<_>::default() }),
            ..<_>::default()
        };
        let apply = |paths: &[&str]| changed(&change, mask(paths).as_ref());
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
            assert_eq!(changed(&permanent, named.as_ref()), Ok(expected.clone()));
        }
        let both = pb::SanctionRule { duration: Some(HOUR), ..permanent };
        let merged = changed(&both, None).expect("known fields");
        assert_eq!((merged.duration, merged.permanent), (Some(HOUR), true), "kept to be refused");
    }
}
