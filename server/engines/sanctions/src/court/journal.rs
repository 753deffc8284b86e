use crate::{Entry, port::Sanctions};
use umpire_model::StoreError;

/// Entries that are read at once.
const CHUNK: usize = 100;

/// The next settled entries after a sequence that is not the last settled one.
pub(crate) async fn entries_after(
    store: &dyn Sanctions,
    after: u64,
) -> Result<Vec<Entry>, StoreError> {
    let settled = *store.settled().borrow();
    let mut entries = store.journal(after, CHUNK).await?;
    entries.retain(|entry| entry.sequence <= settled);
    if entries.is_empty() {
        let missing = format!("the journal has nothing between {after} and {settled}");
        return Err(StoreError::Corrupt(missing.into()));
    }
    Ok(entries)
}
