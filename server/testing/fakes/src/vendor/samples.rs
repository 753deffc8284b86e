//! Calls that were not sent.

use super::Call;
use serde_json::Value;

/// A POST of JSON to a path, which may have a query.
pub(crate) fn post(target: &str, body: &Value) -> Call {
    let head = format!("POST {target} HTTP/1.1\r\ncontent-type: application/json; charset=utf-8");
    Call::new(&head, body.to_string().into_bytes()).unwrap()
}

/// A GET of a path, which may have a query.
pub(crate) fn get(target: &str) -> Call {
    Call::new(&format!("GET {target} HTTP/1.1"), Vec::new()).unwrap()
}
