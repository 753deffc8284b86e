//! `ledger`: decisions with a match, made durable, beside bare inserts of the same rows.

use clap::Args;
use hdrhistogram::Histogram;
use rusqlite::{Connection, params};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use umpire_audit::{Decision, Ledger, ReplayKey};
use umpire_catalog::Sealer;
use umpire_model::{Conversation, Message, Sender, TenantId, Timestamp};
use umpire_moderation::{CheckMode, Context, Moderator};
use umpire_rules::{
    Change, LocalizedText, Moment, Rule, RuleBook, RuleMode, RuleSet, Scope, TextCondition,
};
use umpire_sanctions::{Court, Parts, Policy};
use umpire_store_embedded::{EmbeddedStore, Options as StoreOptions};
use umpire_tenancy::Directory;
use umpire_text::Scratch;

#[derive(Args)]
pub struct Options {
    /// Decisions of one measurement
    #[arg(long, default_value_t = 20_000)]
    decisions: usize,
    /// Checks that wait for their record at once
    #[arg(long, default_value_t = 512)]
    concurrency: usize,
    /// Rounds of both, interleaved; the best of each counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

const TEXT: &str = "出售金币, 一手货源, 价格便宜, 秒发, 需要的加好友私聊, gold gold gold";

pub async fn run(options: Options) {
    let (mut ours, mut bare) = (Rate::default(), Rate::default());
    for _ in 0..options.rounds {
        ours.keep_best(checks(&options).await);
        bare.keep_best(inserts(&options));
    }
    println!("{:<34} {:>10} {:>10} {:>10}", "", "records/s", "p50", "p99");
    for (name, rate) in
        [("checks, durable before told", &ours), ("bare inserts, same rows and groups", &bare)]
    {
        println!("{name:<34} {:>10.0} {:>10.1?} {:>10.1?}", rate.per_second, rate.p50, rate.p99);
    }
    println!("ratio {:.0} %", 100.0 * ours.per_second / bare.per_second);
}

#[derive(Default)]
pub struct Rate {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
}

impl Rate {
    pub fn of(count: usize, elapsed: Duration, commits: &Histogram<u64>) -> Self {
        let at = |quantile| Duration::from_micros(commits.value_at_quantile(quantile));
        Self { per_second: count as f64 / elapsed.as_secs_f64(), p50: at(0.5), p99: at(0.99) }
    }

    fn keep_best(&mut self, other: Self) {
        if other.per_second > self.per_second {
            *self = other;
        }
    }
}

pub fn message(id: &str) -> Message<'_> {
    Message {
        message_id: id,
        scene: "world-chat",
        conversation: Conversation { id: "room-17", ..Conversation::default() },
        sender: Sender { user_id: "player-4711", ..Sender::default() },
        text: TEXT,
        ..Message::default()
    }
}

pub fn rule() -> Rule {
    let condition = TextCondition { words: vec!["金币".into(), "gold".into()], ..<_>::default() };
    Rule {
        id: umpire_model::ResourceId::new("gold").unwrap(),
        display_name: String::new(),
        condition: umpire_rules::Condition::Text(condition),
        level: umpire_model::Level::P2,
        risk_class: None,
        labels: vec!["advert".into()],
        actions: Vec::new(),
        scope: Scope::default(),
        exemptions: Vec::new(),
        mode: RuleMode::Enforced,
        priority: 0,
        active_window: None,
        reply: LocalizedText::default(),
    }
}

async fn moderator(folder: &Path) -> (EmbeddedStore, Arc<Moderator>) {
    let store = StoreOptions { folder: folder.into(), max_spool_bytes: 1 << 20 };
    let store = EmbeddedStore::open(&store).unwrap();
    let ports = Arc::new(store.clone());
    let now = Timestamp(0);
    let directory = Arc::new(Directory::open(ports.clone(), None, now).await.unwrap());
    let book = Arc::new(RuleBook::new(ports.clone()));
    let change = Change {
        author: "bench".into(),
        reason: String::new(),
        time: now,
        request: None,
        validate_only: false,
    };
    book.create(&TenantId::operator(), rule(), &change).await.unwrap();
    let court = Court::open(Parts {
        store: ports.clone(),
        shelves: ports.clone(),
        sealer: Arc::new(Sealer::new(ports.secret())),
        policy: Policy::default(),
        secret: ports.secret(),
    });
    let court = Arc::new(court.await.unwrap());
    let moderator = Moderator::open(book, directory, ports, court, "bench", now).await.unwrap();
    (store, Arc::new(moderator))
}

/// The whole path of a message with a match, without gRPC.
async fn checks(options: &Options) -> Rate {
    let folder = TempDir::new().unwrap();
    let (store, moderator) = moderator(folder.path()).await;
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let workers: Vec<_> = (0..options.concurrency)
        .map(|_| tokio::spawn(worker(moderator.clone(), next.clone(), options.decisions)))
        .collect();
    let mut commits = Histogram::new(3).unwrap();
    for worker in workers {
        commits.add(worker.await.unwrap()).unwrap();
    }
    let rate = Rate::of(options.decisions, started.elapsed(), &commits);
    store.close().await;
    rate
}

async fn worker(moderator: Arc<Moderator>, next: Arc<AtomicUsize>, count: usize) -> Histogram<u64> {
    let mut commits = Histogram::new(3).unwrap();
    let view = moderator.view(&TenantId::operator()).await.unwrap().unwrap();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return commits;
        }
        let context = Context {
            caller: "bench",
            receive_time: Timestamp(i64::try_from(number).unwrap()),
            mode: CheckMode::Enforce,
            trace: true,
        };
        let id = number.to_string();
        let verdict = moderator.check(&view, &context, &message(&id)).await.unwrap();
        commits.record(u64::try_from(verdict.timings.commit.as_micros()).unwrap()).unwrap();
    }
}

/// The same rows into the same tables, by one thread that does nothing else, in
/// transactions of as many rows as wait together above: while one half of the
/// callers is being committed, the other half queues.
fn inserts(options: &Options) -> Rate {
    let folder = TempDir::new().unwrap();
    let mut connection = same_tables(folder.path());
    let tenant = TenantId::operator();
    let rules = RuleSet::compile(&tenant, 1, [&rule()]).unwrap();
    let decisions: Vec<_> =
        (0..options.decisions).map(|number| decision(&tenant, &rules, number)).collect();
    let mut commits = Histogram::new(3).unwrap();
    let started = Instant::now();
    let group_size = options.concurrency / 2;
    for (index, group) in decisions.chunks(group_size).enumerate() {
        let begun = Instant::now();
        let transaction = connection.transaction().unwrap();
        for (place, decision) in group.iter().enumerate() {
            insert(&transaction, index * group_size + place, decision);
        }
        transaction.commit().unwrap();
        commits.record(u64::try_from(begun.elapsed().as_micros()).unwrap()).unwrap();
    }
    Rate::of(options.decisions, started.elapsed(), &commits)
}

/// The store's own schema, made by the store.
fn same_tables(folder: &Path) -> Connection {
    let options = StoreOptions { folder: folder.into(), max_spool_bytes: 1 << 20 };
    drop(EmbeddedStore::open(&options).unwrap());
    let connection = Connection::open(folder.join("umpire.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.pragma_update(None, "cache_size", -32_768).unwrap();
    connection
}

fn decision(tenant: &TenantId, rules: &RuleSet, number: usize) -> Decision {
    let id = number.to_string();
    let message = message(&id);
    let time = Timestamp(i64::try_from(number).unwrap());
    let moment = Moment { now: time, wall: time.on_the_wall("UTC") };
    let scanned = rules.scan(&message, moment.now, &mut Scratch::default());
    let verdict = rules.evaluate(&message, &scanned, &moment, "bench".into());
    let replay = ReplayKey::of(&[7; 32], tenant, &message);
    Decision::new(tenant, "bench", time, &message, &verdict, replay, None).unwrap()
}

fn insert(connection: &Connection, number: usize, decision: &Decision) {
    let record = &decision.record;
    let sequence = i64::try_from(number).unwrap() + 1;
    let sql = "INSERT INTO records VALUES (?1,?2,?3,?4,0,?5,?6,?7,?8,1,0,?9,?10,?11,?12,?12)";
    let hash = [0_u8; 32];
    connection
        .prepare_cached(sql)
        .unwrap()
        .execute(params![
            sequence,
            *record.id,
            record.tenant,
            record.receive_time.0,
            record.scene,
            record.conversation.id,
            record.sender.user_id,
            record.subject_id,
            decision.record_bytes,
            decision.content_bytes,
            decision.salt,
            hash,
        ])
        .unwrap();
    let sql = "INSERT INTO record_tokens (rowid, tokens) VALUES (?1, ?2)";
    connection.prepare_cached(sql).unwrap().execute(params![sequence, decision.tokens]).unwrap();
    let replay = decision.replay.unwrap();
    let sql = "INSERT INTO message_ids VALUES (?1, ?2, ?3, ?4)";
    connection
        .prepare_cached(sql)
        .unwrap()
        .execute(params![replay.key.0, replay.content, sequence, record.receive_time.0])
        .unwrap();
}
