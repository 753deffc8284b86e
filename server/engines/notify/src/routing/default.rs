//! The routes that a tenant has while it has written none.

use super::Way;
use crate::{Alert, Audience, DEFAULT_ROUTE, Receiver, Route, World};
use umpire_catalog::Shelf;
use umpire_model::{Level, ResourceId};

/// Who hears of a P2, if there is one: in this order.
const ONE_OF: [Audience; 4] =
    [Audience::Group, Audience::Person, Audience::Machine, Audience::Pager];

/// The way an alert takes; a P3 takes none.
pub(super) fn way(world: &World, alert: &Alert) -> Option<Way> {
    let receivers = receivers(&world.receivers_of(&alert.tenant), alert);
    let way = Way { route: DEFAULT_ROUTE.into(), receivers, plan: plan() };
    (alert.level != Level::P3).then_some(way)
}

/// At once, each alert alone, without end.
pub(super) fn plan() -> Route {
    Route {
        display_name: String::new(),
        matches: String::new(),
        receivers: Vec::new(),
        escalation_policy: None,
        group_by: Vec::new(),
        group_wait: 0,
        group_interval: 0,
        repeat_interval: 0,
        dedupe_window: None,
        active_window: None,
        continue_matching: false,
        priority: 0,
        inhibitions: Vec::new(),
    }
}

fn receivers(shelf: &Shelf<Receiver>, alert: &Alert) -> Vec<ResourceId> {
    let of = |audiences: &[Audience]| -> Vec<ResourceId> {
        let able = shelf.iter().filter(|kept| {
            let audience = kept.item.channel.kind().audience();
            audiences.contains(&audience) && !kept.item.disabled
        });
        able.map(|kept| kept.id.clone()).filter(|id| !alert.not_to.contains(id)).collect()
    };
    match alert.level {
        Level::P0 => of(&ONE_OF),
        Level::P1 => of(&[Audience::Group, Audience::Person, Audience::Machine]),
        Level::P2 => {
            ONE_OF.iter().find_map(|one| of(&[*one]).into_iter().next()).into_iter().collect()
        }
        Level::P3 => Vec::new(),
    }
}
