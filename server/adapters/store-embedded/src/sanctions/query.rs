//! Filters over sanctions and counters, as SQL.

use super::strikes::of_counter;
use crate::{
    rule_sets::{from_json, signed},
    sql::Sql,
    store::unreadable,
};
use rusqlite::{Connection, Row, params_from_iter};
use umpire_model::ResourceId;
use umpire_query::{Expr, Op, Page, Term};
use umpire_sanctions::{Counted, Sanction, SanctionField, SanctionQuery, StrikeField, StrikeQuery};

/// Bytes a strike counts for when a page is filled.
const STRIKE_BYTES: usize = 16;

/// What a row gives: its place, what it weighs, and what it is.
type Placed<T> = (u64, usize, T);

/// The page of sanctions a query asks for, newest first.
pub(super) fn sanctions(
    connection: &Connection,
    query: &SanctionQuery,
) -> rusqlite::Result<Page<Sanction>> {
    let tenant = query.tenant.as_str();
    let mut sql = Sql::default();
    sql.push("SELECT s.sequence, s.body FROM sanctions s WHERE s.tenant = ");
    sql.bind(tenant.to_owned());
    if let Some(last) = read_cursor(query.cursor.as_deref()) {
        sql.push(" AND s.sequence < ");
        sql.bind(signed(last));
    }
    sql.push(index_of(&query.filter));
    sql.push(" AND ");
    sql.expr(&query.filter, &|sql, term| sanction_term(sql, term, tenant));
    sql.push(" ORDER BY s.sequence DESC");
    sql.limit(query.size);
    page(connection, sql, query.size, |row| {
        let body = row.get_ref(1)?;
        Ok((row.get(0)?, body.as_str()?.len(), from_json(body)?))
    })
}

/// The page of counters a query asks for, in the order they came to hold a strike.
pub(super) fn counters(
    connection: &Connection,
    query: &StrikeQuery,
) -> rusqlite::Result<Page<Counted>> {
    let tenant = query.tenant.as_str();
    let mut sql = Sql::default();
    sql.push("SELECT c.id, c.rule, c.body FROM counters c WHERE c.tenant = ");
    sql.bind(tenant.to_owned());
    if let Some(last) = read_cursor(query.cursor.as_deref()) {
        sql.push(" AND c.id > ");
        sql.bind(signed(last));
    }
    sql.push(" AND ");
    sql.expr(&query.filter, &|sql, term| strike_term(sql, term, tenant));
    sql.push(" ORDER BY c.id");
    sql.limit(query.size);
    page(connection, sql, query.size, |row| counted(connection, row))
}

/// What a filter asks for in any case, said so that a small index serves: few sanctions are
/// open, and fewer wait.
fn index_of(filter: &Expr<SanctionField>) -> &'static str {
    const WAITING: i64 = 3;
    let says = |term: &Term<SanctionField>| match (term.field, term.op, term.value.as_number()) {
        (SanctionField::State, Op::Eq, state) if state < WAITING => Some(" AND s.state < 3"),
        (SanctionField::Active, Op::Eq, 1) => Some(" AND s.open = 1"),
        _ => None,
    };
    match filter {
        Expr::Term(term) => says(term).unwrap_or_default(),
        Expr::And(parts) => parts.iter().map(index_of).max().unwrap_or_default(),
        Expr::Or(_) | Expr::Not(_) => "",
    }
}

fn counted(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<Placed<Counted>> {
    let strikes = of_counter(connection, row.get(0)?)?;
    let body = row.get_ref(2)?;
    let weight = body.as_str()?.len() + STRIKE_BYTES * strikes.iter().count();
    let rule = ResourceId::new(row.get_ref(1)?.as_str()?).map_err(unreadable)?;
    Ok((row.get(0)?, weight, Counted { rule, subject: from_json(body)?, strikes }))
}

fn page<T>(
    connection: &Connection,
    sql: Sql,
    size: usize,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<Placed<T>>,
) -> rusqlite::Result<Page<T>> {
    let mut statement = connection.prepare_cached(&sql.text)?;
    let rows = statement.query_map(params_from_iter(sql.values), read)?;
    let cursor = |(place, _, _): &Placed<T>| place.to_be_bytes().to_vec();
    let page = Page::gather(rows, size, |(_, weight, _)| *weight, cursor)?;
    let items = page.items.into_iter().map(|(_, _, item)| item).collect();
    Ok(Page { items, next: page.next })
}

fn read_cursor(cursor: Option<&[u8]>) -> Option<u64> {
    Some(u64::from_be_bytes(cursor?.try_into().ok()?))
}

fn sanction_term(sql: &mut Sql, term: &Term<SanctionField>, tenant: &str) {
    match term.field {
        SanctionField::State => sql.number_column("s.state", term),
        SanctionField::Kind => sql.number_column("s.kind", term),
        SanctionField::Origin => sql.number_column("s.origin", term),
        SanctionField::UserId => sql.text_column("s.user", term),
        SanctionField::ServerId => sql.text_column("s.server", term),
        SanctionField::Channel => sql.text_column("s.channel", term),
        SanctionField::Category => sql.text_column("s.category", term),
        SanctionField::RoleId => sql.text_column("s.role", term),
        SanctionField::Rule => rule(sql, "s.rule", term, tenant),
        SanctionField::Revision => sql.number_column("s.revision", term),
        SanctionField::StartTime => sql.number_column("s.start_time", term),
        SanctionField::EndTime => end_time(sql, term),
        SanctionField::Permanent => sql.number_column("s.permanent", term),
        SanctionField::Suppressed => sql.number_column("s.suppressed", term),
        // The store has no clock. What is over is EXPIRED as soon as its end has come.
        SanctionField::Active => sql.number_column("s.open", term),
        SanctionField::Operator => sql.text_column("s.operator", term),
    }
}

fn strike_term(sql: &mut Sql, term: &Term<StrikeField>, tenant: &str) {
    match term.field {
        StrikeField::Rule => rule(sql, "c.rule", term, tenant),
        StrikeField::UserId => sql.text_column("c.user", term),
        StrikeField::ServerId => sql.text_column("c.server", term),
    }
}

/// A rule of the tenant by its id or name.
fn rule<F>(sql: &mut Sql, column: &str, term: &Term<F>, tenant: &str) {
    let name = term.value.as_text();
    let id = name.strip_prefix(&format!("tenants/{tenant}/sanctionRules/"));
    sql.text_is(column, term.op, id.unwrap_or(name));
}

/// What has no end meets no comparison with one, and `NOT` of each.
fn end_time(sql: &mut Sql, term: &Term<SanctionField>) {
    sql.push("ifnull(");
    sql.number_column("s.end_time", term);
    sql.push(", 0)");
}
