use prost_types::{Duration, Timestamp};
use umpire_model::{Timestamp as Moment, Violation};

pub(crate) fn to_proto(moment: Moment) -> Timestamp {
    let (seconds, nanos) = moment.parts();
    Timestamp { seconds, nanos }
}

/// The moment in field `path`.
pub(crate) fn from_proto(time: &Timestamp, path: &str) -> Result<Moment, Violation> {
    Moment::from_parts(time.seconds, time.nanos).ok_or_else(|| {
        Violation::invalid(path, "must lie in the years 1 to 9999, before 9999-12-30T22:00:00Z")
    })
}

/// The moment in field `path`, if there is one; a wrong one is noted and taken for
/// absent.
pub(crate) fn optional(
    time: Option<&Timestamp>,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<Moment> {
    let moment = time.map(|time| from_proto(time, path)).transpose();
    moment.unwrap_or_else(|violation| {
        refused.push(violation);
        None
    })
}

/// Whole milliseconds of a duration; none of a negative one.
pub(crate) fn millis(duration: &Duration) -> u64 {
    let seconds = u64::try_from(duration.seconds).unwrap_or_default();
    let nanos = u64::try_from(duration.nanos).unwrap_or_default();
    seconds.saturating_mul(1_000).saturating_add(nanos / 1_000_000)
}

/// Longest duration of the contract's form, in seconds: ten thousand years.
const LONGEST: i64 = 315_576_000_000;

/// Whole seconds of the duration in field `path`: at least one, and nothing beside.
pub(crate) fn whole_seconds(duration: Duration, path: &str) -> Result<u64, Violation> {
    let within = duration.nanos == 0 && (1..=LONGEST).contains(&duration.seconds);
    let seconds = u64::try_from(duration.seconds).ok().filter(|_| within);
    seconds.ok_or_else(|| Violation::invalid(path, "must be whole seconds, and at least one"))
}

/// As [`whole_seconds`], forth or back.
pub(crate) fn seconds_either_way(duration: Duration, path: &str) -> Result<i64, Violation> {
    let length = Duration { seconds: duration.seconds.saturating_abs(), ..duration };
    whole_seconds(length, path).map(|_| duration.seconds)
}

/// Whole seconds of the duration in field `path`, if there is one; a wrong one is noted
/// and taken for absent.
pub(crate) fn optional_seconds(
    duration: Option<Duration>,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<u64> {
    let seconds = duration.map(|duration| whole_seconds(duration, path)).transpose();
    seconds.unwrap_or_else(|violation| {
        refused.push(violation);
        None
    })
}

/// The duration, unless it is zero where zero says the same as none.
pub(crate) fn unless_zero(duration: Option<Duration>) -> Option<Duration> {
    duration.filter(|given| *given != Duration::default())
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration { seconds: i64::try_from(seconds).unwrap_or(i64::MAX), nanos: 0 }
}

pub(crate) fn duration(time: std::time::Duration) -> Duration {
    Duration {
        seconds: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(time.subsec_nanos()).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_seconds() {
        let read = |seconds, nanos| whole_seconds(Duration { seconds, nanos }, "x").ok();
        assert_eq!(read(1, 0), Some(1));
        assert_eq!(read(LONGEST, 0), Some(315_576_000_000));
        for (seconds, nanos) in [(0, 0), (-1, 0), (1, 1), (1, -1), (0, 5), (LONGEST + 1, 0)] {
            assert_eq!(read(seconds, nanos), None, "{seconds} {nanos}");
        }
        assert_eq!(read(i64::MIN, i32::MIN), None);
        let either = |seconds, nanos| seconds_either_way(Duration { seconds, nanos }, "x").ok();
        assert_eq!((either(5, 0), either(-5, 0)), (Some(5), Some(-5)));
        assert_eq!((either(0, 0), either(-5, -1), either(i64::MIN, 0)), (None, None, None));
    }
}
