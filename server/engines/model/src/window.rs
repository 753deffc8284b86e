use crate::{Timestamp, Violation, WallTime, rfc3339};
use serde::{Deserialize, Serialize};

const DAY: u16 = 24 * 60;

/// When something is in force, a rule say: all that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActiveWindow {
    /// Not before.
    #[serde(with = "rfc3339", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Only before.
    #[serde(with = "rfc3339", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// ISO weekdays, 1 (Monday) to 7; empty means every day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<i32>,
    /// `HH:MM`; both this and `daily_end`, or neither.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub daily_start: String,
    /// `HH:MM`; before the start, it lies on the next day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub daily_end: String,
}

impl ActiveWindow {
    /// Whether it is open at a moment that the tenant's wall shows so.
    #[must_use]
    pub fn is_open(&self, now: Timestamp, wall: WallTime) -> bool {
        self.start_time.is_none_or(|start| start <= now)
            && self.end_time.is_none_or(|end| now < end)
            && self.is_open_on_the_wall(wall)
    }

    fn is_open_on_the_wall(&self, wall: WallTime) -> bool {
        let (start, end) = self.daily().unwrap_or((0, DAY));
        let yesterday = if wall.weekday == 1 { 7 } else { wall.weekday - 1 };
        if start < end {
            return (start..end).contains(&wall.minute) && self.has_day(wall.weekday);
        }
        // Over midnight, the whole day round when both are equal.
        (wall.minute >= start && self.has_day(wall.weekday))
            || (wall.minute < end && self.has_day(yesterday))
    }

    fn has_day(&self, weekday: i8) -> bool {
        self.weekdays.is_empty() || self.weekdays.contains(&weekday.into())
    }

    /// Start and end in minutes since midnight.
    fn daily(&self) -> Option<(u16, u16)> {
        Some((minute(&self.daily_start)?, minute(&self.daily_end)?))
    }

    /// What is wrong with it; `path` is the field it stands in.
    pub fn check(&self, path: &str, found: &mut Vec<Violation>) {
        for (name, text) in [("daily_start", &self.daily_start), ("daily_end", &self.daily_end)] {
            if !text.is_empty() && minute(text).is_none() {
                found.push(Violation::invalid(format!("{path}.{name}"), "must be HH:MM"));
            }
        }
        if self.daily_start.is_empty() != self.daily_end.is_empty() {
            let message = "`daily_start` and `daily_end` belong together";
            found.push(Violation::invalid(path, message));
        }
        if self.weekdays.iter().any(|day| !(1..=7).contains(day)) {
            found.push(Violation::invalid(format!("{path}.weekdays"), "must be 1 to 7"));
        }
        if let (Some(start), Some(end)) = (self.start_time, self.end_time)
            && end <= start
        {
            let message = "must lie after `start_time`";
            found.push(Violation::invalid(format!("{path}.end_time"), message));
        }
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(weekdays: &[i32], daily: Option<(&str, &str)>) -> ActiveWindow {
        let (start, end) = daily.unwrap_or_default();
        ActiveWindow {
            weekdays: weekdays.to_vec(),
            daily_start: start.into(),
            daily_end: end.into(),
            ..ActiveWindow::default()
        }
    }

    #[test]
    fn days_hours_and_midnight() {
        let office = window(&[1, 2, 3, 4, 5], Some(("09:00", "18:00")));
        let night = window(&[5], Some(("22:00", "06:00")));
        let mondays = window(&[1], None);
        let round = window(&[1], Some(("08:00", "08:00")));
        for (window, weekday, clock, open) in [
            (&office, 1, "08:59", false),
            (&office, 1, "09:00", true),
            (&office, 5, "17:59", true),
            (&office, 5, "18:00", false),
            (&office, 6, "12:00", false),
            (&night, 5, "21:59", false),
            (&night, 5, "22:00", true),
            (&night, 6, "05:59", true),
            (&night, 6, "06:00", false),
            (&night, 5, "05:00", false),
            (&night, 6, "23:00", false),
            (&mondays, 1, "00:00", true),
            (&mondays, 7, "23:59", false),
            (&round, 1, "07:59", false),
            (&round, 1, "08:00", true),
            (&round, 2, "07:59", true),
        ] {
            let minute = minute(clock).expect("HH:MM");
            let is_open = window.is_open(Timestamp(0), WallTime { weekday, minute });
            assert_eq!(is_open, open, "{window:?} {weekday} {clock}");
        }
    }

    #[test]
    fn moments_bound_it() {
        let time = |text| Timestamp::parse_rfc3339(text);
        let window = ActiveWindow {
            start_time: time("2026-11-22T00:00:00Z"),
            end_time: time("2026-11-23T00:00:00Z"),
            ..ActiveWindow::default()
        };
        for (now, open) in [
            ("2026-11-21T23:59:59Z", false),
            ("2026-11-22T00:00:00Z", true),
            ("2026-11-22T23:59:59Z", true),
            ("2026-11-23T00:00:00Z", false),
        ] {
            let now = time(now).expect("a time");
            assert_eq!(window.is_open(now, now.on_the_wall("UTC")), open, "{now}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let paths = |window: &ActiveWindow| {
            let mut found = Vec::new();
            window.check("w", &mut found);
            found.into_iter().map(|violation| violation.path).collect::<Vec<_>>()
        };
        assert_eq!(
            paths(&window(&[0], Some(("24:00", "9:00")))),
            ["w.daily_start", "w.daily_end", "w.weekdays"]
        );
        assert_eq!(paths(&window(&[], Some(("09:00", "")))), ["w"]);
        let (start_time, end_time) = (Some(Timestamp(5)), Some(Timestamp(5)));
        assert_eq!(paths(&ActiveWindow { start_time, end_time, ..<_>::default() }), ["w.end_time"]);
    }
}
