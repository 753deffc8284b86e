//! The live policies of all tenants, and the one way to change them.

mod apply;
mod drafts;
mod history;
mod kept;
mod lists;
mod rules;

pub use apply::{Applied, Apply};
pub use drafts::Drafted;
pub use lists::{EntriesUpdated, Import, Imported};

use crate::{
    change::{Change, ChangeError},
    compile::RuleSet,
    lists::{Delta, Entries, List},
    policy::Policy,
    port::{Commit, CommitOutcome, RuleSets, StoredList, StoredSet},
    quiet::{BrokeOff, quietly},
    revision::{Changes, Revision},
};
use arc_swap::ArcSwap;
use itertools::Itertools;
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::{Mutex, watch};
use umpire_model::{RequestRecord, StoreError, TenantId, Timestamp};

/// How often a change is tried again after another replica's revision came first.
const COMMIT_TRIES: usize = 5;

/// What is in force for one tenant. Immutable.
struct Live {
    number: u64,
    policy: Policy,
    compiled: Arc<RuleSet>,
}

/// One tenant's live policy, swapped whole with each change.
struct TenantPolicy {
    live: ArcSwap<Live>,
    /// Held while a change is made.
    changing: Mutex<()>,
    /// Number of the newest revision.
    newest: watch::Sender<u64>,
}

/// The live policies of all tenants.
pub struct RuleBook {
    store: Arc<dyn RuleSets>,
    tenants: ArcSwap<HashMap<TenantId, Arc<TenantPolicy>>>,
    opening: Mutex<()>,
}

/// Who changes what is kept, when, and as which revision.
struct Stamp {
    number: u64,
    time: Timestamp,
    author: String,
}

/// What a change leads to.
struct Next<'n> {
    /// Number of the newest revision then: the current one when nothing changes, or
    /// nothing is to be changed.
    number: u64,
    policy: &'n Policy,
    rules: &'n Arc<RuleSet>,
    changes: &'n Changes,
}

/// A change that is checked and compiled.
enum Prepared<T> {
    Nothing(T),
    Ready { live: Box<Live>, commit: Arc<Commit>, answer: T },
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
        Ok(self.policy_of(tenant).await?.live.load().compiled.clone())
    }

    async fn policy_of(&self, tenant: &TenantId) -> Result<Arc<TenantPolicy>, StoreError> {
        if let Some(policy) = self.tenants.load().get(tenant) {
            return Ok(policy.clone());
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(policy) = self.tenants.load().get(tenant) {
            return Ok(policy.clone());
        }
        let live = load(&*self.store, tenant).await?;
        let policy = Arc::new(TenantPolicy {
            newest: watch::Sender::new(live.number),
            live: ArcSwap::from_pointee(live),
            changing: Mutex::new(()),
        });
        let mut tenants = HashMap::clone(&self.tenants.load());
        tenants.insert(tenant.clone(), policy.clone());
        self.tenants.store(Arc::new(tenants));
        Ok(policy)
    }

    async fn live_of(&self, tenant: &TenantId) -> Result<Arc<Live>, StoreError> {
        Ok(self.policy_of(tenant).await?.live.load_full())
    }

    /// One change from the current policy to the next, under the tenant's lock: edit,
    /// validate, compile, commit, go live. `answer` looks at the outcome, and may
    /// still refuse it.
    async fn change<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        tenant: &TenantId,
        change: &Change,
        edit: impl Fn(&Policy, &Stamp) -> Result<Changes, ChangeError> + Send + Sync + 'static,
        answer: impl Fn(&Next<'_>) -> Result<T, ChangeError> + Send + Sync + 'static,
    ) -> Result<T, ChangeError> {
        let policy = self.policy_of(tenant).await?;
        let _one_at_a_time = policy.changing.lock().await;
        if let Some(done) = self.replay(tenant, change).await? {
            return Ok(done);
        }
        let (edit, answer) = (Arc::new(edit), Arc::new(answer));
        for _ in 0..COMMIT_TRIES {
            let live = policy.live.load_full();
            let (tenant_id, current, details) = (tenant.clone(), live.clone(), change.clone());
            let (edit, answer) = (edit.clone(), answer.clone());
            let work = move || prepare(&tenant_id, &current, &details, &*edit, &*answer);
            let (next, commit, answer) = match quietly(work).await?? {
                Prepared::Nothing(answer) => {
                    self.remember(tenant, change, &answer).await?;
                    return Ok(answer);
                }
                Prepared::Ready { answer, .. } if change.validate_only => return Ok(answer),
                Prepared::Ready { live, commit, answer } => (live, commit, answer),
            };
            let outcome = self.store.commit(tenant, commit.clone()).await?;
            let before = match outcome {
                CommitOutcome::Done => policy.go_live(*next),
                CommitOutcome::Conflict => policy.go_live(load(&*self.store, tenant).await?),
            };
            // Taking a long list apart takes time too. If it cannot be done there, it is
            // done here: what is committed stays committed.
            let _ = quietly(move || drop((before, commit, live))).await;
            if outcome == CommitOutcome::Done {
                return Ok(answer);
            }
        }
        Err(StoreError::Overloaded.into())
    }

    /// Keeps the answer to a request that changed nothing: it must not change anything
    /// when it is repeated either.
    async fn remember<T: Serialize>(
        &self,
        tenant: &TenantId,
        change: &Change,
        answer: &T,
    ) -> Result<(), ChangeError> {
        match request_record(change, answer).filter(|_| !change.validate_only) {
            Some(record) => Ok(self.store.remember(tenant, record).await?),
            None => Ok(()),
        }
    }

    /// The outcome of the same request, made before.
    async fn replay<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        change: &Change,
    ) -> Result<Option<T>, ChangeError> {
        let Some(key) = &change.request else { return Ok(None) };
        let Some(record) = self.store.request(tenant, &key.id).await? else { return Ok(None) };
        let Some(outcome) = record.replay(key, change.time)? else { return Ok(None) };
        let answer = serde_json::from_str(&outcome)
            .map_err(|error| StoreError::Corrupt(error.to_string().into()))?;
        Ok(Some(answer))
    }
}

impl TenantPolicy {
    /// Swaps what is in force; gives what was.
    fn go_live(&self, live: Live) -> Arc<Live> {
        let number = live.number;
        let before = self.live.swap(Arc::new(live));
        self.newest.send_replace(number);
        before
    }
}

fn request_record<T: Serialize>(change: &Change, answer: &T) -> Option<RequestRecord> {
    change.request.clone().map(|key| RequestRecord {
        key,
        outcome: serde_json::to_string(answer).unwrap_or_default(),
        time: change.time,
    })
}

fn prepare<T: Serialize>(
    tenant: &TenantId,
    live: &Live,
    change: &Change,
    edit: &impl Fn(&Policy, &Stamp) -> Result<Changes, ChangeError>,
    answer: &impl Fn(&Next<'_>) -> Result<T, ChangeError>,
) -> Result<Prepared<T>, ChangeError> {
    let number = live.number + 1;
    let stamp = Stamp { number, time: change.time, author: change.author.clone() };
    let changes = edit(&live.policy, &stamp)?;
    if changes.is_empty() {
        let Live { number, policy, compiled: rules } = live;
        let next = Next { number: *number, policy, rules, changes: &changes };
        return answer(&next).map(Prepared::Nothing);
    }
    let policy = live.policy.with(&changes);
    check(&policy, &changes)?;
    if let Some(limit) = policy.over_limit() {
        return Err(ChangeError::Limit(limit));
    }
    let compiled = Arc::new(policy.compile(tenant, number)?);
    let newest = if change.validate_only { live.number } else { number };
    let next = Next { number: newest, policy: &policy, rules: &compiled, changes: &changes };
    let answer = answer(&next)?;
    let request = request_record(change, &answer);
    let revision = Revision {
        number,
        content_hash: policy.content_hash(),
        author: change.author.clone(),
        reason: change.reason.clone(),
        time: change.time,
        changes,
    };
    let commit = Commit { snapshots: snapshots(&policy, &revision.changes), revision, request };
    let live = Box::new(Live { number, policy, compiled });
    Ok(Prepared::Ready { live, commit: Arc::new(commit), answer })
}

/// What is wrong with the things that changed, in the policy to come.
fn check(next: &Policy, changes: &Changes) -> Result<(), ChangeError> {
    let kept = changes.rules.iter().filter(|change| change.after.delete_time.is_none());
    let rules = kept.flat_map(|change| {
        let mut found = change.after.rule.violations();
        found.extend(next.unknown_lists(&change.after.rule, "rule"));
        found
    });
    let lists = changes.lists.iter().flat_map(|change| change.after.list.violations("word_list"));
    let violations: Vec<_> = rules.chain(lists).collect();
    if violations.is_empty() { Ok(()) } else { Err(ChangeError::Invalid(violations)) }
}

/// Lists of which so much has changed since they were last kept whole that reading
/// all of it again would cost more than the list.
fn snapshots(policy: &Policy, changes: &Changes) -> Vec<Arc<List>> {
    let touched = changes.lists.iter().filter(|change| !change.delta.is_empty());
    let lists = touched.filter_map(|change| policy.lists.get(&change.after.list.id));
    lists.filter(|list| list.wants_snapshot()).cloned().collect()
}

async fn load(store: &dyn RuleSets, tenant: &TenantId) -> Result<Live, StoreError> {
    let stored = store.load(tenant).await?;
    let tenant = tenant.clone();
    let corrupt = |what: String| StoreError::Corrupt(what.into());
    match quietly(move || restore(&tenant, stored)).await {
        Ok(live) => live.map_err(|error| corrupt(error.to_string())),
        Err(BrokeOff) => Err(corrupt(BrokeOff.to_string())),
    }
}

fn restore(tenant: &TenantId, stored: StoredSet) -> Result<Live, ChangeError> {
    let StoredSet { revision, rules, lists, tests } = stored;
    let rules = rules.into_iter().map(|rule| (rule.rule.id.clone(), Arc::new(rule)));
    let lists = lists.into_iter().map(|list| (list.head.list.id.clone(), Arc::new(restored(list))));
    let tests = tests.into_iter().map(|test| (test.id.clone(), Arc::new(test)));
    let policy = Policy { rules: rules.collect(), lists: lists.collect(), tests: tests.collect() };
    let compiled = Arc::new(policy.compile(tenant, revision)?);
    Ok(Live { number: revision, policy, compiled })
}

fn restored(list: StoredList) -> List {
    let changed = list.deltas.iter().skip(1).map(|delta| delta.changes().len()).sum();
    let whole = list.deltas.into_iter().tree_reduce(|first, second| first.then(&second));
    let entries = Entries::default().with(&whole.unwrap_or_else(|| Delta::of([])));
    List::new(list.head, Arc::new(entries), changed)
}
