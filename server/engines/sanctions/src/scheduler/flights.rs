//! Tellings that are under way.

use super::{Herald, Told};
use crate::{
    Job, Policy, Sanction, Webhook,
    crash::crash_point,
    lifecycle::{Room, Settled},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::timeout,
};
use umpire_model::Timestamp;

/// Most tellings at once.
const AT_ONCE: usize = 32;
/// Most tellings at once to one enforcer.
const PER_ENFORCER: usize = 4;

/// A telling that ended.
#[derive(Debug, Clone)]
pub(super) struct Landed {
    pub job: u64,
    pub fence: u64,
    pub settled: Settled,
    /// 0 to 1, for the wait before the next attempt.
    pub jitter: f64,
}

impl Landed {
    pub fn new(job: &Job, settled: Settled) -> Self {
        // Without randomness attempts are merely less spread.
        let jitter = getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX));
        Self { job: job.id, fence: job.fence, settled, jitter }
    }
}

/// All that are under way.
pub(super) struct Flights {
    herald: Arc<dyn Herald>,
    /// No telling takes as long as its lease.
    limit: Duration,
    tasks: JoinSet<Settled>,
    jobs: HashMap<Id, Job>,
}

impl Flights {
    pub fn new(herald: Arc<dyn Herald>, policy: &Policy) -> Self {
        let limit = Duration::from_millis(policy.lease.max(1).saturating_mul(750));
        Self { herald, limit, tasks: JoinSet::new(), jobs: HashMap::new() }
    }

    /// What can be told beside these.
    pub fn room(&self) -> Room {
        let of = |job: &Job| (job.id, (job.tenant.clone(), job.enforcer.clone()));
        let under_way = self.jobs.values().map(of).collect();
        Room { at_once: AT_ONCE, per_enforcer: PER_ENFORCER, under_way }
    }

    /// Tells an enforcer of a job that was taken.
    pub fn start(&mut self, webhook: Webhook, job: Job, sanction: Sanction, time: Timestamp) {
        let (herald, limit) = (self.herald.clone(), self.limit);
        let (id, notice, attempt) = (job.id, job.notice, job.attempts);
        let telling = async move {
            let key = format!("{}_{id}", sanction.id);
            let told = Told { key, sanction: &sanction, notice, attempt, time };
            let settled = timeout(limit, herald.tell(&webhook, told)).await;
            crash_point("sent");
            settled.unwrap_or_else(|_| broken_off("no answer in time"))
        };
        let task = self.tasks.spawn(telling);
        self.jobs.insert(task.id(), job);
    }

    /// The next one that ends; `None` when none is under way. It may be dropped while it
    /// waits.
    pub async fn land(&mut self) -> Option<Landed> {
        loop {
            let (id, settled) = match self.tasks.join_next_with_id().await? {
                Ok(ended) => ended,
                Err(error) => (error.id(), failed(&error)),
            };
            // Each was noted when it started.
            if let Some(job) = self.jobs.remove(&id) {
                return Some(Landed::new(&job, settled));
            }
        }
    }
}

fn broken_off(error: &str) -> Settled {
    Settled::Retry { error: error.into(), after: None }
}

fn failed(error: &JoinError) -> Settled {
    tracing::error!(%error, "telling an enforcer failed");
    broken_off("internal error")
}
