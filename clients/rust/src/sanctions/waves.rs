//! Many sanctions at once.

use super::Sanctions;
use crate::{
    Error, Umpire,
    length::length,
    retry::Retry,
    v1::{
        BatchLiftSanctionsRequest, BatchLiftSanctionsResponse, DrainHeldSanctionsRequest,
        DrainHeldSanctionsResponse, DrainMode, batch_lift_sanctions_response::Result as Lifted,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use std::time::Duration;

/// A lift of many sanctions that has not been made: [`preview`](BatchLift::preview) it,
/// then [`stream`](BatchLift::stream) or [`run`](BatchLift::run) it.
#[derive(Debug, Clone)]
#[must_use = "nothing is lifted until it is run"]
pub struct BatchLift {
    umpire: Umpire,
    request: BatchLiftSanctionsRequest,
}

/// A decision about sanctions that are HELD, which has not been made:
/// [`preview`](Drain::preview) it, then [`run`](Drain::run) it.
#[derive(Debug, Clone)]
#[must_use = "nothing is decided until it is run"]
pub struct Drain {
    umpire: Umpire,
    request: DrainHeldSanctionsRequest,
}

impl Sanctions {
    /// Lifts every sanction that a filter lets through and that can be lifted.
    pub fn lift_all(&self, filter: impl Into<String>, reason: impl Into<String>) -> BatchLift {
        let request = BatchLiftSanctionsRequest {
            parent: self.0.tenant.parent(),
            filter: filter.into(),
            reason: reason.into(),
            ..<_>::default()
        };
        BatchLift { umpire: self.0.clone(), request }
    }

    /// Decides about sanctions that the safety switch holds: lets them go out, drops them,
    /// or tries some of them.
    pub fn drain(&self, mode: DrainMode, reason: impl Into<String>) -> Drain {
        let request = DrainHeldSanctionsRequest {
            parent: self.0.tenant.parent(),
            mode: mode as i32,
            reason: reason.into(),
            ..<_>::default()
        };
        Drain { umpire: self.0.clone(), request }
    }
}

impl BatchLift {
    /// With `true` the strikes come back that the sanctions cleared, but for those of the
    /// last messages.
    pub fn restore_strikes(mut self, yes: bool) -> Self {
        self.request.restore_strikes = yes;
        self
    }

    /// For so long the rules do not count these subjects; as each rule says unless given.
    pub fn grace(mut self, lasting: Duration) -> Self {
        self.request.grace = Some(length(lasting));
        self
    }

    /// What would be lifted. Nothing is.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a filter that cannot be read, and what any call may fail with.
    pub async fn preview(&self) -> Result<Lifted, Error> {
        let preview = Self {
            umpire: self.umpire.clone(),
            request: BatchLiftSanctionsRequest { validate_only: true, ..self.request.clone() },
        };
        preview.run().await
    }

    /// Lifts, and tells how far it is; what was lifted is in the last answer. To drop the
    /// stream stops after the sanctions that are lifted. Must be polled within a tokio
    /// runtime.
    pub fn stream(self) -> BoxStream<'static, Result<BatchLiftSanctionsResponse, Error>> {
        let Self { umpire, request } = self;
        let answers = async move {
            let opened = umpire.raw_sanctions().batch_lift_sanctions(request).await;
            Ok::<_, Error>(opened.map_err(Error::from)?.into_inner().map_err(Error::from))
        };
        stream::once(answers).try_flatten().boxed()
    }

    /// Lifts to the end.
    ///
    /// # Errors
    /// As [`preview`](BatchLift::preview). Sanctions that are lifted by then stay lifted.
    pub async fn run(self) -> Result<Lifted, Error> {
        let mut answers = self.stream();
        let mut lifted = None;
        while let Some(answer) = answers.try_next().await? {
            lifted = answer.result.or(lifted);
        }
        lifted.ok_or(Error::Incomplete("result"))
    }
}

impl Drain {
    /// Only held sanctions that a filter lets through.
    pub fn filter(mut self, filter: impl Into<String>) -> Self {
        self.request.filter = filter.into();
        self
    }

    /// With [`DrainMode::Sample`]: so many of them, the oldest.
    pub fn sample_size(mut self, count: i32) -> Self {
        self.request.sample_size = count;
        self
    }

    /// Which the mode would take hold of. It does not.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a filter that cannot be read, and what any call may fail with.
    pub async fn preview(&self) -> Result<DrainHeldSanctionsResponse, Error> {
        let request = DrainHeldSanctionsRequest { validate_only: true, ..self.request.clone() };
        drained(&self.umpire, Retry::Safe, request).await
    }

    /// Decides. It is not tried again by itself: a second time would take hold of others.
    ///
    /// # Errors
    /// As [`preview`](Drain::preview).
    pub async fn run(self) -> Result<DrainHeldSanctionsResponse, Error> {
        drained(&self.umpire, Retry::Never, self.request).await
    }
}

async fn drained(
    umpire: &Umpire,
    retry: Retry,
    request: DrainHeldSanctionsRequest,
) -> Result<DrainHeldSanctionsResponse, Error> {
    umpire
        .call(retry, request, |request| {
            let mut client = umpire.raw_sanctions();
            async move { client.drain_held_sanctions(request).await }
        })
        .await
}
