//! Filters over records, as SQL.

use crate::{
    ledger::{COLUMNS, chain_name, stored},
    sql::Sql,
    store::unreadable,
};
use rusqlite::{Connection, functions::FunctionFlags, params_from_iter, types::ValueRef};
use umpire_audit::{
    AuditField, Contents, RecordQuery, StoredRecord, TextTokens, label_token, rule_token,
    text_tokens,
};
use umpire_query::{Expr, Op, Page, Term};

/// Adds `holds(content, folded)`: whether a masked text holds a folded one.
pub(crate) fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("holds", 2, flags, |context| {
        let ValueRef::Blob(bytes) = context.get_raw(0) else { return Ok(false) };
        let sought = context.get_raw(1).as_str().map_err(unreadable)?;
        let contents: Contents = minicbor::decode(bytes).map_err(unreadable)?;
        Ok(contents.texts.iter().any(|(_, text)| umpire_text::fold(text).contains(sought)))
    })
}

/// The page of records a query asks for.
pub(crate) fn page(
    connection: &Connection,
    query: &RecordQuery,
) -> rusqlite::Result<Page<StoredRecord>> {
    let writer = chain_name(connection)?;
    let mut sql = Sql::default();
    // Where tokens narrow the search, the unary `+` keeps SQLite from walking
    // the whole tenant by time instead.
    let tokens_narrow = narrows_by_tokens(&query.filter);
    let plus = if tokens_narrow { "+" } else { "" };
    sql.push(&format!("SELECT {COLUMNS} FROM records r WHERE {plus}r.tenant = "));
    sql.bind(query.tenant.as_str().to_owned());
    let (compare, order) = if query.descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some((time, sequence)) = query.cursor.as_deref().and_then(read_cursor) {
        sql.push(&format!(" AND ({plus}r.receive_time, r.sequence) {compare} ("));
        sql.bind(time);
        sql.push(", ");
        sql.bind(sequence);
        sql.push(")");
    }
    sql.push(" AND ");
    sql.expr(&query.filter, &|sql, term| write_term(sql, term, query.tenant.as_str()));
    sql.push(&format!(" ORDER BY r.receive_time {order}, r.sequence {order}"));
    sql.limit(query.size);
    let mut statement = connection.prepare_cached(&sql.text)?;
    let rows = statement.query_map(params_from_iter(sql.values), |row| {
        let weight = row.get_ref(1)?.as_blob()?.len()
            + row.get_ref(2)?.as_blob_or_null()?.map_or(0, <[u8]>::len);
        Ok((stored(row, &writer)?, weight))
    })?;
    let page =
        Page::gather(rows, query.size, |(_, weight)| *weight, |(last, _)| write_cursor(last))?;
    let items = page.items.into_iter().map(|(record, _)| record).collect();
    Ok(Page { items, next: page.next })
}

fn narrows_by_tokens(filter: &Expr<AuditField>) -> bool {
    match filter {
        Expr::And(parts) => parts.iter().any(narrows_by_tokens),
        Expr::Term(term) => {
            let by_token =
                matches!(term.field, AuditField::Rule | AuditField::Label | AuditField::Text);
            by_token && term.op != Op::Ne
        }
        Expr::Or(_) | Expr::Not(_) => false,
    }
}

fn write_cursor(last: &StoredRecord) -> Vec<u8> {
    let mut bytes = last.record.receive_time.0.to_be_bytes().to_vec();
    bytes.extend(last.link.sequence.to_be_bytes());
    bytes
}

fn read_cursor(bytes: &[u8]) -> Option<(i64, i64)> {
    let (time, sequence) = bytes.split_at_checked(8)?;
    Some((i64::from_be_bytes(time.try_into().ok()?), i64::from_be_bytes(sequence.try_into().ok()?)))
}

/// Writes one comparison; `tenant` is whose records are asked for.
fn write_term(sql: &mut Sql, term: &Term<AuditField>, tenant: &str) {
    match term.field {
        AuditField::Scene => sql.text_column("r.scene", term),
        AuditField::ConversationId => sql.text_column("r.conversation", term),
        AuditField::SenderUserId => sql.text_column("r.sender", term),
        AuditField::MessageId => sql.text_column("r.message_id", term),
        AuditField::ReceiveTime => sql.number_column("r.receive_time", term),
        AuditField::Level => sql.number_column("r.level", term),
        AuditField::Decision => sql.number_column("r.decision", term),
        AuditField::Kind => sql.number_column("r.kind", term),
        AuditField::Rule => write_rule(sql, term, tenant),
        AuditField::Label => write_token(sql, term.op, &label_token(term.value.as_text())),
        AuditField::Text => write_content(sql, term),
    }
}

/// One of the tenant's own rules by its id or name, an included one by its name.
fn write_rule(sql: &mut Sql, term: &Term<AuditField>, tenant: &str) {
    let name = term.value.as_text();
    let own = name.strip_prefix(&format!("tenants/{tenant}/rules/"));
    write_token(sql, term.op, &rule_token(own.unwrap_or(name)));
}

fn write_token(sql: &mut Sql, op: Op, token: &str) {
    sql.push(if op == Op::Ne { "NOT " } else { "" });
    write_matching(sql, format!("\"{token}\""));
}

fn write_matching(sql: &mut Sql, query: String) {
    sql.push("r.sequence IN (SELECT rowid FROM record_tokens WHERE record_tokens MATCH ");
    sql.bind(query);
    sql.push(")");
}

/// Tokens narrow, then the text itself decides.
fn write_content(sql: &mut Sql, term: &Term<AuditField>) {
    let sought = term.value.as_text();
    sql.push(if term.op == Op::Ne { "NOT (" } else { "(" });
    match text_tokens(sought) {
        None => sql.push("1"),
        Some(TextTokens::Prefix(start)) => write_matching(sql, format!("\"{start}\" *")),
        Some(TextTokens::All(tokens)) => {
            let all: Vec<_> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
            write_matching(sql, all.join(" AND "));
        }
    }
    sql.push(" AND holds(r.content, ");
    sql.bind(umpire_text::fold(sought));
    sql.push("))");
}
