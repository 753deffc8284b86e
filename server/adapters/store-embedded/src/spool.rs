//! Decisions put aside on disk while the database cannot be written.
//!
//! A file of frames: length (4 bytes, big-endian), SHA-256 of the body (first 8
//! bytes), body (CBOR). A frame cut short by a crash was never acknowledged and is
//! dropped.

use minicbor::{
    Decode, Encode,
    bytes::{ByteArray, ByteVec},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};
use umpire_audit::{Decision, MessageKey, ReplayKey};
use umpire_model::StoreError;

const HEAD: usize = 4 + 8;

pub(crate) struct Spool {
    file: File,
    path: PathBuf,
    /// End of the last whole frame.
    len: u64,
    max_len: u64,
}

impl Spool {
    /// Opens the file, cuts off a torn tail, and gives what was put aside. Damaged
    /// frames are left out; the file is then copied beside itself for a person to
    /// look at.
    pub fn open(path: &Path, max_len: u64) -> io::Result<(Self, Vec<Decision>)> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let Frames { decisions, len, damaged } = Frames::of(&bytes);
        if damaged > 0 {
            let copy = path.with_extension("damaged");
            fs::copy(path, &copy)?;
            tracing::error!(damaged, copy = %copy.display(), "spooled decisions cannot be read");
        }
        file.set_len(len)?;
        Ok((Self { file, path: path.into(), len, max_len }, decisions))
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes decisions durable here, all or none.
    pub fn append<'d>(
        &mut self,
        decisions: impl Iterator<Item = &'d Decision>,
    ) -> Result<(), StoreError> {
        let mut frames = Vec::new();
        for decision in decisions {
            push_frame(&mut frames, decision);
        }
        if self.len + frames.len() as u64 > self.max_len {
            return Err(StoreError::Overloaded);
        }
        self.write(&frames).map_err(|error| StoreError::Unavailable(error.to_string().into()))?;
        self.len += frames.len() as u64;
        Ok(())
    }

    fn write(&mut self, frames: &[u8]) -> io::Result<()> {
        self.file.seek(io::SeekFrom::Start(self.len))?;
        self.file.write_all(frames)?;
        self.file.sync_data()
    }

    /// Everything that was put aside, in order.
    pub fn read(&self) -> io::Result<Vec<Decision>> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        Ok(Frames::of(&fs::read(&self.path)?).decisions)
    }

    /// Forgets everything.
    pub fn clear(&mut self) -> io::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        self.file.set_len(0)?;
        self.file.sync_data()?;
        self.len = 0;
        Ok(())
    }
}

/// A decision as a frame holds it.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Spooled {
    #[cbor(n(0), with = "minicbor::bytes")]
    record: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    content: Vec<u8>,
    #[n(2)]
    salt: ByteArray<16>,
    #[n(3)]
    tokens: String,
    #[n(4)]
    key: Option<ByteArray<16>>,
    #[n(5)]
    content_digest: Option<ByteArray<32>>,
    /// What is to be counted when it is moved over, in JSON.
    #[n(6)]
    offence: Option<ByteVec>,
    /// What is to be accepted then, in JSON; none where nothing is.
    #[n(7)]
    events: Option<ByteVec>,
}

fn push_frame(frames: &mut Vec<u8>, decision: &Decision) {
    let spooled = Spooled {
        record: decision.record_bytes.clone(),
        content: decision.content_bytes.clone(),
        salt: decision.salt.into(),
        tokens: decision.tokens.clone(),
        key: decision.replay.map(|replay| replay.key.0.into()),
        content_digest: decision.replay.map(|replay| replay.content.into()),
        offence: decision.offence.as_deref().map(json),
        events: (!decision.events.is_empty()).then(|| json(&decision.events)),
    };
    let body = minicbor::to_vec(&spooled).unwrap_or_default();
    frames.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    frames.extend(&Sha256::digest(&body)[..8]);
    frames.extend(body);
}

fn json(value: &impl Serialize) -> ByteVec {
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// What a file of frames holds.
struct Frames {
    decisions: Vec<Decision>,
    /// End of the last whole frame.
    len: u64,
    /// Whole frames that cannot be read.
    damaged: usize,
}

impl Frames {
    fn of(bytes: &[u8]) -> Self {
        let mut frames = Self { decisions: Vec::new(), len: 0, damaged: 0 };
        let mut rest = bytes;
        while let Some((head, body, after)) = split_frame(rest) {
            let sound = Sha256::digest(body)[..8] == head[4..];
            match sound.then(|| decision_of(body)).flatten() {
                Some(decision) => frames.decisions.push(decision),
                None => frames.damaged += 1,
            }
            rest = after;
        }
        frames.len = (bytes.len() - rest.len()) as u64;
        frames
    }
}

/// Head and body of the first frame, and what follows; `None` when no whole one is left.
fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let len = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
    let (body, rest) = rest.split_at_checked(len)?;
    Some((head, body, rest))
}

fn decision_of(body: &[u8]) -> Option<Decision> {
    let spooled: Spooled = minicbor::decode(body).ok()?;
    let replay = spooled.key.zip(spooled.content_digest);
    let offence = spooled.offence.map(|json| serde_json::from_slice(&json)).transpose().ok()?;
    let events = spooled.events.map(|json| serde_json::from_slice(&json)).transpose().ok()?;
    let decision = Decision {
        record: minicbor::decode(&spooled.record).ok()?,
        record_bytes: spooled.record,
        content_bytes: spooled.content,
        salt: *spooled.salt,
        tokens: spooled.tokens,
        replay: replay.map(|(key, content)| ReplayKey { key: MessageKey(*key), content: *content }),
        offence,
        events: events.unwrap_or_default(),
    };
    Some(decision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::{Level, Message, TenantId, Timestamp, Verdict, new_uuid};
    use umpire_notify::{AlertKind, Call, Event, Person, Place};
    use umpire_sanctions::{Offence, Subject};

    fn decision(text: &str) -> Decision {
        let message = Message { message_id: "1", text, ..Message::default() };
        let tenant = TenantId::operator();
        let replay = ReplayKey::of(&[7; 32], &tenant, &message);
        let verdict = Verdict::pass(1, "test".into());
        let offence = Some(offence(&tenant));
        let made =
            Decision::new(&tenant, "local", Timestamp(0), &message, &verdict, replay, offence);
        Decision { events: vec![event(&tenant)], ..made.expect("made") }
    }

    fn event(tenant: &TenantId) -> Event {
        Event {
            id: new_uuid(),
            tenant: tenant.clone(),
            time: Timestamp(0),
            kind: AlertKind::Text,
            level: Level::P1,
            key: "spam/room".into(),
            rule: String::new(),
            rule_name: String::new(),
            labels: vec!["ad".into()],
            title: "Spam".into(),
            keyword: String::new(),
            excerpt: "\"cheap\" \u{0}".into(),
            audit_record: String::new(),
            place: Place::default(),
            sender: Person::default(),
            confidence: Some(0.25),
            done: Vec::new(),
            call: Call::default(),
            not_to: Vec::new(),
        }
    }

    fn offence(tenant: &TenantId) -> Offence {
        Offence {
            tenant: tenant.clone(),
            subject: Subject { user_id: "u1".into(), ..<_>::default() },
            time: Timestamp(0),
            candidates: Vec::new(),
            record: String::new(),
            content: String::new(),
            ip: String::new(),
            callback_info: String::new(),
            total_recharge: Some(600),
            revision: 1,
            stopped: false,
        }
    }

    fn open(path: &Path) -> (Spool, Vec<Decision>) {
        Spool::open(path, 1 << 20).expect("opened")
    }

    #[test]
    fn survives_reopening_and_a_torn_tail() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("spool.bin");
        let put = [decision("a"), decision("b")];
        let (mut spool, _) = open(&path);
        spool.append(put.iter()).expect("fits");
        let whole = spool.len;
        spool.append([decision("torn")].iter()).expect("fits");
        spool.file.set_len(whole + 20).expect("cut");

        let (mut again, found) = open(&path);
        assert_eq!(found, put);
        // What comes after the tear is found as well.
        let later = decision("later");
        again.append([later.clone()].iter()).expect("fits");
        assert_eq!(open(&path).1, [put[0].clone(), put[1].clone(), later]);
        again.clear().expect("cleared");
        assert!(again.read().expect("readable").is_empty());
    }

    #[test]
    fn without_events_a_frame_is_as_it_was_before_there_were_any() {
        for (events, entries) in [(Vec::new(), 7), (vec![event(&TenantId::operator())], 8)] {
            let put = Decision { events, ..decision("a") };
            let mut frames = Vec::new();
            push_frame(&mut frames, &put);
            // A map in CBOR, with so many entries.
            assert_eq!(frames[HEAD], 0xa0 | entries);
            assert_eq!(Frames::of(&frames).decisions, [put]);
        }
    }

    #[test]
    fn a_damaged_frame_hides_no_other() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("spool.bin");
        let put = [decision("a"), decision("b"), decision("c")];
        open(&path).0.append(put.iter()).expect("fits");
        let mut bytes = fs::read(&path).expect("readable");
        bytes[60] ^= 1;
        fs::write(&path, bytes).expect("written");
        assert_eq!(open(&path).1, put[1..]);
        assert!(path.with_extension("damaged").is_file());
    }

    #[test]
    fn is_bounded() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (mut spool, _) = Spool::open(&folder.path().join("spool.bin"), 100).expect("opened");
        assert_eq!(spool.append([decision("a")].iter()), Err(StoreError::Overloaded));
        assert!(spool.is_empty());
    }
}
