//! Filters over alerts and deliveries, as SQL.

use crate::{rule_sets::from_json, sql::Sql, store::unreadable};
use rusqlite::{Connection, functions::FunctionFlags, params_from_iter};
use serde::de::DeserializeOwned;
use umpire_notify::{
    Alert, AlertField, AlertQuery, AlertState, Delivery, DeliveryField, DeliveryQuery,
    DeliveryState,
};
use umpire_query::{Expr, Op, Page, Term};
use uuid::Uuid;

/// What a row gives: its id, what it weighs, and what it is.
type Placed<T> = (Vec<u8>, usize, T);

/// Adds `has_text(text, sought)`: whether a text holds another, which is in lower case.
/// SQLite's own `lower` knows no letters but those of English.
pub(crate) fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("has_text", 2, flags, |context| {
        let text = context.get_raw(0).as_str().map_err(unreadable)?;
        let sought = context.get_raw(1).as_str().map_err(unreadable)?;
        Ok(text.to_lowercase().contains(sought))
    })
}

/// The page of alerts a query asks for, newest first.
pub(super) fn alerts(connection: &Connection, query: &AlertQuery) -> rusqlite::Result<Page<Alert>> {
    let mut sql = Sql::default();
    sql.push("SELECT a.id, a.body FROM alerts a WHERE a.tenant = ");
    sql.bind(query.tenant.as_str().to_owned());
    after_cursor(&mut sql, "a.id", query.cursor.as_deref());
    // Says what the filter asks for in any case, so that a small index serves.
    sql.push(if asks_in_any_case(&query.filter, is_open) { " AND a.state < 2" } else { "" });
    sql.push(" AND ");
    sql.expr(&query.filter, &alert_term);
    sql.push(" ORDER BY a.id DESC");
    sql.limit(query.size);
    page(connection, sql, query.size)
}

/// The page of deliveries a query asks for, newest first.
pub(super) fn deliveries(
    connection: &Connection,
    query: &DeliveryQuery,
) -> rusqlite::Result<Page<Delivery>> {
    let tenant = query.tenant.as_str();
    let mut sql = Sql::default();
    // Few deliveries tell of one alert: the unary `+` keeps SQLite from walking the whole
    // tenant instead.
    let plus = if asks_in_any_case(&query.filter, is_of_alert) { "+" } else { "" };
    sql.push(&format!("SELECT d.id, d.body FROM deliveries d WHERE {plus}d.tenant = "));
    sql.bind(tenant.to_owned());
    after_cursor(&mut sql, &format!("{plus}d.id"), query.cursor.as_deref());
    for (says, condition) in SMALL {
        sql.push(if asks_in_any_case(&query.filter, says) { condition } else { "" });
    }
    sql.push(" AND ");
    sql.expr(&query.filter, &|sql, term| delivery_term(sql, term, tenant));
    sql.push(" ORDER BY d.id DESC");
    sql.limit(query.size);
    page(connection, sql, query.size)
}

/// Whether a comparison leaves only some rows.
type Says<F> = fn(&Term<F>) -> bool;

/// What few deliveries are, with the condition of an index of them.
const SMALL: [(Says<DeliveryField>, &str); 2] =
    [(is_queued, " AND d.state = 0"), (is_dead, " AND d.state >= 3")];

/// Whether a filter holds only where such a comparison does.
fn asks_in_any_case<F>(filter: &Expr<F>, says: Says<F>) -> bool {
    match filter {
        Expr::Term(term) => says(term),
        Expr::And(parts) => parts.iter().any(|part| asks_in_any_case(part, says)),
        Expr::Or(_) | Expr::Not(_) => false,
    }
}

fn is_open(term: &Term<AlertField>) -> bool {
    let resolved = AlertState::Resolved as i64;
    match (term.field, term.op, term.value.as_number()) {
        (AlertField::State, Op::Eq, state) => state < resolved,
        (AlertField::State, Op::Ne, state) => state == resolved,
        _ => false,
    }
}

fn is_queued(term: &Term<DeliveryField>) -> bool {
    is_state(term, |state| state == DeliveryState::Queued as i64)
}

fn is_dead(term: &Term<DeliveryField>) -> bool {
    is_state(term, |state| state >= DeliveryState::Expired as i64)
}

fn is_state(term: &Term<DeliveryField>, test: impl Fn(i64) -> bool) -> bool {
    term.field == DeliveryField::State && term.op == Op::Eq && test(term.value.as_number())
}

fn is_of_alert(term: &Term<DeliveryField>) -> bool {
    term.field == DeliveryField::Alert && term.op != Op::Ne
}

/// Ids ascend with time.
fn after_cursor(sql: &mut Sql, column: &str, cursor: Option<&[u8]>) {
    if let Some(last) = cursor {
        sql.push(&format!(" AND {column} < "));
        sql.bind(last.to_vec());
    }
}

fn page<T: DeserializeOwned>(
    connection: &Connection,
    sql: Sql,
    size: usize,
) -> rusqlite::Result<Page<T>> {
    let mut statement = connection.prepare_cached(&sql.text)?;
    let rows = statement.query_map(params_from_iter(sql.values), |row| {
        let body = row.get_ref(1)?;
        Ok((row.get(0)?, body.as_str()?.len(), from_json(body)?))
    })?;
    let cursor = |(id, _, _): &Placed<T>| id.clone();
    let page = Page::gather(rows, size, |(_, weight, _)| *weight, cursor)?;
    let items = page.items.into_iter().map(|(_, _, item)| item).collect();
    Ok(Page { items, next: page.next })
}

/// The same as [`umpire_notify::meets`].
fn alert_term(sql: &mut Sql, term: &Term<AlertField>) {
    match term.field {
        AlertField::Tenant => text(sql, "a.tenant", term),
        AlertField::Kind => sql.number_column("a.kind", term),
        AlertField::Level => sql.number_column("a.level", term),
        AlertField::State => sql.number_column("a.state", term),
        AlertField::Key => text(sql, "a.key", term),
        AlertField::Rule => rule(sql, term),
        AlertField::Label => label(sql, term),
        AlertField::Scene => text(sql, "a.scene", term),
        AlertField::Conversation => text(sql, "a.conversation", term),
        AlertField::Sender => text(sql, "a.sender", term),
        AlertField::Department => text(sql, "a.department", term),
        AlertField::Camera => text(sql, "a.camera", term),
        AlertField::Assignee => text(sql, "a.assignee", term),
        AlertField::FirstTime => sql.number_column("a.first_time", term),
        AlertField::LastTime => sql.number_column("a.last_time", term),
        AlertField::Count => sql.number_column("a.count", term),
        AlertField::Suppressed => sql.number_column("a.suppressed", term),
    }
}

fn delivery_term(sql: &mut Sql, term: &Term<DeliveryField>, tenant: &str) {
    match term.field {
        DeliveryField::State => sql.number_column("d.state", term),
        DeliveryField::Receiver => {
            text_is(sql, "d.receiver", term.op, id_in(term, tenant, "receivers"));
        }
        DeliveryField::Channel => text(sql, "d.channel", term),
        DeliveryField::Alert => alert(sql, term, tenant),
        DeliveryField::Level => sql.number_column("d.level", term),
        DeliveryField::Reason => text(sql, "d.reason", term),
        DeliveryField::CreateTime => sql.number_column("d.create_time", term),
    }
}

/// The id of a resource of the tenant that is given by its id or name.
fn id_in<'t, F>(term: &'t Term<F>, tenant: &str, collection: &str) -> &'t str {
    let name = term.value.as_text();
    name.strip_prefix(&format!("tenants/{tenant}/{collection}/")).unwrap_or(name)
}

fn text<F>(sql: &mut Sql, column: &str, term: &Term<F>) {
    text_is(sql, column, term.op, term.value.as_text());
}

/// The same as [`Term::test_text`].
fn text_is(sql: &mut Sql, column: &str, op: Op, value: &str) {
    if op == Op::Has {
        sql.push(&format!("has_text({column}, "));
        sql.bind(value.to_lowercase());
        sql.push(")");
    } else {
        sql.text_is(column, op, value);
    }
}

/// A rule by its name or by the last segment of it.
fn rule(sql: &mut Sql, term: &Term<AlertField>) {
    let is_name = term.value.as_text().contains('/');
    text(sql, if is_name { "a.rule" } else { "a.rule_id" }, term);
}

fn label(sql: &mut Sql, term: &Term<AlertField>) {
    sql.push(if term.op == Op::Ne { "NOT " } else { "" });
    sql.push("EXISTS (SELECT 1 FROM json_each(a.labels) l WHERE l.value = ");
    sql.bind(term.value.as_text().to_owned());
    sql.push(")");
}

/// What is no id of an alert is none that a delivery tells of.
fn alert(sql: &mut Sql, term: &Term<DeliveryField>, tenant: &str) {
    let id = Uuid::try_parse(id_in(term, tenant, "alerts"));
    sql.push(if term.op == Op::Ne { "NOT " } else { "" });
    sql.push("d.place IN (SELECT delivery FROM delivery_alerts WHERE alert = ");
    sql.bind(id.map_or_else(|_| Vec::new(), |id| id.as_bytes().to_vec()));
    sql.push(")");
}
