//! The macros that go through lists.

use super::{
    Fault, MAX_LOOPS,
    check::{Checker, Found},
    facts,
    kind::Kind,
};
use cel::common::ast::{Expr, IdedExpr};

impl Checker<'_> {
    /// `range.name(variable, body)`, or `range.map(variable, condition, body)`.
    pub fn through(
        &mut self,
        node: &IdedExpr,
        range: &IdedExpr,
        name: &str,
        args: &[IdedExpr],
    ) -> Result<Found, Fault> {
        let list = self.node(range)?;
        let (of, most) = match list.kind {
            Kind::List(of, most) => (*of, most),
            other => {
                let message = format!("`{name}` goes through lists, and this is {other}");
                return self.fault(range, message);
            }
        };
        let (variable, bodies) = match args {
            [variable, bodies @ ..]
                if bodies.len() == 1 || (name == "map" && bodies.len() == 2) =>
            {
                (self.variable(variable)?, bodies)
            }
            _ => return self.fault(node, format!("`{name}` takes a variable and a condition")),
        };
        if self.variables.len() == MAX_LOOPS {
            let message = format!("macros may go through lists {MAX_LOOPS} deep at most");
            return self.located(node, Fault::limit(message));
        }
        self.variables.push((variable, of.clone()));
        let found: Result<Vec<_>, _> = bodies.iter().map(|body| self.node(body)).collect();
        self.variables.pop();
        let found = found?;
        self.bodies_are_conditions(name, bodies, &found)?;
        // Two steps for each element beside the body: binding it, and the condition that
        // CEL checks before each.
        let body: u64 = found.iter().map(|body| body.cost).sum::<u64>() + 2;
        let cost = list.cost + 1 + most.saturating_mul(body);
        let kind = match (name, found.last()) {
            ("filter", _) => Kind::list(of, most),
            ("map", Some(last)) => Kind::list(last.kind.clone(), most),
            _ => Kind::Bool,
        };
        Ok(Found::new(kind, cost))
    }

    /// All bodies but what `map` makes of an element.
    fn bodies_are_conditions(
        &self,
        name: &str,
        bodies: &[IdedExpr],
        found: &[Found],
    ) -> Result<(), Fault> {
        let conditions = if name == "map" { found.len() - 1 } else { found.len() };
        for (body, found) in bodies.iter().zip(found).take(conditions) {
            if !matches!(found.kind, Kind::Bool) {
                let message = format!("`{name}` takes a condition (bool), not {}", found.kind);
                return self.fault(body, message);
            }
        }
        Ok(())
    }

    fn variable(&self, node: &IdedExpr) -> Result<String, Fault> {
        match &node.expr {
            Expr::Ident(name) if facts::ROOTS.contains(&name.as_str()) => {
                self.fault(node, format!("`{name}` is a fact; give the variable another name"))
            }
            Expr::Ident(name) if !name.starts_with('.') => Ok(name.clone()),
            _ => self.fault(node, "here stands the name of a variable"),
        }
    }
}
