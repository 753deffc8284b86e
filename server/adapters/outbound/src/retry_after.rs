use std::time::{Duration, SystemTime};

/// No answer makes us wait longer.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a `Retry-After` asks to wait, at most a day: seconds, in which we allow
/// decimals, or a date. `None` when it is neither.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = seconds(value).or_else(|| {
        let date = httpdate::parse_http_date(value).ok()?;
        Some(date.duration_since(now).unwrap_or_default())
    })?;
    Some(wait.min(LONGEST))
}

fn seconds(value: &str) -> Option<Duration> {
    // A parser of floats would take `inf` and `1e9` too.
    if !value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let seconds: f64 = value.parse().ok()?;
    Some(Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        // 2023-11-14T22:13:20Z, a Tuesday.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let cases = [
            ("0", Some(0)),
            ("120", Some(120_000)),
            (" 7 ", Some(7_000)),
            ("1.5", Some(1_500)),
            ("86401", Some(86_400_000)),
            ("99999999999999999999999999999999999999999999", Some(86_400_000)),
            ("Tue, 14 Nov 2023 22:14:20 GMT", Some(60_000)),
            ("Tue, 14 Nov 2023 22:13:20 GMT", Some(0)),
            ("Mon, 13 Nov 2023 22:13:20 GMT", Some(0)),
            ("Sat, 14 Nov 2026 22:13:20 GMT", Some(86_400_000)),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("inf", None),
            ("NaN", None),
            ("soon", None),
            ("2023-11-14T22:14:20Z", None),
        ];
        for (value, expected) in cases {
            let expected = expected.map(Duration::from_millis);
            assert_eq!(retry_after(value, now), expected, "{value}");
        }
    }
}
