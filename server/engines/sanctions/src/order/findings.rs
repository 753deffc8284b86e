//! What is odd about a tenant's sanction rules.

#[cfg(test)]
mod tests;

use super::{
    range::ChargeRange,
    ranges::odd_ranges,
    reach::{Reach, stops_at_once},
};
use crate::{RuleMode, SanctionRule};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use umpire_catalog::{Kept, Shelf};
use umpire_model::{ResourceId, RiskClass};

/// What the tenant's rules in force can give, as far as it is known beforehand.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Classes that some rule gives.
    pub classes: BTreeSet<RiskClass>,
    /// Labels that rules give with each class.
    pub labels_by_class: BTreeMap<RiskClass, BTreeSet<String>>,
    /// Classes whose rules look into word lists: with these any label may come.
    pub open_labels: BTreeSet<RiskClass>,
}

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The rules it is about, in their order; of SHADOWED the one that nothing reaches first.
    pub rules: Vec<ResourceId>,
    /// For people.
    pub message: String,
}

/// What is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Ranges of charge overlap.
    Overlap,
    /// Charges between ranges fit none of them.
    Gap,
    /// Nothing gives its class, or some of its labels.
    NoSource,
    /// An earlier rule sanctions whatever it could count.
    Shadowed,
    /// It is OFF.
    Off,
}

/// Everything odd about a tenant's rules.
#[must_use]
pub fn findings(shelf: &Shelf<SanctionRule>, sources: &Sources) -> Vec<Finding> {
    let order = &shelf.derived().rules;
    let mut found = odd_ranges(order);
    found.extend(order.iter().filter_map(|kept| without_source(kept, sources)));
    found.extend(shadowed(order));
    found.extend(shelf.iter().filter(|kept| kept.item.mode == RuleMode::Off).map(|kept| off(kept)));
    found
}

fn without_source(kept: &Kept<SanctionRule>, sources: &Sources) -> Option<Finding> {
    let rule = &kept.item;
    let class = class_name(rule.risk_class);
    let message = if sources.classes.contains(&rule.risk_class) {
        let labels = missing_labels(rule, sources);
        if labels.is_empty() {
            return None;
        }
        format!("no rule in force gives, with class {class}: {}", labels.join(", "))
    } else {
        format!("no rule in force gives class {class}")
    };
    Some(Finding { kind: FindingKind::NoSource, rules: vec![kept.id.clone()], message })
}

/// The rule's labels that nothing gives with its class.
fn missing_labels<'a>(rule: &'a SanctionRule, sources: &Sources) -> Vec<&'a str> {
    if sources.open_labels.contains(&rule.risk_class) {
        return Vec::new();
    }
    let given = sources.labels_by_class.get(&rule.risk_class);
    let is_given = |label: &str| given.is_some_and(|given| given.contains(label));
    rule.labels.iter().map(String::as_str).filter(|label| !is_given(label)).collect()
}

/// Rules that nothing reaches, each with the first that takes everything from it.
fn shadowed(order: &[Arc<Kept<SanctionRule>>]) -> Vec<Finding> {
    let mut stopping: Vec<(&Kept<SanctionRule>, ChargeRange, Reach<'_>)> = Vec::new();
    let mut found = Vec::new();
    for kept in order {
        let kept: &Kept<SanctionRule> = kept;
        let (range, reach) = (ChargeRange::of(&kept.item), Reach::of(&kept.item));
        let before = stopping
            .iter()
            .find(|(_, charges, matches)| charges.covers(range) && matches.covers(&reach));
        if let Some((before, ..)) = before {
            found.push(shadowed_by(kept, before));
        } else if stops_at_once(&kept.item) {
            stopping.push((kept, range, reach));
        }
    }
    found
}

fn shadowed_by(kept: &Kept<SanctionRule>, before: &Kept<SanctionRule>) -> Finding {
    let (id, first) = (&kept.id, &before.id);
    Finding {
        kind: FindingKind::Shadowed,
        rules: vec![id.clone(), first.clone()],
        message: format!("`{first}` comes first and sanctions at every strike `{id}` could count"),
    }
}

fn off(kept: &Kept<SanctionRule>) -> Finding {
    let (kind, rules) = (FindingKind::Off, vec![kept.id.clone()]);
    Finding { kind, rules, message: "its mode is OFF".into() }
}

fn class_name(class: RiskClass) -> &'static str {
    match class {
        RiskClass::Sensitive => "SENSITIVE",
        RiskClass::HighRisk => "HIGH_RISK",
        RiskClass::Fatal => "FATAL",
    }
}
