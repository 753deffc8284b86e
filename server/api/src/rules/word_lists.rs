//! Word lists and their entries.

use super::{Mutation, Rules, mutation};
use crate::{
    convert::{enums, word_list},
    error::ApiError,
    mask,
    names::{new_id, own_resource, own_tenant},
    paging::Paging,
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use prost::Message as _;
use std::{collections::BTreeSet, sync::Arc};
use tonic::Status;
use umpire_model::{ResourceId, TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_rules::{
    ChangeError, EntryQuery, Import, ListQuery,
    lists::{Entries, Entry, StoredWordList, file},
    quietly,
};
use umpire_tenancy::Caller;

/// Most entries of one BatchUpdateWordListEntries.
const MAX_UPDATES: usize = 10_000;
/// Entries of one part of an exported file.
const PART: usize = 2_048;

/// The parts of an exported file.
pub(super) type Parts = BoxStream<'static, Result<pb::ExportWordListResponse, Status>>;

impl Rules {
    pub(super) async fn create_list(
        &self,
        caller: &Caller,
        request: &pb::CreateWordListRequest,
    ) -> Result<pb::WordList, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let id = new_id(&request.word_list_id, "word_list_id")?;
        let missing = || ApiError::invalid("word_list", "must be set");
        let list = request.word_list.as_ref().ok_or_else(missing)?;
        let list = word_list::from_proto(list, id).map_err(ApiError::Invalid)?;
        let mutation = mutation!("CreateWordList", request);
        let change = self.details(caller, &mutation)?;
        let name = name_of(&tenant, &list.id);
        shown(self.book.create_list(&tenant, list, &change).await, &tenant, &name)
    }

    pub(super) async fn update_list(
        &self,
        caller: &Caller,
        request: &pb::UpdateWordListRequest,
    ) -> Result<pb::WordList, ApiError> {
        let missing = || ApiError::invalid("word_list", "must be set");
        let list = request.word_list.as_ref().ok_or_else(missing)?;
        let (tenant, id) = own_resource(caller, &list.name, "wordLists")?;
        let mutation = mutation!("UpdateWordList", request);
        let change = self.details(caller, &mutation)?;
        // The mask is tried once before, so that its mistakes need no list.
        mask::apply_to_word_list(pb::WordList::default(), list, request.update_mask.as_ref())?;
        let (change_of, mask) = (list.clone(), request.update_mask.clone());
        let (own, tenant_id) = (id.clone(), tenant.clone());
        let edit = move |current: &StoredWordList| {
            let current = word_list::to_proto(current, &tenant_id);
            let merged = mask::apply_to_word_list(current, &change_of, mask.as_ref());
            let merged = merged.map_err(|_| ChangeError::NotFound)?;
            word_list::from_proto(&merged, own.clone()).map_err(ChangeError::Invalid)
        };
        let updated = self.book.update_list(&tenant, &id, &list.etag, &change, edit).await;
        shown(updated, &tenant, &list.name)
    }

    pub(super) async fn set_list_deleted(
        &self,
        caller: &Caller,
        name: &str,
        etag: &str,
        deleted: bool,
        mutation: &Mutation<'_>,
    ) -> Result<pb::WordList, ApiError> {
        let (tenant, id) = own_resource(caller, name, "wordLists")?;
        let change = self.details(caller, mutation)?;
        let changed = self.book.set_list_deleted(&tenant, &id, etag, deleted, &change).await;
        shown(changed, &tenant, name)
    }

    pub(super) async fn get_list(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<pb::WordList, ApiError> {
        let (tenant, id) = own_resource(caller, name, "wordLists")?;
        let found = self.book.word_list(&tenant, id.as_str()).await?;
        let (stored, _) = found.ok_or_else(|| ApiError::NotFound(name.into()))?;
        Ok(word_list::to_proto(&stored, &tenant))
    }

    pub(super) async fn list_lists(
        &self,
        caller: &Caller,
        request: &pb::ListWordListsRequest,
    ) -> Result<pb::ListWordListsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let deleted = if request.show_deleted { "deleted" } else { "" };
        let query = ["ListWordLists", tenant.as_str(), &request.filter, deleted];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let query = ListQuery {
            filter: umpire_query::parse(&request.filter)?,
            show_deleted: request.show_deleted,
            size: paging.size,
            cursor: paging.cursor.clone(),
        };
        let page = self.book.word_lists(&tenant, &query).await?;
        Ok(pb::ListWordListsResponse {
            word_lists: page.items.iter().map(|list| word_list::to_proto(list, &tenant)).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn import(
        &self,
        caller: &Caller,
        request: &pb::ImportWordListRequest,
    ) -> Result<pb::ImportWordListResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let list = new_id(&request.word_list_id, "word_list_id")?;
        let name = name_of(&tenant, &list);
        let unknown =
            |path| move |unknown: enums::UnknownValue| ApiError::Invalid(vec![unknown.at(path)]);
        let format = enums::file_format_from(request.format).map_err(unknown("format"))?;
        let purpose = enums::list_purpose_from(request.purpose).map_err(unknown("purpose"))?;
        // A file can take much memory on its way: one at a time.
        let _one_at_a_time = self.bulk().await?;
        let mutation = mutation!("ImportWordList", request);
        let change = self.details(caller, &mutation)?;
        drop(mutation);
        let bytes = request.content.clone();
        let content = quietly(move || file::read(format, &bytes)).await?;
        let content = content.map_err(|error| match error {
            file::FileError::TooManyWords => ApiError::Limit(error.to_string()),
            other => ApiError::invalid("content", other.to_string()),
        })?;
        refuse_bad(&content, request.strict)?;
        let (entries, replace, etag) =
            (content.entries.clone(), request.replace, request.etag.clone());
        let import = Import { list, purpose, entries, replace, etag };
        let imported = self.book.import(&tenant, import, &change).await;
        let imported = imported.map_err(|error| ApiError::of_change(error, &name))?;
        let (counts, sound) = (imported.counts, content.entries.as_slice().len() as u64);
        let accepted = if replace { sound } else { counts.added + counts.updated };
        Ok(pb::ImportWordListResponse {
            word_list: Some(word_list::to_proto(&imported.list, &tenant)),
            accepted: signed(accepted),
            duplicates: signed(content.repeated as u64 + (sound - accepted)),
            rejected: content.rejected.iter().map(rejected).collect(),
            revision: signed(imported.revision),
            rejected_count: signed(content.rejected_count),
            added: signed(counts.added),
            updated: signed(counts.updated),
            removed: signed(counts.removed),
        })
    }

    pub(super) async fn export_list(
        &self,
        caller: &Caller,
        request: &pb::ExportWordListRequest,
    ) -> Result<Parts, ApiError> {
        let entries = self.live_entries(caller, &request.name).await?;
        let format = enums::file_format_from(request.format);
        let format = format.map_err(|unknown| ApiError::Invalid(vec![unknown.at("format")]))?;
        let parts = entries.as_slice().len().div_ceil(PART).max(1);
        let part = move |number: usize| {
            let all = entries.as_slice();
            let end = (number * PART + PART).min(all.len());
            let some = &all[(number * PART).min(end)..end];
            let content = file::write(format, some, number == 0, number + 1 == parts);
            Ok(pb::ExportWordListResponse { content })
        };
        Ok(stream::iter((0..parts).map(part)).boxed())
    }

    async fn live_entries(&self, caller: &Caller, name: &str) -> Result<Arc<Entries>, ApiError> {
        let (tenant, id) = own_resource(caller, name, "wordLists")?;
        let found = self.book.word_list(&tenant, id.as_str()).await?;
        let found = found.filter(|(stored, _)| stored.delete_time.is_none());
        found.map(|(_, entries)| entries).ok_or_else(|| ApiError::NotFound(name.into()))
    }

    pub(super) async fn entries(
        &self,
        caller: &Caller,
        request: &pb::ListWordListEntriesRequest,
    ) -> Result<pb::ListWordListEntriesResponse, ApiError> {
        let (tenant, id) = own_resource(caller, &request.parent, "wordLists")?;
        let query = ["ListWordListEntries", tenant.as_str(), id.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let query = EntryQuery {
            filter: umpire_query::parse(&request.filter)?,
            size: paging.size,
            cursor: paging.cursor.clone(),
        };
        let page = self.book.entries(&tenant, id.as_str(), query).await?;
        let page = page.ok_or_else(|| ApiError::NotFound(request.parent.clone()))?;
        Ok(pb::ListWordListEntriesResponse {
            entries: page.items.iter().map(word_list::entry_to_proto).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn update_entries(
        &self,
        caller: &Caller,
        request: &pb::BatchUpdateWordListEntriesRequest,
    ) -> Result<pb::BatchUpdateWordListEntriesResponse, ApiError> {
        let (tenant, id) = own_resource(caller, &request.parent, "wordLists")?;
        let put = put_entries(request)?;
        let remove = request.remove_words.iter().map(|word| word.trim().to_owned()).collect();
        let mutation = mutation!("BatchUpdateWordListEntries", request);
        let change = self.details(caller, &mutation)?;
        let updated =
            self.book.update_entries(&tenant, &id, &request.etag, (put, remove), &change).await;
        let updated = updated.map_err(|error| ApiError::of_change(error, &request.parent))?;
        let imported = updated.imported;
        Ok(pb::BatchUpdateWordListEntriesResponse {
            word_list: Some(word_list::to_proto(&imported.list, &tenant)),
            added: signed(imported.counts.added),
            updated: signed(imported.counts.updated),
            removed: signed(imported.counts.removed),
            unknown_words: updated.unknown,
            revision: signed(imported.revision),
        })
    }
}

fn name_of(tenant: &TenantId, id: &ResourceId) -> String {
    format!("tenants/{tenant}/wordLists/{id}")
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn shown(
    result: Result<StoredWordList, ChangeError>,
    tenant: &TenantId,
    name: &str,
) -> Result<pb::WordList, ApiError> {
    let stored = result.map_err(|error| ApiError::of_change(error, name))?;
    Ok(word_list::to_proto(&stored, tenant))
}

fn rejected(bad: &file::RejectedLine) -> pb::import_word_list_response::RejectedLine {
    let (line, reason) = (signed(bad.line), bad.reason.clone());
    pb::import_word_list_response::RejectedLine { line, reason }
}

/// A file without a sound line is a mistake, and with `strict` one bad line is.
fn refuse_bad(content: &file::FileContent, strict: bool) -> Result<(), ApiError> {
    let nothing = content.entries.as_slice().is_empty();
    if nothing && content.rejected_count == 0 {
        return Err(ApiError::invalid("content", "holds no words"));
    }
    if content.rejected_count == 0 || !(nothing || strict) {
        return Ok(());
    }
    let bad = content.rejected.iter();
    let bad =
        bad.map(|bad| Violation::invalid("content", format!("line {}: {}", bad.line, bad.reason)));
    Err(ApiError::Invalid(bad.collect()))
}

/// The entries to be put, each word once and none that is to be removed.
fn put_entries(request: &pb::BatchUpdateWordListEntriesRequest) -> Result<Arc<Entries>, ApiError> {
    let (puts, removes) = (&request.entries, &request.remove_words);
    match puts.len() + removes.len() {
        0 => return Err(ApiError::invalid("entries", "must not be empty")),
        1..=MAX_UPDATES => {}
        _ => return Err(ApiError::Invalid(vec![Violation::too_large("entries", MAX_UPDATES)])),
    }
    let mut words: BTreeSet<&str> = removes.iter().map(|word| word.trim()).collect();
    let (mut made, mut violations): (Vec<Entry>, Vec<Violation>) = <_>::default();
    for (index, entry) in puts.iter().enumerate() {
        let path = format!("entries[{index}]");
        if !words.insert(entry.word.trim()) {
            violations.push(Violation::invalid(format!("{path}.word"), "comes twice"));
        }
        match word_list::entry_from(entry, &path) {
            Ok(entry) => made.push(entry),
            Err(wrong) => violations.extend(wrong),
        }
    }
    if violations.is_empty() {
        Ok(Arc::new(Entries::collect(made).0))
    } else {
        Err(ApiError::Invalid(violations))
    }
}
