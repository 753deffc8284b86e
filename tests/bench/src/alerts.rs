//! `alerts`: how long after a call the vendor receives the P0 that the call raised, beside
//! calls whose match raises nothing; and a storm of events for a few thousand keys.

mod latency;
mod set_up;
mod storm;

pub use latency::{Options as LatencyOptions, run as latency};
pub use storm::{Options as StormOptions, run as storm};
