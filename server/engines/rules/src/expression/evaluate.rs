//! Letting CEL decide.

use super::{
    constants::{self, Constant},
    values::Facts,
};
use cel::{
    Context, Env, ExecutionError, Value,
    common::{ast::IdedExpr, types::CelBool, value::CowVal},
    context::VariableResolver,
};
use std::sync::{Arc, LazyLock};

/// A constant table of functions, the same for every expression.
static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(constants::language);

/// An expression that could not be said to hold or not. The cause is not kept: it
/// could hold parts of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the expression cannot be evaluated for this message")]
pub(crate) struct Failed;

impl From<ExecutionError> for Failed {
    fn from(_: ExecutionError) -> Self {
        Self
    }
}

/// What names in a tree stand for.
struct Names<'x, 'a> {
    facts: &'x Facts<'a>,
    constants: &'x [Constant],
}

impl VariableResolver for Names<'_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        match constants::number(variable) {
            Some(number) => self.constants.get(number).map(|it| CowVal::Borrowed(it.value())),
            None => self.facts.root(variable),
        }
    }
}

pub(super) fn holds(
    tree: &IdedExpr,
    constants: &[Constant],
    facts: &Facts<'_>,
) -> Result<bool, Failed> {
    let names = Names { facts, constants };
    let mut context = Context::with_env(LANGUAGE.clone());
    context.set_variable_resolver(&names);
    let value = Value::resolve_val(tree, &context)?;
    value.downcast_ref::<CelBool>().map(|held| *held.inner()).ok_or(Failed)
}
