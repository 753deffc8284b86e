//! What the documentation and the bug reports of vendors say. Codes that mean a token has
//! run out stand here as what remains when a new token did not help.

mod chat;
mod phone;

use super::CodeRow;
use umpire_notify::{ChannelKind, Outcome};

/// Codes, the text that must come with them, and what follows.
type Rows = &'static [(&'static [&'static str], &'static str, Outcome)];

const TABLES: [(ChannelKind, Rows); 9] = [
    (ChannelKind::WecomApp, chat::WECOM),
    (ChannelKind::WecomRobot, chat::WECOM),
    (ChannelKind::Dingtalk, chat::DINGTALK),
    (ChannelKind::Feishu, chat::FEISHU),
    (ChannelKind::Slack, chat::SLACK),
    (ChannelKind::Telegram, chat::TELEGRAM),
    (ChannelKind::Teams, chat::TEAMS),
    (ChannelKind::Sms, phone::CLOUDS),
    (ChannelKind::Voice, phone::CLOUDS),
];

pub(super) fn built_in() -> Vec<CodeRow> {
    TABLES.into_iter().flat_map(|(channel, rows)| rows_of(channel, rows)).collect()
}

fn rows_of(channel: ChannelKind, rows: Rows) -> impl Iterator<Item = CodeRow> {
    rows.iter().flat_map(move |(codes, text, outcome)| {
        codes.iter().map(move |code| CodeRow {
            channel,
            code: (*code).to_owned(),
            text: (*text).to_owned(),
            outcome: outcome.clone(),
        })
    })
}
