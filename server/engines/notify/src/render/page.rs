//! What templates can show of a notice.

use super::{
    clean::clip,
    clock,
    facts::{self, Fact, facts},
    headline::{self, headline, icon},
    notes::{closing, notes},
    words::Words,
};
use crate::{ChannelKind, Language, Notice, Part, Reason};
use minijinja::Value;
use std::collections::{BTreeMap, BTreeSet};
use umpire_model::{Level, Timestamp};

/// Alerts of a group or digest that the built-in templates list.
const LISTED: usize = 10;

/// A notice prepared for one channel and language.
pub(super) struct Page {
    /// How it is told.
    pub channel: ChannelKind,
    /// In which words.
    pub words: &'static Words,
    /// The line that says it all. Holds users' text.
    pub headline: String,
    /// By name. Texts are escaped when they are written; those marked safe are our own.
    pub vars: Value,
}

/// Times of a notice as text.
pub(super) struct Moments {
    /// When the first event happened.
    pub first: String,
    /// When the last did.
    pub last: String,
    /// From one to the other.
    pub duration: String,
}

type Vars = BTreeMap<&'static str, Value>;

impl Page {
    /// Of a notice.
    pub fn of(notice: &Notice, channel: ChannelKind, language: Language) -> Self {
        let words = Words::of(language);
        let headline = headline(notice, words, has_icons(channel));
        let vars = Value::from(vars(notice, channel, words, &headline));
        Self { channel, words, headline, vars }
    }
}

/// Names of all variables.
pub(super) fn names() -> BTreeSet<&'static str> {
    let notice = super::sample_notice(crate::AlertKind::Text, Level::P2, Timestamp(0));
    let words = Words::of(Language::Chinese);
    vars(&notice, ChannelKind::Dingtalk, words, "").into_keys().collect()
}

/// Fields of what variables list, and of `loop`.
pub(super) const FIELDS: [&str; 11] = [
    "level",
    "title",
    "place",
    "stands_for",
    "name",
    "value",
    "index",
    "index0",
    "first",
    "last",
    "length",
];

/// Telephones read glyphs aloud, and not every machine can store them.
fn has_icons(channel: ChannelKind) -> bool {
    use ChannelKind as C;
    !matches!(channel, C::Sms | C::Voice | C::Zabbix | C::Syslog)
}

fn vars(notice: &Notice, channel: ChannelKind, words: &Words, headline: &str) -> Vars {
    let moments = Moments {
        first: clock::local(notice.first_time, &notice.time_zone),
        last: clock::local(notice.last_time, &notice.time_zone),
        duration: clock::lasted(notice.first_time, notice.last_time, words.language()),
    };
    let mut vars = Vars::new();
    vars.extend(matter(notice, words));
    vars.extend(people(notice));
    vars.extend(numbers(notice));
    vars.extend(composed(notice, words, &moments, has_icons(channel)));
    vars.extend([
        ("headline", headline.into()),
        ("first_at", moments.first.into()),
        ("last_at", moments.last.into()),
        ("duration", moments.duration.into()),
        ("language", words.pick("zh-CN", "en").into()),
        ("colon", safe(words.colon)),
        ("comma", safe(words.comma)),
    ]);
    vars
}

fn matter(notice: &Notice, words: &Words) -> [(&'static str, Value); 19] {
    let rule_id = notice.rule.rsplit('/').next().unwrap_or_default();
    let status = if notice.reason == Reason::Resolved { "resolved" } else { "firing" };
    let last_record = notice.audit_records.last().map_or("", String::as_str);
    [
        ("title", text(&notice.title, 200)),
        ("level", notice.level.name().into()),
        ("level_name", words.levels[notice.level as usize].into()),
        ("level_icon", icon(notice.level).into()),
        ("previous_level", notice.previous_level.map_or("", Level::name).into()),
        ("reason", notice.reason.name().into()),
        ("kind", notice.kind.name().into()),
        ("status", status.into()),
        ("rule_id", text(rule_id, 100)),
        ("rule_name", text(&notice.rule_name, 100)),
        ("category", facts::category(notice, words).into()),
        ("keyword", text(&notice.keyword, 100)),
        ("labels", notice.labels.iter().map(|label| text(label, 100)).collect()),
        ("excerpt", text(&notice.excerpt, 100)),
        ("action_taken", facts::done(notice, words).into()),
        ("urgent", notice.urgent.into()),
        ("audit_record", text(last_record, 300)),
        ("audit_records", notice.audit_records.iter().map(|name| text(name, 300)).collect()),
        ("tenant", text(&notice.tenant, 100)),
    ]
}

fn people(notice: &Notice) -> [(&'static str, Value); 10] {
    let (place, sender) = (&notice.place, &notice.sender);
    let room = [&place.conversation_name, &place.conversation_id];
    let room = room.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str);
    [
        ("scene", text(&place.scene, 100)),
        ("room_id", text(&place.conversation_id, 100)),
        ("room_name", text(room, 100)),
        ("camera", text(&place.camera, 100)),
        ("place", text(headline::place(notice), 100)),
        ("sender_id", text(&sender.user_id, 100)),
        ("sender_name", text(&sender.display_name, 100)),
        ("sender_masked", facts::masked_sender(notice).into()),
        ("department", text(&sender.department, 100)),
        ("operator", text(&notice.operator, 100)),
    ]
}

fn numbers(notice: &Notice) -> [(&'static str, Value); 6] {
    let confidence = notice.confidence.filter(|sure| sure.is_finite());
    [
        ("count", notice.count.into()),
        ("stands_for", notice.stands_for.into()),
        ("suppressed_count", notice.stands_for.saturating_sub(1).into()),
        ("more_parts", notice.more_parts.into()),
        ("confidence", confidence.into()),
        ("confidence_pct", facts::confidence_percent(notice).into()),
    ]
}

/// What the built-in templates are made of.
fn composed(
    notice: &Notice,
    words: &Words,
    moments: &Moments,
    icons: bool,
) -> [(&'static str, Value); 8] {
    let parts = headline::parts(notice);
    let listed = if headline::is_of_many(notice) { parts.len().min(LISTED) } else { 0 };
    let items = parts[..listed].iter().map(|part| headline::item(part, words, icons));
    let tone = Tone::of(notice);
    [
        ("parts", parts.iter().map(|part| fields(part)).collect()),
        ("facts", facts(notice, words, moments).into_iter().map(fact).collect()),
        ("items", items.collect()),
        ("more", safe(&more(notice, words, listed))),
        ("notes", notes(notice, words, moments).iter().map(|note| safe(note)).collect()),
        ("closing", safe(closing(notice, words))),
        ("tone", tone.name().into()),
        ("colour", safe(tone.colour())),
    ]
}

fn fields(part: &Part) -> Value {
    Value::from(Vars::from([
        ("level", part.level.name().into()),
        ("title", text(&part.title, 100)),
        ("place", text(&part.place, 100)),
        ("stands_for", part.stands_for.into()),
    ]))
}

fn fact(fact: Fact) -> Value {
    Value::from(Vars::from([("name", safe(fact.name)), ("value", fact.value.into())]))
}

/// How many alerts are not listed, in words; nothing when all are.
fn more(notice: &Notice, words: &Words, listed: usize) -> String {
    let all = if headline::is_of_many(notice) { notice.parts.len() } else { 0 };
    match (all - listed) as u64 + notice.more_parts {
        0 => String::new(),
        more => words.pick(format!("另有 {more} 项未列出"), format!("and {more} more")),
    }
}

fn text(text: &str, most: usize) -> Value {
    clip(text, most).into()
}

/// Our own words, which need no escaping.
fn safe(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}

/// How loud a notice looks.
#[derive(Debug, Clone, Copy)]
enum Tone {
    Alarm,
    Warning,
    Notice,
    Calm,
    Good,
}

impl Tone {
    fn of(notice: &Notice) -> Self {
        match (notice.reason, notice.level) {
            (Reason::Resolved, _) => Self::Good,
            (Reason::Test, _) => Self::Calm,
            (_, Level::P0) => Self::Alarm,
            _ if notice.urgent => Self::Alarm,
            (_, Level::P1) => Self::Warning,
            (_, Level::P2) => Self::Notice,
            (_, Level::P3) => Self::Calm,
        }
    }

    fn name(self) -> &'static str {
        ["alarm", "warning", "notice", "calm", "good"][self as usize]
    }

    fn colour(self) -> &'static str {
        ["#D93026", "#E8710A", "#B06000", "#5F6368", "#188038"][self as usize]
    }
}
