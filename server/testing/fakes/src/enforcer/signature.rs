//! Standard Webhooks as the specification tells a receiver to check them, down to the
//! HMAC, so that no library judges itself.

use axum::http::HeaderMap;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds that a signature is believed, in either direction.
const TOLERANCE: u64 = 5 * 60;

/// The id of a request, if it is signed with the secret; otherwise why it is not
/// believed. Without `now`, it may be of any time.
pub(super) fn verify(
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Option<SystemTime>,
) -> Result<String, &'static str> {
    let id = header(headers, "webhook-id").ok_or("no webhook-id")?;
    let timestamp = header(headers, "webhook-timestamp").ok_or("no webhook-timestamp")?;
    let signatures = header(headers, "webhook-signature").ok_or("no webhook-signature")?;
    if id.is_empty() || id.contains('.') {
        return Err("a bad webhook-id");
    }
    let seconds: u64 = timestamp.parse().map_err(|_| "a bad webhook-timestamp")?;
    if now.is_some_and(|now| !is_recent(seconds, now)) {
        return Err("a webhook-timestamp out of tolerance");
    }
    let expected = signature(secret, id, timestamp, body);
    if !signatures.split(' ').any(|signature| signature == expected) {
        return Err("no signature that fits");
    }
    Ok(id.to_owned())
}

pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_recent(seconds: u64, now: SystemTime) -> bool {
    let now = now.duration_since(UNIX_EPOCH).unwrap().as_secs();
    now.abs_diff(seconds) <= TOLERANCE
}

pub(super) fn signature(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut signed = format!("{id}.{timestamp}.").into_bytes();
    signed.extend_from_slice(body);
    format!("v1,{}", BASE64.encode(&hmac_sha256(&key, &signed)))
}

/// HMAC of RFC 2104 over SHA-256.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let hashed = sha256(&[key]);
    let key: &[u8] = if key.len() > 64 { &hashed } else { key };
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = sha256(&[&block.map(|byte| byte ^ 0x36), message]);
    sha256(&[&block.map(|byte| byte ^ 0x5c), &inner])
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    #[test]
    fn hmac_gives_the_vectors_of_rfc_4231() {
        for (key, message, expected) in [
            (
                &b"Jefe"[..],
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131][..],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(HEXLOWER.encode(&hmac_sha256(key, message.as_bytes())), expected);
        }
    }

    #[test]
    fn signatures_are_those_of_the_specification() {
        let found = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(found, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
