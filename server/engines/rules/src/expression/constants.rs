//! What an expression holds ready for all its evaluations: patterns compiled and lists
//! built. CEL itself would compile and build them each time.

use super::{Fault, MAX_PATTERN_BYTES, MAX_PATTERN_SIZE};
use cel::{
    Env, ExecutionError,
    common::{
        ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators},
        types::{CelBool, CelList, CelString, STRING_TYPE, Type},
        value::{CowVal, StaticVal, Val},
    },
};
use regex::{Regex, RegexBuilder};
use std::{any::Any, sync::Arc};

/// A value that stands in the tree under a name nobody can write.
#[derive(Debug)]
pub(super) enum Constant {
    Pattern(Pattern),
    List(CelList<'static>),
}

impl Constant {
    pub fn value(&self) -> &(dyn Val + 'static) {
        match self {
            Self::Pattern(pattern) => pattern,
            Self::List(list) => list,
        }
    }
}

/// The place of the constant with this name.
pub(super) fn number(name: &str) -> Option<usize> {
    name.strip_prefix('@')?.parse().ok()
}

/// A compiled pattern as a value.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Regex);

static PATTERN: Type = Type::new_unspecified_type("pattern");

impl Val for Pattern {
    fn get_type(&self) -> &Type {
        &PATTERN
    }

    fn cel_type() -> &'static Type {
        &PATTERN
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for Pattern {}

/// The language expressions are evaluated in: the standard one, with `matches` over
/// compiled patterns.
pub(super) fn language() -> Arc<Env> {
    let mut env = Env::stdlib().with_optional_support(false);
    let added = env.add_member_overload(
        "matches",
        "string_matches_pattern",
        STRING_TYPE,
        vec![PATTERN.to_owned()],
        matches,
    );
    added.expect("the crate is built without `matches` of its own");
    Arc::new(env)
}

fn matches<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let [text, pattern] = &args[..] else {
        return Err(ExecutionError::invalid_argument_count(2, args.len()));
    };
    match (text.downcast_ref::<CelString>(), pattern.downcast_ref::<Pattern>()) {
        (Some(text), Some(pattern)) => {
            Ok(CowVal::owned(CelBool::from(pattern.0.is_match(text.inner()))))
        }
        _ => Err(ExecutionError::missing_argument_or_target()),
    }
}

/// Compiles the pattern of a `matches`.
pub(super) fn pattern(source: &str) -> Result<Pattern, Fault> {
    if source.len() > MAX_PATTERN_BYTES {
        let message = format!("the pattern is over the limit of {MAX_PATTERN_BYTES} bytes");
        return Err(Fault::limit(message));
    }
    let built = RegexBuilder::new(source).size_limit(MAX_PATTERN_SIZE).nest_limit(50).build();
    match built {
        Ok(regex) => Ok(Pattern(regex)),
        Err(regex::Error::CompiledTooBig(_)) => Err(Fault::limit("the pattern grows too big")),
        Err(error) => Err(Fault::new(format!("the pattern cannot be used: {error}"))),
    }
}

/// Puts names in the place of patterns, and of lists that are searched or gone through.
pub(super) fn take_out(tree: &mut IdedExpr) -> Result<Vec<Constant>, Fault> {
    let mut taken = Vec::new();
    walk(tree, &mut taken)?;
    Ok(taken)
}

fn walk(node: &mut IdedExpr, taken: &mut Vec<Constant>) -> Result<(), Fault> {
    match &mut node.expr {
        Expr::Call(call) => {
            take_from_call(call, taken)?;
            let target = call.target.as_deref_mut().into_iter();
            target.chain(&mut call.args).try_for_each(|part| walk(part, taken))
        }
        Expr::Comprehension(comprehension) => {
            take_list(&mut comprehension.iter_range, taken);
            walk(&mut comprehension.iter_range, taken)?;
            walk(&mut comprehension.loop_step, taken)
        }
        Expr::Select(select) => walk(&mut select.operand, taken),
        Expr::List(list) => list.elements.iter_mut().try_for_each(|part| walk(part, taken)),
        // The rest has no parts, or was refused by the check.
        _ => Ok(()),
    }
}

fn take_from_call(call: &mut CallExpr, taken: &mut Vec<Constant>) -> Result<(), Fault> {
    match (call.func_name.as_str(), &mut call.args[..]) {
        ("matches", [argument]) if call.target.is_some() => {
            if let Expr::Literal(LiteralValue::String(source)) = &argument.expr {
                let pattern = pattern(source.inner())?;
                replace(argument, Constant::Pattern(pattern), taken);
            }
        }
        (operators::IN, [_, list]) => take_list(list, taken),
        _ => {}
    }
    Ok(())
}

/// A list of literals becomes a constant.
fn take_list(node: &mut IdedExpr, taken: &mut Vec<Constant>) {
    let Expr::List(list) = &node.expr else { return };
    let literal = |element: &IdedExpr| -> Option<Box<dyn Val>> {
        match &element.expr {
            Expr::Literal(literal) => Some(literal.to_val().into_owned()),
            _ => None,
        }
    };
    let values: Option<Vec<_>> = list.elements.iter().map(literal).collect();
    if let Some(values) = values {
        replace(node, Constant::List(values.into()), taken);
    }
}

fn replace(node: &mut IdedExpr, constant: Constant, taken: &mut Vec<Constant>) {
    node.expr = Expr::Ident(format!("@{}", taken.len()));
    taken.push(constant);
}
