//! Undoing a wave.

use super::{Sanctions, single::lift_from};
use crate::{
    convert::sanction, error::ApiError, handler::recheck, locale::Locale, names::own_tenant,
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use std::{ops::Range, sync::Arc};
use tonic::Status;
use umpire_model::TenantId;
use umpire_proto::v1::{self as pb, batch_lift_sanctions_response as lifted};
use umpire_sanctions::{Lift, Sanction, Wave};
use umpire_tenancy::Caller;

/// Sanctions that are lifted in one turn; after each the caller hears how far it is.
const CHUNK: usize = 100;

/// How far it is, again and again; what it came to last.
pub(super) type Progress = BoxStream<'static, Result<pb::BatchLiftSanctionsResponse, Status>>;

impl Sanctions {
    pub(super) async fn lift_wave(
        &self,
        caller: Arc<Caller>,
        request: &pb::BatchLiftSanctionsRequest,
        locale: Locale,
    ) -> Result<Progress, ApiError> {
        let tenant = own_tenant(&caller, &request.parent)?;
        for (field, text) in [("filter", &request.filter), ("reason", &request.reason)] {
            if text.trim().is_empty() {
                return Err(ApiError::invalid(field, "must be set"));
            }
        }
        let filter = umpire_query::parse(&request.filter)?;
        let lift = lift_from(request.restore_strikes, request.grace)?;
        let wave = self.court.wave(&tenant, &filter).await?;
        if request.validate_only {
            let answer = answer(0, &wave, Some((wave.ids.len() as u64, &wave.sample[..])));
            return Ok(stream::iter([Ok(answer)]).boxed());
        }
        let (service, reason) = (self.clone(), request.reason.clone());
        let work = Arc::new(Work { service, caller, tenant, wave, lift, reason });
        Ok(progress(Lifting { work, locale, done: 0, lifted: 0 }))
    }
}

/// What is to be lifted, and how.
struct Work {
    service: Sanctions,
    caller: Arc<Caller>,
    tenant: TenantId,
    wave: Wave,
    lift: Lift,
    reason: String,
}

/// A wave that is being lifted: the next ones are when the caller has heard of those
/// before, and none any more when it has gone away.
struct Lifting {
    work: Arc<Work>,
    locale: Locale,
    done: usize,
    lifted: u64,
}

fn progress(lifting: Lifting) -> Progress {
    let answers = stream::unfold(Some(lifting), |lifting| async {
        let mut lifting = lifting?;
        match lifting.next().await {
            Ok(answer) => {
                let goes_on = answer.result.is_none();
                Some((Ok(answer), goes_on.then_some(lifting)))
            }
            Err(error) => Some((Err(error.status(lifting.locale)), None)),
        }
    });
    answers.boxed()
}

impl Lifting {
    async fn next(&mut self) -> Result<pb::BatchLiftSanctionsResponse, ApiError> {
        let (work, wave) = (&self.work, &self.work.wave);
        let end = (self.done + CHUNK).min(wave.ids.len());
        if end > self.done {
            work.may_go_on()?;
            // In a task of its own: a caller who goes away leaves no chunk half told.
            let chunk = tokio::spawn(work.clone().lift(self.done..end)).await;
            let chunk = chunk.map_err(|panicked| ApiError::Internal(panicked.to_string()))?;
            self.lifted += chunk?;
            self.done = end;
        }
        if end < wave.ids.len() {
            return Ok(answer(end, wave, None));
        }
        Ok(answer(end, wave, Some((self.lifted, &work.sample().await?[..]))))
    }
}

impl Work {
    /// Neither the server nor the caller's credential comes to an end.
    fn may_go_on(&self) -> Result<(), ApiError> {
        if *self.service.draining.borrow() {
            return Err(ApiError::ShuttingDown);
        }
        recheck(&self.service.directory, &*self.service.clock, &self.caller)
    }

    async fn lift(self: Arc<Self>, some: Range<usize>) -> Result<u64, ApiError> {
        let act = self.service.act(&self.caller, &self.reason, None);
        let ids = self.wave.ids.get(some).unwrap_or_default();
        Ok(self.service.court.lift_some(&self.tenant, ids, &self.lift, &act).await?)
    }

    /// The first of them, as they are now.
    async fn sample(&self) -> Result<Vec<Sanction>, ApiError> {
        let mut sample = Vec::new();
        for before in &self.wave.sample {
            sample.push(self.service.court.get(&self.tenant, before.id).await?);
        }
        Ok(sample)
    }
}

/// How far it is; in the end with how many were lifted, and the first of them.
fn answer(
    done: usize,
    wave: &Wave,
    result: Option<(u64, &[Sanction])>,
) -> pb::BatchLiftSanctionsResponse {
    let result = result.map(|(count, sample)| lifted::Result {
        count: signed(count),
        sample: sample.iter().map(sanction::to_proto).collect(),
        payers: signed(wave.payers),
    });
    pb::BatchLiftSanctionsResponse {
        done: signed(done as u64),
        total: signed(wave.ids.len() as u64),
        result,
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
