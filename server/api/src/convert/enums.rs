//! Enumerations, both ways.

use umpire_audit::ActionOutcome;
use umpire_model::{
    ActionKind, AuditState, ConversationKind, Decision, Degraded, Level, MaskStrategy, RiskClass,
    SanctionKind, Transformation, Unchecked, Violation, ViolationKind,
};
use umpire_moderation::CheckMode;
use umpire_notify::{
    AlertKind, AlertState, DeliveryState, EmailSecurity, GroupBy, HappeningKind, Language, Reason,
    SmsProvider, SyslogFormat, SyslogTransport,
};
use umpire_proto::v1 as pb;
use umpire_rules::{
    ChangeKind, Notation, RuleMode,
    conditions::text::{NormalizationSet, WordMode},
    lists::{ListPurpose, file::FileFormat},
};
use umpire_sanctions::{
    AckResult, CountMode, EnforcementState, FindingKind, Notice, Origin as SanctionOrigin,
    RuleMode as SanctionRuleMode, SafetyState, State as SanctionState,
};
use umpire_tenancy::{RecordPolicy, Role};

/// A number that is no value of its enumeration that this version knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownValue(pub i32);

impl UnknownValue {
    pub fn at(self, path: impl Into<String>) -> Violation {
        let message = format!("`{}` is no value that this version knows", self.0);
        Violation { path: path.into(), message, kind: ViolationKind::Unsupported }
    }
}

/// The value in field `path`; an unknown one is noted and taken for absent.
pub(crate) fn known<T>(
    value: Result<Option<T>, UnknownValue>,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<T> {
    value.unwrap_or_else(|unknown| {
        refused.push(unknown.at(path));
        None
    })
}

/// As [`known`], in a field that must be set.
pub(crate) fn required<T>(
    value: Result<Option<T>, UnknownValue>,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<T> {
    if matches!(value, Ok(None)) {
        refused.push(Violation::invalid(path, "must be set"));
    }
    known(value, path, refused)
}

/// Writes the conversion to the contract and, where a second name is given, the
/// one from it; UNSPECIFIED is `None`.
macro_rules! convert {
    ($($model:ident, $proto:path, $to:ident, $from:ident { $($ours:ident = $theirs:ident),* $(,)? })*) => {$(
        pub(crate) fn $to(value: $model) -> i32 {
            use $proto as Theirs;
            (match value { $($model::$ours => Theirs::$theirs),* }) as i32
        }

        pub(crate) fn $from(number: i32) -> Result<Option<$model>, UnknownValue> {
            use $proto as Theirs;
            match Theirs::try_from(number) {
                $(Ok(Theirs::$theirs) => Ok(Some($model::$ours)),)*
                Ok(_) => Ok(None),
                Err(_) => Err(UnknownValue(number)),
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
    MaskStrategy, pb::MaskStrategy, mask_strategy, mask_strategy_from {
        Full = Full, KeepEnds = KeepEnds, Grawlix = Grawlix, Fixed = Fixed,
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
    WordMode, pb::MatchMode, word_mode, word_mode_from {
        Contains = Contains, Exact = Exact, Word = Word, Compound = Compound,
    }
    NormalizationSet, pb::NormalizationSet, normalization, normalization_from {
        None = None, Safe = Safe, Aggressive = Aggressive,
    }
    Transformation, pb::Transformation, transformation, transformation_from {
        Case = Case, Width = Width, Canonical = Canonical, Compatibility = Compatibility,
        Simplified = Simplified, Invisible = Invisible, Marks = Marks, Homoglyph = Homoglyph,
        Leetspeak = Leetspeak, Repeats = Repeats, NumberStyle = NumberStyle,
        LetterGaps = LetterGaps, Decoration = Decoration, CharacterGaps = CharacterGaps,
        SpacedLetters = SpacedLetters, RunTogether = RunTogether,
        SplitCharacters = SplitCharacters, Pinyin = Pinyin, Initials = Initials,
        Homophone = Homophone, Lookalike = Lookalike, Emoji = Emoji, Shuffle = Shuffle,
        ShortHomophone = ShortHomophone, ShortInitials = ShortInitials,
        ShortLookalike = ShortLookalike,
    }
    ListPurpose, pb::WordListPurpose, list_purpose, list_purpose_from {
        Match = Match, Allow = Allow,
    }
    SanctionKind, pb::SanctionKind, sanction_kind, sanction_kind_from {
        LoginBan = LoginBan, Mute = Mute, Warn = Warn,
    }
    CountMode, pb::CountMode, count_mode, count_mode_from {
        PerMessage = PerMessage, PerMatch = PerMatch,
    }
    SanctionRuleMode, pb::SanctionRuleMode, sanction_rule_mode, sanction_rule_mode_from {
        Enforced = Enforced, Shadow = Shadow, Off = Off,
    }
    SafetyState, pb::SafetyState, safety_state, safety_state_from {
        On = On, Hold = Hold, Off = Off,
    }
    AlertKind, pb::AlertKind, alert_kind, alert_kind_from {
        Text = Text, Frame = Frame, Sanction = Sanction, Safety = Safety, System = System,
    }
    Reason, pb::NoticeReason, notice_reason, notice_reason_from {
        First = First, Repeated = Repeated, LevelUp = LevelUp, Escalated = Escalated,
        AckExpired = AckExpired, Resolved = Resolved, Digest = Digest, Test = Test,
    }
    Language, pb::NoticeLanguage, language, language_from { Chinese = ZhCn, English = En }
    GroupBy, pb::GroupBy, group_by, group_by_from {
        Rule = Rule, Level = Level, Kind = Kind, Scene = Scene, Conversation = Conversation,
        Sender = Sender, Department = Department, Camera = Camera,
    }
    SmsProvider, pb::receiver::Provider, sms_provider, sms_provider_from {
        Aliyun = Aliyun, Tencent = Tencent,
    }
    EmailSecurity, pb::receiver::email::Security, email_security, email_security_from {
        StartTls = StartTls, Tls = Tls, Plain = Plain,
    }
    SyslogTransport, pb::receiver::syslog::Transport, syslog_transport, syslog_transport_from {
        Udp = Udp, Tcp = Tcp, Tls = Tls,
    }
    SyslogFormat, pb::receiver::syslog::Format, syslog_format, syslog_format_from {
        Rfc5424 = Rfc5424, Cef = Cef,
    }
}

convert! {
    Decision, pb::Decision, decision { Pass = Pass, Review = Review, Block = Block }
    AuditState, pb::AuditState, audit_state {
        Recorded = Recorded, Queued = Queued, Skipped = Skipped,
    }
    Degraded, pb::Degraded, degraded { Ledger = Ledger, Counters = Counters }
    Unchecked, pb::UncheckedReason, unchecked { FromSelf = FromSelf, OutOfScope = OutOfScope }
    ActionOutcome, pb::ActionOutcome, action_outcome { Returned = Returned }
    ChangeKind, pb::revision::ChangeKind, change_kind {
        Created = Created, Updated = Updated, Deleted = Deleted, Undeleted = Undeleted,
    }
    SanctionState, pb::SanctionState, sanction_state {
        Pending = Pending, Held = Held, Executing = Executing, Done = Done, Failed = Failed,
        Lifted = Lifted, Expired = Expired,
    }
    SanctionOrigin, pb::SanctionOrigin, sanction_origin { Automatic = Automatic, Manual = Manual }
    EnforcementState, pb::EnforcementState, enforcement_state {
        Pending = Pending, Applied = Applied, Failed = Failed, Cancelled = Cancelled,
    }
    Notice, pb::EnforcementEvent, notice {
        Apply = Apply, Extend = Extend, Lift = Lift, Expire = Expire,
    }
    AlertState, pb::AlertState, alert_state {
        Open = Open, Acknowledged = Acknowledged, Resolved = Resolved,
    }
    HappeningKind, pb::AlertEventKind, happening_kind {
        Created = Created, Repeated = Repeated, Escalated = Escalated,
        Acknowledged = Acknowledged, Suppressed = Suppressed, Resolved = Resolved,
        DeliveryFailed = DeliveryFailed,
    }
    DeliveryState, pb::DeliveryState, delivery_state {
        Queued = Queued, Delivered = Delivered, Suppressed = Suppressed, Expired = Expired,
        DeadLettered = DeadLettered,
    }
    FindingKind, pb::order_finding::Kind, finding_kind {
        Overlap = Overlap, Gap = Gap, NoSource = NoSource, Shadowed = Shadowed, Off = Off,
    }
}

pub(crate) fn ack_result_from(number: i32) -> Result<Option<AckResult>, UnknownValue> {
    match pb::AckResult::try_from(number) {
        Ok(pb::AckResult::Unspecified) => Ok(None),
        Ok(pb::AckResult::Applied) => Ok(Some(AckResult::Applied)),
        Ok(pb::AckResult::Already) => Ok(Some(AckResult::Already)),
        Ok(pb::AckResult::Failed) => Ok(Some(AckResult::Failed)),
        Ok(pb::AckResult::UnknownSubject) => Ok(Some(AckResult::UnknownSubject)),
        Err(_) => Err(UnknownValue(number)),
    }
}

pub(crate) fn enforcement_event_from(number: i32) -> Result<Option<Notice>, UnknownValue> {
    match pb::EnforcementEvent::try_from(number) {
        Ok(pb::EnforcementEvent::Unspecified) => Ok(None),
        Ok(pb::EnforcementEvent::Apply) => Ok(Some(Notice::Apply)),
        Ok(pb::EnforcementEvent::Extend) => Ok(Some(Notice::Extend)),
        Ok(pb::EnforcementEvent::Lift) => Ok(Some(Notice::Lift)),
        Ok(pb::EnforcementEvent::Expire) => Ok(Some(Notice::Expire)),
        Err(_) => Err(UnknownValue(number)),
    }
}

pub(crate) fn file_format_from(number: i32) -> Result<FileFormat, UnknownValue> {
    match pb::WordListFormat::try_from(number) {
        Ok(pb::WordListFormat::Unspecified | pb::WordListFormat::Plain) => Ok(FileFormat::Plain),
        Ok(pb::WordListFormat::Tsv) => Ok(FileFormat::Tsv),
        Ok(pb::WordListFormat::Csv) => Ok(FileFormat::Csv),
        Ok(pb::WordListFormat::Json) => Ok(FileFormat::Json),
        Err(_) => Err(UnknownValue(number)),
    }
}

pub(crate) fn notation_from(number: i32) -> Result<Notation, UnknownValue> {
    match pb::DocumentFormat::try_from(number) {
        Ok(pb::DocumentFormat::Unspecified | pb::DocumentFormat::Yaml) => Ok(Notation::Yaml),
        Ok(pb::DocumentFormat::Json) => Ok(Notation::Json),
        Err(_) => Err(UnknownValue(number)),
    }
}

pub(crate) fn check_mode_from(number: i32) -> Result<CheckMode, UnknownValue> {
    match pb::CheckMode::try_from(number) {
        Ok(pb::CheckMode::Unspecified | pb::CheckMode::Enforce) => Ok(CheckMode::Enforce),
        Ok(pb::CheckMode::DryRun) => Ok(CheckMode::DryRun),
        Err(_) => Err(UnknownValue(number)),
    }
}

pub(crate) fn view_from(number: i32) -> Result<pb::VerdictView, UnknownValue> {
    pb::VerdictView::try_from(number).map_err(|_| UnknownValue(number))
}
