use crate::sms::hmac::hmac;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use umpire_model::Timestamp;

/// Sent and signed character by character.
pub(super) const CONTENT_TYPE: &str = "application/json; charset=utf-8";

const ALGORITHM: &str = "TC3-HMAC-SHA256";

/// What is signed.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub host: &'a str,
    pub path: &'a str,
    pub service: &'a str,
    /// Signed, too, when there is one.
    pub action: Option<&'a str>,
    /// Since the Unix epoch.
    pub seconds: i64,
    pub body: &'a [u8],
}

impl Request<'_> {
    pub(super) fn authorization(&self, key_id: &str, key_secret: &str) -> String {
        let (scope, names) = (self.scope(), self.names());
        let signature = self.signature(key_secret);
        format!(
            "{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, \
             Signature={signature}"
        )
    }

    pub(super) fn signature(&self, key_secret: &str) -> String {
        let text = format!("{ALGORITHM}\n{}\n{}\n{}", self.seconds, self.scope(), self.digest());
        HEXLOWER.encode(&hmac(&self.key(key_secret), text.as_bytes()))
    }

    /// Holds for one day and one service.
    pub(super) fn key(&self, key_secret: &str) -> Vec<u8> {
        let key = hmac(format!("TC3{key_secret}").as_bytes(), self.date().as_bytes());
        hmac(&hmac(&key, self.service.as_bytes()), b"tc3_request")
    }

    /// SHA-256 of the canonical request.
    pub(super) fn digest(&self) -> String {
        let mut headers = format!("content-type:{CONTENT_TYPE}\nhost:{}\n", self.host);
        if let Some(action) = self.action {
            headers.push_str(&format!("x-tc-action:{}\n", action.to_lowercase()));
        }
        let body = HEXLOWER.encode(&Sha256::digest(self.body));
        let canonical = format!("POST\n{}\n\n{headers}\n{}\n{body}", self.path, self.names());
        HEXLOWER.encode(&Sha256::digest(canonical.as_bytes()))
    }

    fn names(&self) -> &'static str {
        match self.action {
            Some(_) => "content-type;host;x-tc-action",
            None => "content-type;host",
        }
    }

    fn scope(&self) -> String {
        format!("{}/{}/tc3_request", self.date(), self.service)
    }

    /// Of UTC.
    fn date(&self) -> String {
        let time = Timestamp(self.seconds.saturating_mul(1_000_000)).to_string();
        time.split('T').next().unwrap_or_default().to_owned()
    }
}
