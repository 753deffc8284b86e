//! What an approved template may say of a notice. Providers take short values without
//! links, and none that is empty.

use crate::cut::cut_chars;
use std::collections::BTreeMap;
use umpire_model::Timestamp;
use umpire_notify::{Notice, Parcel, Place};

/// Longest value, in characters.
const MAX_VALUE: usize = 35;
/// Most values of a template with positions.
const MAX_POSITIONS: usize = 20;
/// Stands for what a notice does not say, and for what we do not know.
const NOTHING: &str = "-";

/// Values by the template's names, as JSON.
pub(crate) fn by_name(parcel: &Parcel<'_>, parameters: &BTreeMap<String, String>) -> String {
    let value = |(name, variable): (&String, &String)| {
        (name.clone(), serde_json::Value::String(value(parcel, variable)))
    };
    serde_json::Value::Object(parameters.iter().map(value).collect()).to_string()
}

/// Values by the template's positions, which count from 1.
pub(crate) fn by_position(
    parcel: &Parcel<'_>,
    parameters: &BTreeMap<String, String>,
) -> Vec<String> {
    let positions = parameters.iter().filter_map(|(position, variable)| {
        let position = position.parse().ok().filter(|at| (1..=MAX_POSITIONS).contains(at))?;
        Some((position, variable))
    });
    let mut values = Vec::new();
    for (position, variable) in positions {
        values.resize(values.len().max(position), NOTHING.to_owned());
        values[position - 1] = value(parcel, variable);
    }
    values
}

/// One of our variables.
fn value(parcel: &Parcel<'_>, variable: &str) -> String {
    let spoken = without_links(&spoken(&raw(parcel, variable)));
    match spoken.trim() {
        "" => NOTHING.to_owned(),
        value => cut_chars(value, MAX_VALUE, "…").into_owned(),
    }
}

fn raw(parcel: &Parcel<'_>, variable: &str) -> String {
    let notice = parcel.notice;
    match variable {
        "level" => notice.level.name().to_owned(),
        "title" => parcel.rendered.title.clone(),
        "rule_name" => notice.rule_name.clone(),
        "keyword" => notice.keyword.clone(),
        "count" => notice.count.to_string(),
        "stands_for" => notice.stands_for.to_string(),
        "place" => place(&notice.place).to_owned(),
        "sender" => sender(notice).to_owned(),
        "excerpt" => notice.excerpt.clone(),
        "label" => notice.labels.first().cloned().unwrap_or_default(),
        "kind" => notice.kind.name().to_owned(),
        "reason" => notice.reason.name().to_owned(),
        "tenant" => notice.tenant.clone(),
        "time" => on_the_wall(notice.last_time, &notice.time_zone),
        "first_time" => on_the_wall(notice.first_time, &notice.time_zone),
        _ => String::new(),
    }
}

fn place(place: &Place) -> &str {
    let names = [&place.camera, &place.conversation_name, &place.conversation_id, &place.scene];
    names.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str)
}

fn sender(notice: &Notice) -> &str {
    let sender = &notice.sender;
    if sender.display_name.is_empty() { &sender.user_id } else { &sender.display_name }
}

/// Month, day and minute in a time zone.
fn on_the_wall(time: Timestamp, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let moment = jiff::Timestamp::from_microsecond(time.0).unwrap_or_default();
    moment.to_zoned(zone).strftime("%m-%d %H:%M").to_string()
}

/// On one line, without the signs that phones may not know and without the brackets that
/// hold a sender's name.
fn spoken(text: &str) -> String {
    let kept = |c: &char| {
        !matches!(c, '【' | '】' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2600}'..='\u{27bf}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{10000}'..)
    };
    let line = text.chars().filter(kept);
    line.map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Without URLs, and with dots that make no name of a host.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        plain.push_str(rest[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric()));
        let link = &rest[at..];
        rest = &link[link.find(|c: char| !c.is_ascii_graphic()).unwrap_or(link.len())..];
    }
    plain.push_str(rest);
    without_hosts(&plain)
}

fn without_hosts(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let joins = before.is_alphanumeric() && chars.peek().is_some_and(|c| c.is_alphabetic());
        plain.push(if c == '.' && joins { '．' } else { c });
        before = c;
    }
    plain
}

#[cfg(test)]
mod tests;
