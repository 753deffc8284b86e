//! The one line that a phone shows: how urgent, what, and where.

use super::{clean::clip, words::Words};
use crate::{AlertKind, Notice, Part, Reason};
use umpire_model::Level;

/// Characters in which level, what and the beginning of where stand.
const GLANCE: usize = 20;
/// Of them for where, if it is that long.
const WHERE_GLANCE: usize = 4;

/// One glyph for a level.
pub(super) fn icon(level: Level) -> &'static str {
    ["🚨", "⚠️", "🔔", "ℹ️"][level as usize]
}

/// The alerts of a notice, most urgent first.
pub(super) fn parts(notice: &Notice) -> Vec<&Part> {
    let mut parts: Vec<_> = notice.parts.iter().collect();
    parts.sort_by_key(|part| part.level);
    parts
}

/// Whether a notice tells of several alerts.
pub(super) fn is_of_many(notice: &Notice) -> bool {
    notice.parts.len() > 1 || notice.more_parts > 0
}

/// The line of a notice.
pub(super) fn headline(notice: &Notice, words: &Words, icons: bool) -> String {
    let icon = if icons { icon_of(notice) } else { "" };
    let lead = format!("{icon}{} ", level(notice));
    let line = join(&lead, &what(notice, words), &beside(notice));
    let times = if is_of_many(notice) { 1 } else { notice.stands_for };
    format!("{line}{}{}", words.times(times), words.tag(notice.reason))
}

/// The line of one of its alerts.
pub(super) fn item(part: &Part, words: &Words, icons: bool) -> String {
    let icon = if icons { icon(part.level) } else { "" };
    let title = clip(&part.title, 40);
    let place = match &*part.place {
        "" => String::new(),
        place => format!("·{}", clip(place, 24)),
    };
    format!("{icon}{} {title}{place}{}", part.level.name(), words.times(part.stands_for))
}

/// Where it happened, by name.
pub(super) fn place(notice: &Notice) -> &str {
    let at = &notice.place;
    let named = [&at.conversation_name, &at.conversation_id, &at.camera, &at.scene];
    let seen = [&at.camera, &at.conversation_name, &at.conversation_id, &at.scene];
    let places = if notice.kind == AlertKind::Frame { seen } else { named };
    places.into_iter().find(|place| !place.is_empty()).map_or("", String::as_str)
}

/// What happened: in the words of whoever wrote the rule, else what the rule is called.
pub(super) fn matter(notice: &Notice) -> &str {
    if notice.title.is_empty() { &notice.rule_name } else { &notice.title }
}

/// The rule that messages and frames met, else what happened.
pub(super) fn rule(notice: &Notice) -> &str {
    if notice.rule_name.is_empty() { &notice.title } else { &notice.rule_name }
}

fn icon_of(notice: &Notice) -> &'static str {
    match notice.reason {
        Reason::Resolved => "✅",
        Reason::LevelUp => "⬆️",
        Reason::Escalated => "📣",
        Reason::AckExpired => "⏰",
        Reason::Digest => "📦",
        Reason::Test => "🔧",
        Reason::First | Reason::Repeated if notice.urgent => icon(Level::P0),
        Reason::First | Reason::Repeated => icon(notice.level),
    }
}

fn level(notice: &Notice) -> String {
    match (notice.reason, notice.previous_level) {
        (Reason::LevelUp, Some(before)) => format!("{}→{}", before.name(), notice.level.name()),
        _ => notice.level.name().to_owned(),
    }
}

fn what(notice: &Notice, words: &Words) -> String {
    match notice.reason {
        Reason::Test => words.test.to_owned(),
        _ if is_of_many(notice) => words.alerts(notice.parts.len() as u64 + notice.more_parts),
        _ => match matter(notice) {
            "" => notice.kind.name().to_owned(),
            matter => matter.to_owned(),
        },
    }
}

/// What stands in the second place: where, or of many alerts the most urgent.
fn beside(notice: &Notice) -> String {
    match parts(notice).first() {
        Some(first) if is_of_many(notice) => first.title.clone(),
        _ => place(notice).to_owned(),
    }
}

/// The first is cut so that the second begins within a glance.
fn join(lead: &str, what: &str, place: &str) -> String {
    if place.is_empty() {
        return format!("{lead}{}", clip(what, 40));
    }
    let taken = lead.chars().count() + 1 + place.chars().count().min(WHERE_GLANCE);
    let what = clip(what, GLANCE.saturating_sub(taken));
    format!("{lead}{what}·{}", clip(place, 24))
}
