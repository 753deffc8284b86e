//! What happens to alerts, for people.

use super::{
    Paint,
    rows::{local, place},
    safe, short, time,
};
use umpire_client::v1::{Alert, AlertState, StreamAlertsResponse};

/// A safe line: when, what, to which alert, why.
pub fn happened(event: &StreamAlertsResponse, paint: Paint) -> String {
    let kind = short(event.kind().as_str_name(), "ALERT_EVENT_KIND_");
    let mut words = vec![time(event.time), format!("{kind:<15}")];
    if let Some(alert) = &event.alert {
        words.extend(about(alert, paint));
    }
    words.push(safe(local(&event.cause)));
    words.retain(|word| !word.is_empty());
    words.join("  ")
}

/// How urgent, in which state, how many, about what, where.
fn about(alert: &Alert, paint: Paint) -> [String; 5] {
    let level = short(alert.level().as_str_name(), "LEVEL_");
    let state = short(alert.state().as_str_name(), "ALERT_STATE_");
    let (state, count) = (format!("{state:<12}"), format!("x{}", alert.count));
    let state = if alert.state() == AlertState::Resolved { paint.added(&state) } else { state };
    [
        paint.urgent(alert.level(), &level),
        state,
        format!("{count:>5}"),
        safe(&alert.title),
        safe(&place(alert)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Timestamp;
    use umpire_client::v1::{AlertEventKind, Level};

    #[test]
    fn an_event_on_one_line() {
        let alert = Alert {
            title: "Rule gold".into(),
            level: Level::P0 as i32,
            state: AlertState::Open as i32,
            scene: "a\u{1b}[2J".into(),
            count: 12,
            ..Alert::default()
        };
        let event = StreamAlertsResponse {
            kind: AlertEventKind::Suppressed as i32,
            time: Some(Timestamp { seconds: 1, nanos: 5 }),
            cause: "tenants/a/silences/night".into(),
            alert: Some(alert),
            ..StreamAlertsResponse::default()
        };
        let expected = "1970-01-01T00:00:01Z  SUPPRESSED       P0  OPEN            x12  \
                        Rule gold  a\\u{1b}[2J  silences/night";
        assert_eq!(happened(&event, Paint::none()), expected);
    }
}
