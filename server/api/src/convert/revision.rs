//! Revisions and what they change.

use super::{enums, policy_test, rule, time, word_list};
use prost::Message as _;
use umpire_model::TenantId;
use umpire_proto::v1::{self as pb, revision::Change};
use umpire_query::PAGE_BYTES;
use umpire_rules::{ChangeKind, Changes, ListChange, Revision, RuleChange, TestChange};

/// Most entry changes of a list that are shown where all are at hand.
const MAX_ENTRIES: usize = 10_000;

pub(crate) fn to_proto(revision: &Revision, tenant: &TenantId) -> pb::Revision {
    pb::Revision {
        name: format!("tenants/{tenant}/revisions/{}", revision.number),
        number: i64::try_from(revision.number).unwrap_or(i64::MAX),
        content_hash: revision.content_hash.clone(),
        author: revision.author.clone(),
        reason: revision.reason.clone(),
        create_time: Some(time::to_proto(revision.time)),
        changes: changes_to_proto(&revision.changes, tenant),
    }
}

/// Changes with what they were about, until that weighs more than clients take; from
/// then on with their names alone.
pub(crate) fn changes_to_proto(changes: &Changes, tenant: &TenantId) -> Vec<Change> {
    let rules = changes.rules.iter().map(|change| of_rule(change, tenant));
    let lists = changes.lists.iter().map(|change| of_list(change, tenant));
    let all = rules.chain(lists).chain(changes.tests.iter().map(of_test));
    let mut weight = 0;
    let within = all.map(|change| {
        weight += change.encoded_len();
        if weight > PAGE_BYTES { name_only(change) } else { change }
    });
    within.collect()
}

fn name_only(change: Change) -> Change {
    let Change { rule, kind, word_list, test, .. } = change;
    Change { rule, kind, word_list, test, details_omitted: true, ..Change::default() }
}

fn of_rule(change: &RuleChange, tenant: &TenantId) -> Change {
    Change {
        rule: format!("tenants/{tenant}/rules/{}", change.after.rule.id),
        kind: enums::change_kind(change.kind),
        before: change.before.as_ref().map(|before| rule::stored_to_proto(before, tenant)),
        after: Some(rule::stored_to_proto(&change.after, tenant)),
        ..Change::default()
    }
}

fn of_list(change: &ListChange, tenant: &TenantId) -> Change {
    let signed = |count| i64::try_from(count).unwrap_or(i64::MAX);
    let at_hand = if change.delta.is_empty() { &change.shown } else { change.delta.changes() };
    let mut weight = 0;
    let shown = at_hand.iter().take(MAX_ENTRIES).take_while(|entry| {
        let sides = [&entry.before, &entry.after];
        weight += sides.into_iter().flatten().map(|side| side.weight()).sum::<usize>();
        weight <= PAGE_BYTES
    });
    let entries = pb::revision::EntryChanges {
        added: signed(change.counts.added),
        updated: signed(change.counts.updated),
        removed: signed(change.counts.removed),
        changes: shown.map(word_list::change_to_proto).collect(),
    };
    Change {
        word_list: format!("tenants/{tenant}/wordLists/{}", change.after.list.id),
        kind: enums::change_kind(change.kind),
        list_before: change.before.as_ref().map(|before| word_list::to_proto(before, tenant)),
        list_after: Some(word_list::to_proto(&change.after, tenant)),
        entries: (!change.counts.is_zero()).then_some(entries),
        ..Change::default()
    }
}

fn of_test(change: &TestChange) -> Change {
    let kind = match (&change.before, &change.after) {
        (None, _) => ChangeKind::Created,
        (_, None) => ChangeKind::Deleted,
        _ => ChangeKind::Updated,
    };
    Change {
        test: change.id.to_string(),
        kind: enums::change_kind(kind),
        test_before: change.before.as_ref().map(policy_test::to_proto),
        test_after: change.after.as_ref().map(policy_test::to_proto),
        ..Change::default()
    }
}
