//! Word lists and their entries.

use super::{
    enums::{self, known},
    rule::{scope_from, scope_to_proto},
    time,
};
use umpire_model::{ResourceId, TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_rules::lists::{Entry, EntryChange, ListPurpose, StoredWordList, WordList};

/// The list a caller wrote, under `id`. Fields the server sets are ignored.
pub(crate) fn from_proto(list: &pb::WordList, id: ResourceId) -> Result<WordList, Vec<Violation>> {
    let mut refused = Vec::new();
    let purpose = enums::list_purpose_from(list.purpose);
    let purpose = known(purpose, "word_list.purpose", &mut refused);
    if !refused.is_empty() {
        return Err(refused);
    }
    Ok(WordList {
        display_name: list.display_name.clone(),
        all_rules: list.all_rules,
        scope: list.scope.as_ref().map(scope_from).unwrap_or_default(),
        ..WordList::new(id, purpose.unwrap_or(ListPurpose::Match))
    })
}

pub(crate) fn to_proto(stored: &StoredWordList, tenant: &TenantId) -> pb::WordList {
    let list = &stored.list;
    pb::WordList {
        name: format!("tenants/{tenant}/wordLists/{}", list.id),
        display_name: list.display_name.clone(),
        purpose: enums::list_purpose(list.purpose),
        entry_count: i64::try_from(stored.entry_count).unwrap_or(i64::MAX),
        etag: stored.etag(),
        all_rules: list.all_rules,
        scope: scope_to_proto(&list.scope),
        revision: i64::try_from(stored.revision).unwrap_or(i64::MAX),
        create_time: Some(time::to_proto(stored.create_time)),
        update_time: Some(time::to_proto(stored.update_time)),
        author: stored.author.clone(),
        delete_time: stored.delete_time.map(time::to_proto),
    }
}

/// An entry in field `path`, checked.
pub(crate) fn entry_from(entry: &pb::WordListEntry, path: &str) -> Result<Entry, Vec<Violation>> {
    let mut refused = Vec::new();
    let mode = enums::word_mode_from(entry.r#match);
    let level = enums::level_from(entry.level);
    let end = format!("{path}.end_time");
    let optional = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.into())
    };
    let made = Entry {
        mode: known(mode, &format!("{path}.match"), &mut refused),
        category: optional(&entry.category),
        level: known(level, &format!("{path}.level"), &mut refused),
        note: optional(&entry.note),
        end_time: time::optional(entry.end_time.as_ref(), &end, &mut refused),
        ..Entry::new(&entry.word)
    };
    if let Err(error) = made.check() {
        refused.push(Violation::invalid(path, error.to_string()));
    }
    if refused.is_empty() { Ok(made) } else { Err(refused) }
}

pub(crate) fn entry_to_proto(entry: &Entry) -> pb::WordListEntry {
    pb::WordListEntry {
        word: entry.word.as_ref().into(),
        r#match: entry.mode.map_or(0, enums::word_mode),
        category: entry.category.as_deref().unwrap_or_default().into(),
        level: entry.level.map_or(0, enums::level),
        note: entry.note.as_deref().unwrap_or_default().into(),
        end_time: entry.end_time.map(time::to_proto),
    }
}

pub(crate) fn change_to_proto(change: &EntryChange) -> pb::revision::EntryChange {
    pb::revision::EntryChange {
        before: change.before.as_ref().map(entry_to_proto),
        after: change.after.as_ref().map(entry_to_proto),
    }
}
