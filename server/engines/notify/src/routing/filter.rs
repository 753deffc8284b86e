use crate::{Alert, AlertField, meets};
use umpire_query::{Expr, parse};

/// A filter over alerts, compiled once. One that cannot be understood takes nothing: what
/// is kept was checked, so that this is a change of the language at worst.
pub(super) struct Filter(Option<Expr<AlertField>>);

impl Filter {
    pub fn of(text: &str) -> Self {
        Self(parse(text).ok())
    }

    pub fn takes(&self, alert: &Alert) -> bool {
        self.0.as_ref().is_some_and(|filter| meets(filter, alert))
    }
}
