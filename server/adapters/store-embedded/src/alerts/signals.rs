//! Who waits for alerts is told by these.

use super::journal;
use rusqlite::Connection;
use tokio::sync::watch;

/// What the open transaction added that somebody may wait for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Added {
    /// Events that came into the inbox.
    pub events: u64,
    /// The last entry of the journal of alerts that was added; 0 when none was.
    pub entry: u64,
}

/// What the writer tells once a transaction is durable.
pub(crate) struct Signals {
    accepted: watch::Sender<u64>,
    settled: watch::Sender<u64>,
}

/// How those see it who wait.
#[derive(Clone)]
pub(crate) struct Watches {
    /// Counts the events that were accepted since the start.
    pub accepted: watch::Receiver<u64>,
    /// The entry up to which the journal of alerts is durable.
    pub settled: watch::Receiver<u64>,
}

impl Signals {
    /// As of the last transaction of the file.
    pub fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let last = journal::last(connection)?;
        Ok(Self { accepted: watch::Sender::new(0), settled: watch::Sender::new(last) })
    }

    /// What a transaction added is durable.
    pub fn tell(&self, added: Added) {
        if added.events > 0 {
            self.accepted.send_modify(|count| *count += added.events);
        }
        if added.entry > 0 {
            self.settled.send_replace(added.entry);
        }
    }

    pub fn subscribe(&self) -> Watches {
        Watches { accepted: self.accepted.subscribe(), settled: self.settled.subscribe() }
    }
}
