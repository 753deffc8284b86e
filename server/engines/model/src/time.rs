use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment, in microseconds since the Unix epoch (UTC).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

impl Timestamp {
    /// The moment `seconds` and `nanos` after the epoch, cut to microseconds.
    /// `None` outside the years 1 to 9999 or with nanos outside `0..1_000_000_000`. The
    /// end of 9999 lies a day early, where every time zone can still write it.
    #[must_use]
    pub fn from_parts(seconds: i64, nanos: i32) -> Option<Self> {
        const FIRST: i64 = -62_135_596_800;
        const LAST: i64 = 253_402_207_199;
        let valid = (FIRST..=LAST).contains(&seconds) && (0..1_000_000_000).contains(&nanos);
        valid.then(|| Self(seconds * 1_000_000 + i64::from(nanos) / 1_000))
    }

    /// Whole seconds since the epoch and the nanoseconds that remain.
    #[must_use]
    pub fn parts(self) -> (i64, i32) {
        let micros = self.0.rem_euclid(1_000_000);
        (self.0.div_euclid(1_000_000), i32::try_from(micros * 1_000).unwrap_or(0))
    }

    /// Reads an RFC 3339 time such as `2026-11-22T03:00:00Z`.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        let (seconds, nanos) = (moment.as_second(), moment.subsec_nanosecond());
        // Before the epoch the parts of a second point the other way.
        let earlier = i64::from(nanos < 0);
        Self::from_parts(
            seconds - earlier,
            nanos + i32::try_from(earlier).unwrap_or(0) * 1_000_000_000,
        )
    }

    /// This moment `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Microseconds from `earlier` to this moment; zero when it lies after.
    #[must_use]
    pub fn micros_since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }
}

/// What a clock and a calendar on the wall show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallTime {
    /// ISO weekday, 1 (Monday) to 7.
    pub weekday: i8,
    /// Minutes since midnight, 0 to 1,439.
    pub minute: u16,
}

impl Timestamp {
    /// What the wall shows at this moment in an IANA time zone; in UTC when the zone
    /// is unknown.
    #[must_use]
    pub fn on_the_wall(self, zone: &str) -> WallTime {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let moment = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        let local = zone.to_datetime(moment);
        WallTime {
            weekday: local.weekday().to_monday_one_offset(),
            minute: u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute()))
                .unwrap_or(0),
        }
    }
}

/// Serialises an optional moment as RFC 3339, as documents for people write it.
pub mod rfc3339 {
    use super::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes it.
    ///
    /// # Errors
    /// The serialiser's.
    pub fn serialize<S: Serializer>(
        time: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.collect_str(time),
            None => serializer.serialize_none(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// When the text is no RFC 3339 time.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        let time = Timestamp::parse_rfc3339(&text);
        time.map(Some).ok_or_else(|| D::Error::custom(format!("`{text}` is no RFC 3339 time")))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => moment.fmt(f),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_round_trip_on_both_sides_of_the_epoch() {
        for (seconds, nanos) in [(0, 0), (1, 999_999_000), (-1, 1_000), (-62_135_596_800, 0)] {
            let moment = Timestamp::from_parts(seconds, nanos).expect("in range");
            assert_eq!(moment.parts(), (seconds, nanos));
        }
        assert_eq!(Timestamp::from_parts(0, -1), None);
        assert_eq!(Timestamp::from_parts(i64::MAX, 0), None);
    }

    #[test]
    fn walls_hang_in_time_zones() {
        // A Sunday, 03:00 in London.
        let moment = Timestamp::parse_rfc3339("2026-11-22T03:00:00Z").expect("a time");
        let wall = |weekday, minute| WallTime { weekday, minute };
        assert_eq!(moment.on_the_wall("UTC"), wall(7, 180));
        assert_eq!(moment.on_the_wall("Asia/Shanghai"), wall(7, 660));
        assert_eq!(moment.on_the_wall("America/New_York"), wall(6, 22 * 60));
    }

    #[test]
    fn every_moment_that_is_taken_can_be_written_and_read() {
        for seconds in [-62_135_596_800, -62_135_596_799, -1, 0, 253_402_207_198, 253_402_207_199] {
            for nanos in [0, 1_000, 999_999_000] {
                let moment = Timestamp::from_parts(seconds, nanos).expect("in range");
                let text = moment.to_string();
                assert_eq!(Timestamp::parse_rfc3339(&text), Some(moment), "{text}");
                for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
                    assert!((1..=7).contains(&moment.on_the_wall(zone).weekday));
                }
            }
        }
        for beyond in ["9999-12-31T23:59:59Z", "0000-12-31T00:00:00Z"] {
            assert_eq!(Timestamp::parse_rfc3339(beyond), None, "{beyond}");
        }
    }

    #[test]
    fn rfc3339_offsets_are_honoured() {
        let utc = Timestamp::parse_rfc3339("2026-11-22T03:00:00Z");
        assert_eq!(utc, Timestamp::parse_rfc3339("2026-11-22T11:00:00+08:00"));
        assert_eq!(Timestamp::parse_rfc3339("yesterday"), None);
    }
}
