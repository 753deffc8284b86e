//! The recent texts of one sender in one conversation.

use std::{collections::VecDeque, sync::Arc};
use umpire_model::{Message, Timestamp};
use umpire_rules::{Piece, Preceding};
use umpire_tenancy::MessageWindow;

/// About what an entry takes beside its text and id.
const ENTRY_BYTES: usize = 128;

/// The recent texts of one sender, oldest first.
#[derive(Default)]
pub(super) struct Written {
    pub entries: VecDeque<Entry>,
    /// When it was last used, in the shard's counting.
    pub used: u64,
}

/// What is kept of one message.
pub(super) struct Entry {
    /// Ascending within a shard.
    pub number: u64,
    pub message_id: Arc<str>,
    pub time: Timestamp,
    /// The end of its text.
    tail: Box<str>,
    /// Where the tail starts in the text. When that is not its start, nothing that was
    /// written before goes on in it.
    byte_offset: usize,
    utf16_offset: usize,
}

impl Entry {
    /// Without a number yet.
    pub fn of(message: &Message<'_>, limits: &MessageWindow, time: Timestamp) -> Self {
        let last = (limits.max_chars as usize).saturating_sub(1);
        let start = message.text.char_indices().rev().nth(last).map_or(0, |(start, _)| start);
        Self {
            number: 0,
            message_id: message.message_id.into(),
            time,
            tail: message.text[start..].into(),
            byte_offset: start,
            utf16_offset: units(&message.text[..start]),
        }
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.tail.len() + self.message_id.len() + ENTRY_BYTES
    }

    /// Forgets the text up to `end`, counted in bytes from its start.
    fn cut(&mut self, end: usize) {
        let used = end.saturating_sub(self.byte_offset).min(self.tail.len());
        self.byte_offset += used;
        self.utf16_offset += units(&self.tail[..used]);
        self.tail = self.tail[used..].into();
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Written {
    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.entries.iter().map(Entry::bytes).sum()
    }

    /// What a message goes on from: the texts before it, as far back as one joins the
    /// next. Of a message that is known already, those before it was first seen.
    pub fn preceding(&self, limits: &MessageWindow, message_id: &str, now: Timestamp) -> Preceding {
        let end = self.known(message_id).unwrap_or(self.entries.len());
        let most = (limits.max_messages as usize).saturating_sub(1);
        let mut start = end;
        for entry in self.entries.range(..end).rev().take(most) {
            if is_old(entry, limits, now) {
                break;
            }
            start -= 1;
            if entry.byte_offset > 0 {
                break;
            }
        }
        join(self.entries.range(start..end))
    }

    /// Where the message with this id is; `None` too when it has none.
    fn known(&self, message_id: &str) -> Option<usize> {
        let is_it = |entry: &Entry| *entry.message_id == *message_id;
        self.entries.iter().position(is_it).filter(|_| !message_id.is_empty())
    }

    /// Keeps a message, and no more than the limits say; `false` when its id is known.
    pub fn push(&mut self, entry: Entry, limits: &MessageWindow) -> bool {
        if self.known(&entry.message_id).is_some() {
            return false;
        }
        let now = entry.time;
        self.entries.push_back(entry);
        let is_spare = |entries: &VecDeque<Entry>| {
            entries.len() > limits.max_messages as usize
                || entries.front().is_some_and(|oldest| is_old(oldest, limits, now))
        };
        while is_spare(&self.entries) {
            self.entries.pop_front();
        }
        true
    }

    /// Takes everything up to `end` of the message with this number out. What comes before
    /// it stays as far as its id is needed: its text no longer joins what follows.
    pub fn cut(&mut self, number: u64, end: usize) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) {
            entry.cut(end);
        }
    }
}

fn is_old(entry: &Entry, limits: &MessageWindow, now: Timestamp) -> bool {
    now.micros_since(entry.time) > limits.max_age_millis * 1_000
}

fn join<'e>(entries: impl Iterator<Item = &'e Entry>) -> Preceding {
    let mut preceding = Preceding::default();
    for entry in entries.filter(|entry| !entry.tail.is_empty()) {
        preceding.pieces.push(Piece {
            message_id: entry.message_id.clone(),
            at: preceding.text.len(),
            byte_offset: entry.byte_offset,
            utf16_offset: entry.utf16_offset,
        });
        preceding.text.push_str(&entry.tail);
    }
    preceding
}
