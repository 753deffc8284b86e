//! Signatures after Standard Webhooks 1.0.0, symmetric: `v1`.

use data_encoding::{BASE64, BASE64_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A secret is not `whsec_` and base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret is not `whsec_` and base64")]
pub struct BadSecret;

/// The value of `webhook-signature` for a body that is sent under an id at a moment, in
/// seconds since the Unix epoch. Whoever holds the secret can tell that id, moment and
/// body are ours.
///
/// # Errors
/// [`BadSecret`].
pub fn sign(secret: &str, id: &str, seconds: i64, body: &[u8]) -> Result<String, BadSecret> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).map_err(|_| BadSecret)?;
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    Ok(format!("v1,{}", BASE64.encode(mac.finalize().into_bytes().as_slice())))
}

/// The bytes of a secret; padding may be left out.
fn key(secret: &str) -> Result<Vec<u8>, BadSecret> {
    let text = secret.strip_prefix("whsec_").ok_or(BadSecret)?.trim_end_matches('=');
    BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| BadSecret)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const ALERT: &str = concat!(
        r#"{"type":"alert.fired","timestamp":"2023-11-14T22:13:20Z","#,
        r#""data":{"alert_id":"a-1","level":"P0","text":"紧急告警"}}"#,
    );

    #[test]
    fn signatures_are_those_of_other_implementations() {
        let cases = [
            (
                SECRET,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (
                SECRET,
                "msg_a-1",
                1_700_000_000,
                ALERT,
                "v1,7Kd75jEgExGks7xRJ1XTucplOSBvElaNi545xwxxwDQ=",
            ),
            (
                OTHER,
                "msg_a-1",
                1_700_000_000,
                ALERT,
                "v1,QvWKwxBdfCwdQacR4/75cOJqwB5eM1N08DI9ScZYkow=",
            ),
        ];
        for (secret, id, seconds, body, expected) in cases {
            assert_eq!(sign(secret, id, seconds, body.as_bytes()).as_deref(), Ok(expected), "{id}");
        }
    }

    #[test]
    fn padding_does_not_matter() {
        let of = |secret| sign(secret, "id", 0, b"").expect("a secret");
        assert_eq!(of("whsec_AAECAwQFBgcICQ=="), of("whsec_AAECAwQFBgcICQ"));
    }

    #[test]
    fn other_secrets_are_refused_and_not_told() {
        for secret in ["", "whsec_*", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAE C"] {
            assert_eq!(sign(secret, "id", 0, b""), Err(BadSecret), "{secret}");
        }
    }
}
