use super::faults::Faults;
use crate::{Template, render::check_template};
use umpire_catalog::{Item, Shelf};
use umpire_model::Violation;

impl Item for Template {
    const COLLECTION: &'static str = "templates";
    const MAX_PER_TENANT: usize = 500;

    type Derived = ();

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("template");
        found.check_display_name(&self.display_name);
        found.extend(check_template(self));
        found.into_list()
    }

    fn derive(_: &Shelf<Self>) {}
}
