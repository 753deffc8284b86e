use crate::{chain::Hash, contents::without_personal_data, covers::RecordedCovers};
use minicbor::{Decode, Encode, bytes::ByteArray};
use std::sync::Arc;
use umpire_model::{
    Action, AuditState, ConversationKind, Decision, Degraded, EarlierSpan, FieldId, Judged, Level,
    Mask, Match, Message, RecordId, RiskClass, SanctionId, Span, StrikeStatus, Timestamp,
    Transformation, Verdict,
};
use uuid::Uuid;

/// Version of the layout below. A reader knows every version up to its own.
pub const SCHEMA_VERSION: u32 = 1;

/// One decision as it is recorded, without the texts.
///
/// Its canonical form is CBOR as RFC 8949 section 4.2 wants it: a map with ascending
/// integer keys, shortest lengths, absent fields left out. Numbers are never
/// used again for something else.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.AuditRecord`
pub struct Record {
    #[n(0)]
    pub schema: u32,
    #[n(1)]
    pub id: ByteArray<16>,
    #[n(2)]
    pub tenant: String,
    #[n(3)]
    pub kind: RecordKind,
    #[n(4)]
    pub receive_time: Timestamp,
    #[n(5)]
    pub send_time: Option<Timestamp>,
    #[n(6)]
    pub scene: String,
    /// The caller's id of the message.
    #[n(7)]
    pub subject_id: String,
    #[n(8)]
    pub conversation: RecordedConversation,
    #[n(9)]
    pub sender: RecordedSender,
    #[n(10)]
    pub decision: Decision,
    #[n(11)]
    pub level: Option<Level>,
    #[n(12)]
    pub risk_class: Option<RiskClass>,
    #[n(13)]
    pub labels: Vec<String>,
    #[n(14)]
    pub matches: Vec<RecordedMatch>,
    #[n(15)]
    pub matches_truncated: bool,
    /// What MASK covered, so that a replayed verdict can mask again.
    #[n(16)]
    pub masks: Vec<(FieldId, Vec<(u32, u32)>)>,
    #[n(17)]
    pub actions: Vec<RecordedAction>,
    #[n(18)]
    pub revision: u64,
    #[n(19)]
    pub engine_version: String,
    #[n(20)]
    pub degraded: Vec<Degraded>,
    /// Who called.
    #[n(21)]
    pub caller: String,
    /// SHA-256 over salt and contents: proves them while they are there, and
    /// tells nothing once they are erased.
    #[n(22)]
    pub commitment: ByteArray<32>,
    /// The key the contents are encrypted under; 0: not encrypted.
    #[n(23)]
    pub key_id: u32,
    /// Names of the revisions of included rule sets; left out when there are none.
    #[n(24)]
    pub included_revisions: Option<Vec<String>>,
    /// How `masks` were shown; left out when all of them were FULL.
    #[n(25)]
    pub covers: Option<RecordedCovers>,
    /// What it counted; left out when it counted nothing.
    #[n(26)]
    pub strikes: Option<Vec<StrikeStatus>>,
    /// Ids of the sanctions it brought; left out when there are none.
    #[n(27)]
    pub sanctions: Option<Vec<ByteArray<16>>>,
}

/// What was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RecordKind {
    /// A chat message.
    #[n(0)]
    Message,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
#[allow(missing_docs)]
pub struct RecordedConversation {
    #[n(0)]
    pub id: String,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub kind: Option<ConversationKind>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
#[allow(missing_docs)]
pub struct RecordedSender {
    #[n(0)]
    pub user_id: String,
    #[n(1)]
    pub display_name: String,
    #[n(2)]
    pub role_id: String,
    #[n(3)]
    pub role_name: String,
    #[n(4)]
    pub server_id: String,
    #[n(5)]
    pub server_name: String,
    #[n(6)]
    pub channel: String,
    #[n(7)]
    pub category: String,
    #[n(8)]
    pub level: Option<i32>,
    #[n(9)]
    pub total_recharge: Option<i64>,
    #[n(10)]
    pub ip: String,
    #[n(11)]
    pub device_id: String,
    #[n(12)]
    pub department: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
#[allow(missing_docs)]
pub struct RecordedMatch {
    #[n(0)]
    pub rule: String,
    #[n(1)]
    pub word: String,
    #[n(2)]
    pub labels: Vec<String>,
    #[n(3)]
    pub level: Level,
    #[n(4)]
    pub risk_class: Option<RiskClass>,
    #[n(5)]
    pub field: FieldId,
    #[n(6)]
    pub spans: Vec<Span>,
    #[n(7)]
    pub shadow: bool,
    #[n(8)]
    pub transformations: Vec<Transformation>,
    /// Where it began, in messages before; left out when it began in this one.
    #[n(9)]
    pub earlier: Option<Vec<EarlierSpan>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
#[allow(missing_docs)]
pub struct RecordedAction {
    #[n(0)]
    pub action: Action,
    #[n(1)]
    pub outcome: ActionOutcome,
}

/// What has become of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ActionOutcome {
    /// Given to the caller in the verdict.
    #[n(0)]
    Returned,
}

impl Record {
    /// The record of a verdict, under `id`; `commitment` is that of its contents.
    #[must_use]
    pub fn of(
        id: RecordId,
        tenant: &str,
        caller: &str,
        receive_time: Timestamp,
        message: &Message<'_>,
        verdict: &Verdict,
        commitment: Hash,
    ) -> Self {
        Self {
            schema: SCHEMA_VERSION,
            id: id.0.into_bytes().into(),
            tenant: tenant.into(),
            kind: RecordKind::Message,
            receive_time,
            send_time: message.send_time,
            scene: message.scene.into(),
            subject_id: message.message_id.into(),
            conversation: conversation_of(message),
            sender: sender_of(message),
            decision: verdict.decision,
            level: verdict.level,
            risk_class: verdict.risk_class,
            labels: strings(&verdict.labels),
            matches: verdict.matches.iter().map(RecordedMatch::of).collect(),
            matches_truncated: verdict.matches_truncated,
            masks: verdict.masks.iter().map(|(field, masks)| (*field, narrowed(masks))).collect(),
            actions: verdict.actions.iter().cloned().map(RecordedAction::returned).collect(),
            revision: verdict.revision,
            engine_version: verdict.engine_version.as_ref().into(),
            degraded: verdict.degraded.clone(),
            caller: caller.into(),
            commitment: commitment.into(),
            key_id: 0,
            included_revisions: unless_empty(strings(&verdict.included_revisions)),
            covers: RecordedCovers::of(&verdict.masks),
            strikes: unless_empty(verdict.strikes.clone()),
            sanctions: sanctions_of(&verdict.sanctions),
        }
    }

    /// Puts in what counting the message came to.
    pub(crate) fn settle(&mut self, judged: &Judged) {
        self.strikes = unless_empty(judged.strikes.clone());
        self.sanctions = sanctions_of(judged.sanction.as_slice());
    }

    /// What counting the message came to.
    #[must_use]
    pub fn judged(&self) -> Judged {
        let strikes = self.strikes.clone().unwrap_or_default();
        let failed = self.degraded.contains(&Degraded::Counters);
        Judged { strikes, sanction: self.restored_sanctions().next(), failed }
    }

    /// The id under which it is recorded.
    #[must_use]
    pub fn record_id(&self) -> RecordId {
        RecordId(Uuid::from_bytes(*self.id))
    }

    /// The verdict that was recorded, as a repeated check gets it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let mut verdict = Verdict::pass(self.revision, self.engine_version.as_str().into());
        verdict.record = Some(self.record_id());
        verdict.included_revisions = arcs(self.included_revisions.as_deref().unwrap_or_default());
        verdict.audit_state = AuditState::Recorded;
        verdict.decision = self.decision;
        verdict.level = self.level;
        verdict.risk_class = self.risk_class;
        verdict.labels = arcs(&self.labels);
        verdict.matches = self.matches.iter().map(RecordedMatch::restored).collect();
        verdict.matches_truncated = self.matches_truncated;
        verdict.masks = self.restored_masks();
        verdict.actions = self.actions.iter().map(|recorded| recorded.action.clone()).collect();
        verdict.strikes = self.strikes.clone().unwrap_or_default();
        verdict.sanctions = self.restored_sanctions().collect();
        verdict.degraded = self.degraded.clone();
        verdict.replayed = true;
        verdict
    }

    fn restored_sanctions(&self) -> impl Iterator<Item = SanctionId> + '_ {
        let ids = self.sanctions.as_deref().unwrap_or_default();
        ids.iter().map(|id| SanctionId(Uuid::from_bytes(**id)))
    }

    fn restored_masks(&self) -> Vec<(FieldId, Vec<Mask>)> {
        let cover = |text, place| {
            self.covers.as_ref().map(|covers| covers.cover(text, place)).unwrap_or_default()
        };
        let masks = self.masks.iter().enumerate().map(|(text, (field, ranges))| {
            let places = ranges.iter().enumerate().map(|(place, &(start, end))| Mask {
                range: start as usize..end as usize,
                cover: cover(text, place),
            });
            (*field, places.collect())
        });
        masks.collect()
    }
}

impl RecordedMatch {
    fn of(found: &Match) -> Self {
        Self {
            rule: found.rule.as_ref().into(),
            word: found.word.as_ref().into(),
            labels: strings(&found.labels),
            level: found.level,
            risk_class: found.risk_class,
            field: found.field,
            spans: found.spans.clone(),
            shadow: found.shadow,
            transformations: found.transformations.clone(),
            earlier: unless_empty(found.earlier.clone()),
        }
    }

    /// The match as the verdict had it.
    #[must_use]
    pub fn restored(&self) -> Match {
        Match {
            rule: self.rule.as_str().into(),
            word: self.word.as_str().into(),
            labels: arcs(&self.labels).into(),
            level: self.level,
            risk_class: self.risk_class,
            field: self.field,
            spans: self.spans.clone(),
            shadow: self.shadow,
            transformations: self.transformations.clone(),
            earlier: self.earlier.clone().unwrap_or_default(),
        }
    }
}

impl RecordedAction {
    fn returned(action: Action) -> Self {
        Self { action, outcome: ActionOutcome::Returned }
    }
}

fn conversation_of(message: &Message<'_>) -> RecordedConversation {
    let conversation = &message.conversation;
    RecordedConversation {
        id: conversation.id.into(),
        name: without_personal_data(conversation.name),
        kind: conversation.kind,
    }
}

fn sender_of(message: &Message<'_>) -> RecordedSender {
    let sender = &message.sender;
    RecordedSender {
        user_id: sender.user_id.into(),
        display_name: without_personal_data(sender.display_name),
        role_id: sender.role_id.into(),
        role_name: sender.role_name.into(),
        server_id: sender.server_id.into(),
        server_name: sender.server_name.into(),
        channel: sender.channel.into(),
        category: sender.category.into(),
        level: sender.level,
        total_recharge: sender.total_recharge,
        ip: sender.ip.into(),
        device_id: sender.device_id.into(),
        department: sender.department.into(),
    }
}

fn sanctions_of(ids: &[SanctionId]) -> Option<Vec<ByteArray<16>>> {
    unless_empty(ids.iter().map(|id| id.0.into_bytes().into()).collect())
}

fn unless_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn strings(texts: &[Arc<str>]) -> Vec<String> {
    texts.iter().map(|text| text.as_ref().into()).collect()
}

fn arcs(texts: &[String]) -> Vec<Arc<str>> {
    texts.iter().map(|text| text.as_str().into()).collect()
}

fn narrowed(masks: &[Mask]) -> Vec<(u32, u32)> {
    let narrow = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
    masks.iter().map(|mask| (narrow(mask.range.start), narrow(mask.range.end))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A match as it was recorded before spans named earlier messages.
    #[derive(Encode)]
    #[cbor(map)]
    struct BeforeEarlier {
        #[n(0)]
        rule: String,
        #[n(1)]
        word: String,
        #[n(2)]
        labels: Vec<String>,
        #[n(3)]
        level: Level,
        #[n(4)]
        risk_class: Option<RiskClass>,
        #[n(5)]
        field: FieldId,
        #[n(6)]
        spans: Vec<Span>,
        #[n(7)]
        shadow: bool,
        #[n(8)]
        transformations: Vec<Transformation>,
    }

    #[test]
    fn matches_of_one_message_keep_the_bytes_they_had() {
        let before = BeforeEarlier {
            rule: "tenants/t/rules/r".into(),
            word: "w".into(),
            labels: vec!["l".into()],
            level: Level::P1,
            risk_class: None,
            field: FieldId::Text,
            spans: Vec::new(),
            shadow: false,
            transformations: Vec::new(),
        };
        let bytes = minicbor::to_vec(&before).expect("in memory");
        let mut read: RecordedMatch = minicbor::decode(&bytes).expect("readable");
        assert_eq!(read.earlier, None);
        assert_eq!(minicbor::to_vec(&read).expect("in memory"), bytes);
        let span = Span { byte_start: 0, byte_end: 3, utf16_start: 0, utf16_end: 1 };
        read.earlier = Some(vec![EarlierSpan { message_id: "m1".into(), span }]);
        let bytes = minicbor::to_vec(&read).expect("in memory");
        assert_eq!(minicbor::decode::<RecordedMatch>(&bytes).expect("readable"), read);
        assert_eq!(read.restored().earlier[0].message_id, "m1");
    }
}
