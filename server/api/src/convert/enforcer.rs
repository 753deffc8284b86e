//! Enforcers. The secret of a webhook comes in and never goes out.

use super::{route::NamedField, time};
use crate::{
    mask::Writable,
    resources::{Resource, Writing},
};
use umpire_catalog::Kept;
use umpire_model::{TenantId, Violation};
use umpire_proto::v1::{self as pb, enforcer::Kind};
use umpire_query::Term;
use umpire_sanctions::{Enforcer, EnforcerKind, Webhook};

/// Seconds without an acknowledgement, where an enforcer does not say.
const ACK_DEADLINE: u64 = 30;

impl Resource for Enforcer {
    type Proto = pb::Enforcer;
    type Filter = NamedField;
    const FIELD: &'static str = "enforcer";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.Enforcer",
        fields: &["display_name", "webhook", "stream", "servers", "categories", "ack_deadline"],
        deep: &["webhook"],
    };

    fn from_proto(
        enforcer: &pb::Enforcer,
        writing: &Writing<'_, Self>,
    ) -> Result<Self, Vec<Violation>> {
        from_proto(enforcer, writing.current)
    }

    fn to_proto(&self, _tenant: &TenantId) -> pb::Enforcer {
        to_proto(self)
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::Enforcer {
        pb::Enforcer {
            name: format!("tenants/{tenant}/enforcers/{}", kept.id),
            etag: kept.etag(),
            create_time: Some(time::to_proto(kept.create_time)),
            update_time: Some(time::to_proto(kept.update_time)),
            ..to_proto(&kept.item)
        }
    }

    fn named(enforcer: &pb::Enforcer) -> (&str, &str) {
        (&enforcer.name, &enforcer.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<NamedField>) -> bool {
        term.field.test(term, kept.id.as_str(), &kept.item.display_name)
    }

    fn check_change(&self, next: &Self) -> Result<(), Violation> {
        // It would drop, unseen, what the enforcer was still to be told.
        if next.is_webhook() == self.is_webhook() {
            return Ok(());
        }
        let message = "the kind stays: delete the enforcer, or make another";
        Err(Violation::invalid("enforcer.kind", message))
    }
}

/// The enforcer a caller wrote; a webhook without a secret keeps that of `current`.
fn from_proto(
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
fn to_proto(enforcer: &Enforcer) -> pb::Enforcer {
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

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::{Duration, FieldMask};

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

    fn addressed(url: &str, secret: &str, legacy_end_time: bool) -> pb::Enforcer {
        let mut enforcer = webhook(url, secret);
        if let Some(Kind::Webhook(webhook)) = &mut enforcer.kind {
            webhook.legacy_end_time = legacy_end_time;
        }
        enforcer
    }

    #[test]
    fn a_webhook_changes_field_by_field_and_as_a_whole() {
        let (current, change) =
            (addressed("https://old", "s", true), addressed("https://new", "", false));
        let apply = |paths: &[&str]| {
            let paths = paths.iter().map(|&path| path.to_owned()).collect();
            Enforcer::WRITABLE.apply(&current, &change, Some(&FieldMask { paths }))
        };
        assert_eq!(apply(&[]), Ok(addressed("https://new", "s", true)));
        let modern = addressed("https://old", "s", false);
        assert_eq!(apply(&["webhook.legacy_end_time"]), Ok(modern));
        assert_eq!(apply(&["webhook"]), Ok(change.clone()));
        assert_eq!(apply(&["*"]), Ok(change.clone()));
        for bad in ["name", "etag", "webhook.secret_set", "webhook.color", "color"] {
            assert!(apply(&[bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_shown_is_no_change() {
        let made = from_proto(&webhook("https://a", "one"), None).expect("sound");
        let shown = to_proto(&made);
        assert_eq!(Enforcer::WRITABLE.apply(&shown, &shown, None), Ok(shown));
    }
}
