//! The task that carries sanctions out.

mod flights;
mod rounds;

use crate::{Court, Notice, Sanction, Webhook, lifecycle::Settled, port::Sanctions};
use flights::{Flights, Landed};
use futures_util::future::BoxFuture;
use std::{future::ready, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout_at},
};
use umpire_model::{Clock, StoreError, Timestamp};

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(200);
/// How often is asked whether anything waits, when nothing was heard.
const LOOK: Duration = Duration::from_secs(1);
/// How often deleted enforcers are looked for.
const SWEEP: Duration = Duration::from_secs(5);
/// After a failure of the store everything waits so long.
const RETRY: Duration = Duration::from_millis(500);
/// For so long a shutdown waits for tellings that are under way.
const DRAIN: Duration = Duration::from_secs(10);

/// Tells enforcers by HTTP.
pub trait Herald: Send + Sync {
    /// Tells one, and waits no longer for its answer than it may take.
    fn tell<'a>(&'a self, webhook: &'a Webhook, told: Told<'a>) -> BoxFuture<'a, Settled>;
}

/// What an enforcer is told.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// The same for every attempt at the same thing, and for nothing else.
    pub key: String,
    /// The sanction as it is now.
    pub sanction: &'a Sanction,
    /// What about it.
    pub notice: Notice,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it is made.
    pub time: Timestamp,
}

/// Lets sanctions out, tells enforcers of them and looks after what becomes of it.
///
/// It takes turns only when somebody gave word, something is due, or something waits; an
/// idle server's costs nothing. A sanction's end is data: while this does not run, nobody
/// stays banned for longer.
pub struct Scheduler {
    court: Arc<Court>,
    clock: Arc<dyn Clock>,
    flights: Flights,
    /// Tellings that ended, and were not settled yet.
    landed: Vec<Landed>,
    /// Sequence of the journal that the last turns saw.
    seen: Option<u64>,
    /// When the next sanction ends.
    next_end: Option<Timestamp>,
    /// When those that wait for a budget are looked at.
    next_out: Option<Timestamp>,
    /// When was last asked whether anything waits.
    looked: Instant,
    /// When deleted enforcers were last looked for.
    swept: Option<Instant>,
    /// There is more to do at once.
    again: bool,
    /// The store is away, and somebody was told.
    away: bool,
}

impl Scheduler {
    /// A scheduler that does nothing until it [runs](Self::run).
    #[must_use]
    pub fn new(court: Arc<Court>, herald: Arc<dyn Herald>, clock: Arc<dyn Clock>) -> Self {
        let flights = Flights::new(herald, court.policy());
        Self {
            court,
            clock,
            flights,
            landed: Vec::new(),
            seen: None,
            next_end: None,
            next_out: None,
            looked: Instant::now(),
            swept: None,
            again: false,
            away: false,
        }
    }

    /// Carries sanctions out until the server shuts down. What is being told then is waited
    /// for; what is cut off all the same is told again after the next start.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        let court = self.court.clone();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let worked = tokio::select! {
                () = asked(&mut shutdown) => break,
                () = court.wake().notified() => self.front(false).await,
                Some(landed) = self.flights.land() => {
                    self.landed.push(landed);
                    self.front(false).await
                }
                () = ready(()), if self.again => self.all(false).await,
                _ = tick.tick() => self.look().await,
            };
            if let Err(error) = &worked {
                if !self.away {
                    tracing::error!(%error, "sanctions wait for the store");
                }
                self.again = true;
                sleep(RETRY).await;
            }
            self.away = worked.is_err();
        }
        self.close().await;
    }

    /// Looks whether there is anything to do.
    async fn look(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let is_due = |next: Option<Timestamp>| next.is_some_and(|next| next <= now);
        if is_due(self.next_out) {
            return self.all(true).await;
        }
        if is_due(self.next_end) || self.seen != Some(self.settled()) {
            return self.all(false).await;
        }
        if self.looked.elapsed() >= LOOK {
            self.looked = Instant::now();
            let waiting = self.store().waiting(now).await?;
            let stale = now.plus_seconds(-i64::try_from(self.court.policy().stale).unwrap_or(0));
            let is_stale = waiting.oldest.is_some_and(|oldest| oldest < stale);
            let sweeps = waiting.jobs > 0 && self.swept.is_none_or(|at| at.elapsed() >= SWEEP);
            if waiting.unsent > 0 || is_due(waiting.due) || is_stale || sweeps {
                return self.all(true).await;
            }
        }
        Ok(())
    }

    async fn all(&mut self, wide: bool) -> Result<(), StoreError> {
        self.again = false;
        self.seen = Some(self.settled());
        self.front(wide).await?;
        self.back().await
    }

    /// Waits for what is being told, and notes what has become of it.
    async fn close(mut self) {
        let deadline = Instant::now() + DRAIN;
        while let Ok(Some(landed)) = timeout_at(deadline, self.flights.land()).await {
            self.landed.push(landed);
        }
        if let Err(error) = self.settle().await {
            tracing::warn!(%error, "enforcers will be told again what they were just told");
        }
    }

    fn store(&self) -> &dyn Sanctions {
        &**self.court.store()
    }

    fn settled(&self) -> u64 {
        *self.store().settled().borrow()
    }
}

async fn asked(shutdown: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is as good.
    let _ = shutdown.wait_for(|down| *down).await;
}
