use super::{merge, names, paths};
use prost_types::FieldMask;
use umpire_model::Violation;
use umpire_proto::v1::{self as pb, enforcer::Kind};

/// Fields of an enforcer that a change may name; `*` names them all.
const ENFORCER_FIELDS: [&str; 5] =
    ["display_name", "webhook", "servers", "categories", "ack_deadline"];

/// As [`apply_to_rule`](super::apply_to_rule), for enforcers: without a mask every field
/// that is set, those inside `webhook` one by one.
pub(crate) fn apply_to_enforcer(
    current: pb::Enforcer,
    change: &pb::Enforcer,
    mask: Option<&FieldMask>,
) -> Result<pb::Enforcer, Violation> {
    let paths = paths(mask, || enforcer_fields_set(change));
    merge(current, change, &paths, &ENFORCER_FIELDS, copy_enforcer_field)
}

fn copy_enforcer_field(path: &str, from: &pb::Enforcer, to: &mut pb::Enforcer) -> bool {
    if let Some(field) = path.strip_prefix("webhook.") {
        return copy_webhook_field(field, from, to);
    }
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "webhook" => kind,
        "stream" => kind,
        "servers" => servers,
        "categories" => categories,
        "ack_deadline" => ack_deadline,
    });
    true
}

fn copy_webhook_field(path: &str, from: &pb::Enforcer, to: &mut pb::Enforcer) -> bool {
    let (from, mut webhook) = (webhook_of(from), webhook_of(to));
    copy_fields!(path, from, webhook, {
        "url" => url,
        "secret" => secret,
        "legacy_end_time" => legacy_end_time,
    });
    to.kind = Some(Kind::Webhook(webhook));
    true
}

fn webhook_of(enforcer: &pb::Enforcer) -> pb::enforcer::Webhook {
    match &enforcer.kind {
        Some(Kind::Webhook(webhook)) => webhook.clone(),
        _ => <_>::default(),
    }
}

fn enforcer_fields_set(enforcer: &pb::Enforcer) -> Vec<String> {
    let webhook = webhook_of(enforcer);
    names(&[
        ("display_name", !enforcer.display_name.is_empty()),
        ("stream", matches!(enforcer.kind, Some(Kind::Stream(_)))),
        ("webhook.url", !webhook.url.is_empty()),
        ("webhook.secret", !webhook.secret.is_empty()),
        ("webhook.legacy_end_time", webhook.legacy_end_time),
        ("servers", !enforcer.servers.is_empty()),
        ("categories", !enforcer.categories.is_empty()),
        ("ack_deadline", enforcer.ack_deadline.is_some()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use pb::enforcer::{Stream, Webhook};

    fn mask(paths: &[&str]) -> Option<FieldMask> {
        Some(FieldMask { paths: paths.iter().map(|&path| path.to_owned()).collect() })
    }

    fn webhook(url: &str, secret: &str, legacy_end_time: bool) -> pb::Enforcer {
        let webhook =
            Webhook { url: url.into(), secret: secret.into(), legacy_end_time, ..<_>::default() };
        pb::Enforcer { kind: Some(Kind::Webhook(webhook)), ..<_>::default() }
    }

    #[test]
    fn a_webhook_changes_field_by_field_and_as_a_whole() {
        let change = webhook("https://new", "", false);
        let apply = |paths: &[&str]| {
            apply_to_enforcer(webhook("https://old", "s", true), &change, mask(paths).as_ref())
        };
        assert_eq!(apply(&[]), Ok(webhook("https://new", "s", true)));
        assert_eq!(apply(&["webhook.legacy_end_time"]), Ok(webhook("https://old", "s", false)));
        assert_eq!(apply(&["webhook"]), Ok(change.clone()));
        assert_eq!(apply(&["*"]), Ok(change.clone()));
        for bad in ["name", "etag", "webhook.secret_set", "webhook.color", "color"] {
            assert!(apply(&[bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_enforcer_can_become_one_of_another_kind() {
        let stream = pb::Enforcer { kind: Some(Kind::Stream(Stream {})), ..<_>::default() };
        let became = apply_to_enforcer(webhook("https://old", "s", true), &stream, None);
        assert_eq!(became, Ok(stream));
    }
}
