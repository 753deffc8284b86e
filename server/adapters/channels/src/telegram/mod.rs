//! Telegram: `sendMessage` of the Bot API. A markup that it cannot read is sent again as
//! plain text, and to a group that became a supergroup again under its new id, both at once.

mod call;
#[cfg(test)]
mod tests;
mod text;

use crate::{
    Channels,
    codes::Codes,
    report::{by_status, not_sent, report},
};
use call::{Letter, Reply};
use umpire_notify::{ChannelKind, Outcome, Parcel, Report, Telegram};

/// The first call, and one for each thing that can be put right at once.
const CALLS: usize = 3;

/// Sends the notice to the chat.
pub(crate) async fn deliver(channels: &Channels, config: &Telegram, parcel: &Parcel<'_>) -> Report {
    let mut letter = Letter::new(config, parcel);
    let mut moved = None;
    for left in (0..CALLS).rev() {
        let reply = match call::send(&channels.outbound, config, &letter).await {
            Ok(reply) => reply,
            Err(error) => return not_sent(&error),
        };
        if left > 0 && letter.is_html() && reply.cannot_parse() {
            letter.make_plain(parcel);
        } else if left > 0 && moved.is_none() && reply.new_chat().is_some() {
            moved = reply.new_chat();
            letter.redirect(moved);
        } else {
            return told_of_move(judge(&channels.codes, &reply), moved);
        }
    }
    crate::report::refused("Telegram asks for one change after the other")
}

/// Success is `ok: true`.
fn judge(codes: &Codes, reply: &Reply) -> Report {
    let answer = &reply.answer;
    match (answer.status, reply.ok()) {
        (200, Some(true)) => {
            Report { vendor_id: reply.message_id(), ..report(Outcome::Delivered, answer, "", "") }
        }
        (_, Some(false)) => refusal(codes, reply),
        (200..300, _) => {
            report(Outcome::Unknown, answer, "", "the answer is not that of the Bot API")
        }
        _ => by_status(answer),
    }
}

/// Of an error. How long to wait stands in the body.
fn refusal(codes: &Codes, reply: &Reply) -> Report {
    let (code, said) = (reply.error_code(), reply.description());
    let usual = by_status(&reply.answer).outcome;
    let outcome = match codes.outcome(ChannelKind::Telegram, &code, said) {
        Some(Outcome::Throttled(seconds)) => {
            Outcome::Throttled(reply.retry_after().unwrap_or(seconds))
        }
        Some(known) => known,
        None if usual == Outcome::Delivered => Outcome::Permanent,
        None => usual,
    };
    report(outcome, &reply.answer, &code, said)
}

/// Whoever runs the receiver should write the new id into it.
fn told_of_move(report: Report, moved: Option<i64>) -> Report {
    let Some(chat) = moved else { return report };
    let detail = format!("the chat has the new id {chat}; {}", report.detail);
    Report { detail: detail.trim_end_matches([' ', ';']).to_owned(), ..report }
}
