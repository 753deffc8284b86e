use crate::vendor::text;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// Seconds that a signature is believed, in either direction.
const TOLERANCE: f64 = 3_600.0;
const WRONG: &str = "sign match fail or timestamp is not within one hour from current time";

/// Judges the signature in a body; says what is wrong with it.
pub(super) fn check(body: &Value, secret: &str, now: f64) -> Result<(), &'static str> {
    let (timestamp, sign) = (text(body, "/timestamp"), text(body, "/sign"));
    let sent: i64 = timestamp.parse().map_err(|_| WRONG)?;
    let is_recent = (sent as f64 - now).abs() <= TOLERANCE;
    if is_recent && sign == signature(timestamp, secret) { Ok(()) } else { Err(WRONG) }
}

/// Of nothing: what others sign is the key here.
pub(super) fn signature(timestamp: &str, secret: &str) -> String {
    let key = format!("{timestamp}\n{secret}");
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    BASE64.encode(mac.finalize().into_bytes().as_slice())
}
