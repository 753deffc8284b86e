use crate::{
    channels::{fit::MARKER, heading::with_heading},
    cut::cut_bytes,
};
use serde_json::json;
use umpire_notify::{DeliveryId, Parcel, WecomApp};

/// Bytes of markdown.
const MAX_CONTENT: usize = 2_048;
/// Seconds in which WeCom carries the same request out once: the most it can.
const DUPLICATES: u32 = 14_400;

/// The request: byte for byte the same in every attempt at a delivery, so that WeCom shows
/// it once, and another for every other delivery.
pub(super) fn body(config: &WecomApp, parcel: &Parcel<'_>) -> Vec<u8> {
    let mark = mark(parcel.id);
    let text = with_heading(parcel.rendered);
    let text = cut_bytes(&text, MAX_CONTENT - mark.len(), MARKER);
    let body = json!({
        "touser": users(config),
        "toparty": config.to_parties.join("|"),
        "totag": config.to_tags.join("|"),
        "msgtype": "markdown",
        "agentid": config.agent_id,
        "markdown": { "content": format!("{text}{mark}") },
        "enable_duplicate_check": 1,
        "duplicate_check_interval": DUPLICATES,
    });
    body.to_string().into_bytes()
}

/// Everybody is nobody else.
fn users(config: &WecomApp) -> String {
    if config.to_users.iter().any(|user| user == "@all") {
        return "@all".to_owned();
    }
    config.to_users.join("|")
}

/// The end of the delivery's id: two notices may say the same, and neither is a duplicate.
fn mark(id: DeliveryId) -> String {
    let id = id.0.simple().to_string();
    format!("\n<font color=\"comment\">#{}</font>", id.get(20..).unwrap_or(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{samples::sample, wecom_app::tests::config};
    use serde_json::Value;
    use uuid::Uuid;

    fn read(body: &[u8]) -> Value {
        serde_json::from_slice(body).expect("JSON")
    }

    #[test]
    fn everything_is_as_the_vendor_wants_it() {
        let sample = sample();
        let found = read(&body(&config("http://a"), &sample.parcel()));
        let content = "## ⚠️ P1 数据泄露 ×3\n\n命中：底薪\n\n群聊：销售一群\n\
                       <font color=\"comment\">#000000000001</font>";
        let expected = json!({
            "touser": "zhang|li",
            "toparty": "2",
            "totag": "",
            "msgtype": "markdown",
            "agentid": 1_000_002,
            "markdown": { "content": content },
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14_400,
        });
        assert_eq!(found, expected);
        let mut everybody = config("http://a");
        everybody.to_users.push("@all".into());
        assert_eq!(read(&body(&everybody, &sample.parcel()))["touser"], "@all");
    }

    #[test]
    fn attempts_are_the_same_and_deliveries_are_not() {
        let first = sample();
        let mut again = first.clone();
        again.attempt = 3;
        again.time = again.time.plus_seconds(7);
        let mut other = first.clone();
        other.id = DeliveryId(Uuid::from_u128(0x018f_4e8a_0000_7000_8000_0000_0000_0002));
        let of = |sample: &crate::samples::Sample| body(&config("http://a"), &sample.parcel());
        assert_eq!(of(&first), of(&again));
        assert_ne!(of(&first), of(&other));
    }

    #[test]
    fn content_is_cut_at_2048_bytes() {
        let mut sample = sample();
        for unit in ["x", "数", "🚨a"] {
            sample.rendered.body = format!("# {}", unit.repeat(3_000));
            let found = read(&body(&config("http://a"), &sample.parcel()));
            let content = found["markdown"]["content"].as_str().expect("content");
            assert!((2_040..=2_048).contains(&content.len()), "{unit} {}", content.len());
            assert!(content.ends_with("…\n<font color=\"comment\">#000000000001</font>"));
        }
    }
}
