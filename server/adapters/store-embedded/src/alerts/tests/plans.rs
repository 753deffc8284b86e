use super::{folder, open};
use crate::alerts::{deliveries, groups, inbox, rows};
use rusqlite::{Connection, params_from_iter, types::Null};

/// How SQLite goes about a statement.
fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement =
        connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a statement");
    let values = vec![Null; statement.parameter_count()];
    let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3));
    let steps: rusqlite::Result<Vec<_>> = steps.expect("a plan").collect();
    steps.expect("readable").join("; ")
}

#[tokio::test]
async fn what_the_writer_asks_often_is_in_an_index_in_its_order() {
    let folder = folder();
    let store = open(&folder);
    store.close().await;
    let connection = Connection::open(folder.path().join("umpire.db")).expect("opened");
    for (sql, index) in [
        (inbox::OLDEST, "alert_events_waiting"),
        (rows::OPEN_OF_KEY, "alerts_open_by_key (tenant=? AND key=?)"),
        (rows::OPEN, "alerts_open (tenant=?)"),
        (rows::DUE, "alerts_due ("),
        (groups::DUE, "alert_groups_due ("),
        (deliveries::NEXT_RECEIVER, "deliveries_due_of_receiver ("),
        (deliveries::QUEUED, "deliveries_queued (tenant=? AND receiver=?)"),
        (deliveries::QUEUED_ABOUT, "deliveries_about (tenant=? AND receiver=? AND about=?)"),
        (deliveries::QUEUED_COUNT, "deliveries_queued (tenant=? AND receiver=?)"),
        (deliveries::OVERDUE, "deliveries_deadline ("),
        (deliveries::SLOW, "deliveries_slow ("),
    ] {
        let plan = plan(&connection, sql);
        assert!(plan.contains(&format!("INDEX {index}")), "{plan}: {sql}");
        assert!(!plan.contains("TEMP B-TREE"), "it is sorted: {plan}: {sql}");
    }
}
