//! A service that is told by webhooks, signed after Standard Webhooks 1.0.0 as the
//! specification tells a receiver to check them.

#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, is_json, text};
use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Seconds that a signature is believed, in either direction.
const TOLERANCE: f64 = 300.0;
/// What it is told of.
const TYPES: [&str; 3] = ["alert.fired", "alert.resolved", "alert.test"];

/// A service that believes one secret.
pub struct WebhookSink {
    secret: String,
    /// Ids that it has seen.
    seen: BTreeSet<String>,
}

impl WebhookSink {
    /// It believes what is signed with this secret, `whsec_...`.
    #[must_use]
    pub fn signed_with(secret: &str) -> Self {
        Self { secret: secret.into(), seen: BTreeSet::new() }
    }

    /// What is shown of a call, if it is believed; otherwise why not.
    fn read(&mut self, call: &Call, now: f64) -> Result<Option<Shown>, &'static str> {
        let id = verify(&self.secret, call, now)?;
        if !is_json(call) {
            return Err("another content-type");
        }
        let body = call.json().ok_or("no JSON")?;
        if let Some(fault) = fault(&body) {
            return Err(fault);
        }
        // The same id is the same message, however often it comes.
        Ok(self.seen.insert(id).then(|| shown(&body)))
    }
}

impl Vendor for WebhookSink {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if call.method != "POST" {
            return Reply::not_found();
        }
        match self.read(call, now) {
            Ok(shown) => Reply::text(204, "").showing(shown),
            Err(error) => Reply::json(401, &json!({ "error": error })),
        }
    }
}

/// What is wrong with a body, if anything is.
fn fault(body: &Value) -> Option<&'static str> {
    let named = |pointer| !text(body, pointer).is_empty();
    let checks = [
        (TYPES.contains(&text(body, "/type")), "an unknown type"),
        (text(body, "/timestamp").ends_with('Z'), "no timestamp"),
        (named("/data/delivery"), "no data.delivery"),
        (named("/data/receiver"), "no data.receiver"),
        (named("/data/thread"), "no data.thread"),
        (named("/data/title"), "no data.title"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, fault)| fault)
}

fn shown(body: &Value) -> Shown {
    let words = format!("{}\n{}", text(body, "/data/title"), text(body, "/data/text"));
    let mentions = body["data"]["mentions"].as_array().into_iter().flatten();
    let mentions = mentions.filter_map(Value::as_str).map(str::to_owned);
    Shown::now(text(body, "/data/receiver"), words.trim_end()).mentioning(mentions)
}

/// The id of a call, if one of its signatures is made with the secret of late.
fn verify(secret: &str, call: &Call, now: f64) -> Result<String, &'static str> {
    let id = call.header("webhook-id").ok_or("no webhook-id")?;
    let timestamp = call.header("webhook-timestamp").ok_or("no webhook-timestamp")?;
    let signatures = call.header("webhook-signature").ok_or("no webhook-signature")?;
    if id.is_empty() || id.contains('.') {
        return Err("a bad webhook-id");
    }
    let seconds: u32 = timestamp.parse().map_err(|_| "a bad webhook-timestamp")?;
    if (now - f64::from(seconds)).abs() > TOLERANCE {
        return Err("a webhook-timestamp out of tolerance");
    }
    let expected = signature(secret, id, timestamp, &call.body);
    let fits = signatures.split(' ').any(|signature| signature == expected);
    fits.then(|| id.to_owned()).ok_or("no signature that fits")
}

fn signature(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut signed = format!("{id}.{timestamp}.").into_bytes();
    signed.extend_from_slice(body);
    format!("v1,{}", BASE64.encode(&hmac(&key, &signed)))
}

/// HMAC of RFC 2104 over SHA-256; a secret has at most 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let hash = |pad: u8, message: &[u8]| -> [u8; 32] {
        let keyed = Sha256::new_with_prefix(block.map(|byte| byte ^ pad));
        keyed.chain_update(message).finalize().into()
    };
    hash(0x5c, &hash(0x36, message))
}
