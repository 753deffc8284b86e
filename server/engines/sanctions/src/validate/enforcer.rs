use super::Faults;
use crate::{Enforcer, EnforcerKind, Webhook};
use umpire_model::{MAX_URL_BYTES, is_web_address, is_webhook_secret};

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
    } else if !is_web_address(&webhook.url) {
        found.invalid("webhook.url", "must be `https` or `http` with a host, without a user");
    }
    if !is_webhook_secret(&webhook.secret) {
        found.invalid("webhook.secret", "must be `whsec_` and 24 to 64 bytes in base64");
    }
}
