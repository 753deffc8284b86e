//! Lists that go back to the matches, or to the labels of one.

use super::super::need::{Need, Test};
use super::{Element, Scopes, literal};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};

/// A list that goes back to `matches` or to the labels of the match at hand.
pub(super) struct Range<'e> {
    /// The list is of these, or `filter` and `map` made it of them.
    source: Element,
    /// What its elements are.
    element: Element,
    /// Conditions that its elements met, with their variables.
    filters: Vec<(&'e str, &'e IdedExpr)>,
    /// What `map` makes of an element.
    made: Option<(&'e str, &'e IdedExpr)>,
}

impl<'e> Scopes<'e> {
    /// Some element of a list makes `body` `truth`.
    pub(super) fn some(
        &mut self,
        list: &'e IdedExpr,
        variable: &'e IdedExpr,
        body: &'e IdedExpr,
        truth: bool,
    ) -> Need {
        let Expr::Ident(variable) = &variable.expr else { return Need::Anything };
        match self.range(list) {
            Some(range) => {
                let element = range.element;
                self.some_of(&range, |scopes| scopes.within(variable, element, body, truth))
            }
            None => self.within(variable, Element::Other, body, truth),
        }
    }

    /// Some element that passed the filters of a range meets what `then` finds.
    pub(super) fn some_of(
        &mut self,
        range: &Range<'e>,
        then: impl FnOnce(&mut Self) -> Need,
    ) -> Need {
        let mut parts = Vec::new();
        for (variable, condition) in &range.filters {
            parts.push(self.within(variable, range.source, condition, true));
        }
        // Whatever is asked inside is asked of an element of this range.
        self.0.push(("", range.source));
        parts.push(then(self));
        self.0.pop();
        let need = Box::new(Need::all(parts));
        match range.source {
            Element::Match => Need::SomeMatch(need),
            Element::Label => Need::SomeLabel(need),
            Element::Other => *need,
        }
    }

    pub(super) fn within(
        &mut self,
        variable: &'e str,
        element: Element,
        body: &'e IdedExpr,
        truth: bool,
    ) -> Need {
        self.0.push((variable, element));
        let need = self.of(body, truth);
        self.0.pop();
        need
    }

    /// `value in list`.
    pub(super) fn membership(
        &mut self,
        value: &'e IdedExpr,
        list: &'e IdedExpr,
        truth: bool,
    ) -> Need {
        if let Expr::List(written) = &list.expr {
            let texts = written.elements.iter().map(|element| match literal(element) {
                Some(LiteralValue::String(text)) => Some(text.inner().into()),
                _ => None,
            });
            let texts: Option<Vec<_>> = texts.collect();
            return texts
                .map_or(Need::Anything, |texts| self.tested(value, Test::IsOneOf(texts), truth));
        }
        let (true, Some(range)) = (truth, self.range(list)) else { return Need::Anything };
        let wanted = match literal(value) {
            Some(LiteralValue::String(text)) => Test::IsOneOf(vec![text.inner().into()]),
            _ => return self.some_of(&range, |_| Need::Anything),
        };
        let (made, source) = (range.made, range.source);
        self.some_of(&range, |scopes| match made {
            Some((variable, body)) => {
                scopes.0.push((variable, source));
                let need = scopes.tested(body, wanted, true);
                scopes.0.pop();
                need
            }
            None if source == Element::Label => Need::Label(wanted, true),
            None => Need::Anything,
        })
    }

    /// The matches or labels a list is made of.
    pub(super) fn range(&self, list: &'e IdedExpr) -> Option<Range<'e>> {
        let plain = |source| Range { source, element: source, filters: vec![], made: None };
        match &list.expr {
            Expr::Ident(name) if name == "matches" => Some(plain(Element::Match)),
            Expr::Select(select) if select.field == "labels" => match &select.operand.expr {
                Expr::Ident(name) if self.at_hand(name) == Some(Element::Match) => {
                    Some(plain(Element::Label))
                }
                _ => None,
            },
            Expr::Call(call) => {
                let range = self.range(call.target.as_deref()?)?;
                made_of(range, call)
            }
            _ => None,
        }
    }
}

/// What `filter` and `map` make of a range. After `map` nothing more is known of the
/// elements than what they were made from.
fn made_of<'e>(mut range: Range<'e>, call: &'e CallExpr) -> Option<Range<'e>> {
    let [variable, rest @ ..] = &call.args[..] else { return None };
    let Expr::Ident(variable) = &variable.expr else { return None };
    let from_source = range.element == range.source;
    match (call.func_name.as_str(), rest) {
        ("filter", [condition]) if from_source => range.filters.push((variable, condition)),
        ("filter", [_]) => range.made = None,
        ("map", [made]) => {
            range.made = from_source.then_some((variable.as_str(), made));
            range.element = Element::Other;
        }
        ("map", [condition, made]) => {
            if from_source {
                range.filters.push((variable, condition));
            }
            range.made = from_source.then_some((variable.as_str(), made));
            range.element = Element::Other;
        }
        _ => return None,
    }
    Some(range)
}
