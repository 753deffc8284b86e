//! Vendors, and whoever answers in their place, may say back what they were told: a page
//! that names the URL it does not know, an error with the number it could not call.

use super::query::encoded;
use data_encoding::BASE64;
use umpire_model::Secret;
use umpire_notify::{Channel, Report};

/// What stands in the place of a secret.
const STRUCK: &str = "***";
/// Shorter parts of a text are no secrets, but may be anywhere.
const SHORTEST: usize = 4;
/// What a vendor said is cut at this many characters, or more.
const SHORTEST_CUT: usize = 190;
/// Parts of a URL that are shorter name a place, not a key.
const SHORTEST_PART: usize = 8;

/// The report without anything that the channel's configuration keeps secret.
pub(super) fn redacted(report: Report, channel: &Channel) -> Report {
    let plain = secrets(channel);
    let in_urls: Vec<String> = plain.iter().map(|secret| encoded(secret)).collect();
    strike_out(report, plain.iter().chain(&in_urls).map(String::as_str))
}

/// The report without these texts, and without the start of one at its end, where it was cut.
pub(crate) fn strike_out<'a>(
    mut report: Report,
    secrets: impl IntoIterator<Item = &'a str>,
) -> Report {
    let mut secrets: Vec<&str> = secrets.into_iter().filter(|s| s.len() >= SHORTEST).collect();
    // One may be a part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in secrets {
        for text in [&mut report.detail, &mut report.vendor_code, &mut report.vendor_id] {
            *text = text.replace(secret, STRUCK);
        }
        if report.detail.chars().count() >= SHORTEST_CUT {
            strike_start(&mut report.detail, secret);
        }
    }
    report
}

/// Strikes the start of a secret at the end of a text.
fn strike_start(text: &mut String, secret: &str) {
    let mut starts = secret.char_indices().rev().map(|(end, _)| &secret[..end]);
    let is_cut = |start: &&str| start.len() >= SHORTEST && text.ends_with(*start);
    if let Some(start) = starts.find(is_cut) {
        text.truncate(text.len() - start.len());
        text.push_str(STRUCK);
    }
}

/// Everything of a channel that no log may show.
fn secrets(channel: &Channel) -> Vec<String> {
    match channel {
        Channel::WecomApp(config) => keys(&[&config.secret]),
        Channel::WecomRobot(config) => {
            [url_parts(&config.url), keys(&[&config.key]), config.mention_mobiles.clone()].concat()
        }
        Channel::Dingtalk(config) => {
            let own = keys(&[&config.access_token, &config.secret]);
            [url_parts(config.url.reveal()), own, config.at_mobiles.clone()].concat()
        }
        Channel::Feishu(config) => with_url(&config.url, &[&config.secret]),
        Channel::Slack(config) => with_url(&config.url, &[&config.token]),
        Channel::Teams(config) => with_url(&config.url, &[]),
        Channel::Telegram(config) => keys(&[&config.token]),
        Channel::Email(config) => keys(&[&config.password]),
        Channel::Sms(config) => {
            [keys(&[&config.key_secret]), config.phone_numbers.clone()].concat()
        }
        Channel::Voice(config) => {
            [keys(&[&config.key_secret]), config.phone_numbers.clone()].concat()
        }
        Channel::Pagerduty(config) => keys(&[&config.routing_key]),
        Channel::Webhook(config) => {
            with_url(&config.url, &[&config.secret, &config.previous_secret])
        }
        Channel::Alertmanager(config) => basic(&config.username, &config.token),
        Channel::Jira(config) => basic(&config.username, &config.token),
        Channel::Zabbix(_) | Channel::Syslog(_) => Vec::new(),
    }
}

fn with_url(url: &Secret, others: &[&Secret]) -> Vec<String> {
    [url_parts(url.reveal()), keys(others)].concat()
}

/// A token, alone and as it is sent with a name.
fn basic(username: &str, token: &Secret) -> Vec<String> {
    let pair = BASE64.encode(format!("{username}:{}", token.reveal()).as_bytes());
    vec![token.reveal().to_owned(), pair]
}

fn keys(secrets: &[&Secret]) -> Vec<String> {
    secrets.iter().map(|secret| secret.reveal().to_owned()).collect()
}

/// A URL that is a secret, what of it a server sees, and the parts that may be the key.
fn url_parts(url: &str) -> Vec<String> {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let Some(start) = behind.find(['/', '?']) else { return Vec::new() };
    let seen = &behind[start..];
    let (path, query) = seen.split_once('?').unwrap_or((seen, ""));
    let values = query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value));
    let all = [url, seen].into_iter().chain(path.split('/')).chain(values);
    all.filter(|part| part.len() >= SHORTEST_PART).map(str::to_owned).collect()
}
