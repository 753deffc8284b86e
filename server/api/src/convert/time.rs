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

pub(crate) fn duration(time: std::time::Duration) -> Duration {
    Duration {
        seconds: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(time.subsec_nanos()).unwrap_or(0),
    }
}
