//! What an enforcer of kind stream is told.

mod snapshot;

use super::{Court, CourtError, entries_after, resource_name};
use crate::{
    Change, Enforcer, Entry, Notice, Sanction,
    crash::crash_point,
    lifecycle,
    port::{Sanctions, Turn},
    turn::turn,
};
use std::sync::Arc;
use tokio::sync::{Notify, watch};
use umpire_catalog::{Catalog, Kept};
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp};
use umpire_query::{PageToken, Position};

/// Something a watching enforcer is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Token to go on after it; `None` within a snapshot.
    pub resume: Option<String>,
    /// What.
    pub what: What,
    /// Which telling of it this is, from 1; 0 where nothing is told.
    pub attempt: u32,
}

/// What a watching enforcer is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Carry it out: it is new, its end was moved, or it was not acknowledged in time.
    Sanction(Box<Sanction>),
    /// Undo it.
    Lifted(Box<Sanction>),
    /// Its end came.
    Expired(Box<Sanction>),
    /// This was all that is in force; changes follow.
    SnapshotEnd,
    /// Nothing new.
    Checkpoint,
}

/// The sanctions one enforcer is told of: what is in force, then every change in the
/// order of the journal, none lost and none twice.
pub struct Watch {
    store: Arc<dyn Sanctions>,
    enforcers: Arc<Catalog<Enforcer>>,
    wake: Arc<Notify>,
    tenant: TenantId,
    enforcer: ResourceId,
    tokens: PageToken,
    settled: watch::Receiver<u64>,
    stage: Stage,
    /// Sequence up to which everything was given.
    given: u64,
    /// Sequence up to which the journal was read.
    read: u64,
    /// What was read and not given yet.
    found: Vec<Found>,
}

/// How far a watch is.
enum Stage {
    /// The snapshot is still to be taken.
    Start,
    /// This of it is still to be given, the next one last.
    Snapshot(Vec<Found>),
    /// The journal is read.
    Journal,
}

/// A telling that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// Of its entry; 0 in a snapshot.
    sequence: u64,
    sanction: Box<Sanction>,
    notice: Notice,
    attempt: u32,
    /// It waits for an acknowledgement.
    open: bool,
}

impl Court {
    /// Watches what a stream enforcer is to carry out: from a snapshot on, or from where a
    /// resume token says.
    ///
    /// # Errors
    /// [`CourtError`]: no such enforcer, or no stream; a token that is damaged, another
    /// stream's, or too old.
    pub async fn watch(
        &self,
        tenant: &TenantId,
        enforcer: &ResourceId,
        resume: &str,
    ) -> Result<Watch, CourtError> {
        stream(&self.enforcers, tenant, enforcer)?;
        let parts = ["WatchSanctions", &self.secret, tenant.as_str(), enforcer.as_str()];
        let tokens = PageToken::of(&parts);
        let sequence = match tokens.decode(resume)? {
            Some(cursor) => Some(self.resumed(&cursor).await?),
            None => None,
        };
        Ok(Watch {
            store: self.store.clone(),
            enforcers: self.enforcers.clone(),
            wake: self.wake.clone(),
            tenant: tenant.clone(),
            enforcer: enforcer.clone(),
            tokens,
            settled: self.store.settled(),
            stage: if sequence.is_some() { Stage::Journal } else { Stage::Start },
            given: sequence.unwrap_or_default(),
            read: sequence.unwrap_or_default(),
            found: Vec::new(),
        })
    }

    /// The sequence a token goes on after.
    async fn resumed(&self, cursor: &[u8]) -> Result<u64, CourtError> {
        let position = Position::decode(cursor).ok_or(CourtError::InvalidToken)?;
        let sequence = position.sequence(&self.store.journal_name());
        let settled = *self.store.settled().borrow();
        // A token may be from before the data folder was restored from a copy.
        let sequence = sequence.filter(|sequence| *sequence <= settled);
        let sequence = sequence.ok_or(CourtError::InvalidToken)?;
        let oldest = self.store.oldest().await?;
        if sequence + 1 < oldest {
            return Err(CourtError::TokenExpired { oldest });
        }
        Ok(sequence)
    }
}

/// The enforcer, which must be a stream.
pub(super) fn stream(
    enforcers: &Catalog<Enforcer>,
    tenant: &TenantId,
    id: &ResourceId,
) -> Result<Arc<Kept<Enforcer>>, CourtError> {
    let name = || resource_name::<Enforcer>(tenant, id);
    let kept = enforcers.get(tenant, id).ok_or_else(|| CourtError::NotFound(name()))?;
    if kept.item.is_webhook() {
        return Err(CourtError::WrongKind(name()));
    }
    Ok(kept)
}

impl Watch {
    /// The next events, in order; waits while there are none. After a wait the answer is
    /// empty: come again, with the time of then. It may be dropped while it waits.
    ///
    /// # Errors
    /// [`CourtError`]; the watch is over.
    pub async fn next(&mut self, now: Timestamp) -> Result<Vec<Event>, CourtError> {
        if let Stage::Start = self.stage {
            self.take_snapshot(now).await?;
        }
        if let Stage::Snapshot(_) = self.stage {
            return self.next_of_snapshot(now).await;
        }
        let mut waited = false;
        while self.found.is_empty() {
            waited |= self.read_on().await?;
        }
        if waited {
            return Ok(Vec::new());
        }
        self.mark(&self.found, now).await?;
        self.given = self.read;
        let found = std::mem::take(&mut self.found);
        Ok(found.into_iter().map(|found| self.event(found)).collect())
    }

    /// Says that nothing is new, with a token to go on after everything that was given.
    #[must_use]
    pub fn checkpoint(&self) -> Event {
        let resume = matches!(self.stage, Stage::Journal).then(|| self.token(self.given));
        Event { resume, what: What::Checkpoint, attempt: 0 }
    }

    /// Reads on in the journal; at its end waits for more, and says whether it did.
    async fn read_on(&mut self) -> Result<bool, CourtError> {
        let read = self.read;
        let waits = *self.settled.borrow() <= read;
        if self.settled.wait_for(|settled| *settled > read).await.is_err() {
            return Err(StoreError::Unavailable("the journal is closed".into()).into());
        }
        let entries = entries_after(&*self.store, read).await?;
        let sequence = |entry: Option<&Entry>| entry.map_or(read, |entry| entry.sequence);
        let (first, last) = (sequence(entries.first()), sequence(entries.last()));
        if first > read + 1 {
            return Err(CourtError::TokenExpired { oldest: first });
        }
        let found = entries.into_iter().filter_map(|entry| self.told(entry));
        self.found = found.collect();
        self.read = last;
        if self.found.is_empty() {
            self.given = last;
        }
        Ok(waits)
    }

    /// What an entry tells this enforcer.
    fn told(&self, entry: Entry) -> Option<Found> {
        let Entry { sequence, tenant, change, .. } = entry;
        let Change::Sanction { sanction, telling: Some(telling) } = change else { return None };
        let mut streams = telling.streams.into_iter();
        let (_, attempt) = streams.find(|(id, _)| *id == self.enforcer)?;
        let found = Found { sequence, sanction, notice: telling.notice, attempt, open: true };
        (tenant == self.tenant).then_some(found)
    }

    /// Notes in a turn that these are on their way, so that they are told again unless they
    /// are acknowledged in time.
    async fn mark(&self, found: &[Found], now: Timestamp) -> Result<(), CourtError> {
        let kept = stream(&self.enforcers, &self.tenant, &self.enforcer)?;
        let open: Vec<_> = found.iter().filter(|found| found.open).cloned().collect();
        if open.is_empty() {
            return Ok(());
        }
        let (tenant, enforcer) = (self.tenant.clone(), self.enforcer.clone());
        let mark = move |turn: &mut dyn Turn| -> Result<(), StoreError> {
            let ack_deadline = kept.item.ack_deadline;
            for Found { sequence, sanction, notice, .. } in open {
                let id = sanction.id;
                if sequence == 0 && notice == Notice::Apply {
                    lifecycle::adopt(turn, (&enforcer, &kept.item), &tenant, id, now)?;
                }
                lifecycle::streamed(turn, &tenant, &enforcer, ack_deadline, id, notice, now)?;
            }
            Ok(())
        };
        turn(&*self.store, mark).await?;
        crash_point("streamed");
        // There are deadlines now.
        self.wake.notify_one();
        Ok(())
    }

    fn event(&self, found: Found) -> Event {
        let Found { sequence, sanction, notice, attempt, .. } = found;
        let what = match notice {
            Notice::Apply | Notice::Extend => What::Sanction(sanction),
            Notice::Lift => What::Lifted(sanction),
            Notice::Expire => What::Expired(sanction),
        };
        let resume = (sequence > 0).then(|| self.token(sequence));
        Event { resume, what, attempt }
    }

    /// The token to go on after a sequence.
    fn token(&self, sequence: u64) -> String {
        let position = Position::of(self.store.journal_name(), sequence);
        self.tokens.encode(Some(&position.encode()))
    }
}
