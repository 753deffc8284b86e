//! Robots in WeCom groups. Markdown mentions users; numbers and everybody are mentioned by
//! a text of its own, right behind it.

mod message;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    channels::{
        people::People,
        query::{has_parameter, with_parameters},
    },
    codes::Codes,
    report::{Said, coded, not_sent, preceded},
};
use serde_json::Value;
use umpire_notify::{ChannelKind, Outcome, Parcel, Report, WecomRobot};
use umpire_outbound::Answer;

/// WeCom itself.
const VENDOR: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send";
const ALONE: &str = "the message was taken, but not the one that mentions people";

/// Posts the notice into the group, and whom it mentions behind it.
pub(crate) async fn deliver(
    channels: &Channels,
    config: &WecomRobot,
    parcel: &Parcel<'_>,
) -> Report {
    let (users, mobiles) = (&config.mention_users, &config.mention_mobiles);
    let people = People::of(parcel.notice, users, mobiles, config.at_all);
    let url = url(config);
    let first = post(channels, &url, message::markdown(parcel.rendered, &people.users)).await;
    if first.outcome != Outcome::Delivered || (people.mobiles.is_empty() && !people.all) {
        return first;
    }
    let second = post(channels, &url, message::text(parcel.rendered, &people)).await;
    if second.outcome == Outcome::Delivered {
        return first;
    }
    // To try again would show the message twice.
    Report { detail: preceded(ALONE, second).detail, ..first }
}

async fn post(channels: &Channels, url: &str, body: Value) -> Report {
    let headers = [("content-type", "application/json; charset=utf-8".to_owned())];
    match channels.outbound.post(url, &headers, body.to_string().into_bytes()).await {
        Ok(answer) => read(&channels.codes, &answer),
        Err(error) => not_sent(&error),
    }
}

fn url(config: &WecomRobot) -> String {
    let url = if config.url.is_empty() { VENDOR } else { &config.url };
    if has_parameter(url, "key") {
        return url.to_owned();
    }
    with_parameters(url, &[("key", config.key.reveal())])
}

fn read(codes: &Codes, answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = Said::read(&body, &[("errcode", "errmsg")]);
    coded(codes, ChannelKind::WecomRobot, answer, said.as_ref())
}
