//! Moments on the command line: `2026-12-01T08:00:00Z`, `2026-12-01` (midnight here),
//! or a time from now such as `7d` or `2h30m`. And lengths of time.

use jiff::{Span, SpanRelativeTo, Zoned, civil, tz::TimeZone};
use prost_types::Timestamp;
use std::time::Duration;

/// A moment, or a time that long ago.
pub fn past(text: &str) -> Result<Timestamp, String> {
    parse(text, |span| Zoned::now().checked_sub(span))
}

/// A moment, or a time that far ahead.
pub fn future(text: &str) -> Result<Timestamp, String> {
    parse(text, |span| Zoned::now().checked_add(span))
}

/// A length of time: `90s`, `2h30m`, `7d`. A day has 24 hours.
pub fn length(text: &str) -> Result<Duration, String> {
    let form = "expected a length of time (90s, 2h30m, 7d)";
    let span: Span = text.parse().map_err(|_| form.to_owned())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours());
    // What is negative is no length.
    length.ok().and_then(|length| Duration::try_from(length).ok()).ok_or_else(|| form.to_owned())
}

/// A length of time in the contract's form.
pub fn proto(length: Duration) -> prost_types::Duration {
    let longest = prost_types::Duration { seconds: i64::MAX, nanos: 0 };
    prost_types::Duration::try_from(length).unwrap_or(longest)
}

fn parse(
    text: &str,
    from_now: impl FnOnce(Span) -> Result<Zoned, jiff::Error>,
) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Ok(of(moment));
    }
    if let Ok(local) = text.parse::<civil::DateTime>() {
        let zoned = local.to_zoned(TimeZone::system()).map_err(|error| error.to_string())?;
        return Ok(of(zoned.timestamp()));
    }
    let form = "expected a moment (2026-12-01T08:00:00Z), a day (2026-12-01) or a time (7d)";
    let span: Span = text.parse().map_err(|_| form.to_owned())?;
    from_now(span).map(|zoned| of(zoned.timestamp())).map_err(|error| error.to_string())
}

fn of(moment: jiff::Timestamp) -> Timestamp {
    // The contract's nanoseconds count forward, also before 1970.
    let (seconds, nanos) = (moment.as_second(), moment.subsec_nanosecond());
    if nanos < 0 {
        Timestamp { seconds: seconds - 1, nanos: nanos + 1_000_000_000 }
    } else {
        Timestamp { seconds, nanos }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_times_are_understood() {
        let moment = past("2026-12-01T08:00:00Z").expect("a moment");
        assert_eq!(moment.to_string(), "2026-12-01T08:00:00Z");
        assert_eq!(future("2026-12-01T16:00:00+08:00"), Ok(moment));
        let (ago, ahead) = (past("7d").expect("a time"), future("2h30m").expect("a time"));
        assert!(ago.seconds < ahead.seconds);
        assert!(past("2026-12-01").is_ok() && past("yesterday").is_err());
    }

    #[test]
    fn lengths_have_days_of_24_hours() {
        let seconds = |text| length(text).map(|length| length.as_secs());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("2h30m"), Ok(9_000));
        assert_eq!(seconds("7d"), Ok(604_800));
        for wrong in ["-1d", "1y", "2026-12-01", "soon", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert_eq!(proto(Duration::from_millis(1_500)).to_string(), "1.500s");
    }
}
