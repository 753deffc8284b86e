use crate::{cut::cut_chars, webhook::facts::Facts};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use umpire_model::Level;
use umpire_notify::{Notice, Pagerduty, Parcel, Reason};

/// Longest event, in bytes.
const MAX_BYTES: usize = 512 * 1024;
/// Longest summary, in characters.
const MAX_SUMMARY: usize = 1_024;

/// The event of a notice. One that is too long goes without its details.
pub(super) fn event(config: &Pagerduty, parcel: &Parcel<'_>) -> Vec<u8> {
    let mut event = json!({
        "routing_key": config.routing_key.reveal(),
        "event_action": action(parcel.notice.reason),
        "dedup_key": dedup_key(&parcel.notice.thread),
    });
    if parcel.notice.reason == Reason::Resolved {
        return event.to_string().into_bytes();
    }
    event["client"] = "Umpire".into();
    if !config.client_url.is_empty() {
        event["client_url"] = config.client_url.as_str().into();
    }
    event["payload"] = payload(parcel);
    event["payload"]["custom_details"] = details(parcel);
    let whole = event.to_string();
    if whole.len() <= MAX_BYTES {
        return whole.into_bytes();
    }
    event["payload"]["custom_details"] = json!({});
    event.to_string().into_bytes()
}

fn action(reason: Reason) -> &'static str {
    if reason == Reason::Resolved { "resolve" } else { "trigger" }
}

/// The incident's key: stable, within the limit, and free of users' text.
pub(super) fn dedup_key(thread: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(thread.as_bytes()))
}

fn payload(parcel: &Parcel<'_>) -> Value {
    let notice = parcel.notice;
    let mut payload = json!({
        "summary": summary(parcel),
        "source": format!("umpire/{}", notice.tenant),
        "severity": severity(notice.level),
        "timestamp": notice.last_time.to_string(),
        "class": notice.kind.name(),
    });
    for (name, value) in [("component", &notice.rule_name), ("group", group(notice))] {
        if !value.is_empty() {
            payload[name] = value.as_str().into();
        }
    }
    payload
}

/// Required, so there is always one.
fn summary(parcel: &Parcel<'_>) -> String {
    let texts = [&*parcel.rendered.title, &parcel.notice.title, &parcel.notice.rule_name];
    let text = texts.into_iter().map(str::trim).find(|text| !text.is_empty());
    cut_chars(text.unwrap_or("Umpire"), MAX_SUMMARY, "…").into_owned()
}

/// Where it happened, as far as that brings incidents together.
fn group(notice: &Notice) -> &String {
    let place = &notice.place;
    if place.camera.is_empty() { &place.scene } else { &place.camera }
}

fn severity(level: Level) -> &'static str {
    ["critical", "error", "warning", "info"][level as usize]
}

fn details(parcel: &Parcel<'_>) -> Value {
    let mut details = serde_json::to_value(Facts::of(parcel.notice)).unwrap_or_default();
    details["text"] = parcel.rendered.body.as_str().into();
    details
}
