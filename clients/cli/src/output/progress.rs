//! Signs of life on standard error.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::{self, IsTerminal},
    time::Duration,
};

/// How often the sign moves.
const TICK: Duration = Duration::from_millis(120);

/// Shown only to people who look at standard error. Gone when it is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// While one thing takes long.
    pub(super) fn waiting(what: &'static str, hidden: bool) -> Self {
        Self::new(what, "{spinner} {msg} {elapsed}", hidden)
    }

    /// While input is worked through: a bar if its size in bytes is known.
    pub(super) fn through(what: &'static str, size: Option<u64>, hidden: bool) -> Self {
        let Some(size) = size else {
            return Self::new(what, "{spinner} {msg} {bytes} {elapsed}", hidden);
        };
        let progress =
            Self::new(what, "{msg} [{bar:30}] {percent}% of {total_bytes}, {eta} left", hidden);
        progress.0.set_length(size);
        progress
    }

    /// While things are worked through whose number is told on the way.
    pub(super) fn counting(what: &'static str, hidden: bool) -> Self {
        Self::new(what, "{msg} [{bar:30}] {pos} of {len}, {eta} left", hidden)
    }

    fn new(what: &'static str, template: &str, hidden: bool) -> Self {
        if hidden || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// So many bytes more are done.
    pub fn step(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// So many of so many things are done.
    pub fn at(&self, done: i64, all: i64) {
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        self.0.set_length(count(all));
        self.0.set_position(count(done));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
