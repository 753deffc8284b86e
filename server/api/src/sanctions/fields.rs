//! What sanction rules can be filtered by.

use umpire_catalog::Kept;
use umpire_model::RiskClass;
use umpire_query::{Choices, Field, Kind, Term};
use umpire_sanctions::{KINDS, RuleMode, SanctionRule};

/// The gravest last.
const CLASSES: Choices = &[("SENSITIVE", 0), ("HIGH_RISK", 1), ("FATAL", 2)];
/// What has effects last.
const MODES: Choices = &[("OFF", 0), ("SHADOW", 1), ("ENFORCED", 2)];

/// A field of sanction rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleField {
    Id,
    DisplayName,
    RiskClass,
    Label,
    Kind,
    Mode,
}

impl Field for RuleField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "id" => Self::Id,
            "display_name" => Self::DisplayName,
            "risk_class" => Self::RiskClass,
            "label" => Self::Label,
            "kind" => Self::Kind,
            "mode" => Self::Mode,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Id | Self::DisplayName => Kind::Text,
            Self::Label => Kind::Texts,
            Self::RiskClass => Kind::Choice(CLASSES),
            Self::Kind => Kind::Choice(KINDS),
            Self::Mode => Kind::Choice(MODES),
        }
    }
}

/// Whether a sanction rule meets a comparison.
pub(crate) fn test_rule(kept: &Kept<SanctionRule>, term: &Term<RuleField>) -> bool {
    let rule = &kept.item;
    match term.field {
        RuleField::Id => term.test_text(kept.id.as_str()),
        RuleField::DisplayName => term.test_text(&rule.display_name),
        RuleField::Label => term.test_texts(rule.labels.iter().map(String::as_str)),
        RuleField::RiskClass => term.test_number(match rule.risk_class {
            RiskClass::Sensitive => 0,
            RiskClass::HighRisk => 1,
            RiskClass::Fatal => 2,
        }),
        // Kinds are ranked as they sort.
        RuleField::Kind => term.test_number(rule.kind as i64),
        RuleField::Mode => term.test_number(match rule.mode {
            RuleMode::Off => 0,
            RuleMode::Shadow => 1,
            RuleMode::Enforced => 2,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::sanction_rule;
    use umpire_model::{ResourceId, Timestamp};
    use umpire_proto::v1 as pb;

    #[test]
    fn rules_are_found_by_every_field() {
        let rule = pb::SanctionRule {
            display_name: "Abuse in chat".into(),
            risk_class: pb::RiskClass::HighRisk as i32,
            labels: vec!["abuse".into(), "threat".into()],
            kind: pb::SanctionKind::Mute as i32,
            permanent: true,
            ..<_>::default()
        };
        let kept = Kept {
            id: ResourceId::new("abuse").expect("valid"),
            item: sanction_rule::from_proto(&rule).expect("sound"),
            version: 1,
            create_time: Timestamp(0),
            update_time: Timestamp(0),
            author: String::new(),
        };
        for (filter, expected) in [
            ("", true),
            ("id = abuse", true),
            ("display_name:chat", true),
            ("label = threat", true),
            ("label = spam", false),
            ("risk_class >= HIGH_RISK", true),
            ("risk_class = FATAL", false),
            ("kind = MUTE", true),
            ("kind > MUTE", false),
            ("mode = ENFORCED", true),
            ("mode = OFF", false),
        ] {
            let parsed = umpire_query::parse::<RuleField>(filter).expect(filter);
            assert_eq!(parsed.matches(&|term| test_rule(&kept, term)), expected, "{filter}");
        }
        assert!(umpire_query::parse::<RuleField>("remark = x").is_err());
    }
}
