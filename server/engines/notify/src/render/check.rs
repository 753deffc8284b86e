//! What is wrong with a template, told when it is saved.

use super::{
    escape::Dialect,
    fault::{Fault, Where},
    lint::{lint, unknown_fields},
    page::{Page, names},
    sample_notice,
    sandbox::{self, SOURCE_MAX},
    select::meets,
    worded,
};
use crate::{AlertKind, ChannelKind, Notice, Reason, Template};
use umpire_model::{Level, Timestamp, Violation};

const KINDS: [AlertKind; 5] =
    [AlertKind::Text, AlertKind::Frame, AlertKind::Sanction, AlertKind::Safety, AlertKind::System];
const REASONS: [Reason; 8] = [
    Reason::First,
    Reason::Repeated,
    Reason::LevelUp,
    Reason::Escalated,
    Reason::AckExpired,
    Reason::Resolved,
    Reason::Digest,
    Reason::Test,
];
/// Most violations of one source.
const VIOLATIONS_MAX: usize = 20;
const TITLE: &str = "template.title";
const BODY: &str = "template.body";

/// Everything that is wrong with a template. One that passes is also tried with samples of
/// all the notices that it is for.
pub(crate) fn check_template(template: &Template) -> Vec<Violation> {
    let mut found = source(TITLE, &template.title);
    match template.body.trim() {
        "" => found.push(Violation::invalid(BODY, "is required")),
        _ => found.extend(source(BODY, &template.body)),
    }
    if found.is_empty() {
        found.extend(samples(template).iter().find_map(|notice| trial(template, notice)));
    }
    found
}

fn source(path: &str, source: &str) -> Vec<Violation> {
    if source.len() > SOURCE_MAX {
        return vec![Violation::too_large(path, format_args!("{SOURCE_MAX} bytes"))];
    }
    let refused = lint(source).into_iter().chain(unknown_fields(source)).take(VIOLATIONS_MAX);
    let refused: Vec<_> =
        refused.map(|fault| Violation::invalid(path, fault.to_string())).collect();
    if !refused.is_empty() {
        return refused;
    }
    match sandbox::compile(Dialect::Raw, source) {
        Err(fault) => vec![Violation::invalid(path, fault.to_string())],
        Ok(template) => unknown(path, template.undeclared_variables(false)),
    }
}

fn unknown(path: &str, used: impl IntoIterator<Item = String>) -> Vec<Violation> {
    let known = names();
    let mut unknown: Vec<_> =
        used.into_iter().filter(|name| !known.contains(name.as_str())).collect();
    unknown.sort();
    unknown.truncate(VIOLATIONS_MAX);
    let message = |name: String| format!("there is no variable `{name}`");
    unknown.into_iter().map(|name| Violation::invalid(path, message(name))).collect()
}

/// One notice for each combination of what a template can ask for.
fn samples(template: &Template) -> Vec<Notice> {
    let mut samples = Vec::new();
    for kind in KINDS.into_iter().filter(|kind| meets(template.kind, *kind).is_some()) {
        for reason in REASONS.into_iter().filter(|reason| meets(template.reason, *reason).is_some())
        {
            for urgent in [false, true] {
                if meets(template.urgent, urgent).is_some() {
                    samples.push(sample(template.level, kind, reason, urgent));
                }
            }
        }
    }
    samples
}

fn sample(level: Option<Level>, kind: AlertKind, reason: Reason, urgent: bool) -> Notice {
    let usual = if urgent { Level::P0 } else { Level::P2 };
    let mut notice = sample_notice(kind, level.unwrap_or(usual), Timestamp(0));
    notice.reason = reason;
    notice.urgent = urgent;
    notice.previous_level = (reason == Reason::LevelUp).then_some(Level::P3);
    if reason == Reason::Digest {
        let more = notice.parts.clone();
        notice.parts.extend(more);
    }
    notice
}

fn trial(template: &Template, notice: &Notice) -> Option<Violation> {
    let channel = template.channel.unwrap_or(ChannelKind::Dingtalk);
    let page = Page::of(notice, channel, template.language.unwrap_or_default());
    let (place, fault) = worded(template, &page).err()?;
    Some(failed(place, &fault, notice))
}

fn failed(place: Where, fault: &Fault, notice: &Notice) -> Violation {
    let (kind, reason) = (notice.kind.name(), notice.reason.name());
    let path = if place == Where::Title { TITLE } else { BODY };
    Violation::invalid(path, format!("{fault}, for a notice of {kind} {reason}"))
}
