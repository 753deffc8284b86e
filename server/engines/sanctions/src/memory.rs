//! The port [`Turn`] in memory, for tests: what is appended is projected at once, and
//! nothing is undone.

mod filter;

use crate::{
    Change, CounterOf, Entry, Job, JobState, LetOut, Origin, SafetySwitch, Sanction, SanctionQuery,
    State, Strike, Strikes, Subject, SubjectKey, Turn,
};
use std::collections::BTreeMap;
use umpire_model::{RequestRecord, ResourceId, SanctionId, StoreError, TenantId, Timestamp};
use umpire_query::Page;

type CounterKey = (TenantId, ResourceId, SubjectKey);
type SanctionKey = (TenantId, SanctionId);

/// All there is. Tests may look at everything; they change it through the port, or what
/// follows from it is not kept up.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) journal: Vec<Entry>,
    pub(crate) counters: BTreeMap<CounterKey, (Subject, Strikes)>,
    pub(crate) sanctions: BTreeMap<SanctionKey, Sanction>,
    pub(crate) switches: BTreeMap<TenantId, SafetySwitch>,
    pub(crate) graces: BTreeMap<CounterKey, Timestamp>,
    pub(crate) jobs: BTreeMap<u64, Job>,
    pub(crate) requests: BTreeMap<(TenantId, String), RequestRecord>,
    /// Sequence of each sanction's first entry.
    made: BTreeMap<SanctionKey, u64>,
    /// Open sanctions of each user, oldest first.
    open: BTreeMap<(TenantId, String), Vec<SanctionId>>,
    /// What a counter holds that nobody knows.
    no_strikes: Strikes,
}

fn key(counter: CounterOf<'_>) -> CounterKey {
    (counter.tenant.clone(), counter.rule.clone(), counter.subject.key())
}

fn is_unfinished(job: &Job) -> bool {
    matches!(job.state, JobState::Waiting | JobState::Leased)
}

impl Memory {
    fn project(&mut self, entry: &Entry) {
        let tenant = &entry.tenant;
        match &entry.change {
            Change::Counted { subject, strikes, .. } => {
                strikes.iter().for_each(|strike| self.count(tenant, subject, strike, entry.time));
            }
            Change::Strikes { subject, rule, times, .. } => {
                let strikes = Strikes::of(times.iter().map(|time| (*time, 1)));
                let key = key(CounterOf { tenant, rule, subject });
                self.counters.insert(key, (subject.clone(), strikes));
            }
            Change::Grace { subject, rule, until } => {
                self.graces.insert(key(CounterOf { tenant, rule, subject }), *until);
            }
            Change::Sanction { sanction, .. } => self.put(entry.sequence, sanction),
            Change::Safety(switch) => {
                self.switches.insert(tenant.clone(), switch.clone());
            }
            Change::Alert(_) => {}
            Change::RuleDeleted { rule } => {
                self.counters.retain(|(owner, counts, _), _| owner != tenant || counts != rule);
            }
        }
    }

    fn count(&mut self, tenant: &TenantId, subject: &Subject, strike: &Strike, time: Timestamp) {
        let key = key(CounterOf { tenant, rule: &strike.rule, subject });
        let counter = self.counters.entry(key);
        let (_, strikes) = counter.or_insert_with(|| (subject.clone(), Strikes::default()));
        if strike.crossed {
            strikes.clear();
        } else {
            strikes.add(strikes.effective(time), strike.weight, strike.window);
        }
    }

    fn put(&mut self, sequence: u64, sanction: &Sanction) {
        let key = (sanction.tenant.clone(), sanction.id);
        let user = (sanction.tenant.clone(), sanction.subject.user_id.clone());
        let open = self.open.entry(user).or_default();
        if !sanction.is_open() {
            open.retain(|id| *id != sanction.id);
        } else if !open.contains(&sanction.id) {
            open.push(sanction.id);
        }
        self.made.entry(key.clone()).or_insert(sequence);
        self.sanctions.insert(key, sanction.clone());
    }

    /// Those that are wanted, oldest first.
    fn oldest(&self, wanted: impl Fn(&Sanction) -> bool) -> Vec<Sanction> {
        let mut chosen: Vec<_> = self.sanctions.iter().filter(|(_, one)| wanted(one)).collect();
        chosen.sort_by_key(|(key, _)| self.made[*key]);
        chosen.into_iter().map(|(_, sanction)| sanction.clone()).collect()
    }

    fn made(&self, sanction: &Sanction) -> u64 {
        self.made.get(&(sanction.tenant.clone(), sanction.id)).copied().unwrap_or_default()
    }

    /// Another of the same enforcer and subject comes first.
    fn has_one_before(&self, job: &Job) -> bool {
        let mut before = self.jobs.range(..job.id).map(|(_, before)| before);
        before.any(|before| {
            is_unfinished(before)
                && before.tenant == job.tenant
                && before.enforcer == job.enforcer
                && before.subject == job.subject
        })
    }
}

impl Turn for Memory {
    fn append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        change: &Change,
    ) -> Result<u64, StoreError> {
        let sequence = self.journal.len() as u64 + 1;
        let entry = Entry { sequence, tenant: tenant.clone(), time, change: change.clone() };
        self.project(&entry);
        self.journal.push(entry);
        Ok(sequence)
    }

    fn strikes(&mut self, counter: CounterOf<'_>) -> Result<&Strikes, StoreError> {
        let known = self.counters.get(&key(counter));
        Ok(known.map_or(&self.no_strikes, |(_, strikes)| strikes))
    }

    fn grace(&mut self, counter: CounterOf<'_>) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.graces.get(&key(counter)).copied())
    }

    fn sanction(
        &mut self,
        tenant: &TenantId,
        id: SanctionId,
    ) -> Result<Option<Sanction>, StoreError> {
        Ok(self.sanctions.get(&(tenant.clone(), id)).cloned())
    }

    fn open_of(&mut self, tenant: &TenantId, user: &str) -> Result<Vec<Sanction>, StoreError> {
        let open = self.open.get(&(tenant.clone(), user.to_owned()));
        let ids = open.into_iter().flatten();
        Ok(ids.map(|id| self.sanctions[&(tenant.clone(), *id)].clone()).collect())
    }

    fn earlier_sanctions(
        &mut self,
        counter: CounterOf<'_>,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let counts = |sanction: &Sanction| {
            sanction.tenant == *counter.tenant
                && sanction.sanction_rule.as_ref() == Some(counter.rule)
                && sanction.subject.key() == counter.subject.key()
                && sanction.suppressed_by.is_none()
                && sanction.state != State::Lifted
                && sanction.start_time > since
        };
        let earlier = self.sanctions.values().filter(|sanction| counts(sanction));
        let mut times: Vec<_> = earlier.map(|sanction| sanction.start_time).collect();
        times.sort_unstable();
        Ok(times)
    }

    fn pending(&mut self, limit: usize) -> Result<Vec<Sanction>, StoreError> {
        let mut found = self.oldest(|sanction| sanction.state == State::Pending);
        found.sort_by_key(|sanction| sanction.released);
        found.truncate(limit);
        Ok(found)
    }

    fn ended(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Sanction>, StoreError> {
        let ended = |one: &Sanction| one.is_open() && one.end_time.is_some_and(|end| end <= now);
        let mut found = self.oldest(ended);
        found.sort_by_key(|sanction| sanction.end_time);
        found.truncate(limit);
        Ok(found)
    }

    fn unfinished(&mut self, before: Timestamp, limit: usize) -> Result<Vec<Sanction>, StoreError> {
        let mut found = self.oldest(|sanction| {
            matches!(sanction.state, State::Pending | State::Executing)
                && sanction.start_time < before
        });
        found.truncate(limit);
        Ok(found)
    }

    fn dispatched(&mut self, which: LetOut<'_>, since: Timestamp) -> Result<u32, StoreError> {
        let LetOut { tenant, rule, fresh } = which;
        let counts = |sanction: &&Sanction| {
            sanction.origin == Origin::Automatic
                && tenant.is_none_or(|tenant| sanction.tenant == *tenant)
                && (rule.is_none() || sanction.sanction_rule.as_ref() == rule)
                && !(fresh && sanction.released)
                && sanction.dispatch_time.is_some_and(|time| time > since)
        };
        let count = self.sanctions.values().filter(counts).count();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn matching(&mut self, query: &SanctionQuery) -> Result<Page<Sanction>, StoreError> {
        let cursor = query.cursor.as_deref();
        let cursor = cursor.map(|bytes| <[u8; 8]>::try_from(bytes).unwrap_or_default());
        let before = cursor.map_or(u64::MAX, u64::from_be_bytes);
        let mut found = self.oldest(|sanction| {
            sanction.tenant == query.tenant
                && self.made(sanction) < before
                && query.filter.matches(&|term| filter::meets(sanction, term))
        });
        found.reverse();
        Ok(Page::of(found, query.size, |sanction| self.made(sanction).to_be_bytes().to_vec()))
    }

    fn switch(&mut self, tenant: &TenantId) -> Result<SafetySwitch, StoreError> {
        Ok(self.switches.get(tenant).cloned().unwrap_or_default())
    }

    fn put_job(&mut self, job: &Job) -> Result<u64, StoreError> {
        let last = self.jobs.last_key_value().map_or(0, |(id, _)| *id);
        let id = if job.id == 0 { last + 1 } else { job.id };
        self.jobs.insert(id, Job { id, ..job.clone() });
        Ok(id)
    }

    fn job(&mut self, id: u64) -> Result<Option<Job>, StoreError> {
        Ok(self.jobs.get(&id).cloned())
    }

    fn open_jobs(
        &mut self,
        tenant: &TenantId,
        sanction: SanctionId,
    ) -> Result<Vec<Job>, StoreError> {
        let of = self.jobs.values().filter(|job| job.tenant == *tenant && job.sanction == sanction);
        Ok(of.filter(|job| is_unfinished(job)).cloned().collect())
    }

    fn jobs_of(
        &mut self,
        tenant: &TenantId,
        enforcer: &ResourceId,
    ) -> Result<Vec<Job>, StoreError> {
        let of_it = |job: &&Job| !job.webhook && job.tenant == *tenant && job.enforcer == *enforcer;
        let of_it = self.jobs.values().filter(of_it);
        Ok(of_it.filter(|job| is_unfinished(job)).cloned().collect())
    }

    fn due_jobs(
        &mut self,
        webhook: bool,
        now: Timestamp,
        limit: usize,
        per_enforcer: usize,
    ) -> Result<Vec<Job>, StoreError> {
        let is_due = |job: &&Job| {
            job.webhook == webhook
                && is_unfinished(job)
                && job.due <= now
                && !self.has_one_before(job)
        };
        let mut due: Vec<_> = self.jobs.values().filter(is_due).cloned().collect();
        due.sort_by_key(|job| (job.due, job.id));
        let mut taken: BTreeMap<_, usize> = BTreeMap::new();
        due.retain(|job| {
            let taken = taken.entry((job.tenant.clone(), job.enforcer.clone())).or_default();
            *taken += 1;
            *taken <= per_enforcer
        });
        due.truncate(limit);
        Ok(due)
    }

    fn request(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<RequestRecord>, StoreError> {
        Ok(self.requests.get(&(tenant.clone(), id.to_owned())).cloned())
    }

    fn keep_request(
        &mut self,
        tenant: &TenantId,
        request: &RequestRecord,
    ) -> Result<(), StoreError> {
        self.requests.insert((tenant.clone(), request.key.id.clone()), request.clone());
        Ok(())
    }
}
