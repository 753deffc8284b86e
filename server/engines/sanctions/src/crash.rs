//! Places where a process may end between two steps that belong together.

pub(crate) use umpire_model::crash_point;

/// Every one of them; see [`crash_point`].
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
