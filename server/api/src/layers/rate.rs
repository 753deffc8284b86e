//! How many calls a second each key may make.

use governor::{
    Quota, RateLimiter, clock::Clock as GovernorClock, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::DashMapStateStore,
};
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use umpire_model::Clock;

/// A limit for each caller; bursts of a second's worth are let through.
pub struct Rate {
    limiter: RateLimiter<Arc<str>, DashMapStateStore<Arc<str>>, ServerClock, NoOpMiddleware<Nanos>>,
    clock: ServerClock,
}

/// The server's clock, as the limiter wants it.
#[derive(Clone)]
struct ServerClock(Arc<dyn Clock>);

impl GovernorClock for ServerClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().0).unwrap_or(0);
        Nanos::from(micros.saturating_mul(1_000))
    }
}

impl Rate {
    /// A limit of calls a second.
    #[must_use]
    pub fn new(per_second: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        let clock = ServerClock(clock);
        let limiter = RateLimiter::dashmap_with_clock(Quota::per_second(per_second), clock.clone());
        Self { limiter, clock }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// When the caller may come back.
    pub(crate) fn count(&self, principal: &Arc<str>) -> Result<(), Duration> {
        let checked = self.limiter.check_key(principal);
        checked.map_err(|until| until.wait_time_from(self.clock.now()))
    }
}
