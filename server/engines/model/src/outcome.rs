use crate::StoreError;
use std::any::Any;

/// What a turn of the ledger's writer comes to: a result, and whether what it changed is
/// kept. The result is boxed, so that the ports of engines need no type for it.
pub enum Outcome {
    /// Commit, and give this.
    Keep(Box<dyn Any + Send>),
    /// Undo this turn alone, and give this.
    Undo(Box<dyn Any + Send>),
}

impl Outcome {
    /// Keeps what was changed when `result` is `Ok`.
    pub fn of<T: Send + 'static, E: Send + 'static>(result: Result<T, E>) -> Self {
        let keep = result.is_ok();
        let boxed = Box::new(result);
        if keep { Self::Keep(boxed) } else { Self::Undo(boxed) }
    }

    /// The result that was given to [`Outcome::of`].
    ///
    /// # Errors
    /// The result's own.
    pub fn result<T, E>(boxed: Box<dyn Any + Send>) -> Result<T, E>
    where
        T: 'static,
        E: From<StoreError> + 'static,
    {
        match boxed.downcast::<Result<T, E>>() {
            Ok(result) => *result,
            Err(_) => Err(StoreError::Corrupt("a turn gave another's result".into()).into()),
        }
    }
}
