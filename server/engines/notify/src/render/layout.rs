//! The built-in templates: one for each way a channel shows lines. What they show is made in
//! [`super::page`], the same for all.

use super::{escape::Dialect, length, page::Page, sandbox};
use crate::{ChannelKind, Rendered};

/// How lines stand under each other.
fn of_body(channel: ChannelKind) -> &'static str {
    use ChannelKind as C;
    match channel {
        C::WecomApp | C::WecomRobot => include_str!("templates/wecom.md"),
        C::Dingtalk => include_str!("templates/dingtalk.md"),
        C::Feishu => include_str!("templates/feishu.md"),
        C::Slack => include_str!("templates/slack.txt"),
        C::Teams => include_str!("templates/teams.md"),
        C::Telegram => include_str!("templates/telegram.html"),
        C::Email => include_str!("templates/email.html"),
        C::Sms | C::Voice => include_str!("templates/phone.txt"),
        C::Zabbix | C::Syslog => include_str!("templates/log.txt"),
        C::Pagerduty | C::Webhook | C::Alertmanager | C::Jira => PLAIN,
    }
}

const PLAIN: &str = include_str!("templates/plain.txt");

/// A page in our own words.
pub(super) fn built_in(page: &Page) -> Rendered {
    let body = run(page, Dialect::of_body(page.channel), of_body(page.channel));
    Rendered { title: title(page), plain: plain(page, &body), body, fallback: None }
}

/// The headline.
pub(super) fn title(page: &Page) -> String {
    length::title(&Dialect::of_title(page.channel).escape(&page.headline))
}

/// What a channel with markup shows where it shows none; otherwise its body again.
pub(super) fn plain(page: &Page, body: &str) -> String {
    match Dialect::of_body(page.channel) {
        Dialect::Markdown | Dialect::Mrkdwn | Dialect::Html => run(page, Dialect::Plain, PLAIN),
        _ => body.to_owned(),
    }
}

/// Ours do not fail; a headline is what there would be if one did.
fn run(page: &Page, dialect: Dialect, source: &str) -> String {
    let text = sandbox::run(dialect, source, &page.vars);
    let text = text.unwrap_or_else(|_| dialect.escape(&page.headline));
    length::cut(page.channel, length::lines_of(page.channel, &text), page.words.cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AlertKind, Language, render::sample_notice};
    use umpire_model::{Level, Timestamp};

    #[test]
    fn ours_do_not_fail() {
        let notice = sample_notice(AlertKind::Text, Level::P1, Timestamp(0));
        for channel in ChannelKind::ALL {
            let page = Page::of(&notice, channel, Language::English);
            for source in [of_body(channel), PLAIN] {
                let made = sandbox::run(Dialect::of_body(channel), source, &page.vars);
                assert!(
                    made.as_ref().is_ok_and(|text| text.contains("P1")),
                    "{channel:?} {made:?}"
                );
            }
        }
    }
}
