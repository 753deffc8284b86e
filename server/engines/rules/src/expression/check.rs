//! Types and costs, over the tree as it was written.

use super::{
    Fault, MAX_COST, MAX_DEPTH, MAX_NODES, MAX_PATTERN_BYTES, constants,
    facts::{self, Record},
    functions,
    kind::Kind,
    parse::Places,
};
use cel::common::ast::{CallExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, operators};

/// What the check learned about a whole expression.
pub(super) struct Checked {
    pub asks_the_wall: bool,
}

/// Checks a tree: its size, its types, that it is a condition, and what it can cost.
pub(super) fn check(tree: &IdedExpr, places: &Places) -> Result<Checked, Fault> {
    measure(tree, 1, &mut 0)?;
    let mut checker = Checker { places, variables: Vec::new(), asks_the_wall: false };
    let found = checker.node(tree)?;
    if !matches!(found.kind, Kind::Bool) {
        return Err(Fault::new(format!("must be a condition (bool), and is {}", found.kind)));
    }
    if found.cost > MAX_COST {
        let message = format!(
            "can take {} steps with lists and texts at their longest; at most {MAX_COST} are allowed",
            found.cost
        );
        return Err(Fault::limit(message));
    }
    Ok(Checked { asks_the_wall: checker.asks_the_wall })
}

/// Refuses trees that are too big or too deep, before anything else walks them.
fn measure(node: &IdedExpr, depth: usize, nodes: &mut usize) -> Result<(), Fault> {
    *nodes += 1;
    if *nodes > MAX_NODES {
        return Err(Fault::limit(format!("has more than {MAX_NODES} parts")));
    }
    if depth > MAX_DEPTH {
        return Err(Fault::limit(format!("is nested deeper than {MAX_DEPTH}")));
    }
    let mut below = |part: &IdedExpr| measure(part, depth + 1, nodes);
    match &node.expr {
        Expr::Call(call) => {
            call.target.as_deref().into_iter().chain(&call.args).try_for_each(below)
        }
        Expr::Select(select) => below(&select.operand),
        Expr::List(list) => list.elements.iter().try_for_each(below),
        // The check refuses everything else that has parts, without walking them.
        _ => Ok(()),
    }
}

/// Type of a node, and the most steps it takes.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub kind: Kind,
    pub cost: u64,
}

impl Found {
    pub fn new(kind: Kind, cost: u64) -> Self {
        Self { kind, cost }
    }
}

/// Checks node by node, with the variables of the macros around.
pub(super) struct Checker<'s> {
    places: &'s Places,
    pub variables: Vec<(String, Kind)>,
    asks_the_wall: bool,
}

impl Checker<'_> {
    /// The fault of a node.
    pub fn fault<T>(&self, node: &IdedExpr, message: impl Into<String>) -> Result<T, Fault> {
        self.located(node, Fault::new(message))
    }

    pub fn located<T>(&self, node: &IdedExpr, fault: Fault) -> Result<T, Fault> {
        Err(fault.at(self.places.of(node.id)))
    }

    /// Checks a node and all below it.
    pub fn node(&mut self, node: &IdedExpr) -> Result<Found, Fault> {
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.name(node, name),
            Expr::Select(select) => self.select(node, select),
            Expr::List(list) => self.list(node, list),
            Expr::Call(call) => self.call(node, call),
            Expr::Map(_) => self.fault(node, "maps cannot be written"),
            Expr::Struct(_) => self.fault(node, "messages cannot be built"),
            Expr::Comprehension(_) | Expr::Unspecified => self.fault(node, "cannot be checked"),
        }
    }

    fn literal(&self, node: &IdedExpr, literal: &LiteralValue) -> Result<Found, Fault> {
        let kind = match literal {
            LiteralValue::Boolean(_) => Kind::Bool,
            LiteralValue::Int(_) => Kind::Int,
            LiteralValue::Double(_) => Kind::Double,
            LiteralValue::String(text) => Kind::String(text.inner().len() as u64),
            LiteralValue::Null => return self.fault(node, "there is no null; use `has()`"),
            LiteralValue::UInt(_) => return self.fault(node, "numbers are written without `u`"),
            LiteralValue::Bytes(_) => return self.fault(node, "there are no bytes"),
        };
        Ok(Found::new(kind, 1))
    }

    fn name(&self, node: &IdedExpr, name: &str) -> Result<Found, Fault> {
        let variable = self.variables.iter().rev().find(|(known, _)| known == name);
        match variable.map(|(_, kind)| kind.clone()).or_else(|| facts::root(name)) {
            Some(kind) => Ok(Found::new(kind, 1)),
            None => {
                let known = facts::ROOTS.join(", ");
                self.fault(node, format!("`{name}` is not known; there are {known}"))
            }
        }
    }

    fn select(&mut self, node: &IdedExpr, select: &SelectExpr) -> Result<Found, Fault> {
        let operand = self.node(&select.operand)?;
        let name = &select.field;
        let kind = match operand.kind {
            Kind::Map(of) => *of,
            Kind::Record(record) => {
                let Some(member) = record.member(name) else {
                    return self.fault(node, no_member(record, name));
                };
                self.asks_the_wall |=
                    record == Record::Message && matches!(name.as_str(), "hour" | "weekday");
                member.kind
            }
            other => return self.fault(node, format!("{other} has no members, so no `{name}`")),
        };
        Ok(Found { cost: operand.cost + 1 + reading(&kind, name), kind })
    }

    fn list(&mut self, node: &IdedExpr, list: &ListExpr) -> Result<Found, Fault> {
        let mut of: Option<Kind> = None;
        let mut cost = 1;
        for element in &list.elements {
            let found = self.node(element)?;
            cost += found.cost;
            of = match of {
                None => Some(found.kind),
                Some(before) => {
                    let message = format!("a list of {before} cannot hold {}", found.kind);
                    match before.or(found.kind) {
                        Some(both) => Some(both),
                        None => return self.fault(element, message),
                    }
                }
            };
        }
        match of {
            Some(of) => Ok(Found::new(Kind::list(of, list.elements.len() as u64), cost)),
            None => self.fault(node, "an empty list has no type; compare `size()` with 0"),
        }
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Result<Found, Fault> {
        let name = call.func_name.as_str();
        match (call.target.as_deref(), name, &call.args[..]) {
            (None, "has", [argument]) => self.has(node, argument),
            (Some(text), "matches", [pattern]) => self.matches(text, pattern),
            (Some(range), _, args) if functions::is_macro(name) => {
                self.through(node, range, name, args)
            }
            (None, operators::CONDITIONAL, [condition, yes, no]) => {
                self.conditional(node, condition, yes, no)
            }
            (target, _, args) => {
                let mut found = Vec::with_capacity(args.len() + 1);
                for part in target.into_iter().chain(args) {
                    found.push(self.node(part)?);
                }
                let cost: u64 = found.iter().map(|part| part.cost).sum();
                let kinds: Vec<_> = found.into_iter().map(|part| part.kind).collect();
                match functions::result(target.is_some(), name, &kinds) {
                    Ok((kind, own)) => Ok(Found::new(kind, cost + own)),
                    Err(message) => self.fault(node, message),
                }
            }
        }
    }

    /// `has(a.b)`: whether a member that can be absent is there.
    fn has(&mut self, node: &IdedExpr, argument: &IdedExpr) -> Result<Found, Fault> {
        let Expr::Select(select) = &argument.expr else {
            return self.fault(node, "`has()` takes a member, such as `has(sender.level)`");
        };
        let operand = self.node(&select.operand)?;
        let found = self.node(argument)?;
        if let Kind::Record(record) = operand.kind
            && record.member(&select.field).is_some_and(|member| !member.can_be_absent)
        {
            let message = format!("`{}` is always there; it may be empty", select.field);
            return self.fault(argument, message);
        }
        Ok(Found::new(Kind::Bool, found.cost))
    }

    /// `text.matches("pattern")`.
    fn matches(&mut self, text: &IdedExpr, pattern: &IdedExpr) -> Result<Found, Fault> {
        let found = self.node(text)?;
        let Kind::String(bytes) = found.kind else {
            return self
                .fault(text, format!("`matches` is for strings, and this is {}", found.kind));
        };
        let Expr::Literal(LiteralValue::String(source)) = &pattern.expr else {
            let message = format!(
                "the pattern must be written out, in quotes, in at most {MAX_PATTERN_BYTES} bytes"
            );
            return self.fault(pattern, message);
        };
        if let Err(fault) = constants::pattern(source.inner()) {
            return self.located(pattern, fault);
        }
        Ok(Found::new(Kind::Bool, found.cost + 1 + bytes / functions::PATTERN_BYTES_A_STEP))
    }

    fn conditional(
        &mut self,
        node: &IdedExpr,
        condition: &IdedExpr,
        yes: &IdedExpr,
        no: &IdedExpr,
    ) -> Result<Found, Fault> {
        let asked = self.node(condition)?;
        if !matches!(asked.kind, Kind::Bool) {
            let message = format!("before `?` stands a condition (bool), not {}", asked.kind);
            return self.fault(condition, message);
        }
        let (yes, no) = (self.node(yes)?, self.node(no)?);
        let message = format!("`?:` gives {} or {}; both must be alike", yes.kind, no.kind);
        match yes.kind.or(no.kind) {
            Some(kind) => Ok(Found::new(kind, asked.cost + yes.cost.max(no.cost) + 1)),
            None => self.fault(node, message),
        }
    }
}

fn no_member(record: Record, name: &str) -> String {
    let (record_name, members) = (record.name(), record.members().join(", "));
    format!("`{record_name}` has no `{name}`; it has {members}")
}

/// What reading a member takes beyond the step: lists are put together, and characters
/// counted.
fn reading(kind: &Kind, name: &str) -> u64 {
    match (kind, name) {
        (Kind::List(_, most), _) => *most,
        (Kind::Int, "length") => functions::length_of_a_text(),
        _ => 0,
    }
}
