//! Places where a process may end between two steps that belong together.

pub(crate) use umpire_model::crash_point;

/// Every one of them; see [`crash_point`].
pub const CRASH_POINTS: &[&str] =
    &["alerts-taken-in", "alerts-leased", "alerts-sent", "alerts-settled"];
