use crate::{channels::query::encoded, sms::hmac::hmac};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// What is signed. Nothing is ever sent in a body.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub host: &'a str,
    pub path: &'a str,
    pub action: &'a str,
    pub version: &'a str,
    pub date: String,
    pub nonce: String,
    /// As [`query_string`] writes it.
    pub query: &'a str,
}

impl Request<'_> {
    /// The headers that are signed, sorted by their names.
    fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("host", self.host.to_owned()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-content-sha256", HEXLOWER.encode(&Sha256::digest(b""))),
            ("x-acs-date", self.date.clone()),
            ("x-acs-signature-nonce", self.nonce.clone()),
            ("x-acs-version", self.version.to_owned()),
        ]
    }

    /// All headers of the request.
    pub(super) fn signed(&self, key_id: &str, key_secret: &str) -> Vec<(&'static str, String)> {
        let mut headers = self.headers();
        let names = names(&headers);
        let signature = self.signature(key_secret);
        let authorization =
            format!("{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}");
        headers.push(("authorization", authorization));
        headers
    }

    pub(super) fn signature(&self, key_secret: &str) -> String {
        let text = format!("{ALGORITHM}\n{}", self.digest());
        HEXLOWER.encode(&hmac(key_secret.as_bytes(), text.as_bytes()))
    }

    /// SHA-256 of the canonical request.
    pub(super) fn digest(&self) -> String {
        let headers = self.headers();
        let mut canonical = format!("POST\n{}\n{}\n", self.path, self.query);
        for (name, value) in &headers {
            // Writing to a String does not fail.
            let _ = writeln!(canonical, "{name}:{value}");
        }
        let body = HEXLOWER.encode(&Sha256::digest(b""));
        let _ = write!(canonical, "\n{}\n{body}", names(&headers));
        HEXLOWER.encode(&Sha256::digest(canonical.as_bytes()))
    }
}

fn names(headers: &[(&'static str, String)]) -> String {
    headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";")
}

/// Parameters as they are sent and signed: encoded, and sorted after that.
pub(super) fn query_string(parameters: &[(&str, String)]) -> String {
    let pair = |(name, value): &(&str, String)| format!("{}={}", encoded(name), encoded(value));
    let mut pairs: Vec<_> = parameters.iter().map(pair).collect();
    pairs.sort();
    pairs.join("&")
}
