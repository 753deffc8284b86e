//! Alerts of one route that are told together.

use super::{Round, matter::Matter, notices::stronger, telling::Cause};
use crate::{
    Alert, Fate, Group, Pending, Reason,
    queue::later,
    routing::{Way, group_key},
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use umpire_model::{Level, StoreError, TenantId, Timestamp};

/// What ties notices of a group together: safe in names, and always the same.
pub(super) fn group_thread(tenant: &TenantId, route: &str, key: &str) -> String {
    let mut hash = Sha256::new();
    for part in [tenant.as_str(), route, key] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    format!("group-{}", HEXLOWER.encode(&hash.finalize()[..16]))
}

/// The group that an alert would be in at a level.
fn key_at(alert: &Alert, level: Level, way: &Way) -> String {
    if level == alert.level {
        return group_key(alert, &way.plan.group_by);
    }
    group_key(&Alert { level, ..alert.clone() }, &way.plan.group_by)
}

impl Round<'_> {
    /// Whether an alert waits for others. P0 does not.
    pub(super) fn is_grouped(&self, matter: &Matter, way: &Way, cause: Cause) -> bool {
        !way.plan.group_by.is_empty()
            && matter.alert.level != Level::P0
            && cause.reason != Reason::AckExpired
    }

    /// Puts what is to be told of an alert into its group.
    pub(super) fn join(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        cause: Cause,
    ) -> Result<(), StoreError> {
        let key = group_key(&matter.alert, &way.plan.group_by);
        if let Some(previous) = cause.previous {
            let old = key_at(&matter.alert, previous, way);
            if old != key {
                self.take_from(matter, at, way, &old)?;
            }
        }
        let stands_for = if cause.carries { matter.waiting(at) } else { 0 };
        if cause.carries {
            matter.all_told(at);
            self.open_window(matter, at, way);
        }
        let (alert, previous_level) = (matter.alert.id, cause.previous);
        let pending = Pending { alert, reason: cause.reason, previous_level, stands_for };
        self.add(&matter.alert.tenant, way, key, pending)
    }

    fn add(
        &mut self,
        tenant: &TenantId,
        way: &Way,
        key: String,
        pending: Pending,
    ) -> Result<(), StoreError> {
        let (tenant, route) = (tenant.clone(), way.route.clone());
        let mut group = match self.turn.group(&tenant, &route, &key)? {
            Some(group) => group,
            None => Group { tenant, route, key, pending: Vec::new(), due: None, told_time: None },
        };
        if group.pending.is_empty() {
            group.due = Some(self.first_due(&group, way));
        }
        group.put(pending);
        self.turn.put_group(&group)
    }

    /// When the first that waits in a group is told.
    fn first_due(&self, group: &Group, way: &Way) -> Timestamp {
        let free = group.told_time.map(|told| later(told, way.plan.group_interval));
        free.filter(|free| self.now < *free).unwrap_or_else(|| later(self.now, way.plan.group_wait))
    }

    /// An alert is told alone: what waits in its groups is told with it.
    pub(super) fn take_back(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        cause: Cause,
    ) -> Result<(), StoreError> {
        if way.plan.group_by.is_empty() {
            return Ok(());
        }
        let mut keys = vec![group_key(&matter.alert, &way.plan.group_by)];
        keys.extend(cause.previous.map(|level| key_at(&matter.alert, level, way)));
        keys.dedup();
        for key in keys {
            self.take_from(matter, at, way, &key)?;
        }
        Ok(())
    }

    fn take_from(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        key: &str,
    ) -> Result<(), StoreError> {
        let group = self.turn.group(&matter.alert.tenant, &way.route, key)?;
        let Some(mut group) = group else { return Ok(()) };
        let Some(place) = group.pending.iter().position(|one| one.alert == matter.alert.id) else {
            return Ok(());
        };
        let pending = group.pending.remove(place);
        matter.wait_again(Some(at), at == 0, pending.stands_for);
        if group.pending.is_empty() {
            group.rest(way.plan.group_interval);
        }
        self.turn.put_group(&group)
    }
}

impl Group {
    /// What ties its notices together.
    pub(super) fn thread(&self) -> String {
        group_thread(&self.tenant, &self.route, &self.key)
    }

    /// Adds what is to be told to what already is of the same alert.
    fn put(&mut self, pending: Pending) {
        match self.pending.iter_mut().find(|one| one.alert == pending.alert) {
            Some(one) => {
                one.reason = stronger(one.reason, pending.reason);
                one.previous_level = one.previous_level.or(pending.previous_level);
                one.stands_for += pending.stands_for;
            }
            None => self.pending.push(pending),
        }
    }

    /// Nothing waits. The group is looked at once more, and forgotten, when it no longer
    /// matters when it was told.
    pub(super) fn rest(&mut self, interval: u64) {
        self.due = self.told_time.map(|told| later(told, interval));
    }
}

impl Pending {
    pub(super) fn cause(&self) -> Cause {
        Cause { previous: self.previous_level, ..Cause::of(self.reason) }
    }
}

impl Matter {
    /// So many events that were to be told are not told yet.
    pub(super) fn wait_again(&mut self, at: Option<usize>, is_first: bool, count: u64) {
        if is_first {
            self.alert.give_fate(Fate::Notified, Fate::Deduplicated, count);
        }
        let thread = at.and_then(|at| self.alert.threads.get_mut(at));
        if let Some(thread) = thread.filter(|_| count > 0) {
            *thread.waiting.entry(Fate::Deduplicated).or_default() += count;
        }
    }
}
