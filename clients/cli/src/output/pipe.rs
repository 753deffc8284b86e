//! Standard output, whose reader may go away.

use std::{
    io::{self, Stdout, Write},
    sync::atomic::{AtomicBool, Ordering},
};

/// Standard output. Once nobody reads it any more it swallows what comes: a command
/// then does all it would have done, and ends as it would have ended.
#[derive(Debug, Default)]
pub struct Pipe {
    closed: AtomicBool,
}

impl Pipe {
    /// Whether nobody reads what is written.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    fn unless_closed<T>(
        &self,
        swallowed: T,
        act: impl FnOnce(&mut Stdout) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.is_closed() {
            return Ok(swallowed);
        }
        match act(&mut io::stdout()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed.store(true, Ordering::Relaxed);
                Ok(swallowed)
            }
            done => done,
        }
    }
}

impl Write for &Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), |out| out.flush())
    }
}
