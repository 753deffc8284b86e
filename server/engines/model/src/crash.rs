//! Places where a process may end between two steps that belong together. Each engine has
//! a list of its own.

/// A place where the process may end. With the feature `crash-points` it does at the one
/// that `UMPIRE_CRASH_POINT` names, as if it were killed; without it this is nothing.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn crash_point(_name: &'static str) {}

/// A place where the process may end. With the feature `crash-points` it does at the one
/// that `UMPIRE_CRASH_POINT` names, as if it were killed; without it this is nothing.
#[cfg(feature = "crash-points")]
pub fn crash_point(name: &'static str) {
    use std::sync::OnceLock;
    static CHOSEN: OnceLock<Option<String>> = OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| std::env::var("UMPIRE_CRASH_POINT").ok());
    if chosen.as_deref() == Some(name) {
        // No destructor runs and nothing is flushed, as with SIGKILL.
        std::process::abort();
    }
}
