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

/// The folder's secret; made on the first start. It stands in a file of its own, so
/// that a copy of the database does not hold it.
pub(crate) fn secret(folder: &Path) -> io::Result<[u8; 32]> {
    let path = folder.join("secret.key");
    let mut secret = [0; 32];
    match fs::read(&path) {
        Ok(bytes) if bytes.len() == secret.len() => secret.copy_from_slice(&bytes),
        Ok(_) => return Err(io::Error::other("secret.key must have 32 bytes")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            getrandom::fill(&mut secret).map_err(io::Error::other)?;
            write_private(&path, &secret)?;
        }
        Err(error) => return Err(error),
    }
    Ok(secret)
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
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
