//! The notifier's turns.

use super::{Notifier, SWEEP, silences};
use crate::{
    World,
    crash::crash_point,
    dispatch::{self, Batch, Landed},
    intake,
    port::Turn,
    turn::turn,
};
use tokio::time::Instant;
use umpire_model::{StoreError, TenantId, Timestamp};

/// Events, alerts or deliveries that a turn looks at.
const BATCH: usize = 200;
/// Most receivers that are told at once.
const AT_ONCE: usize = 256;

/// What came of a round.
struct Round {
    more: bool,
    next: Option<Timestamp>,
    batches: Vec<Batch>,
}

impl Notifier {
    /// The whole way, in one turn: settles what was sent, makes alerts of events and notices
    /// of alerts, and takes what is to be sent next. A `wide` one looks after what comes with
    /// time, too.
    pub(super) async fn round(&mut self, wide: bool) -> Result<(), StoreError> {
        self.again = false;
        self.landed.extend(self.flights.landed());
        let (now, busy) = (self.clock.now(), self.flights.busy());
        let room = AT_ONCE.saturating_sub(busy.len());
        let (world, landed) = (self.desk.world().clone(), self.landed.clone());
        let since = wide.then_some(self.ended);
        let work = move |turn: &mut dyn Turn| -> Result<Round, StoreError> {
            settle_all(turn, &world, landed, now)?;
            if let Some(since) = since {
                silences::tell(turn, &world, since, now)?;
            }
            let mut more = advance(turn, &world, now)?;
            if wide {
                more |= dispatch::back(turn, &world, now, BATCH)? >= BATCH;
            }
            let leased = dispatch::lease(turn, &world, now, room, &busy)?;
            Ok(Round { more: more || leased.more, next: leased.next, batches: leased.batches })
        };
        let Round { more, next, batches } = turn(self.store(), work).await?;
        self.has_settled();
        self.again |= more;
        let known = self.next.filter(|known| now < *known);
        self.next = [next, known].into_iter().flatten().min();
        if wide {
            self.has_looked_back(now);
        }
        if !batches.is_empty() {
            crash_point("alerts-leased");
        }
        batches.into_iter().for_each(|batch| self.flights.start(batch));
        Ok(())
    }

    /// Notes what has become of what was sent, and nothing else.
    pub(super) async fn settle(&mut self) -> Result<(), StoreError> {
        if self.landed.is_empty() {
            return Ok(());
        }
        let (now, landed) = (self.clock.now(), self.landed.clone());
        let world = self.desk.world().clone();
        let work = move |turn: &mut dyn Turn| settle_all(turn, &world, landed, now);
        turn(self.store(), work).await?;
        self.has_settled();
        Ok(())
    }

    fn has_settled(&mut self) {
        if !self.landed.is_empty() {
            crash_point("alerts-settled");
            self.landed.clear();
        }
    }

    fn has_looked_back(&mut self, now: Timestamp) {
        // A clock that is put back has no silence told of twice.
        self.ended = self.ended.max(now);
        if self.swept.is_none_or(|at| at.elapsed() >= SWEEP) {
            self.swept = Some(Instant::now());
        }
    }
}

/// Makes alerts of events, and does what is due for alerts and groups; says whether there may
/// be more.
fn advance(turn: &mut dyn Turn, world: &World, now: Timestamp) -> Result<bool, StoreError> {
    let taken = intake::take_in(turn, world, now, BATCH)?;
    if taken > 0 {
        crash_point("alerts-taken-in");
    }
    let tended = intake::tend(turn, world, now, BATCH)?;
    Ok(taken >= BATCH || tended >= BATCH)
}

fn settle_all(
    turn: &mut dyn Turn,
    world: &World,
    landed: Vec<Landed>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for landed in landed {
        dispatch::settle(turn, world, landed, now)?;
    }
    Ok(())
}

/// Whether any receiver makes tests by itself.
pub(super) fn makes_tests(world: &World) -> bool {
    let makes = |tenant: &TenantId| {
        let shelf = world.receivers_of(tenant);
        shelf.iter().any(|kept| kept.item.test_interval > 0 && !kept.item.disabled)
    };
    world.receivers.tenants().iter().any(makes)
}
