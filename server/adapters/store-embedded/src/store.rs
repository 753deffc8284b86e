use crate::{
    alerts, folder, query,
    reader::Readers,
    sanctions::{catch_up, forget_projections, release},
    schema,
    spool::Spool,
    word_lists,
    writer::{Writer, WriterHandle},
};
use rusqlite::{Connection, ErrorCode};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use umpire_model::StoreError;

/// How long a connection waits for another process's lock, a backup's say.
const BUSY_TIMEOUT: Duration = Duration::from_millis(250);

/// How the store is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder; made if it is not there.
    pub folder: PathBuf,
    /// Most bytes of decisions the spool holds while the file cannot be written.
    pub max_spool_bytes: u64,
}

/// The store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made, or another server has it.
    #[error("data folder {0}: {1}")]
    Folder(PathBuf, io::Error),
    /// The file cannot be opened or brought to today's version.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
}

/// A cheap handle on the store; all clones share it. The writer thread ends, with
/// everything written, when [`EmbeddedStore::close`] is called.
#[derive(Clone)]
pub struct EmbeddedStore {
    pub(crate) writer: WriterHandle,
    pub(crate) readers: Arc<Readers>,
    /// For looks that a check waits for: never behind somebody's search.
    pub(crate) lookups: Arc<Readers>,
    pub(crate) secret: [u8; 32],
    /// Name of the chain, and of the journal beside it.
    pub(crate) name: Arc<str>,
}

impl EmbeddedStore {
    /// Opens the folder and starts the writer.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        let in_folder = |error| OpenError::Folder(options.folder.clone(), error);
        let lock = folder::lock(&options.folder).map_err(in_folder)?;
        let secret = folder::secret(&options.folder).map_err(in_folder)?;
        let path = options.folder.join("umpire.db");
        let mut connection = connect(&path)?;
        schema::migrate(&mut connection)?;
        // What is left over takes room and nothing else: a file that cannot be written
        // now keeps it until the next start.
        let _ = word_lists::forget_unfinished(&connection);
        let _ = release(&connection);
        let _ = alerts::release(&connection);
        catch_up(&mut connection)?;
        let spool_path = options.folder.join("spool.bin");
        let (spool, spooled) =
            Spool::open(&spool_path, options.max_spool_bytes).map_err(in_folder)?;
        let writer = Writer::new(connection, spool, &spooled, lock)?;
        let name = writer.name().into();
        let readers = Arc::new(Readers::open(|| read_only(&path))?);
        let lookups = Arc::new(Readers::open(|| read_only(&path))?);
        let handle = writer.start().map_err(in_folder)?;
        Ok(Self { writer: handle, readers, lookups, secret, name })
    }

    /// Writes what is queued, stops the writer and lets go of the folder.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// Whether the file can be read and written at present.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.writer.change(|connection| connection.execute_batch("SELECT 1")).await
    }

    /// Forgets counters, graces, sanctions and safety switches: the next
    /// [`EmbeddedStore::open`] makes them anew from the journal. To be closed right after.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is forgotten then.
    pub async fn forget_projections(&self) -> Result<(), StoreError> {
        self.writer.change(forget_projections).await
    }

    /// Most decisions and changes that can wait for the writer, and how many do.
    #[must_use]
    pub fn queue(&self) -> (usize, usize) {
        self.writer.queue()
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    // What was kept in plain text before secrets were sealed does not linger in free pages.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    // What a savepoint needs to go back to is kept in memory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)?;
    query::add_functions(&connection)?;
    alerts::add_functions(&connection)?;
    Ok(connection)
}

/// A store's error in the engines' words.
pub(crate) fn store_error(error: &rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => {
            StoreError::Corrupt(error.to_string().into())
        }
        other => StoreError::Unavailable(other.to_string().into()),
    }
}

/// Whether it is the file that cannot be read or written at present, not what is in it.
pub(crate) fn is_away(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::PermissionDenied
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::OutOfMemory
                | ErrorCode::ReadOnly
                | ErrorCode::OperationInterrupted
                | ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::FileLockingProtocolFailed
        )
    )
}

/// Something in the file that today's code cannot read.
pub(crate) fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(error))
}
