//! Verdicts, for people.

use super::{
    Paint,
    rows::{Judged, Owner, length, rule_ids},
    safe, short,
};
use prost_types::Duration;
use umpire_client::{
    MatchExt,
    v1::{AuditState, Match, NextStep, StrikeStatus, Verdict, VerdictTrace},
};

/// Safe lines that say what was decided, and why.
pub fn explained(verdict: &Verdict, text: &str, paint: Paint) -> Vec<String> {
    let mut lines = vec![headline(verdict, paint)];
    let owner = Owner::of_verdict(verdict);
    lines.extend(verdict.matches.iter().map(|found| matched(found, text, owner)));
    if !verdict.masked_text.is_empty() {
        lines.push(format!("masked: {}", safe(&verdict.masked_text)));
    }
    for action in &verdict.actions {
        let kind = short(action.kind().as_str_name(), "ACTION_KIND_");
        lines.push(safe(format!("action: {kind} {} {}", action.target, action.text).trim_end()));
    }
    lines.extend(verdict.strikes.iter().map(|strike| struck(strike, owner)));
    lines.extend(verdict.sanctions.iter().map(|name| safe(&format!("sanction: {name}"))));
    let state = short(verdict.audit_state().as_str_name(), "AUDIT_STATE_");
    if verdict.audit_state() != AuditState::Skipped {
        lines.push(format!("record: {} ({state})", safe(&verdict.audit_record)));
    }
    lines.extend(verdict.trace.as_ref().map(|trace| traced(trace, owner)).unwrap_or_default());
    lines
}

fn headline(verdict: &Verdict, paint: Paint) -> String {
    let decision = short(verdict.decision().as_str_name(), "DECISION_");
    let mut words = vec![paint.decided(verdict.decision(), &decision)];
    words.push(short(verdict.level().as_str_name(), "LEVEL_"));
    words.push(short(verdict.risk_class().as_str_name(), "RISK_CLASS_"));
    words.push(safe(&verdict.labels.join(",")));
    words.push(format!("revision {}", verdict.revision));
    if verdict.replayed {
        words.push("(replayed)".into());
    }
    let reason = short(verdict.reason().as_str_name(), "UNCHECKED_REASON_");
    if !reason.is_empty() {
        words.push(format!("not checked: {reason}"));
    }
    words.retain(|word| !word.is_empty());
    words.join("  ")
}

/// The rule, what it looks for, and what it found where.
fn matched(found: &Match, text: &str, owner: Owner<'_>) -> String {
    let hits: Vec<_> = found.ranges().map(|range| hit(found, text, range)).collect();
    let shadow = if found.shadow { " (shadow)" } else { "" };
    let rule = owner.called(&found.rule);
    safe(&format!("  {rule}{shadow}  {:?}  {}", found.word, hits.join(", ")))
}

fn hit(found: &Match, text: &str, range: std::ops::Range<usize>) -> String {
    let place = format!("{} {}..{}", found.field, range.start, range.end);
    match text.get(range).filter(|_| found.field == "text") {
        Some(part) => format!("{place} {part:?}"),
        None => place,
    }
}

/// The rule, how many there are of how many, and what comes of it.
fn struck(strike: &StrikeStatus, owner: Owner<'_>) -> String {
    let StrikeStatus { count, threshold, crossed, suppressed_by, .. } = strike;
    let rule = owner.called(&strike.sanction_rule);
    let within = match length(strike.window) {
        window if window.is_empty() => window,
        window => format!(" in {window}"),
    };
    let next = strike.next.as_ref().map(next_step).unwrap_or_default();
    let effect = match (crossed, suppressed_by.as_str()) {
        (false, _) => format!(", then {next}"),
        (true, "") => format!(": {next}"),
        (true, cause) => format!(": {next}, suppressed by {cause}"),
    };
    safe(&format!("strike: {rule} {count} of {threshold}{within}{effect}"))
}

fn next_step(next: &NextStep) -> String {
    let kind = short(next.kind().as_str_name(), "SANCTION_KIND_");
    match length(next.duration) {
        _ if next.permanent => format!("{kind} permanent"),
        lasts if lasts.is_empty() => kind,
        lasts => format!("{kind} {lasts}"),
    }
}

fn traced(trace: &VerdictTrace, owner: Owner<'_>) -> Vec<String> {
    let stages = [
        ("scan", trace.scan),
        ("gather", trace.gather),
        ("evaluate", trace.evaluate),
        ("commit", trace.commit),
    ];
    // Trials do not measure them.
    let measured = |time: &Duration| *time != Duration::default();
    let taken = |(stage, time): (&str, Option<Duration>)| {
        time.filter(measured).map(|time| format!("{stage} {time}"))
    };
    let stages: Vec<_> = stages.into_iter().filter_map(taken).collect();
    let mut lines = Vec::new();
    if !stages.is_empty() {
        lines.push(format!("time: {}", stages.join(", ")));
    }
    for cancelled in &trace.cancelled {
        let rule = owner.called(&cancelled.rule);
        lines.push(safe(&format!("cancelled: {rule} by {}", cancelled.cause)));
    }
    lines
}

/// A safe line for one message of many.
pub fn judged(line: &Judged<'_>, paint: Paint) -> String {
    let text = safe(line.text);
    let number = format!("{:>5}", line.number);
    match line.answer {
        Err(error) => format!("{number}  {:<6}  {text}  ({})", "ERROR", safe(&error.message())),
        Ok(verdict) => {
            let decision = format!("{:<6}", short(verdict.decision().as_str_name(), "DECISION_"));
            let decision = paint.decided(verdict.decision(), &decision);
            let level = short(verdict.level().as_str_name(), "LEVEL_");
            let rules = safe(&rule_ids(verdict).join(","));
            format!("{number}  {decision}  {level:<2}  {rules}  {text}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::SanctionKind;

    #[test]
    fn a_strike_says_what_comes_of_it() {
        let days = |days: i64| Some(Duration { seconds: days * 86_400, nanos: 0 });
        let kind = SanctionKind::Mute as i32;
        let strike = StrikeStatus {
            sanction_rule: "tenants/game/sanctionRules/spam".into(),
            count: 2,
            threshold: 3,
            window: days(3),
            next: Some(NextStep { kind, duration: days(1), permanent: false }),
            ..StrikeStatus::default()
        };
        let audit_record = "tenants/game/auditRecords/r".into();
        let verdict = Verdict { audit_record, ..Verdict::default() };
        let told = |strike: &StrikeStatus| struck(strike, Owner::of_verdict(&verdict));
        assert_eq!(told(&strike), "strike: spam 2 of 3 in 3d, then MUTE 1d");
        let crossed = StrikeStatus { count: 3, crossed: true, ..strike };
        assert_eq!(told(&crossed), "strike: spam 3 of 3 in 3d: MUTE 1d");
        let suppressed = StrikeStatus { suppressed_by: "shadow".into(), ..crossed };
        assert!(told(&suppressed).ends_with(": MUTE 1d, suppressed by shadow"));
    }
}
