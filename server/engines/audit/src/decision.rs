use crate::{
    chain::Hash,
    contents::Contents,
    events::{About, events},
    record::Record,
    tokens::record_tokens,
};
use sha2::{Digest, Sha256};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;
use umpire_model::{
    Degraded, FieldId, Judged, Message, RecordId, StoreError, TenantId, Timestamp, Verdict,
};
use umpire_notify::Event;
use umpire_sanctions::Offence;

/// Everything that must become durable together after one check.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What is recorded.
    pub record: Record,
    /// `record` in its canonical form.
    pub record_bytes: Vec<u8>,
    /// The masked texts in canonical CBOR.
    pub content_bytes: Vec<u8>,
    /// 16 random bytes that keep the commitment from being guessed.
    pub salt: [u8; 16],
    /// What the record can be searched by, joined by blanks.
    pub tokens: String,
    /// Set when the message has an id.
    pub replay: Option<ReplayKey>,
    /// What the commit is to count; set when sanction rules fit.
    pub offence: Option<Box<Offence>>,
    /// What people are to be told: accepted in the same commit.
    pub events: Vec<Event>,
}

/// What makes a repeated message known: its tenant, scene and id.
///
/// SipHash-1-3 with 128 bits and a fixed key: quick enough for every message,
/// and collisions are out of reach of anybody who can only choose ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageKey(pub [u8; 16]);

impl MessageKey {
    /// The key of a message; `None` when it has no id.
    #[must_use]
    pub fn of(tenant: &TenantId, message: &Message<'_>) -> Option<Self> {
        if message.message_id.is_empty() {
            return None;
        }
        let mut hash = SipHasher13::new_with_keys(0x756d_7069_7265, 0x7265_706c_6179);
        for part in [tenant.as_str(), message.scene, message.message_id] {
            hash.write_usize(part.len());
            hash.write(part.as_bytes());
        }
        Some(Self(hash.finish128().as_bytes()))
    }
}

/// A message key with the digest of what the message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayKey {
    /// Which message.
    pub key: MessageKey,
    /// SHA-256 over the installation's secret, sender, conversation, text and
    /// attachments; not over the time, which a retry may change. Without the
    /// secret the unmasked text cannot be guessed from it.
    pub content: Hash,
}

impl ReplayKey {
    /// The key of a message; `None` when it has no id. The secret is the ledger's.
    #[must_use]
    pub fn of(secret: &Hash, tenant: &TenantId, message: &Message<'_>) -> Option<Self> {
        let key = MessageKey::of(tenant, message)?;
        Some(Self { key, content: content_digest(secret, message) })
    }
}

fn content_digest(secret: &Hash, message: &Message<'_>) -> Hash {
    let attachments = message
        .attachments
        .iter()
        .flat_map(|part| [part.text.as_bytes(), part.title.as_bytes(), part.identity]);
    let head = [message.sender.user_id, message.conversation.id, message.text].map(str::as_bytes);
    let mut hash = Sha256::new_with_prefix(secret);
    for part in head.into_iter().chain(attachments) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl Decision {
    /// The decision to record for a verdict. The offence needs neither record nor content:
    /// they are filled in here.
    ///
    /// # Errors
    /// When the operating system has no randomness for the salt.
    pub fn new(
        tenant: &TenantId,
        caller: &str,
        receive_time: Timestamp,
        message: &Message<'_>,
        verdict: &Verdict,
        replay: Option<ReplayKey>,
        offence: Option<Offence>,
    ) -> Result<Self, StoreError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt)
            .map_err(|error| StoreError::Unavailable(error.to_string().into()))?;
        let contents = Contents::masked(message, verdict);
        let content_bytes = minicbor::to_vec(&contents).unwrap_or_default();
        let commitment = Contents::commitment(&salt, &content_bytes);
        let id = RecordId(umpire_model::new_uuid());
        let record =
            Record::of(id, tenant.as_str(), caller, receive_time, message, verdict, commitment);
        let record_bytes = minicbor::to_vec(&record).unwrap_or_default();
        let tokens = record_tokens(&record, &contents);
        let with_record = |offence: Offence| {
            Box::new(Offence { record: id.to_string(), content: said(&contents).into(), ..offence })
        };
        let offence = offence.map(with_record);
        let about = About { tenant, time: receive_time, message, verdict, record: &id.to_string() };
        let events = events(&about, said(&contents));
        Ok(Self { record, record_bytes, content_bytes, salt, tokens, replay, offence, events })
    }

    /// Puts what counting the message came to into the record.
    pub fn settle(&mut self, judged: &Judged) {
        self.record.settle(judged);
        self.encode();
    }

    /// Puts into the record that a part of the server could not take part.
    pub fn degrade(&mut self, part: Degraded) {
        self.record.degraded.push(part);
        self.encode();
    }

    fn encode(&mut self) {
        self.record_bytes = minicbor::to_vec(&self.record).unwrap_or_default();
    }
}

/// The message's own text, masked; the first of its attachments' where it has none.
fn said(contents: &Contents) -> &str {
    match contents.text(FieldId::Text) {
        "" => contents.texts.first().map_or("", |(_, text)| text),
        text => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::{Attachment, NextStep, SanctionId, SanctionKind, StrikeStatus};

    fn decided(message: &Message<'_>, offence: Option<Offence>) -> Decision {
        let verdict = Verdict::pass(3, "test".into());
        let tenant = TenantId::operator();
        Decision::new(&tenant, "local", Timestamp(1), message, &verdict, None, offence)
            .expect("made")
    }

    fn offence() -> Offence {
        Offence {
            tenant: TenantId::operator(),
            subject: <_>::default(),
            time: Timestamp(1),
            candidates: Vec::new(),
            record: String::new(),
            content: String::new(),
            ip: String::new(),
            callback_info: String::new(),
            total_recharge: None,
            revision: 3,
            stopped: false,
        }
    }

    #[test]
    fn replay_keys_tell_messages_apart() {
        let tenant = TenantId::operator();
        let message = Message { message_id: "1", scene: "s", text: "x", ..Message::default() };
        let key = ReplayKey::of(&[7; 32], &tenant, &message).expect("has an id");
        let same = ReplayKey::of(
            &[7; 32],
            &tenant,
            &Message { send_time: Some(Timestamp(5)), ..message.clone() },
        );
        assert_eq!(same, Some(key));
        let other_text =
            ReplayKey::of(&[7; 32], &tenant, &Message { text: "y", ..message.clone() })
                .expect("id");
        assert_eq!(other_text.key, key.key);
        assert_ne!(other_text.content, key.content);
        let other_scene =
            ReplayKey::of(&[7; 32], &tenant, &Message { scene: "t", ..message.clone() })
                .expect("id");
        assert_ne!(other_scene.key, key.key);
        assert_eq!(ReplayKey::of(&[7; 32], &tenant, &Message { message_id: "", ..message }), None);
    }

    #[test]
    fn canonical_bytes_read_back_as_the_record() {
        let message = Message { message_id: "1", text: "hi", ..Message::default() };
        let decision = decided(&message, None);
        let read: Record = minicbor::decode(&decision.record_bytes).expect("readable");
        assert_eq!(read, decision.record);
        assert_eq!(minicbor::to_vec(&read).expect("in memory"), decision.record_bytes);
        let restored = read.verdict();
        assert!(restored.replayed);
        assert_eq!(restored.revision, 3);
    }

    #[test]
    fn an_offence_names_its_record_and_says_what_was_said() {
        let link = Attachment { text: "look, 13800138000", ..Attachment::default() };
        let attachments = vec![link];
        for (text, expected) in
            [("call 13800138000", "call ***********"), ("", "look, ***********")]
        {
            let message = Message { text, attachments: attachments.clone(), ..<_>::default() };
            let decision = decided(&message, Some(offence()));
            let offence = decision.offence.as_deref().expect("kept");
            assert_eq!(offence.record, decision.record.record_id().to_string());
            assert_eq!(offence.content, expected);
        }
    }

    #[test]
    fn what_was_counted_comes_back_with_the_verdict() {
        let mut decision = decided(&Message { text: "hi", ..<_>::default() }, None);
        let before = decision.record_bytes.clone();
        decision.settle(&Judged::default());
        assert_eq!(decision.record_bytes, before, "nothing takes no bytes");
        let strike = StrikeStatus {
            rule: "spam".into(),
            count: 2,
            threshold: 3,
            window: 60,
            next: NextStep { kind: SanctionKind::Mute, seconds: Some(600), permanent: false },
            crossed: false,
            suppressed_by: None,
        };
        let sanction = SanctionId(umpire_model::new_uuid());
        let judged = Judged { strikes: vec![strike], sanction: Some(sanction), failed: true };
        decision.settle(&judged);
        decision.degrade(Degraded::Counters);
        let read: Record = minicbor::decode(&decision.record_bytes).expect("readable");
        assert_eq!(read, decision.record);
        assert_eq!(read.judged(), judged);
        let verdict = read.verdict();
        assert_eq!((verdict.strikes, verdict.sanctions), (judged.strikes, vec![sanction]));
        assert_eq!(verdict.degraded, [Degraded::Counters]);
    }
}
