use super::{
    Way,
    alike::are_alike,
    compiled::{Compiled, Inhibiting},
};
use crate::{Alert, World};

/// Whether others may hold an alert back on a way.
pub(crate) fn is_inhibited(world: &World, alert: &Alert, way: &Way) -> bool {
    let shelf = world.routes.shelf(&alert.tenant);
    let route = shelf.as_ref().and_then(|shelf| shelf.derived().route(&way.route));
    route.is_some_and(|route| !route.inhibitions.is_empty())
}

/// The name of one of the alerts that are `open` for whose sake this one is not told on a
/// way.
pub(crate) fn inhibited_by(
    open: &[Alert],
    world: &World,
    alert: &Alert,
    way: &Way,
) -> Option<String> {
    let shelf = world.routes.shelf(&alert.tenant)?;
    let route = shelf.derived().route(&way.route)?;
    let mut others = open.iter().filter(|other| other.id != alert.id);
    others.find(|other| holds_back(route, other, alert)).map(Alert::name)
}

fn holds_back(route: &Compiled, other: &Alert, alert: &Alert) -> bool {
    route.inhibitions.iter().any(|inhibition| {
        inhibition.source.takes(other)
            && inhibition.equal.iter().all(|by| are_alike(other, alert, *by))
            && !is_mutual(route, inhibition, other, alert)
    })
}

/// Each would hold the other back, and nobody would hear of either.
fn is_mutual(route: &Compiled, inhibition: &Inhibiting, other: &Alert, alert: &Alert) -> bool {
    inhibition.source.takes(alert) && route.takes(other)
}
