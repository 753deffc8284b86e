use serde_json::Value;
use std::time::Instant;

/// A call, as it came.
#[derive(Debug, Clone)]
pub struct Call {
    /// `GET`, `POST`.
    pub method: String,
    /// Without the query, as it was sent.
    pub path: String,
    /// Names and values of the query, decoded once; a `+` is a space.
    pub query: Vec<(String, String)>,
    /// The query as it was sent, without the `?`.
    pub raw_query: String,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
    /// All of it.
    pub body: Vec<u8>,
    /// When it had been read.
    pub at: Instant,
}

impl Call {
    /// A call read from its first line and its headers.
    pub(super) fn new(head: &str, body: Vec<u8>) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut request = lines.next()?.split(' ');
        let (method, target) = request.next().zip(request.next())?;
        let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        let headers = lines.filter_map(|line| line.split_once(':'));
        Some(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: pairs(raw_query),
            raw_query: raw_query.to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect(),
            body,
            at: Instant::now(),
        })
    }

    /// The first header of that name, which is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The first parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// The body as JSON; `None` when it is none, or no UTF-8.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| &**value)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// As forms are: `%` and two digits are a byte, `+` is a space.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let escaped = if byte == b'%' { behind.get(..2).and_then(hex) } else { None };
        bytes.push(escaped.unwrap_or(if byte == b'+' { b' ' } else { byte }));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    // A parser of numbers would take a sign too.
    let valid = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    valid.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_taken_apart() {
        let head = "POST /a%20b?x=1%2B2&y=a+b&y=%252B&z&=%zz%4 HTTP/1.1\r\n\
                    Host: h\r\nContent-Type:  application/json ";
        let call = Call::new(head, b"{\"a\":1}".to_vec()).unwrap();
        assert_eq!((&*call.method, &*call.path), ("POST", "/a%20b"));
        assert_eq!(call.raw_query, "x=1%2B2&y=a+b&y=%252B&z&=%zz%4");
        let pairs: Vec<_> = call.query.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(pairs, [("x", "1+2"), ("y", "a b"), ("y", "%2B"), ("z", ""), ("", "%zz%4")]);
        assert_eq!(call.parameter("y"), Some("a b"));
        assert_eq!(call.parameter("w"), None);
        assert_eq!(call.header("content-type"), Some("application/json"));
        assert_eq!(call.json().unwrap()["a"], 1);
        assert!(Call::new("GET", Vec::new()).is_none());
    }
}
