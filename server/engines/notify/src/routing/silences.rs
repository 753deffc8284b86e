use super::filter::Filter;
use crate::{Alert, Silence, World};
use umpire_catalog::Shelf;
use umpire_model::{ResourceId, Timestamp};

/// The silences of a tenant, their filters compiled, in the order of ids.
pub struct Silences(Vec<Compiled>);

struct Compiled {
    id: ResourceId,
    silence: Silence,
    matches: Filter,
}

impl Silences {
    /// Compiles what a tenant wrote.
    pub(crate) fn of(shelf: &Shelf<Silence>) -> Self {
        let silences = shelf.iter().map(|kept| Compiled {
            id: kept.id.clone(),
            matches: Filter::of(&kept.item.matches),
            silence: kept.item.clone(),
        });
        Self(silences.collect())
    }
}

/// The name of a silence in force that is about an alert.
pub(crate) fn silenced_by(world: &World, alert: &Alert, now: Timestamp) -> Option<String> {
    let shelf = world.silences.shelf(&alert.tenant)?;
    let mut active = shelf.derived().0.iter().filter(|one| one.silence.is_active(now));
    let silence = active.find(|one| one.matches.takes(alert))?;
    Some(format!("tenants/{}/silences/{}", alert.tenant, silence.id))
}
