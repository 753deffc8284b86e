use super::{
    Way,
    alike::are_alike,
    compiled::{Compiled, Inhibiting},
};
use crate::{Alert, World, port::Turn};
use umpire_model::StoreError;

/// Most alerts, the newest, that are looked at for one that holds another back.
const LOOKED_AT: usize = 1_000;

/// The name of an alert that is not over and for whose sake this one is not told on a way.
pub(crate) fn inhibited_by(
    turn: &mut dyn Turn,
    world: &World,
    alert: &Alert,
    way: &Way,
) -> Result<Option<String>, StoreError> {
    let Some(shelf) = world.routes.shelf(&alert.tenant) else { return Ok(None) };
    let Some(route) = shelf.derived().route(&way.route) else { return Ok(None) };
    if route.inhibitions.is_empty() {
        return Ok(None);
    }
    let open = turn.open_alerts(&alert.tenant, LOOKED_AT)?;
    let mut others = open.iter().filter(|other| other.id != alert.id);
    Ok(others.find(|other| holds_back(route, other, alert)).map(Alert::name))
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
