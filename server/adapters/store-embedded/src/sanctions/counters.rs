//! Counters that the writer keeps in memory.

use super::strikes::{self, CounterKey};
use rusqlite::Connection;
use std::collections::{HashMap, hash_map::Entry};
use umpire_model::{TenantId, Timestamp};
use umpire_sanctions::{Change, Strike, Strikes};

/// Most counters that are kept.
const MAX_COUNTERS: usize = 32_768;
/// Most strikes that are read before all are forgotten: some 16 MB.
const MAX_STRIKES: usize = 1_000_000;

/// Counters as the open transaction sees them, read from the tables when they are asked
/// for. To be [cleared](Self::clear) whenever something is undone.
#[derive(Default)]
pub(crate) struct Counters {
    known: HashMap<CounterKey, Strikes>,
    /// Strikes that came in since all were forgotten.
    strikes: usize,
}

impl Counters {
    /// A counter.
    pub fn get(&mut self, connection: &Connection, key: CounterKey) -> rusqlite::Result<&Strikes> {
        if self.known.len() >= MAX_COUNTERS || self.strikes >= MAX_STRIKES {
            self.clear();
        }
        match self.known.entry(key) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let read = strikes::load(connection, place.key())?;
                self.strikes += read.iter().count();
                Ok(place.insert(read))
            }
        }
    }

    /// Brings the known counters up to a change that is projected.
    pub fn apply(&mut self, tenant: &TenantId, time: Timestamp, change: &Change) {
        match change {
            Change::Counted { subject, strikes, .. } => {
                let subject = subject.key();
                for strike in strikes {
                    self.count(&(tenant.clone(), strike.rule.clone(), subject), time, strike);
                }
            }
            Change::Strikes { subject, rule, .. } => {
                // Rare: it is read again when it is asked for.
                self.known.remove(&(tenant.clone(), rule.clone(), subject.key()));
            }
            Change::RuleDeleted { rule } => {
                self.known.retain(|(owner, counts, _), _| owner != tenant || counts != rule);
            }
            Change::Grace { .. } | Change::Sanction { .. } | Change::Safety(_) => {}
            Change::Alert(_) => {}
        }
    }

    fn count(&mut self, key: &CounterKey, time: Timestamp, strike: &Strike) {
        let Some(known) = self.known.get_mut(key) else { return };
        if strike.crossed {
            known.clear();
        } else {
            known.add(known.effective(time), strike.weight, strike.window);
            self.strikes += 1;
        }
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.known.clear();
        self.strikes = 0;
    }
}
