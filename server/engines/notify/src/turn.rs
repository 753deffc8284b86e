use crate::port::{Alerts, Turn};
use umpire_model::{Outcome, StoreError};

/// Takes a turn: what `work` changes is kept when it gives `Ok`, and undone otherwise.
///
/// # Errors
/// `work`'s own, and the store's.
pub async fn turn<T, E>(
    store: &dyn Alerts,
    work: impl FnOnce(&mut dyn Turn) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let work = move |turn: &mut dyn Turn| Ok(Outcome::of(work(turn)));
    Outcome::result(store.turn(Box::new(work)).await?)
}
