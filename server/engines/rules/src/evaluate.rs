//! Stage three: what follows from what was found.

use crate::compile::{Compiled, RuleSet, Scanned};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use umpire_model::{
    Action, ActionKind, ByteRange, CancelCause, Cancelled, Decision, FieldId, Match, Message,
    Verdict,
};
use umpire_text::{Coverage, SourceHits, Utf16Index};

/// Most matches a verdict lists.
const MAX_MATCHES: usize = 1_000;
/// Most spans a match lists.
const MAX_SPANS: usize = 100;

/// A rule that counts for this message, with its hits in each text.
struct Matched<'a> {
    rule: &'a Compiled,
    hits: Vec<(FieldId, &'a SourceHits)>,
}

impl Matched<'_> {
    /// By level, then priority (higher first), then position, then name.
    fn key(&self) -> impl Ord + '_ {
        let (field, hits) = &self.hits[0];
        let start = hits.hits.first().map(|hit| hit.range.start);
        (self.rule.level, Reverse(self.rule.priority), *field, start, &self.rule.name)
    }
}

impl RuleSet {
    /// Concludes: allow what is cancelled, order the rest, collect the effects.
    ///
    /// `scanned` must come from this set and this message.
    #[must_use]
    pub fn evaluate(
        &self,
        message: &Message<'_>,
        scanned: &Scanned,
        engine_version: Arc<str>,
    ) -> Verdict {
        let mut verdict = Verdict::pass(self.revision, engine_version);
        if scanned.is_empty() {
            return verdict;
        }
        let matched = self.matched(message, scanned, &mut verdict.cancelled);
        for entry in matched.iter().filter(|entry| !entry.rule.shadow) {
            apply(entry.rule, message, &mut verdict);
        }
        verdict.masks = masks(message, &matched);
        self.list_matches(message, &matched, &mut verdict);
        verdict
    }

    /// The rules that count, in the order of the verdict.
    fn matched<'a>(
        &'a self,
        message: &Message<'_>,
        scanned: &'a Scanned,
        cancelled: &mut Vec<Cancelled>,
    ) -> Vec<Matched<'a>> {
        let mut by_rule: BTreeMap<u32, Vec<(FieldId, &SourceHits)>> = BTreeMap::new();
        for (field, hits) in &scanned.fields {
            for entry in &hits.sources {
                by_rule.entry(entry.source).or_default().push((*field, entry));
            }
        }
        let mut matched = Vec::new();
        for (source, mut hits) in by_rule {
            let rule = &self.rules[source as usize];
            hits.retain(|(_, entry)| !entry.hits.is_empty());
            let cause = match (rule.scope.covers(message), hits.is_empty()) {
                (true, false) => {
                    matched.push(Matched { rule, hits });
                    continue;
                }
                (true, true) => CancelCause::Exception,
                (false, _) => CancelCause::Scope,
            };
            cancelled.push(Cancelled { rule: rule.name.clone(), cause });
        }
        matched.sort_by(|a, b| a.key().cmp(&b.key()));
        matched
    }

    fn list_matches(&self, message: &Message<'_>, matched: &[Matched<'_>], verdict: &mut Verdict) {
        let mut listed = Vec::new();
        for field in fields(matched) {
            let Some(text) = text_of(message, field) else { continue };
            let index = Utf16Index::new(text);
            for entry in matched {
                for (_, hits) in entry.hits.iter().filter(|(found_in, _)| *found_in == field) {
                    verdict.matches_truncated |= hits.truncated;
                    listed.extend(self.words_of(entry.rule, field, hits, &index));
                }
            }
        }
        listed.sort_by(|(a_priority, a), (b_priority, b)| {
            let key =
                |found: &Match| (found.field, found.spans.first().map(|span| span.byte_start));
            (a.level, a_priority, key(a), &a.rule).cmp(&(b.level, b_priority, key(b), &b.rule))
        });
        verdict.matches_truncated |= listed.len() > MAX_MATCHES;
        listed.truncate(MAX_MATCHES);
        for (_, found) in &mut listed {
            verdict.matches_truncated |= found.spans.len() > MAX_SPANS;
            found.spans.truncate(MAX_SPANS);
        }
        verdict.matches = listed.into_iter().map(|(_, found)| found).collect();
    }

    /// One match for each word of a rule, with the rule's priority.
    fn words_of(
        &self,
        rule: &Compiled,
        field: FieldId,
        hits: &SourceHits,
        index: &Utf16Index<'_>,
    ) -> Vec<(Reverse<i32>, Match)> {
        let mut found: Vec<(Reverse<i32>, Match)> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        for hit in &hits.hits {
            let place = *places.entry(hit.word).or_insert_with(|| {
                let word = self.scanner.word(hits.source, hit.word).clone();
                found.push((Reverse(rule.priority), new_match(rule, word, field)));
                found.len() - 1
            });
            let (_, matched) = &mut found[place];
            matched.spans.push(index.span(&hit.range));
            for taken in &hit.transformations {
                if !matched.transformations.contains(taken) {
                    matched.transformations.push(*taken);
                }
            }
        }
        found
    }
}

fn new_match(rule: &Compiled, word: Arc<str>, field: FieldId) -> Match {
    Match {
        rule: rule.name.clone(),
        word,
        labels: rule.labels.clone(),
        level: rule.level,
        risk_class: rule.risk_class,
        field,
        spans: Vec::new(),
        shadow: rule.shadow,
        transformations: Vec::new(),
    }
}

/// Adds what an enforced rule brings to the verdict.
fn apply(rule: &Compiled, message: &Message<'_>, verdict: &mut Verdict) {
    verdict.level = Some(verdict.level.map_or(rule.level, |level| level.min(rule.level)));
    verdict.risk_class = verdict.risk_class.max(rule.risk_class);
    for label in rule.labels.iter() {
        if !verdict.labels.contains(label) {
            verdict.labels.push(label.clone());
        }
    }
    for action in &rule.actions {
        let decision = match action.kind {
            ActionKind::Intercept => Decision::Block,
            ActionKind::Review => Decision::Review,
            _ => Decision::Pass,
        };
        verdict.decision = verdict.decision.max(decision);
        let action = filled(action, rule, message);
        if !verdict.actions.contains(&action) {
            verdict.actions.push(action);
        }
    }
}

/// The action with what its author left to be filled in.
fn filled(action: &Action, rule: &Compiled, message: &Message<'_>) -> Action {
    let mut action = action.clone();
    match action.kind {
        ActionKind::Reply if action.text.is_empty() => {
            rule.reply.for_locale(message.locale).clone_into(&mut action.text);
        }
        ActionKind::Mention if action.target.is_empty() => {
            message.sender.user_id.clone_into(&mut action.target);
        }
        _ => {}
    }
    action
}

/// What MASK covers in each text.
fn masks(message: &Message<'_>, matched: &[Matched<'_>]) -> Vec<(FieldId, Vec<ByteRange>)> {
    let mut masks = Vec::new();
    for field in fields(matched) {
        let Some(text) = text_of(message, field) else { continue };
        let mut union = Coverage::new(text.len());
        let hits = matched.iter().flat_map(|entry| &entry.hits);
        for (_, hits) in hits.filter(|(found_in, _)| *found_in == field) {
            if let Some(coverage) = &hits.coverage {
                union.merge(coverage);
            }
        }
        let ranges = union.ranges();
        if !ranges.is_empty() {
            masks.push((field, ranges));
        }
    }
    masks
}

/// The texts with a hit that counts.
fn fields(matched: &[Matched<'_>]) -> BTreeSet<FieldId> {
    matched.iter().flat_map(|entry| entry.hits.iter().map(|(field, _)| *field)).collect()
}

fn text_of<'a>(message: &Message<'a>, field: FieldId) -> Option<&'a str> {
    message.texts().find(|(found, _)| *found == field).map(|(_, text)| text)
}

#[cfg(test)]
mod tests;
