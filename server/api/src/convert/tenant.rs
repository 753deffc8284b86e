//! Tenants and API keys.

use super::{
    enums::{self, known},
    time,
};
use std::time::Duration;
use umpire_model::{TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_tenancy::{
    ApiKey, KeyDraft, MessageWindow, RecordPolicy, SceneSwitch, Tenant, TenantDraft, TenantSettings,
};

pub(crate) fn to_proto(tenant: &Tenant) -> pb::Tenant {
    let draft = &tenant.draft;
    pb::Tenant {
        name: format!("tenants/{}", tenant.id),
        display_name: draft.display_name.clone(),
        time_zone: draft.time_zone.clone(),
        currency: draft.currency.clone(),
        settings: Some(settings_to_proto(&draft.settings)),
        etag: tenant.etag(),
        create_time: Some(time::to_proto(tenant.create_time)),
        update_time: Some(time::to_proto(tenant.update_time)),
        delete_time: tenant.delete_time.map(time::to_proto),
    }
}

fn settings_to_proto(settings: &TenantSettings) -> pb::TenantSettings {
    let scenes = settings.scenes.iter().map(|scene| pb::tenant_settings::SceneSwitch {
        id: scene.id.clone(),
        enabled: scene.enabled,
    });
    pb::TenantSettings {
        conversation_scope: settings.conversation_scope.clone(),
        monitored_kinds: settings
            .monitored_kinds
            .iter()
            .copied()
            .map(enums::conversation_kind)
            .collect(),
        scenes: scenes.collect(),
        record: enums::record_policy(settings.record),
        wait_for_record: Some(settings.wait_for_record),
        includes: settings.includes.iter().map(|id| format!("tenants/{id}")).collect(),
        message_window: settings.message_window.as_ref().map(window_to_proto),
        ..pb::TenantSettings::default()
    }
}

fn window_to_proto(window: &MessageWindow) -> pb::tenant_settings::MessageWindow {
    let signed = |limit| i32::try_from(limit).unwrap_or(i32::MAX);
    pb::tenant_settings::MessageWindow {
        max_messages: signed(window.max_messages),
        max_age: Some(time::duration(Duration::from_millis(window.max_age_millis))),
        max_chars: signed(window.max_chars),
    }
}

/// What is not given is the default; the engine says what lies outside its limits.
fn window_from(window: &pb::tenant_settings::MessageWindow) -> MessageWindow {
    let default = MessageWindow::default();
    // What is negative is below every limit, as is zero, which means "not given" here.
    let given = |limit: i32, absent| match limit {
        0 => absent,
        _ => u32::try_from(limit).unwrap_or_default(),
    };
    MessageWindow {
        max_messages: given(window.max_messages, default.max_messages),
        max_age_millis: window.max_age.as_ref().map_or(default.max_age_millis, time::millis),
        max_chars: given(window.max_chars, default.max_chars),
    }
}

/// What an administrator wrote. What this version cannot honour is refused.
pub(crate) fn from_proto(tenant: &pb::Tenant) -> Result<TenantDraft, Vec<Violation>> {
    let settings = match &tenant.settings {
        Some(settings) => settings_from(settings)?,
        None => TenantSettings::default(),
    };
    let zone = if tenant.time_zone.is_empty() { "UTC" } else { &tenant.time_zone };
    Ok(TenantDraft {
        display_name: tenant.display_name.clone(),
        time_zone: zone.into(),
        currency: tenant.currency.clone(),
        settings,
    })
}

fn settings_from(settings: &pb::TenantSettings) -> Result<TenantSettings, Vec<Violation>> {
    let given = [
        ("degraded_policy", settings.degraded_policy.is_some()),
        ("frame_alert_threshold", settings.frame_alert_threshold.is_some()),
        ("frame_alerts_enabled", settings.frame_alerts_enabled.is_some()),
    ];
    let given = given.into_iter().filter(|(_, given)| *given);
    let mut refused: Vec<_> =
        given.map(|(name, _)| Violation::unsupported(format!("tenant.settings.{name}"))).collect();
    let mut monitored_kinds = Vec::new();
    for (index, number) in settings.monitored_kinds.iter().enumerate() {
        let path = format!("tenant.settings.monitored_kinds[{index}]");
        match enums::conversation_kind_from(*number) {
            Ok(Some(kind)) => monitored_kinds.push(kind),
            Ok(None) => refused.push(Violation::invalid(path, "must be set")),
            Err(unknown) => refused.push(unknown.at(path)),
        }
    }
    let mut includes = Vec::new();
    for (index, name) in settings.includes.iter().enumerate() {
        match name.strip_prefix("tenants/").and_then(|id| TenantId::new(id).ok()) {
            Some(id) => includes.push(id),
            None => {
                let path = format!("tenant.settings.includes[{index}]");
                refused.push(Violation::invalid(path, "must have the form tenants/{tenant}"));
            }
        }
    }
    let record = enums::record_policy_from(settings.record);
    let record = known(record, "tenant.settings.record", &mut refused);
    if !refused.is_empty() {
        return Err(refused);
    }
    let scenes = settings.scenes.iter();
    Ok(TenantSettings {
        conversation_scope: settings.conversation_scope.clone(),
        monitored_kinds,
        scenes: scenes
            .map(|scene| SceneSwitch { id: scene.id.clone(), enabled: scene.enabled })
            .collect(),
        record: record.unwrap_or(RecordPolicy::Matches),
        wait_for_record: settings.wait_for_record.unwrap_or(true),
        includes,
        message_window: settings.message_window.as_ref().map(window_from),
    })
}

pub(crate) fn key_to_proto(key: &ApiKey) -> pb::ApiKey {
    pb::ApiKey {
        name: key.name(),
        display_name: key.display_name.clone(),
        role: enums::role(key.role),
        scopes: Vec::new(),
        tenant: format!("tenants/{}", key.tenant),
        expire_time: key.expire_time.map(time::to_proto),
        last_use_time: key.last_use_time.map(time::to_proto),
        create_time: Some(time::to_proto(key.create_time)),
        revoke_time: key.revoke_time.map(time::to_proto),
    }
}

pub(crate) fn key_from_proto(key: &pb::ApiKey) -> Result<KeyDraft, Vec<Violation>> {
    let mut refused = Vec::new();
    if !key.scopes.is_empty() {
        refused.push(Violation::unsupported("api_key.scopes"));
    }
    let role = enums::role_from(key.role).unwrap_or_else(|unknown| {
        refused.push(unknown.at("api_key.role"));
        None
    });
    if role.is_none() && refused.is_empty() {
        refused.push(Violation::invalid("api_key.role", "must be set"));
    }
    if key.display_name.chars().count() > 200 {
        refused.push(Violation::too_large("api_key.display_name", 200));
    }
    let expire_time =
        key.expire_time.as_ref().map(|end| time::from_proto(end, "api_key.expire_time"));
    match (role, expire_time.transpose()) {
        (Some(role), Ok(expire_time)) if refused.is_empty() => {
            Ok(KeyDraft { display_name: key.display_name.clone(), role, expire_time })
        }
        (_, expire_time) => {
            refused.extend(expire_time.err());
            Err(refused)
        }
    }
}
