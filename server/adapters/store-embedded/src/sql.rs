//! Statements that grow with a filter.

use rusqlite::types::Value;
use umpire_query::{Expr, Op, Term};

/// A statement with its values.
#[derive(Default)]
pub(crate) struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub fn bind(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
        self.text.push('?');
    }

    /// One row more than a page has: it says that there is a next one.
    pub fn limit(&mut self, size: usize) {
        self.push(" LIMIT ");
        self.bind(i64::try_from(size).unwrap_or(i64::MAX - 1) + 1);
    }

    /// A condition; `term` writes each comparison.
    pub fn expr<F>(&mut self, expr: &Expr<F>, term: &dyn Fn(&mut Self, &Term<F>)) {
        match expr {
            Expr::And(parts) => self.joined(parts, " AND ", "1", term),
            Expr::Or(parts) => self.joined(parts, " OR ", "0", term),
            Expr::Not(part) => {
                self.push("NOT ");
                self.joined::<F>(std::slice::from_ref(part), "", "1", term);
            }
            Expr::Term(found) => term(self, found),
        }
    }

    fn joined<F>(
        &mut self,
        parts: &[Expr<F>],
        join: &str,
        empty: &str,
        term: &dyn Fn(&mut Self, &Term<F>),
    ) {
        self.push(if parts.is_empty() { empty } else { "(" });
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(join);
            }
            self.expr(part, term);
        }
        self.push(if parts.is_empty() { "" } else { ")" });
    }

    pub fn text_column<F>(&mut self, column: &str, term: &Term<F>) {
        self.text_is(column, term.op, term.value.as_text());
    }

    /// Compares a column with a text.
    pub fn text_is(&mut self, column: &str, op: Op, value: &str) {
        if op == Op::Has {
            self.push("instr(lower(");
            self.push(column);
            self.push("), lower(");
            self.bind(value.to_owned());
            self.push(")) > 0");
        } else {
            self.push(column);
            self.push(operator(op));
            self.bind(value.to_owned());
        }
    }

    pub fn number_column<F>(&mut self, column: &str, term: &Term<F>) {
        self.push(column);
        self.push(operator(term.op));
        self.bind(term.value.as_number());
    }
}

fn operator(op: Op) -> &'static str {
    match op {
        Op::Eq | Op::Has => " = ",
        Op::Ne => " <> ",
        Op::Lt => " < ",
        Op::Le => " <= ",
        Op::Gt => " > ",
        Op::Ge => " >= ",
    }
}
