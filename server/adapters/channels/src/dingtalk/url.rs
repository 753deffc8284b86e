use crate::channels::{
    query::{has_parameter, with_parameters, without_parameters},
    sign::hmac_base64,
};
use umpire_model::Timestamp;
use umpire_notify::Dingtalk;

/// DingTalk itself.
const VENDOR: &str = "https://oapi.dingtalk.com/robot/send";

/// Where to post at this moment, signed if the robot asks for it.
pub(super) fn url(config: &Dingtalk, time: Timestamp) -> String {
    let base = if config.url.is_empty() { VENDOR } else { config.url.reveal() };
    // A signature that was copied along is too old.
    let mut url = without_parameters(base, &["timestamp", "sign"]);
    if !has_parameter(&url, "access_token") {
        url = with_parameters(&url, &[("access_token", config.access_token.reveal())]);
    }
    if config.secret.is_empty() {
        return url;
    }
    let timestamp = time.0.div_euclid(1_000).to_string();
    let sign = sign(config.secret.reveal(), &timestamp);
    with_parameters(&url, &[("timestamp", &timestamp), ("sign", &sign)])
}

/// Of a moment in milliseconds.
fn sign(secret: &str, timestamp: &str) -> String {
    hmac_base64(secret, &format!("{timestamp}\n{secret}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dingtalk::tests::config;

    #[test]
    fn signatures_are_those_of_other_implementations() {
        for (millis, secret, plain, encoded) in [
            (
                1_700_000_000_001,
                "SECdemo",
                "PTs+dsurGspsy8LSQV/Ud2CTvBpozdeoue2U2fgKqxI=",
                "PTs%2BdsurGspsy8LSQV%2FUd2CTvBpozdeoue2U2fgKqxI%3D",
            ),
            (
                1_700_000_000_000,
                "SECb8a1e2c3d4f5061728394a5b6c7d8e9f00112233445566778899aabbccddeeff",
                "Zpi9MSwENUkRNO32ry9kFbYNFQm24vks+NZFGMRU4mU=",
                "Zpi9MSwENUkRNO32ry9kFbYNFQm24vks%2BNZFGMRU4mU%3D",
            ),
        ] {
            assert_eq!(sign(secret, &millis.to_string()), plain);
            let mut config = config("https://a/robot/send");
            config.secret = secret.into();
            let expected = format!(
                "https://a/robot/send?access_token=9f5c-token&timestamp={millis}&sign={encoded}"
            );
            assert_eq!(url(&config, Timestamp(millis * 1_000 + 999)), expected);
        }
    }

    #[test]
    fn every_attempt_is_signed_afresh_and_once() {
        let mut config = config("https://a/robot/send?access_token=x&timestamp=1&sign=y%3D");
        config.secret = "SECdemo".into();
        let first = url(&config, Timestamp(1_700_000_000_000_000));
        let second = url(&config, Timestamp(1_700_000_001_000_000));
        assert_ne!(first, second);
        for name in ["access_token=", "timestamp=", "sign="] {
            assert_eq!(second.matches(name).count(), 1, "{second}");
        }
        assert!(second.contains("access_token=x&timestamp=1700000001000&sign="), "{second}");
        assert!(!second.contains("%25"), "{second}");
    }

    #[test]
    fn without_a_secret_nothing_is_signed() {
        let found = |config: &Dingtalk| url(config, Timestamp(0));
        let token = "access_token=9f5c-token";
        assert_eq!(found(&config("https://a/b")), format!("https://a/b?{token}"));
        assert_eq!(found(&config("")), format!("{VENDOR}?{token}"));
        let own = "https://a/b?access_token=x&y=z";
        assert_eq!(found(&config(own)), own);
    }
}
