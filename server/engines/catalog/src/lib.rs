//! Resources that tenants keep by name: sanction rules, enforcers and whatever comes
//! to be configured in the same way.
//!
//! A [`Catalog`] holds all of one kind in memory, swapped whole with each change, so
//! that the path of a message reads them without a lock. Changes go by etag and request
//! id, and are durable through the port [`Shelves`] before they hold. What holds secrets
//! is kept there under a key: see [`Sealer`].

mod body;
mod catalog;
mod error;
mod item;
mod port;
mod seal;
mod shelf;

pub use catalog::{Catalog, Change};
pub use error::CatalogError;
pub use item::{Item, Kept};
pub use port::{PutOutcome, Shelves, StoredItem};
pub use seal::Sealer;
pub use shelf::Shelf;
