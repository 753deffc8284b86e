//! Dates of UTC, in the calendar that goes back before it was made.

/// Seconds since the Unix epoch of a moment such as `2023-11-14T22:13:20Z`.
pub(super) fn seconds(moment: &str) -> Option<i64> {
    let shape: String = moment.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape != "0000-00-00T00:00:00Z" {
        return None;
    }
    let number = |at: usize, length: usize| moment[at..at + length].parse::<i64>().unwrap();
    let days = days(number(0, 4), number(5, 2), number(8, 2));
    Some(days * 86_400 + number(11, 2) * 3_600 + number(14, 2) * 60 + number(17, 2))
}

/// The day of a moment, as `2023-11-14`.
pub(super) fn day(seconds: i64) -> String {
    let wanted = seconds.div_euclid(86_400);
    let mut year = 1970 + wanted / 366;
    while days(year + 1, 1, 1) <= wanted {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| days(year, *month, 1) <= wanted).unwrap();
    format!("{year:04}-{month:02}-{:02}", wanted - days(year, month, 1) + 1)
}

/// Days from the Unix epoch to a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that a leap day is their last.
    let year = if month <= 2 { year - 1 } else { year };
    let leap = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let into_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + leap + into_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_counted() {
        for (moment, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2023-11-14T22:13:20Z", Some(1_700_000_000)),
            ("2000-02-29T12:00:00Z", Some(951_825_600)),
            ("2024-03-01T00:00:00Z", Some(1_709_251_200)),
            ("2023-11-14 22:13:20", None),
            ("2023-11-14T22:13:20.5Z", None),
            ("", None),
        ] {
            assert_eq!(seconds(moment), expected, "{moment}");
        }
    }

    #[test]
    fn days_are_named() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (1_700_006_399, "2023-11-14"),
            (1_700_006_400, "2023-11-15"),
            (1_551_113_065, "2019-02-25"),
            (951_825_600, "2000-02-29"),
            (1_735_689_599, "2024-12-31"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(day(seconds), expected, "{seconds}");
        }
    }
}
