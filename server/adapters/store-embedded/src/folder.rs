//! The data folder belongs to one server at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

/// Held as long as the server runs; the operating system lets go of it with the process.
pub(crate) struct FolderLock {
    _file: File,
}

/// Makes the folder if need be, readable by its owner alone, and locks it.
pub(crate) fn lock(folder: &Path) -> io::Result<FolderLock> {
    create_private(folder)?;
    let file = File::create(folder.join("umpire.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock { _file: file }),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another server uses this folder"))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
