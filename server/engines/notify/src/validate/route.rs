use super::{DAY, faults::Faults};
use crate::{GroupBy, Inhibition, Route, routing::Routing};
use umpire_catalog::{Item, Shelf};
use umpire_model::Violation;

/// Longest wait of the first of a group for others, in seconds.
const MAX_GROUP_WAIT: u64 = 60 * 60;
/// Longest time between notices of a group, in seconds.
const MAX_GROUP_INTERVAL: u64 = DAY;
/// Longest time until something is told again, in seconds.
const MAX_REPEAT_INTERVAL: u64 = 30 * DAY;
/// Longest window in which a key is told once, in seconds.
const MAX_DEDUPE_WINDOW: u64 = 7 * DAY;
/// Most inhibitions of a route.
const MAX_INHIBITIONS: usize = 20;

impl Item for Route {
    const COLLECTION: &'static str = "routes";
    const MAX_PER_TENANT: usize = 200;

    type Derived = Routing;

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("route");
        found.check_display_name(&self.display_name);
        found.check_filter("match", &self.matches);
        found.check_receivers(&self.receivers);
        check_alike("group_by", &self.group_by, &mut found);
        found.check_seconds("group_wait", self.group_wait, MAX_GROUP_WAIT);
        found.check_seconds("group_interval", self.group_interval, MAX_GROUP_INTERVAL);
        found.check_seconds("repeat_interval", self.repeat_interval, MAX_REPEAT_INTERVAL);
        let window = self.dedupe_window.unwrap_or_default();
        found.check_seconds("dedupe_window", window, MAX_DEDUPE_WINDOW);
        if let Some(window) = &self.active_window {
            let mut wrong = Vec::new();
            window.check(&found.path_of("active_window"), &mut wrong);
            found.extend(wrong);
        }
        check_inhibitions(&self.inhibitions, &mut found);
        found.into_list()
    }

    fn derive(shelf: &Shelf<Self>) -> Routing {
        Routing::of(shelf)
    }
}

fn check_inhibitions(inhibitions: &[Inhibition], found: &mut Faults) {
    if inhibitions.len() > MAX_INHIBITIONS {
        return found.too_large("inhibitions", MAX_INHIBITIONS);
    }
    for (index, inhibition) in inhibitions.iter().enumerate() {
        found.within(format_args!("inhibitions[{index}]"), |found| {
            found.require_filter("source", &inhibition.source);
            check_alike("equal", &inhibition.equal, found);
        });
    }
}

/// No field stands there twice; so the list is short, too.
fn check_alike(field: &str, alike: &[GroupBy], found: &mut Faults) {
    for (index, one) in alike.iter().enumerate() {
        if alike[..index].contains(one) {
            return found.invalid(format_args!("{field}[{index}]"), "is named twice");
        }
    }
}
