/// Seconds since the Unix epoch of an RFC 3339 time in UTC.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let date: Vec<i64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [year, month, day] = date[..] else { return None };
    let mut parts = time.split(':');
    let (hours, minutes) = (parts.next()?.parse::<f64>().ok()?, parts.next()?.parse::<f64>().ok()?);
    let seconds: f64 = parts.next()?.parse().ok()?;
    let sound = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
    sound.then(|| {
        days(year, month, day) as f64 * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds
    })
}

/// Days from 1970-01-01, in the calendar of today; years start in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0.0)),
            ("2023-11-14T22:13:20Z", Some(1_700_000_000.0)),
            ("2000-02-29T00:00:00.5Z", Some(951_782_400.5)),
            ("2026-11-22T03:00:00Z", Some(1_795_316_400.0)),
            ("2026-11-22", None),
            ("2026-13-22T03:00:00Z", None),
            ("2026-11-22T03:00:00", None),
            ("yesterday", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
