//! The path of one message through the engines:
//! scan → gather → evaluate → commit.
//!
//! A message without a match, whose id was not recorded before, touches no store
//! and never awaits.

mod check;
mod gather;
mod seen;

pub use check::{CheckError, CheckMode, Context, Moderator, TenantView};
pub use seen::SeenIds;
