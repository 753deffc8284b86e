//! Places where a process may end between two steps that belong together.

/// Every one of them. With the feature `crash-points` a process ends at the one that
/// `UMPIRE_CRASH_POINT` names, as if it were killed; without it they are nothing.
pub const CRASH_POINTS: &[&str] = &[
    "judged",
    "counted",
    "committed",
    "dispatched",
    "leased",
    "sent",
    "settled",
    "streamed",
    "acknowledged",
    "lifted",
    "expired",
    "held",
];

/// A place where the process may end.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn crash_point(_name: &'static str) {}

/// A place where the process may end.
#[cfg(feature = "crash-points")]
pub fn crash_point(name: &'static str) {
    use std::sync::OnceLock;
    debug_assert!(CRASH_POINTS.contains(&name), "{name} is not in the list");
    static CHOSEN: OnceLock<Option<String>> = OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| std::env::var("UMPIRE_CRASH_POINT").ok());
    if chosen.as_deref() == Some(name) {
        // No destructor runs and nothing is flushed, as with SIGKILL.
        std::process::abort();
    }
}
