//! The path of one message through the engines:
//! scan → gather → evaluate → count and commit.
//!
//! A message without a match, whose id was not recorded before, touches no store
//! and never awaits. Only for a tenant with a message window does it take a lock, for
//! as long as it takes to copy a few short texts.

mod check;
mod gather;
mod seen;
mod window;

pub use check::{CheckError, CheckMode, Context, Moderator, TenantView};
pub use seen::SeenIds;
