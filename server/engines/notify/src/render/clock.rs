//! Times and durations as people of a place write them.

use crate::Language;
use jiff::tz::TimeZone;
use umpire_model::Timestamp;

/// A moment in an IANA time zone, with the zone: `2023-11-15 06:13:20 UTC+08:00`. In UTC when
/// the zone is unknown.
pub(super) fn local(time: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let moment = jiff::Timestamp::from_microsecond(time.0).unwrap_or_default();
    let at = zone.to_datetime(moment);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02} {}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        offset(zone.to_offset(moment).seconds())
    )
}

fn offset(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    match minutes {
        0 => "UTC".to_owned(),
        _ => {
            let sign = if seconds < 0 { '-' } else { '+' };
            format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}

/// How a piece of what [`local`] wrote is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `2023-11-15`
    Date,
    /// `06:13:20`
    Time,
    /// `06:13`
    Clock,
    /// `11-15 06:13`
    Short,
}

impl Shape {
    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "date" => Self::Date,
            "time" => Self::Time,
            "clock" => Self::Clock,
            "short" => Self::Short,
            _ => return None,
        })
    }

    /// That piece; `None` of anything that [`local`] did not write.
    pub fn of(self, local: &str) -> Option<&str> {
        let is_local = local.get(10..11) == Some(" ") && local.get(19..23) == Some(" UTC");
        is_local.then_some(())?;
        local.get(match self {
            Self::Date => 0..10,
            Self::Time => 11..19,
            Self::Clock => 11..16,
            Self::Short => 5..16,
        })
    }
}

/// From the first moment to the last, in the two largest units.
pub(super) fn lasted(first: Timestamp, last: Timestamp, language: Language) -> String {
    let seconds = last.micros_since(first) / 1_000_000;
    let parts = match seconds {
        0..60 => [(seconds, Unit::Second), (0, Unit::Second)],
        60..3_600 => [(seconds / 60, Unit::Minute), (seconds % 60, Unit::Second)],
        3_600..86_400 => [(seconds / 3_600, Unit::Hour), (seconds % 3_600 / 60, Unit::Minute)],
        _ => [(seconds / 86_400, Unit::Day), (seconds % 86_400 / 3_600, Unit::Hour)],
    };
    let [first, second] = parts.map(|(count, unit)| format!("{count}{}", unit.name(language)));
    match (parts[1].0, language) {
        (0, _) => first,
        (_, Language::Chinese) => first + &second,
        (_, Language::English) => format!("{first} {second}"),
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Day,
    Hour,
    Minute,
    Second,
}

impl Unit {
    fn name(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => ["天", "小时", "分", "秒"][self as usize],
            Language::English => ["d", "h", "m", "s"][self as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_123_456);

    #[test]
    fn times_show_their_zone() {
        for (time, zone, expected) in [
            (NOW, "UTC", "2023-11-14 22:13:20 UTC"),
            (NOW, "Asia/Shanghai", "2023-11-15 06:13:20 UTC+08:00"),
            (NOW, "America/St_Johns", "2023-11-14 18:43:20 UTC-03:30"),
            (NOW, "Nowhere/Atall", "2023-11-14 22:13:20 UTC"),
            (Timestamp(i64::MAX), "Asia/Shanghai", "1970-01-01 08:00:00 UTC+08:00"),
        ] {
            assert_eq!(local(time, zone), expected);
        }
    }

    #[test]
    fn pieces_are_taken_by_name() {
        let at = local(NOW, "Asia/Shanghai");
        for (name, expected) in [
            ("date", Some("2023-11-15")),
            ("time", Some("06:13:20")),
            ("clock", Some("06:13")),
            ("short", Some("11-15 06:13")),
            ("%Y", None),
        ] {
            assert_eq!(Shape::from_name(name).and_then(|shape| shape.of(&at)), expected);
        }
        for not_a_time in ["", "数据泄露数据泄露数据泄露", "2023-11-15T06:13:20+08:00"]
        {
            assert_eq!(Shape::Date.of(not_a_time), None);
        }
    }

    #[test]
    fn durations_have_two_units() {
        for (seconds, chinese, english) in [
            (-5, "0秒", "0s"),
            (59, "59秒", "59s"),
            (60, "1分", "1m"),
            (192, "3分12秒", "3m 12s"),
            (7_500, "2小时5分", "2h 5m"),
            (2 * 86_400 + 3 * 3_600 + 59, "2天3小时", "2d 3h"),
        ] {
            let last = NOW.plus_seconds(seconds);
            assert_eq!(lasted(NOW, last, Language::Chinese), chinese);
            assert_eq!(lasted(NOW, last, Language::English), english);
        }
    }
}
