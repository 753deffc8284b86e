//! Decisions put aside on disk while the database cannot be written.
//!
//! A file of frames: length (4 bytes, big-endian), SHA-256 of the body (first 8
//! bytes), body (CBOR). A frame cut short by a crash was never acknowledged and is
//! dropped.

use minicbor::{Decode, Encode, bytes::ByteArray};
use sha2::{Digest, Sha256};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::Path,
};
use umpire_audit::{Decision, MessageKey, ReplayKey};
use umpire_model::StoreError;

const HEAD: usize = 4 + 8;

pub(crate) struct Spool {
    file: File,
    len: u64,
    max_len: u64,
}

impl Spool {
    pub fn open(path: &Path, max_len: u64) -> io::Result<Self> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file, len, max_len })
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
    pub fn read(&mut self) -> io::Result<Vec<Decision>> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let mut bytes = Vec::new();
        self.file.seek(io::SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        let mut rest = bytes.as_slice();
        let mut decisions = Vec::new();
        while let Some((decision, after)) = take_frame(rest) {
            decisions.push(decision);
            rest = after;
        }
        Ok(decisions)
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
}

fn push_frame(frames: &mut Vec<u8>, decision: &Decision) {
    let spooled = Spooled {
        record: decision.record_bytes.clone(),
        content: decision.content_bytes.clone(),
        salt: decision.salt.into(),
        tokens: decision.tokens.clone(),
        key: decision.replay.map(|replay| replay.key.0.into()),
        content_digest: decision.replay.map(|replay| replay.content.into()),
    };
    let body = minicbor::to_vec(&spooled).unwrap_or_default();
    frames.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    frames.extend(&Sha256::digest(&body)[..8]);
    frames.extend(body);
}

/// The first frame and what follows it; `None` when no whole one is left.
fn take_frame(bytes: &[u8]) -> Option<(Decision, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let len = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
    let (body, rest) = rest.split_at_checked(len)?;
    if Sha256::digest(body)[..8] != head[4..] {
        return None;
    }
    let spooled: Spooled = minicbor::decode(body).ok()?;
    let replay = spooled.key.zip(spooled.content_digest);
    let decision = Decision {
        record: minicbor::decode(&spooled.record).ok()?,
        record_bytes: spooled.record,
        content_bytes: spooled.content,
        salt: *spooled.salt,
        tokens: spooled.tokens,
        replay: replay.map(|(key, content)| ReplayKey { key: MessageKey(*key), content: *content }),
    };
    Some((decision, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::{Message, TenantId, Timestamp, Verdict};

    fn decision(text: &str) -> Decision {
        let message = Message { message_id: "1", text, ..Message::default() };
        let tenant = TenantId::operator();
        let replay = ReplayKey::of(&tenant, &message);
        let verdict = Verdict::pass(1, "test".into());
        Decision::new(&tenant, "local", Timestamp(0), &message, &verdict, replay).expect("made")
    }

    #[test]
    fn survives_reopening_and_a_torn_tail() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("spool.bin");
        let put = [decision("a"), decision("b")];
        let mut spool = Spool::open(&path, 1 << 20).expect("opened");
        spool.append(put.iter()).expect("fits");
        let whole = spool.len;
        spool.append([decision("torn")].iter()).expect("fits");
        spool.file.set_len(whole + 20).expect("cut");

        let mut again = Spool::open(&path, 1 << 20).expect("opened");
        assert_eq!(again.read().expect("readable"), put);
        again.clear().expect("cleared");
        assert!(again.read().expect("readable").is_empty());
    }

    #[test]
    fn is_bounded() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut spool = Spool::open(&folder.path().join("spool.bin"), 100).expect("opened");
        assert_eq!(spool.append([decision("a")].iter()), Err(StoreError::Overloaded));
        assert!(spool.is_empty());
    }
}
