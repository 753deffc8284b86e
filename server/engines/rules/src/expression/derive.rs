//! From an expression to what must hold for it to be true.
//!
//! Every function here answers: given that this node is true (or false), what is
//! certain? An evaluation that fails is neither, so a conjunct that must be true must
//! also have been evaluated.

mod ranges;

use super::{
    facts::{self, Record},
    need::{Bound, Limit, Need, Test},
};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};

/// Largest double a bound is taken from: 2⁵².
const MAX_DOUBLE: f64 = 4_503_599_627_370_496.0;

/// What must hold for a checked tree to be true.
pub(super) fn need(tree: &IdedExpr) -> Need {
    Scopes::default().of(tree, true)
}

/// What a variable of a macro stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Match,
    Label,
    Other,
}

/// The variables of the macros around, innermost last.
#[derive(Default)]
struct Scopes<'e>(Vec<(&'e str, Element)>);

/// What is compared: something that can be read for a message.
enum Subject {
    Text(facts::Text),
    Number(facts::Number),
    MatchText(facts::MatchText),
    Label,
}

impl<'e> Scopes<'e> {
    /// What is certain when `node` is `truth`.
    fn of(&mut self, node: &'e IdedExpr, truth: bool) -> Need {
        match &node.expr {
            Expr::Literal(LiteralValue::Boolean(value)) if *value.inner() != truth => Need::never(),
            Expr::Select(select) => self.flag(select, truth),
            Expr::Call(call) => {
                let own = match call.target.as_deref() {
                    None => self.operator(call, truth),
                    Some(target) => self.member_call(target, call, truth),
                };
                Need::all([own, self.indexing(node)])
            }
            _ => Need::Anything,
        }
    }

    fn operator(&mut self, call: &'e CallExpr, truth: bool) -> Need {
        match (call.func_name.as_str(), &call.args[..]) {
            (operators::LOGICAL_NOT, [a]) => self.of(a, !truth),
            (operators::LOGICAL_AND, [a, b]) if truth => {
                Need::all([self.of(a, true), self.of(b, true)])
            }
            (operators::LOGICAL_AND, [a, b]) => Need::any([self.of(a, false), self.of(b, false)]),
            (operators::LOGICAL_OR, [a, b]) if truth => {
                Need::any([self.of(a, true), self.of(b, true)])
            }
            (operators::LOGICAL_OR, [a, b]) => Need::all([self.of(a, false), self.of(b, false)]),
            (operators::CONDITIONAL, [c, a, b]) => {
                let yes = Need::all([self.of(c, true), self.of(a, truth)]);
                Need::any([yes, Need::all([self.of(c, false), self.of(b, truth)])])
            }
            ("has", [argument]) => self.present(argument, truth),
            (operators::IN, [value, list]) => self.membership(value, list, truth),
            (name, [a, b]) => match (literal(a), literal(b)) {
                (None, Some(value)) => self.compared(a, name, value, truth),
                (Some(value), None) => self.compared(b, mirrored(name), value, truth),
                _ => Need::Anything,
            },
            _ => Need::Anything,
        }
    }

    fn member_call(&mut self, target: &'e IdedExpr, call: &'e CallExpr, truth: bool) -> Need {
        match (call.func_name.as_str(), &call.args[..]) {
            ("exists" | "exists_one" | "existsOne", [variable, body]) => {
                // A false `exists` says nothing of a single element.
                if truth { self.some(target, variable, body, true) } else { Need::Anything }
            }
            ("all", [variable, body]) if !truth => self.some(target, variable, body, false),
            (name, [argument]) => match (literal(argument), test(name)) {
                (Some(LiteralValue::String(part)), Some(test)) => {
                    self.tested(target, test(part.inner().into()), truth)
                }
                _ => Need::Anything,
            },
            _ => Need::Anything,
        }
    }

    /// What a variable stands for, if it is the match or the label at hand: the
    /// innermost of its sort.
    fn at_hand(&self, name: &str) -> Option<Element> {
        let place = self.0.iter().rposition(|(known, _)| *known == name)?;
        let element = self.0[place].1;
        // A label belongs to the innermost match.
        let hides = |other: Element| {
            other == element && element != Element::Other
                || (element == Element::Label && other == Element::Match)
        };
        let hidden = self.0[place + 1..].iter().any(|(_, other)| hides(*other));
        (!hidden).then_some(element)
    }

    /// What is read by a node.
    fn subject(&self, node: &IdedExpr) -> Option<Subject> {
        match &node.expr {
            Expr::Ident(name) => (self.at_hand(name)? == Element::Label).then_some(Subject::Label),
            Expr::Select(select) => {
                let Expr::Ident(name) = &select.operand.expr else { return None };
                if self.at_hand(name) == Some(Element::Match) {
                    return facts::match_text(&select.field).map(Subject::MatchText);
                }
                let record = Record::of_root(name)?;
                let text = facts::text(record, &select.field).map(Subject::Text);
                text.or_else(|| facts::number(record, &select.field).map(Subject::Number))
            }
            _ => None,
        }
    }

    fn tested(&self, node: &IdedExpr, test: Test, truth: bool) -> Need {
        match self.subject(node) {
            Some(Subject::Text(read)) => Need::Text(read, test, truth),
            Some(Subject::MatchText(read)) => Need::MatchText(read, test, truth),
            Some(Subject::Label) => Need::Label(test, truth),
            _ => Need::Anything,
        }
    }

    /// `node <operator> literal`.
    fn compared(
        &mut self,
        node: &'e IdedExpr,
        operator: &str,
        value: &LiteralValue,
        truth: bool,
    ) -> Need {
        if let LiteralValue::String(text) = value {
            let test = Test::IsOneOf(vec![text.inner().into()]);
            return match operator {
                operators::EQUALS => self.tested(node, test, truth),
                operators::NOT_EQUALS => self.tested(node, test, !truth),
                _ => Need::Anything,
            };
        }
        let Some(bound) = bound(operator, value, truth) else { return Need::Anything };
        if let Some(list) = sized(node) {
            let range = if bound.excludes_zero() { self.range(list) } else { None };
            return range.map_or(Need::Anything, |it| self.some_of(&it, |_| Need::Anything));
        }
        match self.subject(node) {
            Some(Subject::Number(read)) => Need::Number(read, bound),
            _ => Need::Anything,
        }
    }

    fn present(&self, argument: &IdedExpr, truth: bool) -> Need {
        match self.subject(argument) {
            Some(Subject::Number(read)) => Need::Present(read, truth),
            _ => Need::Anything,
        }
    }

    /// A member that is a condition by itself.
    fn flag(&self, select: &SelectExpr, truth: bool) -> Need {
        match &select.operand.expr {
            Expr::Ident(name)
                if select.field == "shadow" && self.at_hand(name) == Some(Element::Match) =>
            {
                Need::Shadow(truth)
            }
            _ => Need::Anything,
        }
    }

    /// Whether evaluating a node takes an element out of `matches`, whatever comes of
    /// it: without a match that fails.
    fn indexing(&self, node: &IdedExpr) -> Need {
        if takes_match(node) { Need::SomeMatch(Box::new(Need::Anything)) } else { Need::Anything }
    }
}

fn takes_match(node: &IdedExpr) -> bool {
    match &node.expr {
        Expr::Select(select) => takes_match(&select.operand),
        Expr::Call(call) => {
            let name = call.func_name.as_str();
            let lazy = [operators::LOGICAL_AND, operators::LOGICAL_OR, operators::CONDITIONAL];
            if lazy.contains(&name) {
                return false;
            }
            let of_matches =
                |part: &IdedExpr| matches!(&part.expr, Expr::Ident(n) if n == "matches");
            if name == operators::INDEX && call.args.first().is_some_and(of_matches) {
                return true;
            }
            // Of a macro, only the list is evaluated in any case.
            let args = if super::functions::is_macro(name) { &[][..] } else { &call.args[..] };
            call.target.as_deref().into_iter().chain(args).any(takes_match)
        }
        _ => false,
    }
}

/// The list in `size(list)` or `list.size()`.
fn sized(node: &IdedExpr) -> Option<&IdedExpr> {
    let Expr::Call(call) = &node.expr else { return None };
    match (call.func_name.as_str(), call.target.as_deref(), &call.args[..]) {
        ("size", Some(list), []) | ("size", None, [list]) => Some(list),
        _ => None,
    }
}

fn literal(node: &IdedExpr) -> Option<&LiteralValue> {
    match &node.expr {
        Expr::Literal(value) => Some(value),
        _ => None,
    }
}

fn test(name: &str) -> Option<fn(Box<str>) -> Test> {
    Some(match name {
        "contains" => Test::Contains,
        "startsWith" => Test::StartsWith,
        "endsWith" => Test::EndsWith,
        _ => return None,
    })
}

/// The operator with its sides exchanged.
fn mirrored(operator: &str) -> &str {
    match operator {
        operators::LESS => operators::GREATER,
        operators::LESS_EQUALS => operators::GREATER_EQUALS,
        operators::GREATER => operators::LESS,
        operators::GREATER_EQUALS => operators::LESS_EQUALS,
        other => other,
    }
}

/// Where a number lies when `number <operator> value` is `truth`.
fn bound(operator: &str, value: &LiteralValue, truth: bool) -> Option<Bound> {
    let limit = match value {
        LiteralValue::Int(value) => Limit::Int(*value.inner()),
        LiteralValue::Double(value) if value.inner().abs() <= MAX_DOUBLE => {
            Limit::Double(*value.inner())
        }
        _ => return None,
    };
    let (less, equal, greater) = match operator {
        operators::LESS => (true, false, false),
        operators::LESS_EQUALS => (true, true, false),
        operators::EQUALS => (false, true, false),
        operators::NOT_EQUALS => (true, false, true),
        operators::GREATER_EQUALS => (false, true, true),
        operators::GREATER => (false, false, true),
        _ => return None,
    };
    Some(Bound { limit, less: less == truth, equal: equal == truth, greater: greater == truth })
}
