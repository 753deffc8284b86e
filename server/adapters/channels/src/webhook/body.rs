use super::facts::Facts;
use serde::Serialize;
use umpire_model::Timestamp;
use umpire_notify::{Parcel, Reason};

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    delivery: String,
    receiver: String,
    title: &'a str,
    text: &'a str,
    #[serde(flatten)]
    facts: Facts<'a>,
}

/// What is posted: the same bytes for every attempt, so that a receiver that has seen the
/// id can tell that nothing else changed.
///
/// # Errors
/// Never in practice: there is nothing in it that JSON cannot say.
pub(super) fn body(parcel: &Parcel<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let Parcel { tenant, receiver_id, id, notice, rendered, .. } = parcel;
    serde_json::to_vec(&Body {
        kind: kind(notice.reason),
        timestamp: queue_time(parcel).to_string(),
        data: Data {
            delivery: format!("tenants/{tenant}/deliveries/{id}"),
            receiver: format!("tenants/{tenant}/receivers/{receiver_id}"),
            title: &rendered.title,
            text: &rendered.body,
            facts: Facts::of(notice),
        },
    })
}

fn kind(reason: Reason) -> &'static str {
    match reason {
        Reason::Resolved => "alert.resolved",
        Reason::Test => "alert.test",
        _ => "alert.fired",
    }
}

/// When the notice was queued: the time in the delivery's id.
fn queue_time(parcel: &Parcel<'_>) -> Timestamp {
    let parts = parcel.id.0.get_timestamp().map(|time| time.to_unix());
    let time = parts.and_then(|(seconds, nanos)| {
        Timestamp::from_parts(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?)
    });
    time.unwrap_or(parcel.notice.last_time)
}
