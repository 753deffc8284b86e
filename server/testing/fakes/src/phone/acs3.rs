use super::{
    calendar,
    hash::{digest, hex, hmac},
};
use crate::vendor::Call;
use std::collections::HashSet;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
/// Seconds that a signature is believed, in either direction.
const TOLERANCE: f64 = 900.0;

/// Status, code and message of a call that is not believed.
pub(super) type Refusal = (u16, &'static str, String);

/// Who may call, and with what they have called.
pub(super) struct Keys {
    pub id: String,
    pub secret: String,
    pub nonces: HashSet<String>,
}

impl Keys {
    /// Believes a call, once.
    pub(super) fn verify(&mut self, call: &Call, now: f64) -> Result<(), Refusal> {
        let authorization = call.header("authorization").and_then(Authorization::read);
        let authorization = authorization.ok_or_else(|| missing("Authorization"))?;
        if authorization.key_id != self.id {
            let said = "Specified access key is not found.".to_owned();
            return Err((404, "InvalidAccessKeyId.NotFound", said));
        }
        let date = call.header("x-acs-date").and_then(calendar::seconds);
        let date = date.ok_or_else(|| missing("x-acs-date"))?;
        if (date as f64 - now).abs() > TOLERANCE {
            let said = "Specified time stamp or date value is expired.".to_owned();
            return Err((400, "InvalidTimeStamp.Expired", said));
        }
        let nonce = call.header("x-acs-signature-nonce").filter(|nonce| !nonce.is_empty());
        let nonce = nonce.ok_or_else(|| missing("x-acs-signature-nonce"))?;
        if call.header("x-acs-content-sha256") != Some(&*digest(&call.body)) {
            return Err(missing("x-acs-content-sha256"));
        }
        self.check(call, &authorization)?;
        if !self.nonces.insert(nonce.to_owned()) {
            let said = "Specified signature nonce was used already.".to_owned();
            return Err((400, "SignatureNonceUsed", said));
        }
        Ok(())
    }

    fn check(&self, call: &Call, authorization: &Authorization<'_>) -> Result<(), Refusal> {
        let request = digest(canonical(call, authorization.headers)?.as_bytes());
        let text = format!("{ALGORITHM}\n{request}");
        if hex(&hmac(self.secret.as_bytes(), text.as_bytes())) == authorization.signature {
            return Ok(());
        }
        let said = format!(
            "Specified signature is not matched with our calculation. server string to sign \
             is:{text}",
        );
        Err((400, "SignatureDoesNotMatch", said))
    }
}

fn missing(what: &str) -> Refusal {
    (400, "IncompleteSignature", format!("The request signature does not conform: {what}."))
}

struct Authorization<'a> {
    key_id: &'a str,
    headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn read(header: &'a str) -> Option<Self> {
        let mut parts = header.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(',');
        let mut next = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=');
        Some(Self {
            key_id: next("Credential")?,
            headers: next("SignedHeaders")?,
            signature: next("Signature")?,
        })
    }
}

/// What is signed; everything that says who, when and what must be.
fn canonical(call: &Call, headers: &str) -> Result<String, Refusal> {
    let names: Vec<&str> = headers.split(';').collect();
    let present = call.headers.iter().map(|(name, _)| &**name);
    let mut needed = present.filter(|name| *name == "host" || name.starts_with("x-acs-"));
    if let Some(unsigned) = needed.find(|name| !names.contains(name)) {
        return Err(missing(unsigned));
    }
    if !names.is_sorted() || !names.contains(&"host") {
        return Err(missing("SignedHeaders"));
    }
    let mut lines = String::new();
    for name in &names {
        let value = call.header(name).ok_or_else(|| missing(name))?;
        lines.push_str(&format!("{name}:{value}\n"));
    }
    let query = query(call);
    let body = digest(&call.body);
    Ok(format!("{}\n{}\n{query}\n{lines}\n{headers}\n{body}", call.method, call.path))
}

fn query(call: &Call) -> String {
    let pairs = call.query.iter();
    let mut pairs: Vec<_> =
        pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.sort();
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests;
