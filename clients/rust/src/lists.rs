use crate::{
    Change, Error, Listing, Umpire,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        BatchUpdateWordListEntriesRequest, BatchUpdateWordListEntriesResponse,
        CreateWordListRequest, DeleteWordListRequest, ExportWordListRequest, GetWordListRequest,
        ImportWordListRequest, ImportWordListResponse, ListWordListEntriesRequest,
        ListWordListsRequest, UndeleteWordListRequest, UpdateWordListRequest, WordList,
        WordListEntry, WordListFormat, WordListPurpose,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use prost_types::FieldMask;

const COLLECTION: &str = "wordLists";

/// Word lists and their entries. Roles MODERATOR and ADMIN; COMPLIANCE reads.
#[derive(Debug, Clone)]
pub struct Lists(Umpire);

impl Lists {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// One list without its entries, deleted or not, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn get(&self, list: &str) -> Result<WordList, Error> {
        let name = self.0.full_name(COLLECTION, list).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetWordListRequest { name }, |request| {
                let mut client = self.0.raw_rules();
                async move { client.get_word_list(request).await }
            })
            .await?;
        answer.word_list.ok_or(Error::Incomplete("word_list"))
    }

    /// The tenant's lists.
    pub fn list(&self) -> Listing<ListWordListsRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListWordListsRequest { parent, ..<_>::default() })
    }

    /// Adds an empty list.
    pub fn create(&self, id: impl Into<String>, list: WordList) -> Change<CreateWordListRequest> {
        let request = CreateWordListRequest {
            parent: self.0.tenant.parent(),
            word_list_id: id.into(),
            word_list: Some(list),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the list called `list.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there.
    pub fn update(&self, list: WordList) -> Change<UpdateWordListRequest> {
        Change::new(&self.0, UpdateWordListRequest { word_list: Some(list), ..<_>::default() })
    }

    /// Takes a list away; it can be undeleted. Refused while a rule names it.
    pub fn delete(&self, list: impl Into<String>) -> Change<DeleteWordListRequest> {
        Change::new(&self.0, DeleteWordListRequest { name: list.into(), ..<_>::default() })
    }

    /// Brings a deleted list back, entries and all.
    pub fn undelete(&self, list: impl Into<String>) -> Change<UndeleteWordListRequest> {
        Change::new(&self.0, UndeleteWordListRequest { name: list.into(), ..<_>::default() })
    }

    /// Fills a list from a file of at most 32 MiB, making the list if it is not there.
    pub fn import(
        &self,
        id: impl Into<String>,
        format: WordListFormat,
        content: impl Into<Vec<u8>>,
    ) -> Change<ImportWordListRequest> {
        let request = ImportWordListRequest {
            parent: self.0.tenant.parent(),
            word_list_id: id.into(),
            format: format as i32,
            content: content.into().into(),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// The whole list as a file, part after part. Must be polled within a tokio runtime.
    pub fn export(
        &self,
        list: &str,
        format: WordListFormat,
    ) -> BoxStream<'static, Result<Vec<u8>, Error>> {
        let (umpire, list) = (self.0.clone(), list.to_owned());
        let parts = async move {
            let name = umpire.full_name(COLLECTION, &list).await?;
            let request = ExportWordListRequest { name, format: format as i32 };
            let opened = umpire.raw_rules().export_word_list(request).await;
            let parts = opened.map_err(Error::from)?.into_inner();
            Ok::<_, Error>(parts.map_ok(|part| part.content).map_err(Error::from))
        };
        stream::once(parts).try_flatten().boxed()
    }

    /// What a list holds.
    pub fn entries(&self, list: impl Into<String>) -> Listing<ListWordListEntriesRequest> {
        let parent = list.into();
        Listing::new(&self.0, ListWordListEntriesRequest { parent, ..<_>::default() })
    }

    /// Adds and replaces single entries, and, with [`remove`](Change::remove), removes
    /// some: all or none, at most 10,000.
    pub fn change_entries(
        &self,
        list: impl Into<String>,
        entries: Vec<WordListEntry>,
    ) -> Change<BatchUpdateWordListEntriesRequest> {
        let parent = list.into();
        let request = BatchUpdateWordListEntriesRequest { parent, entries, ..<_>::default() };
        Change::new(&self.0, request)
    }
}

impl Change<ImportWordListRequest> {
    /// With `true` the list becomes exactly the file.
    pub fn replace(mut self, yes: bool) -> Self {
        self.request.replace = yes;
        self
    }

    /// With `true` one bad line refuses the whole file.
    pub fn strict(mut self, yes: bool) -> Self {
        self.request.strict = yes;
        self
    }

    /// What a list that is made is for; MATCH unless given.
    pub fn purpose(mut self, purpose: WordListPurpose) -> Self {
        self.request.purpose = purpose as i32;
        self
    }
}

impl Change<BatchUpdateWordListEntriesRequest> {
    /// Removes these words; the answer tells which were not there.
    pub fn remove<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.request.remove_words.extend(words.into_iter().map(Into::into));
        self
    }
}

paged!(raw_rules.list_word_lists(ListWordListsRequest) -> word_lists: WordList, 1_000 at once);
paged!(
    raw_rules.list_word_list_entries(ListWordListEntriesRequest) -> entries: WordListEntry,
    1_000 at once,
    |request| Some((&mut request.parent, COLLECTION))
);
lists_with!(Filtered, filter: String; ListWordListsRequest, ListWordListEntriesRequest);
lists_with!(Deleted, show_deleted: bool; ListWordListsRequest);

mutation!(
    raw_rules.create_word_list(CreateWordListRequest) -> WordList,
    |answer| answer.word_list
);
mutation!(
    raw_rules.update_word_list(UpdateWordListRequest) -> WordList,
    |answer| answer.word_list,
    |request| request.word_list.as_mut().map(|list| (&mut list.name, COLLECTION))
);
mutation!(
    raw_rules.delete_word_list(DeleteWordListRequest) -> WordList,
    |answer| answer.word_list,
    |request| Some((&mut request.name, COLLECTION))
);
mutation!(
    raw_rules.undelete_word_list(UndeleteWordListRequest) -> WordList,
    |answer| answer.word_list,
    |request| Some((&mut request.name, COLLECTION))
);
mutation!(
    raw_rules.import_word_list(ImportWordListRequest) -> ImportWordListResponse,
    |answer| Some(answer)
);
mutation!(
    raw_rules.batch_update_word_list_entries(BatchUpdateWordListEntriesRequest)
        -> BatchUpdateWordListEntriesResponse,
    |answer| Some(answer),
    |request| Some((&mut request.parent, COLLECTION))
);
mutations_with!(
    Reasoned, reason: String;
    CreateWordListRequest, UpdateWordListRequest, DeleteWordListRequest, UndeleteWordListRequest,
    ImportWordListRequest, BatchUpdateWordListEntriesRequest
);
mutations_with!(
    Checkable, validate_only: bool;
    CreateWordListRequest, UpdateWordListRequest, DeleteWordListRequest, UndeleteWordListRequest,
    ImportWordListRequest, BatchUpdateWordListEntriesRequest
);
mutations_with!(
    Guarded, etag: String;
    DeleteWordListRequest, UndeleteWordListRequest, ImportWordListRequest,
    BatchUpdateWordListEntriesRequest
);
mutations_with!(Masked, update_mask: Option<FieldMask>; UpdateWordListRequest);
