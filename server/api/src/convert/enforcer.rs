//! Enforcers. The secret of a webhook comes in and never goes out.

use super::time;
use std::fmt::Display;
use umpire_catalog::Kept;
use umpire_model::{TenantId, Violation};
use umpire_proto::v1::{self as pb, enforcer::Kind};
use umpire_sanctions::{Enforcer, EnforcerKind, Webhook};

/// Seconds without an acknowledgement, where an enforcer does not say.
const ACK_DEADLINE: u64 = 30;

pub(crate) fn name(tenant: &TenantId, id: impl Display) -> String {
    format!("tenants/{tenant}/enforcers/{id}")
}

/// The enforcer a caller wrote; a webhook without a secret keeps that of `current`.
pub(crate) fn from_proto(
    enforcer: &pb::Enforcer,
    current: Option<&Enforcer>,
) -> Result<Enforcer, Vec<Violation>> {
    let mut refused = Vec::new();
    let deadline =
        time::optional_seconds(enforcer.ack_deadline, "enforcer.ack_deadline", &mut refused);
    let kind = match &enforcer.kind {
        Some(Kind::Webhook(webhook)) => Some(EnforcerKind::Webhook(webhook_from(webhook, current))),
        Some(Kind::Stream(_)) => Some(EnforcerKind::Stream),
        None => {
            let message = "an enforcer is either a `webhook` or a `stream`";
            refused.push(Violation::invalid("enforcer.webhook", message));
            None
        }
    };
    let Some(kind) = kind.filter(|_| refused.is_empty()) else { return Err(refused) };
    Ok(Enforcer {
        display_name: enforcer.display_name.clone(),
        kind,
        servers: enforcer.servers.clone(),
        categories: enforcer.categories.clone(),
        ack_deadline: deadline.unwrap_or(ACK_DEADLINE),
    })
}

fn webhook_from(webhook: &pb::enforcer::Webhook, current: Option<&Enforcer>) -> Webhook {
    let kept = match current.map(|current| &current.kind) {
        Some(EnforcerKind::Webhook(kept)) => kept.secret.as_str(),
        _ => "",
    };
    let secret = if webhook.secret.is_empty() { kept } else { &webhook.secret };
    Webhook {
        url: webhook.url.clone(),
        secret: secret.into(),
        legacy_end_time: webhook.legacy_end_time,
    }
}

/// What the author of an enforcer wrote, but for the secret.
pub(crate) fn to_proto(enforcer: &Enforcer) -> pb::Enforcer {
    let kind = match &enforcer.kind {
        EnforcerKind::Webhook(webhook) => Kind::Webhook(pb::enforcer::Webhook {
            url: webhook.url.clone(),
            secret: String::new(),
            legacy_end_time: webhook.legacy_end_time,
            secret_set: !webhook.secret.is_empty(),
        }),
        EnforcerKind::Stream => Kind::Stream(pb::enforcer::Stream {}),
    };
    pb::Enforcer {
        display_name: enforcer.display_name.clone(),
        kind: Some(kind),
        servers: enforcer.servers.clone(),
        categories: enforcer.categories.clone(),
        ack_deadline: Some(time::seconds(enforcer.ack_deadline)),
        ..pb::Enforcer::default()
    }
}

/// An enforcer as it is kept, but for the secret.
pub(crate) fn kept_to_proto(kept: &Kept<Enforcer>, tenant: &TenantId) -> pb::Enforcer {
    pb::Enforcer {
        name: name(tenant, &kept.id),
        etag: kept.etag(),
        create_time: Some(time::to_proto(kept.create_time)),
        update_time: Some(time::to_proto(kept.update_time)),
        ..to_proto(&kept.item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Duration;

    fn webhook(url: &str, secret: &str) -> pb::Enforcer {
        let (url, secret) = (url.into(), secret.into());
        let webhook = pb::enforcer::Webhook { url, secret, ..<_>::default() };
        pb::Enforcer { kind: Some(Kind::Webhook(webhook)), ..<_>::default() }
    }

    fn secret(enforcer: &Enforcer) -> &str {
        match &enforcer.kind {
            EnforcerKind::Webhook(webhook) => &webhook.secret,
            EnforcerKind::Stream => "",
        }
    }

    #[test]
    fn a_secret_is_kept_and_never_shown() {
        let first = from_proto(&webhook("https://a", "one"), None).expect("sound");
        let shown = to_proto(&first);
        let Some(Kind::Webhook(visible)) = &shown.kind else { panic!("a webhook") };
        assert_eq!((visible.secret.as_str(), visible.secret_set), ("", true));
        let again = from_proto(&shown, Some(&first)).expect("sound");
        assert_eq!(again, first, "what is shown can be written back");
        let moved = from_proto(&webhook("https://b", ""), Some(&first)).expect("sound");
        assert_eq!(secret(&moved), "one");
        let changed = from_proto(&webhook("https://b", "two"), Some(&first)).expect("sound");
        assert_eq!(secret(&changed), "two");
        let stream = Enforcer { kind: EnforcerKind::Stream, ..first };
        let fresh = from_proto(&webhook("https://b", ""), Some(&stream)).expect("converted");
        assert_eq!(secret(&fresh), "", "left to the engine to refuse");
    }

    #[test]
    fn a_stream_comes_back_and_has_a_deadline() {
        let stream = pb::Enforcer {
            display_name: "Games".into(),
            kind: Some(Kind::Stream(pb::enforcer::Stream {})),
            servers: vec!["s1".into()],
            categories: vec!["chess".into()],
            ack_deadline: Some(Duration { seconds: 5, nanos: 0 }),
            ..<_>::default()
        };
        assert_eq!(to_proto(&from_proto(&stream, None).expect("sound")), stream);
        let plain = pb::Enforcer { ack_deadline: None, ..stream.clone() };
        assert_eq!(from_proto(&plain, None).map(|made| made.ack_deadline), Ok(ACK_DEADLINE));
        let paths = |enforcer: &pb::Enforcer| {
            let violations = from_proto(enforcer, None).err().unwrap_or_default();
            violations.into_iter().map(|violation| violation.path).collect::<Vec<_>>()
        };
        let hasty = Some(Duration { seconds: 0, nanos: 1 });
        let neither = pb::Enforcer { kind: None, ack_deadline: hasty, ..stream };
        assert_eq!(paths(&neither), ["enforcer.ack_deadline", "enforcer.webhook"]);
    }
}
