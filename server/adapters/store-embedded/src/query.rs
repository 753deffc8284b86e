//! Filters over records, as SQL.

use crate::{
    ledger::{COLUMNS, chain_name, stored},
    store::unreadable,
};
use rusqlite::{
    Connection,
    functions::FunctionFlags,
    params_from_iter,
    types::{Value, ValueRef},
};
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
    sql.expr(&query.filter, query.tenant.as_str());
    sql.push(&format!(" ORDER BY r.receive_time {order}, r.sequence {order} LIMIT "));
    sql.bind(i64::try_from(query.size).unwrap_or(i64::MAX - 1) + 1);
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

/// A statement that grows with its values.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
        self.text.push('?');
    }

    fn expr(&mut self, expr: &Expr<AuditField>, tenant: &str) {
        match expr {
            Expr::And(parts) => self.joined(parts, " AND ", "1", tenant),
            Expr::Or(parts) => self.joined(parts, " OR ", "0", tenant),
            Expr::Not(part) => {
                self.push("NOT ");
                self.joined(std::slice::from_ref(part), "", "1", tenant);
            }
            Expr::Term(term) => self.term(term, tenant),
        }
    }

    fn joined(&mut self, parts: &[Expr<AuditField>], join: &str, empty: &str, tenant: &str) {
        self.push(if parts.is_empty() { empty } else { "(" });
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(join);
            }
            self.expr(part, tenant);
        }
        self.push(if parts.is_empty() { "" } else { ")" });
    }

    fn term(&mut self, term: &Term<AuditField>, tenant: &str) {
        match term.field {
            AuditField::Scene => self.text_column("r.scene", term),
            AuditField::ConversationId => self.text_column("r.conversation", term),
            AuditField::SenderUserId => self.text_column("r.sender", term),
            AuditField::MessageId => self.text_column("r.message_id", term),
            AuditField::ReceiveTime => self.number_column("r.receive_time", term),
            AuditField::Level => self.number_column("r.level", term),
            AuditField::Decision => self.number_column("r.decision", term),
            AuditField::Kind => self.number_column("r.kind", term),
            AuditField::Rule => self.rule(term, tenant),
            AuditField::Label => self.token(term.op, label_token(term.value.as_text())),
            AuditField::Text => self.content(term),
        }
    }

    fn text_column(&mut self, column: &str, term: &Term<AuditField>) {
        let value = term.value.as_text().to_owned();
        if term.op == Op::Has {
            self.push("instr(lower(");
            self.push(column);
            self.push("), lower(");
            self.bind(value);
            self.push(")) > 0");
        } else {
            self.push(column);
            self.push(operator(term.op));
            self.bind(value);
        }
    }

    fn number_column(&mut self, column: &str, term: &Term<AuditField>) {
        self.push(column);
        self.push(operator(term.op));
        self.bind(term.value.as_number());
    }

    /// One of the tenant's own rules by its id or name, an included one by its name.
    fn rule(&mut self, term: &Term<AuditField>, tenant: &str) {
        let name = term.value.as_text();
        let own = name.strip_prefix(&format!("tenants/{tenant}/rules/"));
        self.token(term.op, rule_token(own.unwrap_or(name)));
    }

    fn token(&mut self, op: Op, token: String) {
        self.push(if op == Op::Ne { "NOT " } else { "" });
        self.matching(format!("\"{token}\""));
    }

    fn matching(&mut self, query: String) {
        self.push("r.sequence IN (SELECT rowid FROM record_tokens WHERE record_tokens MATCH ");
        self.bind(query);
        self.push(")");
    }

    /// Tokens narrow, then the text itself decides.
    fn content(&mut self, term: &Term<AuditField>) {
        let sought = term.value.as_text();
        self.push(if term.op == Op::Ne { "NOT (" } else { "(" });
        match text_tokens(sought) {
            None => self.push("1"),
            Some(TextTokens::Prefix(start)) => self.matching(format!("\"{start}\" *")),
            Some(TextTokens::All(tokens)) => {
                let all: Vec<_> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
                self.matching(all.join(" AND "));
            }
        }
        self.push(" AND holds(r.content, ");
        self.bind(umpire_text::fold(sought));
        self.push("))");
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
