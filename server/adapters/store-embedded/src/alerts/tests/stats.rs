use super::{at, delivery, ended, folder, open, other, put, tenant};
use umpire_model::{Level, Timestamp};
use umpire_notify::{
    Alerts, Attempt, ChannelKind, Delivery, DeliveryState, Notice, Reason, Stats, StatsQuery,
};

fn query(from: i64, to: i64) -> StatsQuery {
    StatsQuery { tenant: tenant(), from: at(from), to: at(to) }
}

fn attempt(vendor_code: &str) -> Attempt {
    Attempt {
        time: at(1),
        latency_ms: 3,
        class: "TRANSIENT".into(),
        status: 200,
        vendor_code: vendor_code.into(),
        detail: String::new(),
    }
}

fn none(channel: ChannelKind, level: Level) -> Stats {
    Stats {
        channel,
        level,
        queued: 0,
        delivered: 0,
        suppressed: 0,
        expired: 0,
        dead_lettered: 0,
        attempts: 0,
        latency_ms_p50: 0,
        latency_ms_p99: 0,
        vendor_codes: Vec::new(),
    }
}

/// Delivered so many milliseconds after it was queued, at the tenth second.
fn delivered(level: Level, milliseconds: i64) -> Delivery {
    let made = Delivery { create_time: at(10), ..delivery("a", level) };
    let done = Timestamp(at(10).0 + milliseconds * 1_000 + 999);
    ended(&made, DeliveryState::Delivered, done)
}

#[tokio::test]
async fn deliveries_are_counted_by_channel_and_level() {
    let folder = folder();
    let store = open(&folder);
    let made = |seconds, level| Delivery { create_time: at(seconds), ..delivery("a", level) };
    let tested = made(10, Level::P0);
    let notice = Notice { reason: Reason::Test, ..tested.notice.clone() };
    let sms = |attempts| Delivery { channel: ChannelKind::Sms, attempts, ..made(19, Level::P1) };
    put(
        &store,
        &[
            made(9, Level::P0),
            made(10, Level::P0),
            made(20, Level::P0),
            Delivery { notice, ..tested },
            Delivery { tenant: other(), ..made(10, Level::P0) },
            ended(&made(11, Level::P0), DeliveryState::Suppressed, at(12)),
            ended(&made(11, Level::P0), DeliveryState::Expired, at(12)),
            ended(&sms(4), DeliveryState::DeadLettered, at(25)),
            Delivery { log: vec![attempt(""), attempt("")], ..sms(1) },
        ],
    )
    .await;
    let urgent =
        Stats { queued: 1, suppressed: 1, expired: 1, ..none(ChannelKind::Dingtalk, Level::P0) };
    let sms =
        Stats { queued: 1, dead_lettered: 1, attempts: 6, ..none(ChannelKind::Sms, Level::P1) };
    assert_eq!(store.stats(query(10, 20)).await, Ok(vec![urgent, sms]));
    assert_eq!(store.stats(query(30, 40)).await, Ok(Vec::new()));
    store.close().await;
}

#[tokio::test]
async fn percentiles_are_exact() {
    for (latencies, p50, p99) in [
        ((7..=7).collect::<Vec<i64>>(), 7, 7),
        ((1..=2).rev().collect(), 1, 2),
        ((1..=99).rev().collect(), 50, 99),
        ((1..=100).rev().collect(), 50, 99),
        ((1..=101).collect(), 51, 100),
        ((1..=200).rev().collect(), 100, 198),
        (vec![-5, -5, -5], 0, 0),
    ] {
        let folder = folder();
        let store = open(&folder);
        let measured = latencies.iter().map(|latency| delivered(Level::P1, *latency));
        put(&store, &measured.collect::<Vec<_>>()).await;
        put(&store, &[delivered(Level::P0, 1_000_000), delivery("a", Level::P1)]).await;
        let stats = store.stats(query(0, 60)).await.expect("read");
        let found: Vec<_> = stats.iter().map(|of| (of.latency_ms_p50, of.latency_ms_p99)).collect();
        assert_eq!(found, [(1_000_000, 1_000_000), (p50, p99)], "{} of them", latencies.len());
        assert_eq!(stats[1].delivered, latencies.len() as u64);
        store.close().await;
    }
}

#[tokio::test]
async fn codes_are_counted_most_frequent_first() {
    let folder = folder();
    let store = open(&folder);
    let many = (0..25).map(|code| attempt(&format!("{code:02}")));
    let mut log: Vec<_> = many.chain(["24", "", "x\"y"].map(attempt)).collect();
    put(&store, &[Delivery { log: log.split_off(20), ..delivery("a", Level::P1) }]).await;
    let again = Delivery { log: vec![attempt("x\"y"); 3], ..delivery("a", Level::P1) };
    put(&store, &[Delivery { log, ..delivery("a", Level::P1) }, again]).await;
    let stats = store.stats(query(0, 60)).await.expect("read");
    let codes = &stats[0].vendor_codes;
    assert_eq!(codes[..3], [("x\"y".into(), 4), ("24".into(), 2), ("00".into(), 1)]);
    assert_eq!((codes.len(), stats[0].attempts), (20, 31));
    store.close().await;
}
