use crate::writer::{Change, Job, Reply};
use umpire_audit::{Committed, Decision};

/// Jobs of one transaction.
#[derive(Default)]
pub(crate) struct Batch {
    pub decisions: Vec<(Box<Decision>, Option<Reply<Committed>>)>,
    pub changes: Vec<Box<dyn Change>>,
}

impl Batch {
    /// Says whether the writer is to stop after this batch.
    pub fn add(&mut self, job: Job) -> bool {
        match job {
            Job::Decision(decision, reply) => self.decisions.push((decision, reply)),
            Job::Change(change) => self.changes.push(change),
            Job::Close => return true,
        }
        false
    }

    pub fn len(&self) -> usize {
        self.decisions.len() + self.changes.len()
    }
}
