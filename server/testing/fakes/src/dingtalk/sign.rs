use crate::vendor::Call;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Milliseconds that a signature is believed, in either direction.
const TOLERANCE: f64 = 3_600_000.0;

/// Judges the signature of a call; says what is wrong with it.
pub(super) fn check(call: &Call, secret: &str, now: f64) -> Result<(), &'static str> {
    if call.parameter("timestamp").or(call.parameter("sign")).is_none() {
        return Err("sign not match");
    }
    let timestamp = only(call, "timestamp").ok_or("invalid timestamp")?;
    let sent: i64 = timestamp.parse().map_err(|_| "invalid timestamp")?;
    if (sent as f64 - now * 1_000.0).abs() > TOLERANCE {
        return Err("invalid timestamp");
    }
    let sign = only(call, "sign").ok_or("sign not match")?;
    if sign == signature(timestamp, secret) { Ok(()) } else { Err("sign not match") }
}

/// The parameter, if it is there once.
fn only<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    let mut all = call.query.iter().filter(|(found, _)| found == name);
    let (_, value) = all.next()?;
    all.next().is_none().then_some(&**value)
}

/// In base64, before it is put into a URL.
pub(super) fn signature(timestamp: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{timestamp}\n{secret}").as_bytes());
    BASE64.encode(mac.finalize().into_bytes().as_slice())
}
