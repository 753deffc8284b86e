//! What holds for whom, in memory: a projection of the journal.

use crate::{Change, Entry, Sanction, State, Subject, court::entries_after, port::Sanctions};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::sync::Mutex;
use umpire_model::{SanctionId, SanctionKind, StoreError, TenantId, Timestamp};

/// The open mutes and bans of every user.
pub(crate) struct View {
    kept: RwLock<Kept>,
    /// The latest moment at which it was known to be complete, in microseconds.
    complete: AtomicI64,
    /// Held while the journal is read.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    /// By tenant and user.
    open: HashMap<TenantId, HashMap<String, Vec<Arc<Sanction>>>>,
    held: HashMap<TenantId, HashSet<SanctionId>>,
    /// Sequence of the last entry that is in it.
    applied: u64,
}

/// What is kept in memory: without the strikes that lifting it would bring back, of which
/// there may be thousands.
fn slim(sanction: Sanction) -> Arc<Sanction> {
    Arc::new(Sanction { cleared: Vec::new(), ..sanction })
}

impl View {
    /// The view as of now.
    pub async fn load(store: &dyn Sanctions) -> Result<Self, StoreError> {
        let (sequence, open) = store.open(None).await?;
        let last = store.journal(sequence.saturating_sub(1), 1).await?;
        let last = last.first().filter(|entry| entry.sequence <= sequence);
        Ok(Self::of(sequence, open, last.map_or(Timestamp(0), |entry| entry.time)))
    }

    /// A view of these, as of a sequence that was written at `time`.
    fn of(sequence: u64, open: Vec<Sanction>, time: Timestamp) -> Self {
        let mut kept = Kept { applied: sequence, ..Kept::default() };
        for sanction in open {
            kept.keep(slim(sanction));
        }
        let complete = AtomicI64::new(time.0);
        Self { kept: RwLock::new(kept), complete, reading: Mutex::new(()) }
    }

    /// Brings it up to the settled part of the journal.
    pub async fn catch_up(&self, store: &dyn Sanctions) -> Result<(), StoreError> {
        let _one_at_a_time = self.reading.lock().await;
        let settled = *store.settled().borrow();
        loop {
            let applied = self.applied();
            if applied >= settled {
                return Ok(());
            }
            self.apply(entries_after(store, applied).await?);
        }
    }

    /// Brings it up to these entries, which follow those it has.
    fn apply(&self, entries: Vec<Entry>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            if entry.sequence <= kept.applied {
                continue;
            }
            kept.applied = entry.sequence;
            self.complete.fetch_max(entry.time.0, Ordering::Relaxed);
            if let Change::Sanction { sanction, .. } = entry.change {
                kept.keep(slim(*sanction));
            }
        }
    }

    /// Sequence of the last entry that is in it.
    pub fn applied(&self) -> u64 {
        self.read().applied
    }

    /// Up to when it is complete, when the journal is settled up to a sequence.
    pub fn as_of(&self, settled: u64, now: Timestamp) -> Timestamp {
        if self.applied() >= settled {
            self.complete.fetch_max(now.0, Ordering::Relaxed);
            return now;
        }
        Timestamp(self.complete.load(Ordering::Relaxed)).min(now)
    }

    /// What restricts a subject at `now`, permanent ones first, then what ends last.
    pub fn restrictions(
        &self,
        tenant: &TenantId,
        subject: &Subject,
        now: Timestamp,
    ) -> Vec<Arc<Sanction>> {
        let kept = self.read();
        let of_user = kept.open.get(tenant).and_then(|users| users.get(&subject.user_id));
        let of_user = of_user.into_iter().flatten();
        let holds = |known: &Sanction| known.restricts(now) && known.subject.covers(subject);
        let mut found: Vec<_> = of_user.filter(|known| holds(known)).cloned().collect();
        drop(kept);
        found.sort_by_key(|known| {
            let end = known.end_time.unwrap_or(Timestamp(i64::MAX));
            (Reverse(end), Reverse(known.kind), known.id)
        });
        found
    }

    /// How many sanctions of a tenant are HELD.
    pub fn held(&self, tenant: &TenantId) -> u64 {
        self.read().held.get(tenant).map_or(0, |held| held.len() as u64)
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        // What a panic could leave behind is as good as what was there before it.
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Takes a sanction as it is now.
    fn keep(&mut self, sanction: Arc<Sanction>) {
        let held = self.held.entry(sanction.tenant.clone()).or_default();
        if sanction.state == State::Held {
            held.insert(sanction.id);
        } else {
            held.remove(&sanction.id);
        }
        let user = sanction.subject.user_id.clone();
        let users = self.open.entry(sanction.tenant.clone()).or_default();
        let of_user = users.entry(user.clone()).or_default();
        of_user.retain(|known| known.id != sanction.id);
        // A warning restricts nobody, and has no end at which it could be forgotten.
        if sanction.is_open() && sanction.kind != SanctionKind::Warn {
            of_user.push(sanction);
        }
        if of_user.is_empty() {
            users.remove(&user);
        }
    }
}

#[cfg(test)]
mod tests;
