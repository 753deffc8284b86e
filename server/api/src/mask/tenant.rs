use super::{merge, names, paths, refused};
use crate::error::ApiError;
use prost_types::FieldMask;
use umpire_proto::v1 as pb;

/// Fields of a tenant that a change may name.
const TENANT_FIELDS: [&str; 4] = ["display_name", "time_zone", "currency", "settings"];

/// As [`apply_to_rule`](super::apply_to_rule), for tenants.
pub(crate) fn apply_to_tenant(
    current: pb::Tenant,
    change: &pb::Tenant,
    mask: Option<&FieldMask>,
) -> Result<pb::Tenant, ApiError> {
    let paths = paths(mask, || tenant_fields_set(change));
    merge(current, change, &paths, &TENANT_FIELDS, copy_tenant_field).map_err(refused)
}

fn copy_tenant_field(path: &str, from: &pb::Tenant, to: &mut pb::Tenant) -> bool {
    if let Some(field) = path.strip_prefix("settings.") {
        let from = from.settings.clone().unwrap_or_default();
        let to = to.settings.get_or_insert_default();
        copy_fields!(field, from, to, {
            "conversation_scope" => conversation_scope,
            "monitored_kinds" => monitored_kinds,
            "scenes" => scenes,
            "record" => record,
            "wait_for_record" => wait_for_record,
            "degraded_policy" => degraded_policy,
            "includes" => includes,
            "frame_alert_threshold" => frame_alert_threshold,
            "frame_alerts_enabled" => frame_alerts_enabled,
            "message_window" => message_window,
        });
        return true;
    }
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "time_zone" => time_zone,
        "currency" => currency,
        "settings" => settings,
    });
    true
}

fn tenant_fields_set(tenant: &pb::Tenant) -> Vec<String> {
    let set = [
        ("display_name", !tenant.display_name.is_empty()),
        ("time_zone", !tenant.time_zone.is_empty()),
        ("currency", !tenant.currency.is_empty()),
    ];
    names(&set).into_iter().chain(settings_set(tenant)).collect()
}

fn settings_set(tenant: &pb::Tenant) -> Vec<String> {
    let Some(settings) = &tenant.settings else { return Vec::new() };
    names(&[
        ("settings.conversation_scope", !settings.conversation_scope.is_empty()),
        ("settings.monitored_kinds", !settings.monitored_kinds.is_empty()),
        ("settings.scenes", !settings.scenes.is_empty()),
        ("settings.record", settings.record != 0),
        ("settings.wait_for_record", settings.wait_for_record.is_some()),
        ("settings.degraded_policy", settings.degraded_policy.is_some()),
        ("settings.includes", !settings.includes.is_empty()),
        ("settings.frame_alert_threshold", settings.frame_alert_threshold.is_some()),
        ("settings.frame_alerts_enabled", settings.frame_alerts_enabled.is_some()),
        ("settings.message_window", settings.message_window.is_some()),
    ])
}
