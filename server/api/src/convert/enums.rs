//! Enumerations, both ways.

use umpire_audit::ActionOutcome;
use umpire_model::{
    ActionKind, AuditState, ConversationKind, Decision, Degraded, Level, RiskClass, Transformation,
    Unchecked,
};
use umpire_proto::v1 as pb;
use umpire_rules::{ChangeKind, RuleMode};
use umpire_tenancy::{RecordPolicy, Role};

/// Writes `to_proto` for an enumeration and, after `both`, `from_proto`, where
/// UNSPECIFIED and unknown numbers are `None`.
macro_rules! convert {
    ($($model:ident, $proto:path, $to:ident, $from:ident { $($ours:ident = $theirs:ident),* $(,)? })*) => {$(
        pub(crate) fn $to(value: $model) -> i32 {
            use $proto as Theirs;
            (match value { $($model::$ours => Theirs::$theirs),* }) as i32
        }

        pub(crate) fn $from(number: i32) -> Option<$model> {
            use $proto as Theirs;
            match Theirs::try_from(number).ok()? {
                $(Theirs::$theirs => Some($model::$ours),)*
                _ => None,
            }
        }
    )*};
    ($($model:ident, $proto:path, $to:ident { $($ours:ident = $theirs:ident),* $(,)? })*) => {$(
        pub(crate) fn $to(value: $model) -> i32 {
            use $proto as Theirs;
            (match value { $($model::$ours => Theirs::$theirs),* }) as i32
        }
    )*};
}

convert! {
    Level, pb::Level, level, level_from { P0 = P0, P1 = P1, P2 = P2, P3 = P3 }
    RiskClass, pb::RiskClass, risk_class, risk_class_from {
        Sensitive = Sensitive, HighRisk = HighRisk, Fatal = Fatal,
    }
    ActionKind, pb::ActionKind, action_kind, action_kind_from {
        Log = Log, Alert = Alert, Mask = Mask, Review = Review, Intercept = Intercept,
        Reply = Reply, Mention = Mention, Ticket = Ticket, Route = Route,
    }
    ConversationKind, pb::ConversationKind, conversation_kind, conversation_kind_from {
        Group = Group, Direct = Direct, World = World,
    }
    RuleMode, pb::RuleMode, rule_mode, rule_mode_from {
        Enforced = Enforced, Shadow = Shadow, Off = Off,
    }
    Role, pb::Role, role, role_from {
        Service = Service, Moderator = Moderator, Ops = Ops, Supervisor = Supervisor,
        Director = Director, Compliance = Compliance, Admin = Admin,
    }
    RecordPolicy, pb::tenant_settings::RecordPolicy, record_policy, record_policy_from {
        Matches = Matches, All = All,
    }
}

convert! {
    Decision, pb::Decision, decision { Pass = Pass, Review = Review, Block = Block }
    AuditState, pb::AuditState, audit_state {
        Recorded = Recorded, Queued = Queued, Skipped = Skipped,
    }
    Degraded, pb::Degraded, degraded { Ledger = Ledger }
    Unchecked, pb::UncheckedReason, unchecked { FromSelf = FromSelf, OutOfScope = OutOfScope }
    Transformation, pb::Transformation, transformation {
        Case = Case, Width = Width, Canonical = Canonical,
    }
    ActionOutcome, pb::ActionOutcome, action_outcome { Returned = Returned }
    ChangeKind, pb::revision::ChangeKind, change_kind {
        Created = Created, Updated = Updated, Deleted = Deleted, Undeleted = Undeleted,
    }
}
