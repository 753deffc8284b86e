use crate::port::{Outcome, Sanctions, Turn};
use umpire_model::StoreError;

/// Takes a turn: what `work` changes is kept when it gives `Ok`, and undone otherwise.
///
/// # Errors
/// `work`'s own, and the store's.
pub async fn turn<T, E>(
    store: &dyn Sanctions,
    work: impl FnOnce(&mut dyn Turn) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let work = move |turn: &mut dyn Turn| {
        let result = work(turn);
        let keep = result.is_ok();
        let boxed = Box::new(result);
        Ok(if keep { Outcome::Keep(boxed) } else { Outcome::Undo(boxed) })
    };
    let answer = store.turn(Box::new(work)).await?;
    match answer.downcast::<Result<T, E>>() {
        Ok(result) => *result,
        Err(_) => Err(StoreError::Corrupt("a turn gave another's result".into()).into()),
    }
}
