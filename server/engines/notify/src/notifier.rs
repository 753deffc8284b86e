//! The task that makes alerts of events, and hands notices to vendors.

mod flights;
mod rounds;
mod silences;
#[cfg(test)]
mod tests;

use crate::{Courier, Desk, dispatch::Landed, port::Alerts, turn::turn};
use flights::Flights;
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
/// How often is looked for tests that are due.
const SWEEP: Duration = Duration::from_secs(10);
/// How often old data is forgotten.
const FORGET: Duration = Duration::from_secs(3_600);
/// After a failure of the store everything waits so long.
const RETRY: Duration = Duration::from_millis(500);
/// For so long a shutdown waits for calls that are under way.
const DRAIN: Duration = Duration::from_secs(10);

/// Makes alerts of events, and sees that their notices come to an end.
///
/// It takes turns only when somebody gave word, something is due, or something waits; an idle
/// server's costs nothing. What is accepted while it does not run waits in the inbox.
pub struct Notifier {
    desk: Arc<Desk>,
    clock: Arc<dyn Clock>,
    flights: Flights,
    /// Batches that came back, and were not settled yet.
    landed: Vec<Landed>,
    /// When something is due, as far as is known.
    next: Option<Timestamp>,
    /// When was last asked whether anything waits.
    looked: Instant,
    /// When was last looked for tests that are due.
    swept: Option<Instant>,
    /// When all that was old had been forgotten.
    forgot: Option<Instant>,
    /// Silences that ended until then were told of.
    ended: Timestamp,
    /// There is more to do at once.
    again: bool,
    /// The store is away, and somebody was told.
    away: bool,
}

impl Notifier {
    /// A notifier that does nothing until it [runs](Self::run).
    #[must_use]
    pub fn new(desk: Arc<Desk>, courier: Arc<dyn Courier>, clock: Arc<dyn Clock>) -> Self {
        let flights = Flights::new(desk.world().clone(), courier, clock.clone());
        let ended = clock.now().plus_seconds(-silences::LOOK_BACK);
        Self {
            desk,
            clock,
            flights,
            landed: Vec::new(),
            next: None,
            looked: Instant::now(),
            swept: None,
            forgot: None,
            ended,
            again: true,
            away: false,
        }
    }

    /// Does its work until the server shuts down. Calls that are under way then are waited
    /// for; what is cut off all the same is sent again after the next start.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        let desk = self.desk.clone();
        let mut accepted = desk.store().accepted();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let worked = tokio::select! {
                () = asked(&mut shutdown) => break,
                Ok(()) = accepted.changed() => self.round(false).await,
                () = desk.wake().notified() => self.round(false).await,
                Some(landed) = self.flights.land() => {
                    self.landed.push(landed);
                    self.round(false).await
                }
                () = ready(()), if self.again => self.round(true).await,
                _ = tick.tick() => self.look().await,
            };
            if let Err(error) = &worked {
                if !self.away {
                    tracing::error!(%error, "alerts wait for the store");
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
        let looks = self.looked.elapsed() >= LOOK;
        if looks {
            self.forget(now).await?;
        }
        if self.next.is_some_and(|next| next <= now) {
            return self.round(true).await;
        }
        if !looks {
            return Ok(());
        }
        self.looked = Instant::now();
        let waiting = self.store().waiting(now).await?;
        let is_due = waiting.due.is_some_and(|due| due <= now);
        if waiting.events > 0 || waiting.queued > 0 || is_due || self.has_own(now) {
            return self.round(true).await;
        }
        self.next = waiting.due;
        Ok(())
    }

    /// Whether a silence ended, or tests may be due.
    fn has_own(&self, now: Timestamp) -> bool {
        let world = self.desk.world();
        let sweeps = self.swept.is_none_or(|at| at.elapsed() >= SWEEP);
        !silences::ended(world, self.ended, now).is_empty()
            || (sweeps && rounds::makes_tests(world))
    }

    /// Forgets what is old, a few at once, until nothing of it is left; an hour later again.
    async fn forget(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if self.forgot.is_some_and(|at| at.elapsed() < FORGET) {
            return Ok(());
        }
        let keep = i64::try_from(self.desk.world().policy.keep).unwrap_or(i64::MAX);
        let before = now.plus_seconds(keep.saturating_neg());
        let more = turn(self.store(), move |turn| turn.forget(before)).await?;
        self.forgot = (!more).then(Instant::now);
        Ok(())
    }

    /// Waits for calls that are under way, and notes what has become of them.
    async fn close(mut self) {
        self.flights.close();
        let deadline = Instant::now() + DRAIN;
        while let Ok(Some(landed)) = timeout_at(deadline, self.flights.land()).await {
            self.landed.push(landed);
        }
        if let Err(error) = self.settle().await {
            tracing::warn!(%error, "receivers will be told again what they were just told");
        }
    }

    fn store(&self) -> &dyn Alerts {
        &**self.desk.store()
    }
}

async fn asked(shutdown: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is as good.
    let _ = shutdown.wait_for(|down| *down).await;
}
