use crate::Shelf;
use serde::{Serialize, de::DeserializeOwned};
use umpire_model::{ResourceId, Timestamp, Violation};

/// A kind of resource. Its serialised form, perhaps sealed, is what the store keeps.
pub trait Item: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The segment of its names: `sanctionRules` in `tenants/a/sanctionRules/b`.
    const COLLECTION: &'static str;
    /// Most of them a tenant may keep.
    const MAX_PER_TENANT: usize;
    /// It holds secrets: the store gets it sealed. See [`Sealer`](crate::Sealer).
    const SEALED: bool = false;

    /// What follows from all of a tenant's together, worked out once a change.
    type Derived: Send + Sync + 'static;

    /// Everything that is wrong with it; paths start with the field of requests, as in
    /// `sanction_rule.threshold`.
    fn violations(&self) -> Vec<Violation>;

    /// What is kept to answer a repeated request with: without what nobody is shown.
    fn without_secrets(&self) -> Self {
        self.clone()
    }

    /// Works out [`Item::Derived`].
    fn derive(shelf: &Shelf<Self>) -> Self::Derived
    where
        Self: Sized;
}

/// An item as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// Unique within tenant and kind.
    pub id: ResourceId,
    /// What its author wrote.
    pub item: T,
    /// Counts its changes, from 1.
    pub version: u64,
    /// When it was made.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
    /// Who last changed it.
    pub author: String,
}

impl<T> Kept<T> {
    /// Changes with every change of the item.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }
}
