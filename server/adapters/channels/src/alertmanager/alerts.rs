use super::annotations::annotations;
use serde_json::{Map, Value, json};
use umpire_model::{Level, Timestamp};
use umpire_notify::{Notice, Parcel, Reason};

/// Seconds for which something that fires is to fire at least: a notice may come late, and
/// what has ended already would tell nobody.
const SHORTEST: i64 = 5 * 60;
/// Longest value of a label, in characters.
const MAX_LABEL: usize = 256;

/// What is posted: the alert, and after a rise the end of the one with the level before.
pub(super) fn alerts(parcel: &Parcel<'_>) -> Value {
    let notice = parcel.notice;
    let mut alerts = vec![alert(parcel, notice.level, end(parcel))];
    if let Some(previous) = notice.previous_level.filter(|level| *level != notice.level) {
        alerts.push(alert(parcel, previous, parcel.time));
    }
    Value::Array(alerts)
}

fn alert(parcel: &Parcel<'_>, level: Level, end: Timestamp) -> Value {
    // An end before the start is refused.
    let start = parcel.notice.first_time.min(end);
    json!({
        "labels": labels(parcel.notice, level),
        "annotations": annotations(parcel),
        "startsAt": start.to_string(),
        "endsAt": end.to_string(),
    })
}

fn end(parcel: &Parcel<'_>) -> Timestamp {
    if parcel.notice.reason == Reason::Resolved {
        return parcel.time;
    }
    if parcel.notice.end_time > parcel.time {
        return parcel.notice.end_time;
    }
    parcel.time.plus_seconds(SHORTEST)
}

/// What makes it the same alert as before: nothing that changes while a matter lasts, but
/// for its level. Empty ones count as absent.
fn labels(notice: &Notice, level: Level) -> Map<String, Value> {
    let rule = notice.rule.rsplit('/').next().unwrap_or_default();
    let labels = [
        ("alertname", alert_name(notice)),
        ("tenant", notice.tenant.as_str()),
        ("kind", notice.kind.name()),
        ("severity", severity(level)),
        ("rule", rule),
        ("conversation", conversation(notice)),
        ("thread", notice.thread.as_str()),
    ];
    let there = labels.into_iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| (name.to_owned(), short(value).into())).collect()
}

fn alert_name(notice: &Notice) -> &str {
    let names = [&*notice.rule_name, &notice.title];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or(notice.kind.name())
}

/// Not of a notice of several alerts: it would be another one's each time.
fn conversation(notice: &Notice) -> &str {
    if notice.parts.len() > 1 { "" } else { &notice.place.conversation_id }
}

fn severity(level: Level) -> &'static str {
    ["critical", "error", "warning", "info"][level as usize]
}

/// Without a marker: what a label is cut to is the same each time.
fn short(value: &str) -> &str {
    value.char_indices().nth(MAX_LABEL).map_or(value, |(end, _)| &value[..end])
}
