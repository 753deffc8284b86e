//! The live rule sets of all tenants, and the one way to change them.

use crate::{
    compile::{CompileError, MAX_RULES, RuleSet, rule_name},
    list::{RevisionField, RuleQuery},
    port::{Commit, CommitOutcome, RuleSets, StoredSet},
    revision::{ChangeKind, Revision, RuleChange},
    rule::{Rule, StoredRule},
};
use arc_swap::ArcSwap;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tokio::sync::Mutex;
use umpire_model::{
    RequestIdReused, RequestKey, RequestRecord, ResourceId, StoreError, TenantId, Timestamp,
    Violation,
};
use umpire_query::{Expr, PAGE_BYTES, Page};

/// How often a change is tried again after another replica's revision came first.
const COMMIT_TRIES: usize = 5;
/// Revisions read at once while a filtered page is filled.
const REVISION_CHUNK: usize = 50;

/// Who changes a rule, when, why, and under which request id.
#[derive(Debug, Clone)]
pub struct Change {
    /// Name of the caller.
    pub author: String,
    /// In the author's words.
    pub reason: String,
    /// The moment of the change.
    pub time: Timestamp,
    /// Makes the change idempotent.
    pub request: Option<RequestKey>,
    /// Check everything, change nothing.
    pub validate_only: bool,
}

/// A rule cannot be changed; nothing was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The rule is wrong.
    #[error("the rule is not valid")]
    Invalid(Vec<Violation>),
    /// No such rule, or it is deleted (or not deleted, for undelete).
    #[error("no such rule")]
    NotFound,
    /// The id is taken, perhaps by a deleted rule.
    #[error("the rule exists already")]
    AlreadyExists,
    /// The rule changed since the etag was read.
    #[error("the etag is stale")]
    EtagMismatch,
    /// There would be too many rules, or they would be too big together.
    #[error("{0}")]
    Limit(String),
    /// The request id was used for another request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Drafts cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The draft with this index is wrong.
    #[error("draft {0} is not valid")]
    Invalid(usize, Vec<Violation>),
    /// All together are too big.
    #[error("{0}")]
    Limit(String),
    /// The live rules could not be loaded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is in force for one tenant. Immutable.
struct Live {
    /// Deleted rules included.
    rules: BTreeMap<ResourceId, Arc<StoredRule>>,
    compiled: Arc<RuleSet>,
}

/// One tenant's live set, swapped whole with each change.
struct TenantRules {
    live: ArcSwap<Live>,
    /// Held while a change is made.
    changing: Mutex<()>,
}

/// The live rule sets of all tenants.
pub struct RuleBook {
    store: Arc<dyn RuleSets>,
    tenants: ArcSwap<HashMap<TenantId, Arc<TenantRules>>>,
    opening: Mutex<()>,
}

impl RuleBook {
    /// A book over a store; tenants are opened when they are first asked for.
    #[must_use]
    pub fn new(store: Arc<dyn RuleSets>) -> Self {
        Self { store, tenants: ArcSwap::default(), opening: Mutex::new(()) }
    }

    /// The compiled set in force, if the tenant is open.
    #[must_use]
    pub fn live(&self, tenant: &TenantId) -> Option<Arc<RuleSet>> {
        let tenants = self.tenants.load();
        Some(tenants.get(tenant)?.live.load().compiled.clone())
    }

    /// The compiled set in force; loads the tenant when it is first asked for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(&self, tenant: &TenantId) -> Result<Arc<RuleSet>, StoreError> {
        Ok(self.rules_of(tenant).await?.live.load().compiled.clone())
    }

    async fn rules_of(&self, tenant: &TenantId) -> Result<Arc<TenantRules>, StoreError> {
        if let Some(rules) = self.tenants.load().get(tenant) {
            return Ok(rules.clone());
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(rules) = self.tenants.load().get(tenant) {
            return Ok(rules.clone());
        }
        let live = load(&*self.store, tenant).await?;
        let rules =
            Arc::new(TenantRules { live: ArcSwap::from_pointee(live), changing: Mutex::new(()) });
        let mut tenants = HashMap::clone(&self.tenants.load());
        tenants.insert(tenant.clone(), rules.clone());
        self.tenants.store(Arc::new(tenants));
        Ok(rules)
    }

    /// One rule, deleted or not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn get(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<Arc<StoredRule>>, StoreError> {
        Ok(self.rules_of(tenant).await?.live.load().rules.get(id).cloned())
    }

    /// A page of rules.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(
        &self,
        tenant: &TenantId,
        query: &RuleQuery,
    ) -> Result<Page<Arc<StoredRule>>, StoreError> {
        let rules = self.rules_of(tenant).await?;
        let live = rules.live.load();
        Ok(query.page(live.rules.values()))
    }

    /// One revision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revision(
        &self,
        tenant: &TenantId,
        number: u64,
    ) -> Result<Option<Revision>, StoreError> {
        self.store.revision(tenant, number).await
    }

    /// A page of revisions, newest first. The cursor is a revision's number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revisions(
        &self,
        tenant: &TenantId,
        filter: &Expr<RevisionField>,
        size: usize,
        cursor: Option<Vec<u8>>,
    ) -> Result<Page<Revision>, StoreError> {
        let below = cursor.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
        let mut before = below.unwrap_or(u64::MAX);
        let (mut found, mut weight) = (Vec::new(), 0);
        while found.len() <= size && weight <= PAGE_BYTES && before > 1 {
            let chunk = self.store.revisions(tenant, before, REVISION_CHUNK).await?;
            // Revision 1 is the oldest; below the newest none is missing.
            before = chunk.last().map_or(1, |last| last.number);
            found.extend(chunk.into_iter().filter(|revision| revision.meets(filter)));
            weight = found.iter().map(Revision::weight).sum();
        }
        let key = |revision: &Revision| revision.number.to_be_bytes().to_vec();
        let mut page = Page::gather(found.into_iter().map(Ok), size, Revision::weight, key)?;
        if before > 1 && page.next.is_none() {
            // Full by weight before older ones were looked at.
            page.next = Some(before.to_be_bytes().to_vec());
        }
        Ok(page)
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn create(
        &self,
        tenant: &TenantId,
        rule: Rule,
        change: &Change,
    ) -> Result<StoredRule, ChangeError> {
        let id = rule.id.clone();
        self.change(tenant, &id, change, |current, number| {
            if current.is_some() {
                return Err(ChangeError::AlreadyExists);
            }
            Ok((ChangeKind::Created, stamped(rule.clone(), None, number, change)))
        })
        .await
    }

    /// Changes a rule: `edit` makes the new one from the current one.
    ///
    /// # Errors
    /// [`ChangeError`], `edit`'s among them.
    pub async fn update(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        change: &Change,
        edit: impl Fn(&StoredRule) -> Result<Rule, ChangeError>,
    ) -> Result<StoredRule, ChangeError> {
        self.change(tenant, id, change, |current, number| {
            let current = existing(current, etag)?;
            if current.delete_time.is_some() {
                return Err(ChangeError::NotFound);
            }
            Ok((ChangeKind::Updated, stamped(edit(current)?, Some(current), number, change)))
        })
        .await
    }

    /// Takes a rule out of force, or brings it back.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn set_deleted(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        deleted: bool,
        change: &Change,
    ) -> Result<StoredRule, ChangeError> {
        self.change(tenant, id, change, |current, number| {
            let current = existing(current, etag)?;
            if current.delete_time.is_some() == deleted {
                let nothing_to_do =
                    if deleted { ChangeError::NotFound } else { ChangeError::AlreadyExists };
                return Err(nothing_to_do);
            }
            let mut stored = stamped(current.rule.clone(), Some(current), number, change);
            stored.delete_time = deleted.then_some(change.time);
            let kind = if deleted { ChangeKind::Deleted } else { ChangeKind::Undeleted };
            Ok((kind, stored))
        })
        .await
    }

    /// One change from the current rule to the next, under the tenant's lock:
    /// edit, validate, compile, commit, go live.
    async fn change(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        change: &Change,
        edit: impl Fn(Option<&StoredRule>, u64) -> Result<(ChangeKind, StoredRule), ChangeError>,
    ) -> Result<StoredRule, ChangeError> {
        let rules = self.rules_of(tenant).await?;
        let _one_at_a_time = rules.changing.lock().await;
        if let Some(done) = self.replay(tenant, change).await? {
            return Ok(done);
        }
        for _ in 0..COMMIT_TRIES {
            let live = rules.live.load_full();
            let number = live.compiled.revision + 1;
            let before = live.rules.get(id).cloned();
            let (kind, after) = edit(before.as_deref(), number)?;
            if let Some(before) = before.as_deref().filter(|_| kind == ChangeKind::Updated)
                && before.rule == after.rule
            {
                // Nothing changes: no revision.
                return Ok(before.clone());
            }
            let violations = after.rule.violations();
            if !violations.is_empty() {
                return Err(ChangeError::Invalid(violations));
            }
            let next = next_live(tenant, &live, number, after.clone()).await?;
            if change.validate_only {
                return Ok(after);
            }
            let rule_change =
                RuleChange { kind, before: before.as_deref().cloned(), after: after.clone() };
            let commit = commit(&next, number, rule_change, change);
            match self.store.commit(tenant, commit).await? {
                CommitOutcome::Done => {
                    rules.live.store(Arc::new(next));
                    return Ok(after);
                }
                CommitOutcome::Conflict => {
                    rules.live.store(Arc::new(load(&*self.store, tenant).await?));
                }
            }
        }
        Err(StoreError::Overloaded.into())
    }

    /// The outcome of the same request, made before.
    async fn replay(
        &self,
        tenant: &TenantId,
        change: &Change,
    ) -> Result<Option<StoredRule>, ChangeError> {
        let Some(key) = &change.request else { return Ok(None) };
        let Some(record) = self.store.request(tenant, &key.id).await? else { return Ok(None) };
        let Some(outcome) = record.replay(key, change.time)? else { return Ok(None) };
        let stored = serde_json::from_str(&outcome)
            .map_err(|error| StoreError::Corrupt(error.to_string().into()))?;
        Ok(Some(stored))
    }

    /// A set of drafts, with the live rules beside them if asked; a draft takes
    /// the place of the live rule with its id.
    ///
    /// # Errors
    /// [`TestError`].
    pub async fn drafts(
        &self,
        tenant: &TenantId,
        drafts: Vec<(Option<ResourceId>, Rule)>,
        include_live: bool,
    ) -> Result<RuleSet, TestError> {
        for (index, (_, rule)) in drafts.iter().enumerate() {
            let violations = rule.violations();
            if !violations.is_empty() {
                return Err(TestError::Invalid(index, violations));
            }
        }
        let live = self.rules_of(tenant).await?.live.load_full();
        let tenant = tenant.clone();
        let work = move || compile_drafts(&tenant, &live, &drafts, include_live);
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result.map_err(|error| TestError::Limit(error.to_string())),
            Err(panicked) => Err(TestError::Limit(panicked.to_string())),
        }
    }
}

fn compile_drafts(
    tenant: &TenantId,
    live: &Live,
    drafts: &[(Option<ResourceId>, Rule)],
    include_live: bool,
) -> Result<RuleSet, CompileError> {
    let replaced = |rule: &Rule| drafts.iter().any(|(id, _)| id.as_ref() == Some(&rule.id));
    let kept = in_force(&live.rules).filter(|rule| include_live && !replaced(rule));
    let kept = kept.map(|rule| (rule_name(tenant, rule), rule));
    let drafted = drafts.iter().enumerate().map(|(index, (id, rule))| match id {
        Some(_) => (rule_name(tenant, rule), rule),
        None => (format!("drafts/{index}").into(), rule),
    });
    let revision = if include_live { live.compiled.revision } else { 0 };
    RuleSet::compile_named(revision, kept.chain(drafted))
}

fn existing<'r>(
    current: Option<&'r StoredRule>,
    etag: &str,
) -> Result<&'r StoredRule, ChangeError> {
    let current = current.ok_or(ChangeError::NotFound)?;
    if !etag.is_empty() && etag != current.etag() {
        return Err(ChangeError::EtagMismatch);
    }
    Ok(current)
}

fn stamped(rule: Rule, before: Option<&StoredRule>, revision: u64, change: &Change) -> StoredRule {
    StoredRule {
        rule,
        revision,
        create_time: before.map_or(change.time, |before| before.create_time),
        update_time: change.time,
        author: change.author.clone(),
        delete_time: None,
    }
}

async fn load(store: &dyn RuleSets, tenant: &TenantId) -> Result<Live, StoreError> {
    let StoredSet { revision, rules } = store.load(tenant).await?;
    let rules =
        rules.into_iter().map(|stored| (stored.rule.id.clone(), Arc::new(stored))).collect();
    compile(tenant, revision, rules)
        .await
        .map_err(|error| StoreError::Corrupt(error.to_string().into()))
}

async fn next_live(
    tenant: &TenantId,
    live: &Live,
    number: u64,
    after: StoredRule,
) -> Result<Live, ChangeError> {
    let mut rules = live.rules.clone();
    rules.insert(after.rule.id.clone(), Arc::new(after));
    if in_force(&rules).count() > MAX_RULES {
        return Err(ChangeError::Limit(format!("a tenant has at most {MAX_RULES} rules")));
    }
    compile(tenant, number, rules).await.map_err(|error| match error {
        CompileError::Rule { violations, .. } => ChangeError::Invalid(violations),
        CompileError::TooBig(what) => ChangeError::Limit(what),
    })
}

/// Compiles on a thread of its own, so that checks keep flowing.
async fn compile(
    tenant: &TenantId,
    revision: u64,
    rules: BTreeMap<ResourceId, Arc<StoredRule>>,
) -> Result<Live, CompileError> {
    let tenant = tenant.clone();
    let work = move || {
        let compiled = RuleSet::compile(&tenant, revision, in_force(&rules))?;
        Ok(Live { compiled: Arc::new(compiled), rules })
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panicked) => Err(CompileError::TooBig(panicked.to_string())),
    }
}

fn in_force(rules: &BTreeMap<ResourceId, Arc<StoredRule>>) -> impl Iterator<Item = &Rule> {
    rules.values().filter(|stored| stored.delete_time.is_none()).map(|stored| &stored.rule)
}

fn commit(next: &Live, number: u64, rule_change: RuleChange, change: &Change) -> Commit {
    let request = change.request.clone().map(|key| RequestRecord {
        key,
        outcome: serde_json::to_string(&rule_change.after).unwrap_or_default(),
        time: change.time,
    });
    let revision = Revision {
        number,
        content_hash: content_hash(&next.rules),
        author: change.author.clone(),
        reason: change.reason.clone(),
        time: change.time,
        changes: vec![rule_change],
    };
    Commit { revision, request }
}

/// SHA-256 over the rules in force, in the order of their ids, each in its document form.
fn content_hash(rules: &BTreeMap<ResourceId, Arc<StoredRule>>) -> String {
    let mut hash = Sha256::new();
    for rule in in_force(rules) {
        let text = serde_json::to_string(rule).unwrap_or_default();
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    HEXLOWER.encode(&hash.finalize())
}
