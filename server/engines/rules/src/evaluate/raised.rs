//! What people are to be told of a rule that matched.

use super::{Matched, filled};
use std::sync::Arc;
use umpire_model::{Message, Raised};

/// What a rule wants people to be told; `None` when none of its actions tells anybody.
pub(super) fn raised(matched: &Matched<'_>, message: &Message<'_>) -> Option<Raised> {
    let rule = matched.rule;
    let tells = rule.actions.iter().filter(|action| action.tells());
    let actions: Vec<_> = tells.map(|action| filled(action, rule, message)).collect();
    (!actions.is_empty()).then(|| Raised {
        rule: rule.name.clone(),
        rule_name: rule.display_name.clone(),
        level: matched.level(),
        labels: labels(matched),
        word: word(matched),
        actions,
    })
}

fn labels(matched: &Matched<'_>) -> Vec<Arc<str>> {
    let mut labels = matched.rule.labels.to_vec();
    let across = matched.across.and_then(|hit| matched.rule.entry(hit.number));
    let across = across.and_then(|entry| entry.category.as_ref());
    for category in matched.tags().filter_map(|tag| tag.category.as_ref()).chain(across) {
        if !labels.contains(category) {
            labels.push(category.clone());
        }
    }
    labels
}

/// The first word that was found; empty for a rule that is an expression.
fn word(matched: &Matched<'_>) -> Arc<str> {
    if let Some(hit) = matched.across {
        return hit.word.clone();
    }
    let first = matched.hits.iter().find_map(|(_, hits)| Some((hits, hits.hits.first()?)));
    let word = first.map(|(hits, hit)| matched.part.scanner.word(hits.source, hit.word).clone());
    word.unwrap_or_else(|| "".into())
}
