//! The gRPC edge: one file a service, the layers every call passes, conversions
//! between the contract and the engines' nouns, and the one way from an error
//! to a status.
//!
//! Only this crate sees the generated types. A handler checks the names in a request
//! against its caller, converts, calls one engine, and converts back.

mod admin;
mod alerts;
mod audit;
mod convert;
#[cfg(feature = "bench")]
mod echo;
mod error;
mod events;
mod handler;
pub mod layers;
mod locale;
mod mask;
mod moderation;
mod names;
mod paging;
mod resources;
mod rules;
mod sanctions;
mod stream;

pub use admin::{Admin, ServerInfo};
pub use alerts::{AlertParts, Alerts};
pub use audit::Audit;
#[cfg(feature = "bench")]
pub use echo::Echo;
pub use moderation::{Limits, Moderation};
pub use rules::{RuleParts, Rules};
pub use sanctions::{SanctionParts, Sanctions};
