use super::{frame::framed, one_line::one_line};
use crate::cut::cut_chars;
use serde_json::json;
use umpire_notify::{Parcel, Zabbix};

/// Longest value, in characters: what Zabbix keeps of a text.
const MAX_VALUE: usize = 2_048;

/// The frame that hands the notice over as a value of the configured item.
pub(super) fn request(config: &Zabbix, parcel: &Parcel<'_>) -> Vec<u8> {
    let (clock, ns) = moment(parcel);
    let request = json!({
        "request": "sender data",
        "data": [{
            "host": config.item_host,
            "key": config.item_key,
            "value": cut_chars(&one_line(parcel.rendered), MAX_VALUE, "…"),
            "clock": clock,
            "ns": ns,
        }],
        "clock": clock,
        "ns": ns,
    });
    framed(request.to_string().as_bytes())
}

/// When the notice was queued, in seconds and nanoseconds: the same for every attempt, and
/// another for every notice, so that Zabbix can tell a second copy.
fn moment(parcel: &Parcel<'_>) -> (u64, u32) {
    let queued = parcel.id.0.get_timestamp().map(|time| time.to_unix());
    let (seconds, nanos) = parcel.time.parts();
    let now = (u64::try_from(seconds).unwrap_or(0), u32::try_from(nanos).unwrap_or(0));
    let (clock, nanos) = queued.unwrap_or(now);
    // Ids hold milliseconds; what is behind them is as good as random.
    let below = u32::from_be_bytes(parcel.id.0.as_bytes()[12..].try_into().unwrap_or_default());
    (clock, nanos / 1_000_000 * 1_000_000 + below % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::sample;
    use serde_json::Value;

    fn config() -> Zabbix {
        Zabbix {
            host: "zabbix.example.com".into(),
            port: 0,
            item_host: "umpire".into(),
            item_key: "umpire.alert".into(),
        }
    }

    fn read(frame: &[u8]) -> Value {
        serde_json::from_slice(&frame[13..]).expect("JSON")
    }

    #[test]
    fn a_notice_is_one_value() {
        let mut sample = sample();
        sample.rendered.body = "首行\n二行 \"三\"".into();
        let request = read(&request(&config(), &sample.parcel()));
        let value = &request["data"][0];
        assert_eq!(request["request"], "sender data");
        assert_eq!((&value["host"], &value["key"]), (&json!("umpire"), &json!("umpire.alert")));
        assert_eq!(value["value"], "首行 | 二行 \"三\"");
        assert_eq!((&value["clock"], &value["ns"]), (&request["clock"], &request["ns"]));
    }

    #[test]
    fn a_long_value_is_cut() {
        let mut sample = sample();
        sample.rendered.body = "数".repeat(3_000);
        let request = read(&request(&config(), &sample.parcel()));
        let value = request["data"][0]["value"].as_str().expect("a value");
        assert_eq!((value.chars().count(), value.ends_with('…')), (MAX_VALUE, true));
    }

    #[test]
    fn attempts_share_their_moment_and_notices_do_not() {
        let first = sample();
        let mut later = first.clone();
        later.time = later.time.plus_seconds(60);
        later.attempt = 2;
        assert_eq!(moment(&later.parcel()), moment(&first.parcel()));
        let mut other = first.clone();
        let next = other.id.0.as_u128() + 1;
        other.id.0 = uuid::Uuid::from_u128(next);
        assert_ne!(moment(&other.parcel()), moment(&first.parcel()));
        let (clock, ns) = moment(&first.parcel());
        let milliseconds = (first.id.0.as_u128() >> 80) as u64;
        assert_eq!(clock * 1_000 + u64::from(ns / 1_000_000), milliseconds);
        assert!(ns < 1_000_000_000);
    }
}
