//! Stage three: what follows from what was found.

mod covers;
mod expressions;
mod raised;

use crate::{
    across::AcrossHit,
    combination::Texts,
    compile::{Compiled, Part, RuleSet, Scanned},
    lists::{Entry, Tag},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use umpire_model::{
    Action, ActionKind, CancelCause, Cancelled, Decision, FieldId, Level, Match, Message,
    Timestamp, Transformations, Verdict, WallTime,
};
use umpire_text::{SourceHits, Utf16Index};

/// Most matches a verdict lists.
const MAX_MATCHES: usize = 1_000;
/// Most spans a match lists.
const MAX_SPANS: usize = 100;

/// When a message is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When it was received.
    pub now: Timestamp,
    /// What the tenant's wall shows then; only needed where
    /// [`RuleSet::has_windows`].
    pub wall: WallTime,
}

/// A rule that counts for this message, with its hits in each text.
struct Matched<'a> {
    part: &'a Part,
    rule: &'a Compiled,
    hits: Vec<(FieldId, &'a SourceHits)>,
    /// What goes on from messages before.
    across: Option<&'a AcrossHit>,
}

impl<'a> Matched<'a> {
    /// By level, then priority (higher first), then position, then name.
    fn key(&self) -> impl Ord + '_ {
        let first = self.hits.first();
        let first = first.map(|(field, hits)| (*field, hits.hits.first().map(|h| h.range.start)));
        // What goes on from a message before stands at the very start.
        let first = self.across.map(|_| (FieldId::Text, Some(0))).or(first);
        (self.level(), Reverse(self.rule.priority), first, &self.rule.name)
    }

    /// What the words that were hit bring, those too that are not listed.
    fn tags(&self) -> impl Iterator<Item = &'a Tag> {
        let rule = self.rule;
        self.hits.iter().flat_map(|(_, hits)| rule.tags(hits.tags()))
    }

    /// The most urgent level of what was hit.
    fn level(&self) -> Level {
        let levels = self.tags().map(|tag| tag.level.unwrap_or(self.rule.level));
        let across = self.across.map(|hit| level_of(self.rule, self.rule.entry(hit.number)));
        levels.chain(across).min().unwrap_or(self.rule.level)
    }
}

fn level_of(rule: &Compiled, entry: Option<&Entry>) -> Level {
    entry.and_then(|entry| entry.level).unwrap_or(rule.level)
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
        moment: &Moment,
        engine_version: Arc<str>,
    ) -> Verdict {
        let mut verdict = Verdict::pass(self.revision(), engine_version);
        if self.parts.len() > 1 {
            verdict.included_revisions = self.included_revisions();
        }
        if scanned.is_empty() {
            return verdict;
        }
        let mut matched = self.matched(message, scanned, moment, &mut verdict.cancelled);
        let mut listed = listed(message, &matched, &mut verdict);
        let held = self.held(message, &listed, moment, &mut verdict.cancelled);
        if !held.is_empty() {
            listed.extend(held.iter().map(expressions::match_of));
            sort(&mut listed);
            matched.extend(held);
            matched.sort_by(|a, b| a.key().cmp(&b.key()));
        }
        for entry in matched.iter().filter(|entry| !entry.rule.shadow) {
            apply(entry, message, &mut verdict);
        }
        verdict.masks = covers::masks(message, &matched);
        list(listed, &mut verdict);
        verdict
    }

    /// The rules that count, in the order of the verdict.
    fn matched<'a>(
        &'a self,
        message: &Message<'_>,
        scanned: &'a Scanned,
        moment: &Moment,
        cancelled: &mut Vec<Cancelled>,
    ) -> Vec<Matched<'a>> {
        let mut by_rule: BTreeMap<(usize, u32), Vec<(FieldId, &SourceHits)>> = BTreeMap::new();
        for (field, part, hits) in &scanned.fields {
            for entry in &hits.sources {
                let rule = self.parts[*part].owner(entry.source);
                by_rule.entry((*part, rule)).or_default().push((*field, entry));
            }
        }
        for hit in &scanned.across {
            by_rule.entry((hit.part, hit.rule)).or_default();
        }
        let (mut matched, mut texts) = (Vec::new(), Texts::of(message));
        for ((part, number), hits) in by_rule {
            let across = scanned.across.iter().find(|hit| (hit.part, hit.rule) == (part, number));
            let part = &*self.parts[part];
            let rule = &part.rules[number as usize];
            let Some(hits) = counting(rule, hits, &mut texts) else { continue };
            let all_allowed = hits.is_empty() && across.is_none();
            match cancelling(rule, message, moment, all_allowed) {
                None => matched.push(Matched { part, rule, hits, across }),
                Some(cause) => cancelled.push(Cancelled { rule: rule.name.clone(), cause }),
            }
        }
        matched.sort_by(|a, b| a.key().cmp(&b.key()));
        matched
    }
}

/// The hits that count: none when all were allowed, `None` when the rule did not find what it
/// looks for.
fn counting<'a>(
    rule: &Compiled,
    mut hits: Vec<(FieldId, &'a SourceHits)>,
    texts: &mut Texts<'_>,
) -> Option<Vec<(FieldId, &'a SourceHits)>> {
    match &rule.combination {
        Some(combination) => combination.counting(rule.first_source, &hits, texts),
        None => {
            hits.retain(|(_, entry)| !entry.hits.is_empty());
            Some(hits)
        }
    }
}

/// Why a rule that was hit does not count for this message.
pub(crate) fn cancelling(
    rule: &Compiled,
    message: &Message<'_>,
    moment: &Moment,
    all_allowed: bool,
) -> Option<CancelCause> {
    if !rule.scope.covers(message) {
        return Some(CancelCause::Scope);
    }
    if rule.window.as_ref().is_some_and(|window| !window.is_open(moment.now, moment.wall)) {
        return Some(CancelCause::Window);
    }
    if rule.exemptions.iter().any(|exemption| exemption.covers(message, moment.now)) {
        return Some(CancelCause::Exemption);
    }
    all_allowed.then_some(CancelCause::Exception)
}

/// The matches of text rules in the order of verdicts, each with its rule's priority.
fn listed(
    message: &Message<'_>,
    matched: &[Matched<'_>],
    verdict: &mut Verdict,
) -> Vec<(Reverse<i32>, Match)> {
    let mut listed = Vec::new();
    for field in fields(matched) {
        let Some(text) = text_of(message, field) else { continue };
        let index = Utf16Index::new(text);
        for entry in matched {
            for (_, hits) in entry.hits.iter().filter(|(found_in, _)| *found_in == field) {
                verdict.matches_truncated |= hits.truncated;
                listed.extend(words_of(entry, field, hits, &index));
            }
            if let Some(hit) = entry.across.filter(|_| field == FieldId::Text) {
                let found = written_over(entry.rule, hit, &index);
                listed.push((Reverse(entry.rule.priority), found));
            }
        }
    }
    sort(&mut listed);
    listed
}

/// By level, then priority (higher first), then position, then rule.
fn sort(listed: &mut [(Reverse<i32>, Match)]) {
    listed.sort_by(|(a_priority, a), (b_priority, b)| {
        let key = |found: &Match| (found.field, found.spans.first().map(|span| span.byte_start));
        (a.level, a_priority, key(a), &a.rule).cmp(&(b.level, b_priority, key(b), &b.rule))
    });
}

/// Puts the matches into the verdict, within its limits.
fn list(mut listed: Vec<(Reverse<i32>, Match)>, verdict: &mut Verdict) {
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
    entry: &Matched<'_>,
    field: FieldId,
    hits: &SourceHits,
    index: &Utf16Index<'_>,
) -> Vec<(Reverse<i32>, Match)> {
    let mut found: Vec<(Reverse<i32>, Match)> = Vec::new();
    let mut places: HashMap<u32, usize> = HashMap::new();
    for hit in &hits.hits {
        let place = *places.entry(hit.word).or_insert_with(|| {
            let word = entry.part.scanner.word(hits.source, hit.word).clone();
            let found_now = new_match(entry.rule, hit.word, word, field);
            found.push((Reverse(entry.rule.priority), found_now));
            found.len() - 1
        });
        let (_, matched) = &mut found[place];
        matched.spans.push(index.span(&hit.range));
        let taken: Transformations = matched.transformations.iter().copied().collect();
        if !taken.covers(hit.transformations) {
            matched.transformations = taken.union(hit.transformations).iter().collect();
        }
    }
    found
}

/// The match of a word whose end is in this message.
fn written_over(rule: &Compiled, hit: &AcrossHit, index: &Utf16Index<'_>) -> Match {
    Match {
        spans: vec![index.span(&(0..hit.end))],
        earlier: hit.earlier.clone(),
        transformations: hit.transformations.clone(),
        ..new_match(rule, hit.number, hit.word.clone(), FieldId::Text)
    }
}

fn new_match(rule: &Compiled, number: u32, word: Arc<str>, field: FieldId) -> Match {
    let entry = rule.entry(number);
    let category = entry.and_then(|entry| entry.category.as_ref());
    let labels = match category.filter(|category| !rule.labels.contains(category)) {
        Some(category) => rule.labels.iter().chain([category]).cloned().collect(),
        None => rule.labels.clone(),
    };
    Match {
        rule: rule.name.clone(),
        word,
        labels,
        level: level_of(rule, entry),
        risk_class: rule.risk_class,
        field,
        spans: Vec::new(),
        earlier: Vec::new(),
        shadow: rule.shadow,
        transformations: Vec::new(),
    }
}

/// Adds what an enforced rule brings to the verdict.
fn apply(matched: &Matched<'_>, message: &Message<'_>, verdict: &mut Verdict) {
    let (rule, level) = (matched.rule, matched.level());
    verdict.level = Some(verdict.level.map_or(level, |least| least.min(level)));
    verdict.risk_class = verdict.risk_class.max(rule.risk_class);
    let categories = matched.tags().filter_map(|tag| tag.category.as_ref());
    let across = matched.across.and_then(|hit| rule.entry(hit.number)?.category.as_ref());
    for label in rule.labels.iter().chain(categories).chain(across) {
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
    verdict.raised.extend(raised::raised(matched, message));
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

/// The texts with a hit that counts.
fn fields(matched: &[Matched<'_>]) -> BTreeSet<FieldId> {
    let of = |entry: &Matched<'_>| -> Vec<FieldId> {
        let across = entry.across.map(|_| FieldId::Text);
        entry.hits.iter().map(|(field, _)| *field).chain(across).collect()
    };
    matched.iter().flat_map(of).collect()
}

fn text_of<'a>(message: &Message<'a>, field: FieldId) -> Option<&'a str> {
    message.texts().find(|(found, _)| *found == field).map(|(_, text)| text)
}

#[cfg(test)]
mod tests;
