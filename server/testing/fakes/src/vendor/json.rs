use super::Call;
use serde_json::Value;

/// Whether a call says that its body is JSON, in UTF-8 if it names an encoding.
pub(crate) fn is_json(call: &Call) -> bool {
    let mut parts = call.header("content-type").unwrap_or_default().split(';').map(str::trim);
    parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
        && parts.all(|part| part.eq_ignore_ascii_case("charset=utf-8"))
}

/// The text there, or none.
pub(crate) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
