use super::filter::Filter;
use crate::{Alert, GroupBy, Route};
use std::cmp::Reverse;
use umpire_catalog::Shelf;
use umpire_model::ResourceId;

/// The routes of a tenant, their filters compiled, in the order they are tried: higher
/// priorities first, then by id.
pub struct Routing(Vec<Compiled>);

/// One route.
pub(super) struct Compiled {
    pub id: ResourceId,
    pub plan: Route,
    matches: Filter,
    pub inhibitions: Vec<Inhibiting>,
}

/// Which other alerts hold back those of a route.
pub(super) struct Inhibiting {
    pub source: Filter,
    pub equal: Vec<GroupBy>,
}

impl Routing {
    /// Compiles what a tenant wrote.
    pub(crate) fn of(shelf: &Shelf<Route>) -> Self {
        let routes = shelf.iter().map(|kept| Compiled::of(&kept.id, &kept.item));
        let mut routes: Vec<_> = routes.collect();
        // Stable: the shelf is in the order of ids.
        routes.sort_by_key(|route| Reverse(route.plan.priority));
        Self(routes)
    }

    /// Those that take an alert, up to the first that does not go on.
    pub(super) fn taking(&self, alert: &Alert) -> Vec<&Compiled> {
        let mut taking = Vec::new();
        for route in self.0.iter().filter(|route| route.takes(alert)) {
            taking.push(route);
            if !route.plan.continue_matching {
                break;
            }
        }
        taking
    }

    /// The one of this id.
    pub(super) fn route(&self, id: &str) -> Option<&Compiled> {
        self.0.iter().find(|route| route.id.as_str() == id)
    }
}

impl Compiled {
    fn of(id: &ResourceId, plan: &Route) -> Self {
        let inhibiting = plan.inhibitions.iter().map(|inhibition| Inhibiting {
            source: Filter::of(&inhibition.source),
            equal: inhibition.equal.clone(),
        });
        Self {
            id: id.clone(),
            matches: Filter::of(&plan.matches),
            inhibitions: inhibiting.collect(),
            plan: plan.clone(),
        }
    }

    /// Whether an alert is for it.
    pub fn takes(&self, alert: &Alert) -> bool {
        self.matches.takes(alert)
    }
}
