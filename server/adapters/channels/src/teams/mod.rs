//! Microsoft Teams: an adaptive card for the URL of a Power Automate workflow, or of a
//! connector of old.

mod card;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    codes::Codes,
    report::{by_status, not_sent, report},
};
use umpire_notify::{ChannelKind, Outcome, Parcel, Report, Teams};
use umpire_outbound::Answer;

/// What a connector says, with status 200, when Teams refused the message.
const FAILED: &str = "webhook message delivery failed";
/// What stands before the status in that sentence.
const STATUS: &str = "http error ";

/// Posts the notice into the channel.
pub(crate) async fn deliver(channels: &Channels, config: &Teams, parcel: &Parcel<'_>) -> Report {
    let headers = [("content-type", "application/json".to_owned())];
    match channels.outbound.post(config.url.reveal(), &headers, card::message(parcel)).await {
        Ok(answer) => judge(&channels.codes, &answer),
        Err(error) => not_sent(&error),
    }
}

/// Success is 200 or 202 with whatever is neither that sentence nor a page for people.
fn judge(codes: &Codes, answer: &Answer) -> Report {
    let text = String::from_utf8_lossy(&answer.body);
    match answer.status {
        200 | 202 if text.to_lowercase().contains(FAILED) => refusal(codes, answer, &text),
        200 | 202 if !text.trim_start().starts_with('<') => {
            report(Outcome::Delivered, answer, "", "")
        }
        200..300 => report(Outcome::Unknown, answer, "", "the answer is not that of a workflow"),
        _ => by_status(answer),
    }
}

/// Of the sentence. A status that no table knows may be another one tomorrow.
fn refusal(codes: &Codes, answer: &Answer, text: &str) -> Report {
    let code = status_said(text);
    let known = codes.outcome(ChannelKind::Teams, &code, text);
    report(known.unwrap_or(Outcome::Transient), answer, &code, text)
}

/// `429` of `... endpoint returned HTTP error 429 with ContextId ...`.
fn status_said(text: &str) -> String {
    let text = text.to_lowercase();
    let rest = text.split_once(STATUS).map_or("", |(_, rest)| rest);
    rest.chars().take_while(char::is_ascii_digit).take(3).collect()
}
