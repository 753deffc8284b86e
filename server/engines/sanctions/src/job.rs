use crate::{Notice, SubjectKey};
use umpire_model::{ResourceId, SanctionId, TenantId, Timestamp};

/// Something one enforcer is to be told about one sanction.
///
/// Jobs of one enforcer and subject are done in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Ascending; 0 before it is kept.
    pub id: u64,
    /// Whose.
    pub tenant: TenantId,
    /// Who is told.
    pub enforcer: ResourceId,
    /// Told by HTTP, by workers; otherwise over a stream.
    pub webhook: bool,
    /// About which.
    pub sanction: SanctionId,
    /// About whom.
    pub subject: SubjectKey,
    /// What.
    pub notice: Notice,
    /// How far it is.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is to be looked at: the next attempt, the end of the lease, or the deadline
    /// for an acknowledgement.
    pub due: Timestamp,
    /// Counts its leases: who holds an older one has lost the job.
    pub fence: u64,
    /// When it was made.
    pub create_time: Timestamp,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It waits for its time, or a stream that nobody reads.
    Waiting,
    /// Somebody is at it until `due`, or a stream was told and has until then.
    Leased,
    /// It is done, or there is nothing left to do.
    Done,
    /// It is given up.
    Failed,
}
