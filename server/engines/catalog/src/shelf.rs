use crate::{Item, Kept};
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};
use umpire_model::ResourceId;

/// All of a tenant's resources of one kind, as of one moment.
pub struct Shelf<T: Item> {
    items: BTreeMap<ResourceId, Arc<Kept<T>>>,
    derived: OnceLock<T::Derived>,
}

impl<T: Item> Shelf<T> {
    /// A shelf with these.
    #[must_use]
    pub fn new(items: BTreeMap<ResourceId, Arc<Kept<T>>>) -> Self {
        Self { items, derived: OnceLock::new() }
    }

    /// In the order of ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kept<T>>> {
        self.items.values()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Kept<T>>> {
        self.items.get(id)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What follows from all of them together.
    pub fn derived(&self) -> &T::Derived {
        self.derived.get_or_init(|| T::derive(self))
    }

    /// The same with one changed or removed.
    pub(crate) fn with(&self, id: &ResourceId, item: Option<Arc<Kept<T>>>) -> Self {
        let mut items = self.items.clone();
        match item {
            Some(item) => items.insert(id.clone(), item),
            None => items.remove(id),
        };
        Self::new(items)
    }
}

impl<T: Item> Default for Shelf<T> {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}
