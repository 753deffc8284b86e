use serde::Serialize;
use umpire_model::Level;
use umpire_notify::{AlertKind, Mention, Notice, Part, Person, Place, Reason};

/// Everything a notice holds, as JSON for programs: times are RFC 3339, alerts are resource
/// names, users' text stands as it is.
#[derive(Serialize)]
pub(crate) struct Facts<'a> {
    tenant: &'a str,
    reason: Reason,
    kind: AlertKind,
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_level: Option<Level>,
    summary: &'a str,
    rule: &'a str,
    rule_name: &'a str,
    keyword: &'a str,
    labels: &'a [String],
    excerpt: &'a str,
    place: &'a Place,
    sender: &'a Person,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    done: &'a [String],
    count: u64,
    stands_for: u64,
    first_time: String,
    last_time: String,
    end_time: String,
    time_zone: &'a str,
    mentions: &'a [String],
    mention: Mention,
    urgent: bool,
    operator: &'a str,
    parts: Vec<PartFacts<'a>>,
    more_parts: u64,
    audit_records: &'a [String],
    thread: &'a str,
}

#[derive(Serialize)]
struct PartFacts<'a> {
    alert: String,
    level: Level,
    title: &'a str,
    place: &'a str,
    stands_for: u64,
}

impl<'a> Facts<'a> {
    /// Of this one.
    pub(crate) fn of(notice: &'a Notice) -> Self {
        Self {
            tenant: &notice.tenant,
            reason: notice.reason,
            kind: notice.kind,
            level: notice.level,
            previous_level: notice.previous_level,
            summary: &notice.title,
            rule: &notice.rule,
            rule_name: &notice.rule_name,
            keyword: &notice.keyword,
            labels: &notice.labels,
            excerpt: &notice.excerpt,
            place: &notice.place,
            sender: &notice.sender,
            confidence: notice.confidence,
            done: &notice.done,
            count: notice.count,
            stands_for: notice.stands_for,
            first_time: notice.first_time.to_string(),
            last_time: notice.last_time.to_string(),
            end_time: notice.end_time.to_string(),
            time_zone: &notice.time_zone,
            mentions: &notice.mentions,
            mention: notice.mention,
            urgent: notice.urgent,
            operator: &notice.operator,
            parts: notice.parts.iter().map(|part| part_facts(&notice.tenant, part)).collect(),
            more_parts: notice.more_parts,
            audit_records: &notice.audit_records,
            thread: &notice.thread,
        }
    }
}

fn part_facts<'a>(tenant: &str, part: &'a Part) -> PartFacts<'a> {
    PartFacts {
        alert: format!("tenants/{tenant}/alerts/{}", part.alert),
        level: part.level,
        title: &part.title,
        place: &part.place,
        stands_for: part.stands_for,
    }
}
