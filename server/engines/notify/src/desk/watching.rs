//! What consoles follow.

use super::{Desk, DeskError};
use crate::{Alert, AlertField, Happening, HappeningKind, Told, meets, port::Alerts};
use std::sync::Arc;
use tokio::sync::watch;
use umpire_model::{StoreError, TenantId, Timestamp};
use umpire_query::{Expr, PageToken, Position};

/// Entries of the journal that are read at once.
const PAGE: usize = 500;

/// Something a console is told.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchEvent {
    /// Token to go on after it.
    pub resume: String,
    /// What; `None`: nothing new.
    pub happened: Option<Happened>,
}

/// What happened to an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// What.
    pub kind: HappeningKind,
    /// The alert as it was right after.
    pub alert: Box<Alert>,
    /// Why, where the alert does not say.
    pub cause: String,
    /// When.
    pub time: Timestamp,
}

/// What happens to the alerts of a tenant that meet a filter right after it, in the order
/// of the journal, nothing lost and nothing twice.
pub struct Watch {
    store: Arc<dyn Alerts>,
    tenant: TenantId,
    filter: Expr<AlertField>,
    tokens: PageToken,
    settled: watch::Receiver<u64>,
    /// Sequence up to which everything was read and given.
    given: u64,
}

impl Desk {
    /// Watches alerts: from now on, or from where a resume token says. `filter_text` is what
    /// `filter` was made of; a token is good for that alone.
    ///
    /// # Errors
    /// [`DeskError`]: a token that is damaged, another stream's, or too old.
    pub async fn watch(
        &self,
        tenant: &TenantId,
        filter: Expr<AlertField>,
        filter_text: &str,
        resume: &str,
    ) -> Result<Watch, DeskError> {
        let parts = ["StreamAlerts", &self.secret, tenant.as_str(), filter_text];
        let tokens = PageToken::of(&parts);
        let settled = self.store.settled();
        let given = match tokens.decode(resume)? {
            Some(cursor) => self.resumed(&cursor).await?,
            None => *settled.borrow(),
        };
        let (store, tenant) = (self.store.clone(), tenant.clone());
        Ok(Watch { store, tenant, filter, tokens, settled, given })
    }

    /// The sequence a token goes on after.
    async fn resumed(&self, cursor: &[u8]) -> Result<u64, DeskError> {
        let position = Position::decode(cursor).ok_or(DeskError::InvalidToken)?;
        let sequence = position.sequence(&self.store.journal_name());
        let settled = *self.store.settled().borrow();
        // A token may be from before the data folder was restored from a copy.
        let sequence = sequence.filter(|sequence| *sequence <= settled);
        let sequence = sequence.ok_or(DeskError::InvalidToken)?;
        check_kept(&*self.store, sequence).await?;
        Ok(sequence)
    }
}

/// Nothing after this sequence is forgotten.
async fn check_kept(store: &dyn Alerts, sequence: u64) -> Result<(), DeskError> {
    let forgotten = store.forgotten().await?;
    if sequence < forgotten {
        return Err(DeskError::TokenExpired { oldest: forgotten + 1 });
    }
    Ok(())
}

impl Watch {
    /// What happened next, in order, at least one; waits while there is nothing. It may be
    /// dropped while it waits.
    ///
    /// # Errors
    /// [`DeskError`]; the watch is over.
    pub async fn next(&mut self) -> Result<Vec<WatchEvent>, DeskError> {
        loop {
            let events = self.read_on().await?;
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    /// Says that nothing is new, with a token to go on after everything that was given.
    #[must_use]
    pub fn checkpoint(&self) -> WatchEvent {
        WatchEvent { resume: self.token(self.given), happened: None }
    }

    /// Reads on in the journal; at its end waits for more, which need not be for this one.
    async fn read_on(&mut self) -> Result<Vec<WatchEvent>, DeskError> {
        let given = self.given;
        let until = match self.settled.wait_for(|settled| *settled > given).await {
            Ok(settled) => *settled,
            Err(_) => return Err(StoreError::Unavailable("the journal is closed".into()).into()),
        };
        let told = self.store.journal(self.tenant.clone(), given, until, PAGE).await?;
        // Only afterwards: what is forgotten while it is read would be missing.
        check_kept(&*self.store, given).await?;
        let last = told.last().filter(|_| told.len() == PAGE);
        self.given = last.map_or(until, |last| last.sequence);
        Ok(told.into_iter().filter_map(|told| self.event(told)).collect())
    }

    fn event(&self, told: Told) -> Option<WatchEvent> {
        let Told { sequence, time, happening, .. } = told;
        let Happening { kind, alert, cause } = happening;
        if !meets(&self.filter, &alert) {
            return None;
        }
        let happened = Some(Happened { kind, alert, cause, time });
        Some(WatchEvent { resume: self.token(sequence), happened })
    }

    /// The token to go on after a sequence.
    fn token(&self, sequence: u64) -> String {
        let position = Position::of(self.store.journal_name(), sequence);
        self.tokens.encode(Some(&position.encode()))
    }
}
