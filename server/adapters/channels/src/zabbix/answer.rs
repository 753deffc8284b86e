use serde_json::Value;

/// What Zabbix says of the values it was handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// It could read them.
    pub success: bool,
    /// Values that were taken.
    pub processed: u64,
    /// Values that were not: nobody knows the item, or it takes nothing from us.
    pub failed: u64,
    /// Its own words.
    pub info: String,
}

impl Answer {
    /// Reads an answer; `None` when it is none.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let success = body["response"].as_str()? == "success";
        let info = body["info"].as_str().unwrap_or_default();
        let (processed, failed) = match success {
            true => (count(info, "processed")?, count(info, "failed")?),
            false => (0, 0),
        };
        Some(Self { success, processed, failed, info: info.to_owned() })
    }
}

/// A number of `processed: 1; failed: 0; total: 1; seconds spent: 0.000207`.
fn count(info: &str, name: &str) -> Option<u64> {
    let pairs = info.split(';').filter_map(|pair| pair.split_once(':'));
    let mut found = pairs.filter(|(found, _)| found.trim() == name);
    found.next()?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(success: bool, processed: u64, failed: u64, info: &str) -> Option<Answer> {
        Some(Answer { success, processed, failed, info: info.to_owned() })
    }

    #[test]
    fn answers_are_read() {
        let taken = "processed: 1; failed: 0; total: 1; seconds spent: 0.000207";
        let mixed = "processed: 1; failed: 1; total: 2; seconds spent: 0.000112";
        let success = |info: &str| format!(r#"{{"response":"success","info":"{info}"}}"#);
        let cases = [
            (success(taken), answer(true, 1, 0, taken)),
            (success(mixed), answer(true, 1, 1, mixed)),
            (r#"{"response":"failed","info":"no"}"#.to_owned(), answer(false, 0, 0, "no")),
            (r#"{"response":"failed"}"#.to_owned(), answer(false, 0, 0, "")),
            (success("processed: one; failed: 0"), None),
            (success("processed: 1"), None),
            (success(""), None),
            (r#"{"response":1}"#.to_owned(), None),
            ("{}".to_owned(), None),
            ("".to_owned(), None),
        ];
        for (body, expected) in cases {
            assert_eq!(Answer::read(body.as_bytes()), expected, "{body}");
        }
    }
}
