//! Filters, put together from flags.

use prost_types::Timestamp;

/// As a value of a filter.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A field that is this, where it is given.
pub fn is(field: &str, value: Option<&String>) -> Option<String> {
    value.map(|value| format!("{field} = {}", quoted(value)))
}

/// A time that is compared with this, where it is given.
pub fn at(field: &str, comparison: &str, moment: Option<Timestamp>) -> Option<String> {
    moment.map(|moment| format!("{field} {comparison} \"{moment}\""))
}

/// A filter as it was written, to stand beside other terms.
pub fn raw(filter: Option<&String>) -> Option<String> {
    filter.filter(|filter| !filter.trim().is_empty()).map(|filter| format!("({filter})"))
}

/// What meets all terms; with none, everything.
pub fn all_of(terms: impl IntoIterator<Item = Option<String>>) -> String {
    terms.into_iter().flatten().collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_hold_together() {
        let (user, either) = ("p \"1\"".to_owned(), "kind = MUTE OR kind = WARN".to_owned());
        let since = Some(Timestamp { seconds: 1, nanos: 0 });
        let terms = [
            is("subject.user_id", Some(&user)),
            is("subject.server_id", None),
            at("start_time", ">=", since),
            raw(Some(&either)),
            raw(Some(&" ".to_owned())),
        ];
        let expected = "subject.user_id = \"p \\\"1\\\"\" AND \
                        start_time >= \"1970-01-01T00:00:01Z\" AND (kind = MUTE OR kind = WARN)";
        assert_eq!(all_of(terms), expected);
        assert_eq!(all_of([None, None]), "");
    }
}
