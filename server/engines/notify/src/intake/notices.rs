//! What is said of an alert, or of several.

use super::{Round, telling::Cause, tending::quiet_from};
use crate::{Alert, Mention, Notice, Part, Place, Reason, World};
use umpire_model::{Level, Timestamp};

/// Most alerts that a notice lists.
const MAX_PARTS: usize = 20;

/// An alert of a group, and what is told of it.
pub(super) struct Told<'a> {
    pub alert: &'a Alert,
    pub cause: Cause,
    pub stands_for: u64,
}

/// What would be said of an alert if it were told now: for previews.
#[must_use]
pub fn notice_of_alert(world: &World, alert: &Alert, now: Timestamp) -> Notice {
    notice_of(world, alert, Cause::of(Reason::First), now)
}

/// What is said of one alert.
fn notice_of(world: &World, alert: &Alert, cause: Cause, now: Timestamp) -> Notice {
    let stands_for = alert.count;
    let policy = &world.policy;
    let is_over = cause.reason == Reason::Resolved;
    Notice {
        reason: cause.reason,
        kind: alert.kind,
        level: alert.level,
        previous_level: cause.previous,
        title: alert.title.clone(),
        rule: alert.rule.clone(),
        rule_name: alert.rule_name.clone(),
        keyword: alert.keyword.clone(),
        labels: alert.labels.clone(),
        excerpt: alert.excerpt.clone(),
        place: alert.place.clone(),
        sender: alert.sender.clone(),
        confidence: alert.confidence,
        done: alert.done.clone(),
        count: alert.count,
        stands_for,
        first_time: alert.first_time,
        last_time: alert.last_time,
        mentions: alert.call.mentions.clone(),
        mention: if is_over { Mention::Nobody } else { mention(alert.level) },
        urgent: alert.level == Level::P0 || alert.count >= policy.urgent_count,
        operator: operator(alert, cause.reason),
        parts: vec![part(alert, stands_for)],
        more_parts: 0,
        audit_records: alert.audit_records.clone(),
        thread: alert.id.to_string(),
        end_time: if is_over { now } else { quiet_from(alert, policy) },
        time_zone: world.zones.zone(&alert.tenant),
        tenant: alert.tenant.to_string(),
    }
}

impl Round<'_> {
    /// What is said of one alert.
    pub(super) fn notice(&self, alert: &Alert, cause: Cause, stands_for: u64) -> Notice {
        let parts = vec![part(alert, stands_for)];
        Notice { stands_for, parts, ..notice_of(self.world, alert, cause, self.now) }
    }

    /// What is said of alerts that are told together: most of it of the most urgent one.
    /// `None` when there is none.
    pub(super) fn notice_of_all(&self, told: &[Told<'_>], thread: &str) -> Option<Notice> {
        let lead = told.iter().min_by_key(|one| one.alert.level)?;
        let mut notice = self.notice(lead.alert, lead.cause, 0);
        notice.reason = told.iter().map(|one| one.cause.reason).reduce(stronger)?;
        notice.parts.clear();
        notice.count = 0;
        for one in told {
            self.add_part(&mut notice, one);
        }
        thread.clone_into(&mut notice.thread);
        Some(notice)
    }

    fn add_part(&self, notice: &mut Notice, one: &Told<'_>) {
        let alert = one.alert;
        notice.count += alert.count;
        notice.stands_for += one.stands_for;
        notice.first_time = notice.first_time.min(alert.first_time);
        notice.last_time = notice.last_time.max(alert.last_time);
        notice.end_time = notice.end_time.max(quiet_from(alert, &self.world.policy));
        notice.urgent |= notice.count >= self.world.policy.urgent_count;
        for mentioned in &alert.call.mentions {
            if !notice.mentions.contains(mentioned) {
                notice.mentions.push(mentioned.clone());
            }
        }
        if notice.parts.len() < MAX_PARTS {
            notice.parts.push(part(alert, one.stands_for));
        } else {
            notice.more_parts += 1;
        }
    }
}

/// Of two reasons to tell, what weighs more: that nobody heard of it before, that it rose.
pub(super) fn stronger(one: Reason, other: Reason) -> Reason {
    let weights = [Reason::First, Reason::LevelUp];
    weights.into_iter().find(|weight| [one, other].contains(weight)).unwrap_or(other)
}

fn part(alert: &Alert, stands_for: u64) -> Part {
    Part {
        alert: alert.id,
        level: alert.level,
        title: alert.title.clone(),
        place: place(&alert.place).to_owned(),
        stands_for,
    }
}

/// In one word; hostile.
fn place(place: &Place) -> &str {
    let places = [&place.conversation_name, &place.conversation_id, &place.camera, &place.scene];
    places.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str)
}

fn mention(level: Level) -> Mention {
    match level {
        Level::P0 => Mention::All,
        Level::P1 => Mention::Named,
        Level::P2 | Level::P3 => Mention::Nobody,
    }
}

fn operator(alert: &Alert, reason: Reason) -> String {
    let operator = match reason {
        Reason::AckExpired => alert.acknowledgement.as_ref().map(|one| &one.operator),
        Reason::Resolved => alert.resolution.as_ref().map(|one| &one.operator),
        _ => None,
    };
    operator.cloned().unwrap_or_default()
}
