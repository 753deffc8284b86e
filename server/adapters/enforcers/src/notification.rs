//! The body of a notification: everything a sanction carries, in names and values of the
//! contract's JSON, so that `data` can be read as an `umpire.v1.Sanction` by whoever
//! ignores fields it does not know. Texts that are empty are left out.

use jiff::{Span, tz::TimeZone};
use serde::Serialize;
use umpire_model::{LocalizedText, SanctionKind, Timestamp};
use umpire_sanctions::{Notice, Origin, Sanction, State, Subject, Told};

#[derive(Serialize)]
struct Notification<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    name: String,
    subject: &'a Subject,
    kind: &'static str,
    state: &'static str,
    origin: &'static str,
    start_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<String>,
    permanent: bool,
    kick_online: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    #[serde(skip_serializing_if = "LocalizedText::is_empty")]
    player_message: &'a LocalizedText,
    #[serde(skip_serializing_if = "str::is_empty")]
    remark: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    content: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    ip: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    callback_info: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sanction_rule: Option<String>,
    revision: u64,
    audit_records: Vec<String>,
    step: u32,
    attempt: u32,
    event: &'static str,
    idempotency_key: &'a str,
}

/// What is posted. With `legacy_end_time` a permanent sanction carries an end.
///
/// # Errors
/// Never in practice: there is nothing in it that JSON cannot say.
pub(crate) fn notification(
    told: &Told<'_>,
    legacy_end_time: bool,
) -> Result<Vec<u8>, serde_json::Error> {
    let (kind, event) = event(told.notice);
    let timestamp = told.time.to_string();
    serde_json::to_vec(&Notification { kind, timestamp, data: data(told, event, legacy_end_time) })
}

fn data<'a>(told: &'a Told<'_>, event: &'static str, legacy_end_time: bool) -> Data<'a> {
    let sanction = told.sanction;
    let tenant = &sanction.tenant;
    let named = |collection: &str, id: &str| format!("tenants/{tenant}/{collection}/{id}");
    let rule = sanction.sanction_rule.as_ref();
    let records = sanction.audit_records.iter();
    Data {
        name: sanction.name(),
        subject: &sanction.subject,
        kind: kind(sanction.kind),
        state: state(sanction.state),
        origin: origin(sanction.origin),
        start_time: sanction.start_time.to_string(),
        end_time: end_time(sanction, legacy_end_time).map(|end| end.to_string()),
        permanent: sanction.permanent,
        kick_online: sanction.kick_online,
        reason: &sanction.reason,
        player_message: &sanction.player_message,
        remark: &sanction.remark,
        content: &sanction.content,
        ip: &sanction.ip,
        callback_info: &sanction.callback_info,
        sanction_rule: rule.map(|id| named("sanctionRules", id.as_str())),
        revision: sanction.revision,
        audit_records: records.map(|id| named("auditRecords", id)).collect(),
        step: sanction.step,
        attempt: told.attempt,
        event,
        idempotency_key: &told.key,
    }
}

/// The type of the notification, and the value of the contract.
fn event(notice: Notice) -> (&'static str, &'static str) {
    match notice {
        Notice::Apply => ("sanction.apply", "ENFORCEMENT_EVENT_APPLY"),
        Notice::Extend => ("sanction.extend", "ENFORCEMENT_EVENT_EXTEND"),
        Notice::Lift => ("sanction.lift", "ENFORCEMENT_EVENT_LIFT"),
        Notice::Expire => ("sanction.expire", "ENFORCEMENT_EVENT_EXPIRE"),
    }
}

fn kind(kind: SanctionKind) -> &'static str {
    match kind {
        SanctionKind::Warn => "SANCTION_KIND_WARN",
        SanctionKind::Mute => "SANCTION_KIND_MUTE",
        SanctionKind::LoginBan => "SANCTION_KIND_LOGIN_BAN",
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Pending => "SANCTION_STATE_PENDING",
        State::Held => "SANCTION_STATE_HELD",
        State::Executing => "SANCTION_STATE_EXECUTING",
        State::Done => "SANCTION_STATE_DONE",
        State::Failed => "SANCTION_STATE_FAILED",
        State::Lifted => "SANCTION_STATE_LIFTED",
        State::Expired => "SANCTION_STATE_EXPIRED",
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Automatic => "SANCTION_ORIGIN_AUTOMATIC",
        Origin::Manual => "SANCTION_ORIGIN_MANUAL",
    }
}

/// The end a game is told. Nothing is ever reckoned with a permanent sanction's.
fn end_time(sanction: &Sanction, legacy: bool) -> Option<Timestamp> {
    match sanction.end_time {
        None if sanction.permanent && legacy => Some(ten_years_after(sanction.start_time)),
        end => end,
    }
}

/// The same day and time ten calendar years on, in UTC; the 28th for a 29th of February
/// that is not there.
fn ten_years_after(start: Timestamp) -> Timestamp {
    let start = jiff::Timestamp::from_microsecond(start.0).unwrap_or_default();
    let end = start.to_zoned(TimeZone::UTC).checked_add(Span::new().years(10));
    let end = end.map_or(jiff::Timestamp::MAX, |end| end.timestamp());
    Timestamp(end.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::samples::{sanction, told};
    use serde_json::{Value, json};

    fn parsed(told: &Told<'_>, legacy_end_time: bool) -> Value {
        let body = notification(told, legacy_end_time).expect("JSON");
        serde_json::from_slice(&body).expect("JSON")
    }

    #[test]
    fn everything_a_sanction_carries_is_told() {
        let sanction = sanction();
        let expected = json!({
            "type": "sanction.apply",
            "timestamp": "2026-11-22T03:00:02.5Z",
            "data": {
                "name": "tenants/acme/sanctions/018f4e8a-0000-8000-8000-000000000001",
                "subject": { "server_id": "s1", "user_id": "u-1", "role_name": "Rover" },
                "kind": "SANCTION_KIND_MUTE",
                "state": "SANCTION_STATE_EXECUTING",
                "origin": "SANCTION_ORIGIN_AUTOMATIC",
                "start_time": "2026-11-22T03:00:00Z",
                "end_time": "2026-11-22T04:00:00Z",
                "permanent": false,
                "kick_online": true,
                "reason": "spam",
                "player_message": { "by_locale": { "en": "Muted." }, "fallback": "禁言" },
                "content": "buy ** now",
                "ip": "203.0.113.7",
                "callback_info": "{\"x\":1}",
                "sanction_rule": "tenants/acme/sanctionRules/spam",
                "revision": 7,
                "audit_records": ["tenants/acme/auditRecords/r-1"],
                "step": 2,
                "attempt": 3,
                "event": "ENFORCEMENT_EVENT_APPLY",
                "idempotency_key": "key-1",
            },
        });
        assert_eq!(parsed(&told(&sanction, Notice::Apply), false), expected);
    }

    #[test]
    fn every_notice_has_its_type() {
        let sanction = sanction();
        for (notice, expected) in [
            (Notice::Apply, "sanction.apply"),
            (Notice::Extend, "sanction.extend"),
            (Notice::Lift, "sanction.lift"),
            (Notice::Expire, "sanction.expire"),
        ] {
            assert_eq!(parsed(&told(&sanction, notice), false)["type"], expected);
        }
    }

    #[test]
    fn only_a_legacy_game_is_told_an_end_of_what_is_permanent() {
        let mut sanction = sanction();
        let end = |sanction: &Sanction, legacy| {
            parsed(&told(sanction, Notice::Apply), legacy)["data"]["end_time"].clone()
        };
        assert_eq!(end(&sanction, true), "2026-11-22T04:00:00Z");
        sanction.end_time = None;
        sanction.permanent = true;
        assert_eq!(end(&sanction, false), Value::Null);
        for (start, expected) in [
            ("2026-11-22T03:00:00Z", "2036-11-22T03:00:00Z"),
            ("2028-02-29T23:59:59.000001Z", "2038-02-28T23:59:59.000001Z"),
        ] {
            sanction.start_time = Timestamp::parse_rfc3339(start).expect("a time");
            assert_eq!(end(&sanction, true), expected);
        }
        // A warning has no end either, and is not permanent.
        sanction.permanent = false;
        assert_eq!(end(&sanction, true), Value::Null);
    }
}
