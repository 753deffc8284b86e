use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many calls are worked on at once; what comes on top is refused at once,
/// so that a flood does not grow into a queue.
#[derive(Debug, Clone)]
pub struct Admission {
    places: Arc<Semaphore>,
}

impl Admission {
    /// Room for `places` calls.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)) }
    }

    /// A place until it is dropped; `None` when all are taken.
    #[must_use]
    pub fn enter(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }
}
