use crate::store::store_error;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use umpire_model::{StoreError, StoreFuture};

/// Reads that run at once.
const READERS: usize = 4;

/// A few connections that only read, each used by one query at a time.
pub(crate) struct Readers {
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub fn open(connect: impl Fn() -> rusqlite::Result<Connection>) -> rusqlite::Result<Self> {
        let free = (0..READERS).map(|_| connect()).collect::<Result<_, _>>()?;
        Ok(Self { free: Mutex::new(free), permits: Arc::new(Semaphore::new(READERS)) })
    }

    /// Runs a query on a thread that may block.
    pub fn read<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let readers = self.clone();
        Box::pin(async move {
            let closed = |_| StoreError::Unavailable("the store is closed".into());
            let permit = readers.permits.clone().acquire_owned().await.map_err(closed)?;
            let work = move || {
                let _permit = permit;
                let connection = readers.take()?;
                let result = query(&connection).map_err(|error| store_error(&error));
                readers.lock().push(connection);
                result
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(result) => result,
                Err(panicked) => Err(StoreError::Unavailable(panicked.to_string().into())),
            }
        })
    }

    fn take(&self) -> Result<Connection, StoreError> {
        self.lock().pop().ok_or(StoreError::Overloaded)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
