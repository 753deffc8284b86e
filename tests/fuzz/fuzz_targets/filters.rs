//! What callers ask lists for: filters, orders and page tokens.
//!
//! Input: the filter in the first line; the text after it is what fields are said to hold,
//! an order and a page token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umpire_fuzz::{head_and_rest, text_of};
use umpire_query::{Expr, Field, Kind, PageToken, Term, parse, parse_order};
use umpire_rules::{EntryField, ListField, RevisionField, RuleField};

fuzz_target!(|data: &[u8]| {
    let Some(input) = text_of(data) else { return };
    let (filter, rest) = head_and_rest(input);
    evaluate::<RuleField>(filter, rest);
    evaluate::<EntryField>(filter, rest);
    evaluate::<ListField>(filter, rest);
    evaluate::<RevisionField>(filter, rest);
    let _ = parse_order(rest, &RuleField::ORDERS);
    let _ = PageToken::of(&["rules", filter]).decode(rest);
});

fn evaluate<F: Field>(filter: &str, held: &str) {
    let expr: Expr<F> = match parse(filter) {
        Ok(expr) => expr,
        Err(error) => return assert!(error.at <= filter.len(), "{error}"),
    };
    let number = i64::try_from(held.len()).unwrap_or(i64::MAX);
    let test = |term: &Term<F>| match term.field.kind() {
        Kind::Text => term.test_text(held),
        Kind::Texts | Kind::Names(_) => term.test_texts(held.lines()),
        Kind::Time | Kind::Number | Kind::Choice(_) => term.test_number(number),
    };
    let holds = expr.matches(&test);
    assert_eq!(Expr::Not(Box::new(expr)).matches(&test), !holds);
}
