//! Who hears of an alert, and what holds it back.
//!
//! [`ways`] gives the routes that an alert takes, each with the receivers it leads to. A way
//! may be closed by its [active window](is_active), by a [silence](silenced_by), or by
//! [another alert](inhibited_by).

mod alike;
mod compiled;
mod default;
mod filter;
mod inhibition;
mod silences;

#[cfg(test)]
mod tests;

use crate::{Alert, CALLED, Call, Channel, Route, World};
use umpire_model::{ResourceId, Timestamp};

pub(crate) use alike::group_key;
pub use compiled::Routing;
pub(crate) use inhibition::{inhibited_by, is_inhibited};
pub use silences::Silences;
pub(crate) use silences::silenced_by;

/// A route as it applies to one alert.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// Id of the route; [`crate::DEFAULT_ROUTE`] where the tenant has none, and
    /// [`CALLED`] for receivers that the rule itself names.
    pub route: String,
    /// Those of its receivers that are there and that the alert is not about, each once.
    pub receivers: Vec<ResourceId>,
    /// What it says.
    pub plan: Route,
}

/// The ways an alert takes, in the order they are tried; [`CALLED`] comes last.
pub(crate) fn ways(world: &World, alert: &Alert) -> Vec<Way> {
    let mut ways = Vec::new();
    if follows_routes(&alert.call) {
        ways = routes(world, alert);
    }
    ways.extend(called(world, alert));
    ways
}

/// Whoever is only mentioned is mentioned in what the routes say.
fn follows_routes(call: &Call) -> bool {
    let is_mention = !call.mentions.is_empty() && call.receivers.is_empty() && !call.ticket;
    call.alert || is_mention
}

fn routes(world: &World, alert: &Alert) -> Vec<Way> {
    let Some(shelf) = world.routes.shelf(&alert.tenant).filter(|shelf| !shelf.is_empty()) else {
        return default::way(world, alert).into_iter().collect();
    };
    let taken = shelf.derived().taking(alert).into_iter();
    let way = |route: &compiled::Compiled| Way {
        route: route.id.to_string(),
        receivers: addressed(world, alert, &route.plan.receivers),
        plan: route.plan.clone(),
    };
    taken.map(way).collect()
}

/// What rules ask for beside the routes: receivers by name, and tickets.
fn called(world: &World, alert: &Alert) -> Option<Way> {
    let mut named = alert.call.receivers.clone();
    if alert.call.ticket {
        named.extend(trackers(world, alert));
    }
    let receivers = addressed(world, alert, &named);
    let is_any = !receivers.is_empty();
    is_any.then(|| Way { route: CALLED.into(), receivers, plan: default::plan() })
}

/// Every tracker of tickets that is switched on; none when the rule named one itself.
fn trackers(world: &World, alert: &Alert) -> Vec<ResourceId> {
    let shelf = world.receivers_of(&alert.tenant);
    let is_tracker = |channel: &Channel| matches!(channel, Channel::Jira(_));
    let mut named = alert.call.receivers.iter().filter_map(|id| shelf.get(id.as_str()));
    if named.any(|kept| is_tracker(&kept.item.channel)) {
        return Vec::new();
    }
    let wanted = shelf.iter().filter(|kept| is_tracker(&kept.item.channel) && !kept.item.disabled);
    wanted.map(|kept| kept.id.clone()).collect()
}

/// Those of some receivers that are there and that the alert is not about, each once.
pub(crate) fn addressed(world: &World, alert: &Alert, named: &[ResourceId]) -> Vec<ResourceId> {
    let shelf = world.receivers_of(&alert.tenant);
    let mut receivers: Vec<ResourceId> = Vec::new();
    for id in named {
        let is_there = shelf.get(id.as_str()).is_some();
        if is_there && !alert.not_to.contains(id) && !receivers.contains(id) {
            receivers.push(id.clone());
        }
    }
    receivers
}

/// Whether a way tells anybody at this time of the tenant's day.
pub(crate) fn is_active(world: &World, alert: &Alert, way: &Way, now: Timestamp) -> bool {
    let Some(window) = &way.plan.active_window else { return true };
    window.is_open(now, now.on_the_wall(&world.zones.zone(&alert.tenant)))
}
