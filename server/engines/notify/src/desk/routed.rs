//! Where an event would go, without sending it there.

use super::Desk;
use crate::{
    Alert, Event, Fate, World,
    intake::alert_of,
    routing::{Way, group_key, is_active, silenced_by, ways},
};
use umpire_model::{ResourceId, TenantId, Timestamp};

/// A route that an event would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// Its id; [`crate::DEFAULT_ROUTE`] where the tenant has none, and [`crate::CALLED`]
    /// for receivers that the rule itself names.
    pub route: String,
    /// Who would be told.
    pub receivers: Vec<ResourceId>,
    /// What would run until somebody acknowledges it.
    pub escalation_policy: Option<ResourceId>,
    /// What it would have in common with others of its group; empty: it is told alone.
    pub group_key: String,
    /// Why nobody would be told now: the name of a [`Fate`] or of a silence. Limits, and
    /// what other alerts hold back, are left out: they depend on what else happens.
    pub suppressed_by: Option<String>,
}

impl Desk {
    /// The routes that an event would take at `now`, in their order, as if its key had no
    /// alert yet. Nothing is kept of it.
    #[must_use]
    pub fn test_routing(&self, tenant: &TenantId, event: &Event, now: Timestamp) -> Vec<Routed> {
        let alert = Alert { tenant: tenant.clone(), ..alert_of(event, now) };
        let ways = ways(&self.world, &alert).into_iter();
        ways.map(|way| routed(&self.world, &alert, way, now)).collect()
    }
}

fn routed(world: &World, alert: &Alert, way: Way, now: Timestamp) -> Routed {
    let suppressed_by = held_back(world, alert, &way, now);
    let group_key = group_key(alert, &way.plan.group_by);
    let Way { route, receivers, plan } = way;
    let escalation_policy = plan.escalation_policy;
    Routed { route, receivers, escalation_policy, group_key, suppressed_by }
}

/// What would keep it from being told, in the order of telling.
fn held_back(world: &World, alert: &Alert, way: &Way, now: Timestamp) -> Option<String> {
    if way.receivers.is_empty() {
        return Some(Fate::RecordedOnly.name().into());
    }
    if !is_active(world, alert, way, now) {
        return Some(Fate::Inactive.name().into());
    }
    silenced_by(world, alert, now)
}
