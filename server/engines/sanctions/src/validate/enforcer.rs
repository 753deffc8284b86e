use super::Faults;
use crate::{Enforcer, EnforcerKind, Webhook};
use data_encoding::BASE64;
use std::net::Ipv6Addr;

/// Longest URL, in bytes.
const MAX_URL_BYTES: usize = 2_048;
/// How a secret of Standard Webhooks starts.
const SECRET_PREFIX: &str = "whsec_";
/// Longest wait for an acknowledgement, in seconds.
const MAX_ACK_DEADLINE: u64 = 60 * 60;

/// What is wrong with how an enforcer is told.
pub(super) fn check(enforcer: &Enforcer, found: &mut Faults) {
    if !(1..=MAX_ACK_DEADLINE).contains(&enforcer.ack_deadline) {
        found.invalid("ack_deadline", "must be 1 s to 1 h");
    }
    if let EnforcerKind::Webhook(webhook) = &enforcer.kind {
        check_webhook(webhook, found);
    }
}

fn check_webhook(webhook: &Webhook, found: &mut Faults) {
    if webhook.url.len() > MAX_URL_BYTES {
        found.too_large("webhook.url", MAX_URL_BYTES);
    } else if !is_url(&webhook.url) {
        found.invalid("webhook.url", "must be `https` or `http` with a host, without a user");
    }
    if !is_secret(&webhook.secret) {
        found.invalid("webhook.secret", "must be `whsec_` and 24 to 64 bytes in base64");
    }
}

/// An absolute address in the characters of RFC 3986; other alphabets are percent-encoded
/// or, in hosts, Punycode.
fn is_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let known = ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    known && url.bytes().all(is_url_byte) && is_authority(authority)
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

fn is_secret(secret: &str) -> bool {
    let bytes = secret.strip_prefix(SECRET_PREFIX).map(|text| BASE64.decode(text.as_bytes()));
    matches!(bytes, Some(Ok(bytes)) if (24..=64).contains(&bytes.len()))
}
