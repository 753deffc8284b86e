//! Custom robots in DingTalk groups.

mod message;
#[cfg(test)]
mod tests;
mod url;

use crate::{
    Channels,
    codes::Codes,
    report::{Said, coded, not_sent},
};
use serde_json::Value;
use umpire_notify::{ChannelKind, Dingtalk, Parcel, Report};
use umpire_outbound::Answer;

/// Posts the notice into the group.
pub(crate) async fn deliver(channels: &Channels, config: &Dingtalk, parcel: &Parcel<'_>) -> Report {
    let headers = [("content-type", "application/json; charset=utf-8".to_owned())];
    let url = url::url(config, parcel.time);
    match channels.outbound.post(&url, &headers, message::body(config, parcel)).await {
        Ok(answer) => read(&channels.codes, &answer),
        Err(error) => not_sent(&error),
    }
}

fn read(codes: &Codes, answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = Said::read(&body, &[("errcode", "errmsg")]);
    coded(codes, ChannelKind::Dingtalk, answer, said.as_ref())
}
