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

    /// While many things are done.
    pub(super) fn counting(what: &'static str, hidden: bool) -> Self {
        Self::new(what, "{spinner} {msg} {human_pos} {elapsed}", hidden)
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

    /// One more is done.
    pub fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
