//! Which failures pass by themselves, and how long to wait for that.

use crate::error::{broke, retry_after};
use std::time::Duration;
use tonic::{Code, Status};

/// Most times a call is made.
const TRIES: u32 = 3;
/// The first pause; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause. A server that asks for more gets no further try.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Whether a call may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// Making it twice does what making it once does.
    Safe,
    /// It could be carried out twice.
    Never,
}

impl Retry {
    /// How long to wait after the try of this number (from 1) failed; nothing if
    /// there is to be no other.
    pub fn pause(self, tries: u32, status: &Status) -> Option<Duration> {
        if self == Self::Never || tries >= TRIES || !passes(status) {
            return None;
        }
        let asked = retry_after(status).unwrap_or_default();
        (asked <= LONGEST_PAUSE).then(|| asked.max(growing_pause(tries)))
    }
}

/// Whether a failure may be over in a moment.
pub(crate) fn passes(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable => true,
        // Without a time to come back it is a limit, and limits do not pass.
        Code::ResourceExhausted => retry_after(status).is_some(),
        _ => broke(status),
    }
}

/// Doubles with every failure, up to a bound. Chance keeps callers who failed
/// together from coming back together.
pub(crate) fn growing_pause(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let full = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    full.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::{ErrorDetails, StatusExt};

    fn overloaded(seconds: u64) -> Status {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_secs(seconds)));
        Status::with_error_details(Code::ResourceExhausted, "", details)
    }

    #[test]
    fn only_what_passes_is_tried_again() {
        assert!(Retry::Safe.pause(1, &Status::unavailable("")).is_some());
        assert!(Retry::Safe.pause(3, &Status::unavailable("")).is_none());
        assert!(Retry::Never.pause(1, &Status::unavailable("")).is_none());
        assert!(Retry::Safe.pause(1, &Status::resource_exhausted("a limit")).is_none());
        assert!(Retry::Safe.pause(1, &Status::internal("told by the server")).is_none());
        assert!(Retry::Safe.pause(1, &Status::aborted("stale")).is_none());
    }

    #[test]
    fn the_server_says_when() {
        let pause = Retry::Safe.pause(1, &overloaded(2));
        assert_eq!(pause, Some(Duration::from_secs(2)));
        assert_eq!(Retry::Safe.pause(1, &overloaded(3_600)), None);
    }

    #[test]
    fn pauses_grow_and_are_bounded() {
        for failures in [1, 2, 3, 30, u32::MAX] {
            let full = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(16));
            let full = full.min(LONGEST_PAUSE);
            let pause = growing_pause(failures);
            assert!(pause >= full / 2 && pause <= full, "{failures}: {pause:?}");
        }
    }
}
