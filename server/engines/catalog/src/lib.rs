//! Resources that tenants keep by name: sanction rules, enforcers and whatever comes
//! to be configured in the same way.
//!
//! A [`Catalog`] holds all of one kind in memory, swapped whole with each change, so
//! that the path of a message reads them without a lock. Changes go by etag and request
//! id, and are durable through the port [`Shelves`] before they hold.

mod catalog;
mod error;
mod item;
mod port;
mod shelf;

pub use catalog::{Catalog, Change};
pub use error::CatalogError;
pub use item::{Item, Kept};
pub use port::{PutOutcome, Shelves, StoredItem};
pub use shelf::Shelf;
