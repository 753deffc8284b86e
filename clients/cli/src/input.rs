//! Files that commands read; `-` is standard input.

mod messages;
mod secret;

pub use messages::messages;

use crate::failure::Failure;
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// All of a file.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let content = if path.as_os_str() == "-" {
        let mut content = Vec::new();
        io::stdin().lock().read_to_end(&mut content).map(|_| content)
    } else {
        fs::read(path)
    };
    content.map_err(|cause| Failure::File { path: PathBuf::from(path), cause })
}

/// All of a file of text.
pub fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|error| Failure::File {
        path: PathBuf::from(path),
        cause: io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()),
    })
}
