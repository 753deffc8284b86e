//! Stage two: facts that are not in the message, fetched only when one is needed.

use umpire_audit::{Earlier, Ledger, MessageKey};
use umpire_model::{Degraded, Timestamp};

/// What a message needs beyond itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    /// The verdict recorded under this key, if there is one.
    pub earlier: Option<MessageKey>,
}

/// What could be had.
#[derive(Default)]
pub(crate) struct Gathered {
    pub earlier: Option<Earlier>,
    /// What could not.
    pub degraded: Vec<Degraded>,
}

/// Fetches what is needed.
pub(crate) async fn gather(needs: Needs, ledger: &dyn Ledger, now: Timestamp) -> Gathered {
    let Some(key) = needs.earlier else { return Gathered::default() };
    match ledger.earlier(key, now).await {
        Ok(earlier) => Gathered { earlier, degraded: Vec::new() },
        Err(error) => {
            tracing::warn!(%error, "earlier verdicts cannot be looked up");
            Gathered { earlier: None, degraded: vec![Degraded::Ledger] }
        }
    }
}
