//! What receivers, routes, silences, templates and escalation policies may be.

mod channel;
mod escalation;
mod faults;
mod plausible;
mod receiver;
mod route;
mod silence;
mod template;

#[cfg(test)]
mod tests;

/// Longest display name, in characters.
const MAX_DISPLAY_NAME_CHARS: usize = 200;
/// Longest name, id or code at a vendor's, in characters.
const MAX_NAME_CHARS: usize = 256;
/// Most receivers that one list names.
const MAX_RECEIVERS: usize = 50;
/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;
