//! Addresses and secrets of what is called by HTTP.

use data_encoding::BASE64;
use std::net::Ipv6Addr;

/// Longest URL that is kept, in bytes.
pub const MAX_URL_BYTES: usize = 2_048;
/// How a secret of Standard Webhooks starts.
const SECRET_PREFIX: &str = "whsec_";

/// Whether a text is an absolute address of `http` or `https` in the characters of
/// RFC 3986, with a host and without a user; other alphabets are percent-encoded or, in
/// hosts, Punycode. Its length is not looked at: see [`MAX_URL_BYTES`].
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let known = ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    known && text.bytes().all(is_url_byte) && is_authority(authority)
}

fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// A host, and perhaps a port.
fn is_authority(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix('[') {
        let Some((host, port)) = rest.split_once(']') else { return false };
        return host.parse::<Ipv6Addr>().is_ok() && is_port(port);
    }
    let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
    !host.is_empty() && !host.contains(['@', '[', ']']) && is_port(port)
}

/// Nothing, or a colon and a number.
fn is_port(port: &str) -> bool {
    let Some(number) = port.strip_prefix(':') else { return port.is_empty() };
    number.bytes().all(|byte| byte.is_ascii_digit()) && number.parse::<u16>().is_ok()
}

/// Whether a text is a secret as Standard Webhooks has them: `whsec_` and 24 to 64 bytes in
/// base64.
#[must_use]
pub fn is_webhook_secret(text: &str) -> bool {
    let bytes = text.strip_prefix(SECRET_PREFIX).map(|text| BASE64.decode(text.as_bytes()));
    matches!(bytes, Some(Ok(bytes)) if (24..=64).contains(&bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_http_and_have_a_host() {
        for good in [
            "https://game.example",
            "HTTPS://game.example:8443/hooks/umpire?zone=1#a",
            "http://127.0.0.1:8080/",
            "http://[::1]:9/x",
            "https://xn--fiqs8s.example?x",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "game.example",
            "ftp://game.example",
            "file:///etc/passwd",
            "https://",
            "https:///path",
            "https://:80/",
            "https://user:word@game.example/",
            "https://game.example:65536/",
            "https://game.example:+80/",
            "https://[::1/",
            "https://[::1]x/",
            "https://game.example\\@other.example/",
            "https://游戏.example/",
            "https://game.example/\r\nx",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }

    #[test]
    fn secrets_are_those_of_standard_webhooks() {
        for (bytes, sound) in [(0, false), (23, false), (24, true), (64, true), (65, false)] {
            let secret = BASE64.encode(&vec![7; bytes]);
            assert_eq!(is_webhook_secret(&format!("whsec_{secret}")), sound, "{bytes}");
            assert!(!is_webhook_secret(&secret), "without its prefix");
        }
        assert!(!is_webhook_secret("whsec_not base64 at all, that is sure"));
    }
}
