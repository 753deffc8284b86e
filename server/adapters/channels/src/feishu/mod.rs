//! Custom bots in Feishu and Lark groups.

mod card;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    channels::{fit::fitted, heading::without_heading, people::People, sign::hmac_base64},
    codes::Codes,
    report::{Said, coded, not_sent},
};
use serde_json::{Value, json};
use umpire_model::Timestamp;
use umpire_notify::{ChannelKind, Feishu, Parcel, Report};
use umpire_outbound::Answer;

/// Bytes of a request; Feishu says 20 KB.
const MAX_BODY: usize = 20_000;

/// Posts the notice into the group.
pub(crate) async fn deliver(channels: &Channels, config: &Feishu, parcel: &Parcel<'_>) -> Report {
    let headers = [("content-type", "application/json; charset=utf-8".to_owned())];
    match channels.outbound.post(config.url.reveal(), &headers, body(config, parcel)).await {
        Ok(answer) => read(&channels.codes, &answer),
        Err(error) => not_sent(&error),
    }
}

/// The request: a card that is cut where it is too long, signed if the bot asks for it.
fn body(config: &Feishu, parcel: &Parcel<'_>) -> Vec<u8> {
    let people = People::of(parcel.notice, &config.at_user_ids, &[], config.at_all);
    let tags = card::tags(&people, &config.at_user_ids);
    let timestamp = parcel.time.parts().0.to_string();
    let sign = sign(config.secret.reveal(), parcel.time);
    fitted(without_heading(parcel.rendered), MAX_BODY, |text| {
        let card = card::card(parcel.notice, &parcel.rendered.title, &format!("{text}{tags}"));
        let mut body = json!({ "msg_type": "interactive", "card": card });
        if !config.secret.is_empty() {
            body["timestamp"] = json!(timestamp);
            body["sign"] = json!(sign);
        }
        body
    })
}

/// Of a moment in seconds. What others sign is the key here, and nothing is signed.
fn sign(secret: &str, time: Timestamp) -> String {
    hmac_base64(&format!("{}\n{secret}", time.parts().0), "")
}

/// Older servers say `StatusCode` where others say `code`.
fn read(codes: &Codes, answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = Said::read(&body, &[("code", "msg"), ("StatusCode", "StatusMessage")]);
    coded(codes, ChannelKind::Feishu, answer, said.as_ref())
}
