//! WeCom applications: messages to single people, in the name of a token that is fetched
//! once and kept.

mod answer;
mod message;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use token::Tokens;

use crate::{
    Channels,
    channels::{query::with_parameters, strike_out},
    report::not_sent,
};
use umpire_model::Secret;
use umpire_notify::{Parcel, Report, WecomApp};

/// WeCom itself.
const VENDOR: &str = "https://qyapi.weixin.qq.com";
/// Codes of a token that is not, or no longer, believed.
const STALE: [&str; 3] = ["40001", "40014", "42001"];

/// Sends the notice; once more at once, with a new token, where the token was to blame.
pub(crate) async fn deliver(channels: &Channels, config: &WecomApp, parcel: &Parcel<'_>) -> Report {
    let body = message::body(config, parcel);
    let tokens = &channels.wecom_tokens;
    let token = match tokens.token(channels, config, None, parcel.time).await {
        Ok(token) => token,
        Err(report) => return report,
    };
    let report = send(channels, config, &token, &body).await;
    if !is_stale(&report) {
        return report;
    }
    match tokens.token(channels, config, Some(&token), parcel.time).await {
        Ok(fresh) => send(channels, config, &fresh, &body).await,
        Err(report) => report,
    }
}

async fn send(channels: &Channels, config: &WecomApp, token: &Secret, body: &[u8]) -> Report {
    let parameters = [("access_token", token.reveal())];
    let url = with_parameters(&page(config, "message/send"), &parameters);
    let headers = [("content-type", "application/json; charset=utf-8".to_owned())];
    let report = match channels.outbound.post(&url, &headers, body.to_vec()).await {
        Ok(answer) => answer::read(&channels.codes, config, &answer),
        Err(error) => not_sent(&error),
    };
    strike_out(report, [token.reveal()])
}

fn is_stale(report: &Report) -> bool {
    STALE.contains(&&*report.vendor_code) || report.status == 401
}

fn page(config: &WecomApp, name: &str) -> String {
    format!("{}/cgi-bin/{name}", base(config))
}

fn base(config: &WecomApp) -> &str {
    match config.base_url.trim_end_matches('/') {
        "" => VENDOR,
        base => base,
    }
}
