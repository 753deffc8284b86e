//! Client of the moderation server Umpire.
//!
//! ```no_run
//! use umpire_client::{Umpire, VerdictExt, chat};
//!
//! # async fn example() -> Result<(), umpire_client::Error> {
//! // UMPIRE_ENDPOINT, UMPIRE_API_KEY and UMPIRE_TENANT say where, as whom, for whom.
//! let umpire = Umpire::from_env().await?;
//! let said = "buy cheap gold here";
//! let verdict = umpire.check(chat(said).scene("world-chat").sender("p-1").message_id("m-1")).await?;
//! match verdict.text_to_show(said) {
//!     Some(text) => println!("deliver: {text}"),
//!     None => println!("do not deliver: {:?}", verdict.labels),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Umpire`] checks content and opens the other parts of the server:
//! [`rules`](Umpire::rules), [`lists`](Umpire::lists), [`policy`](Umpire::policy),
//! [`history`](Umpire::history), [`sanctions`](Umpire::sanctions), [`alerts`](Umpire::alerts),
//! [`audit`](Umpire::audit), [`admin`](Umpire::admin). It is cheap to clone; clones share one connection.
//!
//! # Changes
//!
//! A change is built, then awaited. It carries a fresh request id, so that trying it
//! again is safe:
//!
//! ```no_run
//! # async fn example(umpire: umpire_client::Umpire) -> Result<(), umpire_client::Error> {
//! umpire.rules().delete("old-rule").reason("replaced").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Trying again
//!
//! Calls that fail with UNAVAILABLE, or with RESOURCE_EXHAUSTED and a time to come back,
//! are made up to three times, with growing pauses and some chance in them. A check is
//! repeated only if it has a message id or is a dry run: without either it could be
//! recorded twice.
//!
//! # Watching
//!
//! [`History::watch`], [`Sanctions::watch`] and [`Alerts::watch`] are streams that outlive their
//! connections: when the server goes away they connect again and go on after the last event.
//! Keep its `resume_token` to go on after a restart of your own.
//!
//! # Names
//!
//! Where a resource is asked for, its id (`gold`) or its full name
//! (`tenants/game-a/rules/gold`) will do. An id needs the tenant; one that was not
//! given is learnt with one call from the policy's history, or, where there is none to read,
//! with another from the safety switch.

mod admin;
mod alerts;
mod audit;
mod builder;
mod calls;
mod checks;
mod error;
mod history;
mod in_order;
mod length;
mod listing;
mod lists;
mod message;
mod mutation;
mod policy;
mod retry;
mod rules;
mod sanctions;
mod tenant;
mod umpire;
mod verdict;
mod watch;
mod wire;

pub use admin::Admin;
pub use alerts::{AlertEvent, AlertWatch, Alerts};
pub use audit::Audit;
pub use builder::Builder;
pub use error::{Error, Precondition, Violation};
pub use history::History;
pub use listing::Listing;
pub use lists::Lists;
pub use message::{Message, chat};
pub use mutation::Change;
pub use policy::Policy;
pub use rules::Rules;
pub use sanctions::{BatchLift, Drain, SanctionEvent, SanctionExt, Sanctions, subject};
pub use tonic::Code;
pub use umpire::Umpire;
pub use umpire_proto::{DESCRIPTORS, v1};
pub use verdict::{MatchExt, StrikeExt, VerdictExt};
pub use watch::Presence;
pub use wire::{Credentials, Wire};
