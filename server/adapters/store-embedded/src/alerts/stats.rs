//! Deliveries, counted by channel and level.

use crate::store::unreadable;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;
use umpire_model::Level;
use umpire_notify::{ChannelKind, Stats, StatsQuery};

/// Most codes of a channel and level that are told.
const MAX_CODES: usize = 20;

/// Which deliveries a query counts.
const COUNTED: &str = "d.tenant = ?1 AND d.create_time >= ?2 AND d.create_time < ?3
    AND d.reason <> 'TEST'";

type Group = (ChannelKind, Level);
type Groups = BTreeMap<Group, Stats>;

/// Counts them as of one moment.
pub(super) fn stats(connection: &Connection, query: &StatsQuery) -> rusqlite::Result<Vec<Stats>> {
    let moment = connection.unchecked_transaction()?;
    let mut groups = count(&moment, query)?;
    add_latencies(&moment, query, &mut groups)?;
    add_codes(&moment, query, &mut groups)?;
    Ok(groups.into_values().collect())
}

fn count(connection: &Connection, query: &StatsQuery) -> rusqlite::Result<Groups> {
    let sql = format!(
        "SELECT d.channel, d.level, sum(d.state = 0), sum(d.state = 1), sum(d.state = 2),
             sum(d.state = 3), sum(d.state = 4), sum(d.calls)
         FROM deliveries d WHERE {COUNTED} GROUP BY d.channel, d.level"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(values(query), |row| {
        let group = group(row)?;
        Ok((group, counted(group, row)?))
    })?;
    rows.collect()
}

fn counted((channel, level): Group, row: &Row<'_>) -> rusqlite::Result<Stats> {
    Ok(Stats {
        channel,
        level,
        queued: row.get(2)?,
        delivered: row.get(3)?,
        suppressed: row.get(4)?,
        expired: row.get(5)?,
        dead_lettered: row.get(6)?,
        attempts: row.get(7)?,
        latency_ms_p50: 0,
        latency_ms_p99: 0,
        vendor_codes: Vec::new(),
    })
}

/// The latency that half of those delivered, and 99 in 100, did not exceed.
fn add_latencies(
    connection: &Connection,
    query: &StatsQuery,
    groups: &mut Groups,
) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT channel, level,
             max(CASE WHEN nth = (total + 1) / 2 THEN latency END),
             max(CASE WHEN nth = (99 * total + 99) / 100 THEN latency END)
         FROM (SELECT d.channel, d.level, d.over_time - d.create_time AS latency,
                   row_number() OVER (PARTITION BY d.channel, d.level
                                      ORDER BY d.over_time - d.create_time) AS nth,
                   count(*) OVER (PARTITION BY d.channel, d.level) AS total
               FROM deliveries d WHERE {COUNTED} AND d.state = 1)
         GROUP BY channel, level"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(values(query))?;
    while let Some(row) = rows.next()? {
        let Some(stats) = groups.get_mut(&group(row)?) else { continue };
        stats.latency_ms_p50 = milliseconds(row.get(2)?);
        stats.latency_ms_p99 = milliseconds(row.get(3)?);
    }
    Ok(())
}

fn add_codes(
    connection: &Connection,
    query: &StatsQuery,
    groups: &mut Groups,
) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT d.channel, d.level, c.value, count(*) AS times
         FROM deliveries d, json_each(d.codes) c WHERE {COUNTED} AND d.codes <> '[]'
         GROUP BY d.channel, d.level, c.value ORDER BY times DESC, c.value"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(values(query))?;
    while let Some(row) = rows.next()? {
        let Some(stats) = groups.get_mut(&group(row)?) else { continue };
        if stats.vendor_codes.len() < MAX_CODES {
            stats.vendor_codes.push((row.get(2)?, row.get(3)?));
        }
    }
    Ok(())
}

fn values(query: &StatsQuery) -> (&str, i64, i64) {
    (query.tenant.as_str(), query.from.0, query.to.0)
}

/// The channel and level in the first two columns.
fn group(row: &Row<'_>) -> rusqlite::Result<Group> {
    let name = row.get_ref(0)?.as_str()?;
    let channel = ChannelKind::from_name(name).ok_or_else(|| unknown("channel"))?;
    let level = match row.get::<_, i64>(1)? {
        3 => Level::P0,
        2 => Level::P1,
        1 => Level::P2,
        0 => Level::P3,
        _ => return Err(unknown("level")),
    };
    Ok((channel, level))
}

fn unknown(column: &'static str) -> rusqlite::Error {
    unreadable(Unknown(column))
}

#[derive(Debug, thiserror::Error)]
#[error("a delivery has an unknown {0}")]
struct Unknown(&'static str);

/// Clocks that are set back make no latency negative.
fn milliseconds(micros: i64) -> u64 {
    u64::try_from(micros / 1_000).unwrap_or(0)
}
