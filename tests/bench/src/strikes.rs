//! `strikes`: decisions that strike their sender, made durable, beside the same decisions
//! that strike nobody.

use crate::{
    ledger::{self, Rate},
    server::user_cpu,
};
use clap::Args;
use futures_util::{StreamExt, stream};
use hdrhistogram::Histogram;
use std::{
    process,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use umpire_audit::{Committed, Decision, Ledger, ReplayKey};
use umpire_model::{
    Clock, LocalizedText, Message, ResourceId, RiskClass, SanctionKind, Sender, StoreError,
    SystemClock, TenantId, Timestamp, Verdict,
};
use umpire_rules::{Moment, RuleSet};
use umpire_sanctions::{
    Candidate, CountMode, Offence, RuleMode, SanctionRule, Subject, Turn, judge, turn,
};
use umpire_store_embedded::{EmbeddedStore, Options as StoreOptions};
use umpire_text::Scratch;

#[derive(Args)]
pub struct Options {
    /// Decisions of one measurement
    #[arg(long, default_value_t = 30_000)]
    decisions: usize,
    /// Senders that they are about in turn; measured beside a single one
    #[arg(long, default_value_t = 10_000)]
    subjects: usize,
    /// Commits that are waited for at once
    #[arg(long, default_value_t = 1_024)]
    concurrency: usize,
    /// Rounds of everything, interleaved; the best of each counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// What was found for so many subjects.
#[derive(Default)]
struct Best {
    plain: Figures,
    counted: Figures,
    /// Strikes a second of counting alone.
    judged: f64,
}

pub async fn run(options: Options) {
    let subjects = [options.subjects.max(1), 1];
    let mut best = [Best::default(), Best::default()];
    for _ in 0..options.rounds {
        for (subjects, best) in subjects.into_iter().zip(&mut best) {
            best.plain.keep_best(commits(&options, subjects, false).await);
            best.counted.keep_best(commits(&options, subjects, true).await);
            best.judged = best.judged.max(judgements(&options, subjects).await);
        }
    }
    println!("{:<30} {:>11} {:>10} {:>10} {:>14}", "", "decisions/s", "p50", "p99", "user CPU, µs");
    for (subjects, best) in subjects.into_iter().zip(&best) {
        let whose = match subjects {
            1 => "1 subject".to_owned(),
            _ => format!("{subjects} subjects"),
        };
        best.plain.print(&format!("{whose}, no strike"), options.decisions);
        best.counted.print(&format!("{whose}, a strike each"), options.decisions);
        let ratio = 100.0 * best.counted.rate.per_second / best.plain.rate.per_second;
        println!("ratio {ratio:.0} %; counting alone, without records: {:.0}/s", best.judged);
    }
}

/// What a measurement showed.
#[derive(Default)]
struct Figures {
    rate: Rate,
    /// Of this process: callers, writer and all.
    user_cpu: Duration,
}

impl Figures {
    fn keep_best(&mut self, other: Self) {
        if other.rate.per_second > self.rate.per_second {
            *self = other;
        }
    }

    fn print(&self, name: &str, decisions: usize) {
        let Rate { per_second, p50, p99 } = self.rate;
        let micros = self.user_cpu.as_secs_f64() * 1e6 / decisions as f64;
        println!("{name:<30} {per_second:>11.0} {p50:>10.1?} {p99:>10.1?} {micros:>14.1}");
    }
}

/// Decisions that are ready, committed with so many under way at once.
async fn commits(options: &Options, subjects: usize, counted: bool) -> Figures {
    let decisions = decisions(options.decisions, subjects, counted);
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    let mut waits = Histogram::new(3).unwrap();
    let (started, cpu_before) = (Instant::now(), user_cpu(process::id()));
    let mut committed = stream::iter(decisions)
        .map(|decision| commit(&store, decision, counted))
        .buffer_unordered(options.concurrency);
    while let Some(wait) = committed.next().await {
        waits.record(u64::try_from(wait.as_micros()).unwrap()).unwrap();
    }
    let (elapsed, cpu_after) = (started.elapsed(), user_cpu(process::id()));
    store.close().await;
    let rate = Rate::of(options.decisions, elapsed, &waits);
    Figures { rate, user_cpu: cpu_after - cpu_before }
}

/// How long a commit takes, queueing included.
async fn commit(store: &EmbeddedStore, decision: Decision, counted: bool) -> Duration {
    let started = Instant::now();
    match store.commit(decision).await.unwrap() {
        Committed::Recorded(judged) => assert_eq!(judged.strikes.len(), usize::from(counted)),
        other => panic!("not recorded: {other:?}"),
    }
    started.elapsed()
}

/// Strikes a second of [`judge`] alone, in turns as long as the groups that commits come in:
/// while one half of the callers is being committed, the other half queues.
async fn judgements(options: &Options, subjects: usize) -> f64 {
    let decisions = decisions(options.decisions, subjects, true);
    let mut offences = decisions.into_iter().filter_map(|decision| decision.offence);
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    let started = Instant::now();
    loop {
        let group: Vec<_> = offences.by_ref().take(options.concurrency.div_ceil(2)).collect();
        if group.is_empty() {
            break;
        }
        let work = move |turn: &mut dyn Turn| -> Result<(), StoreError> {
            for offence in &group {
                judge(turn, offence)?;
            }
            Ok(())
        };
        turn(&store, work).await.unwrap();
    }
    let elapsed = started.elapsed();
    store.close().await;
    options.decisions as f64 / elapsed.as_secs_f64()
}

fn open(folder: &TempDir) -> EmbeddedStore {
    let options = StoreOptions { folder: folder.path().into(), max_spool_bytes: 1 << 20 };
    EmbeddedStore::open(&options).unwrap()
}

/// Decisions about the same text, whose senders take turns.
fn decisions(count: usize, subjects: usize, counted: bool) -> Vec<Decision> {
    let (tenant, began) = (TenantId::operator(), SystemClock.now());
    let verdict = verdict(&tenant, began);
    let decision = |number: usize| {
        let (id, user) = (number.to_string(), format!("player-{}", number % subjects));
        let sender = Sender { user_id: &user, ..Sender::default() };
        let message = Message { sender, ..ledger::message(&id) };
        let time = Timestamp(began.0 + i64::try_from(number).unwrap());
        let replay = ReplayKey::of(&[7; 32], &tenant, &message);
        let offence = counted.then(|| offence(&tenant, &message, time));
        Decision::new(&tenant, "bench", time, &message, &verdict, replay, offence).unwrap()
    };
    (0..count).map(decision).collect()
}

/// What is found in the text.
fn verdict(tenant: &TenantId, time: Timestamp) -> Verdict {
    let rules = RuleSet::compile(tenant, 1, [&ledger::rule()]).unwrap();
    let moment = Moment { now: time, wall: time.on_the_wall("UTC") };
    let message = ledger::message("0");
    let scanned = rules.scan(&message, moment.now, &mut Scratch::default());
    let verdict = rules.evaluate(&message, &scanned, &moment, "bench".into());
    assert!(!verdict.matches.is_empty(), "it matches");
    verdict
}

fn offence(tenant: &TenantId, message: &Message<'_>, time: Timestamp) -> Offence {
    let id = ResourceId::new("gold").unwrap();
    Offence {
        tenant: tenant.clone(),
        subject: Subject::of(&message.sender).unwrap(),
        time,
        candidates: vec![Candidate { id, rule: sanction_rule(), weight: 1 }],
        record: String::new(),
        content: String::new(),
        ip: String::new(),
        callback_info: String::new(),
        total_recharge: None,
        revision: 1,
        stopped: false,
    }
}

/// An hour's mute at a thousand messages within three days.
fn sanction_rule() -> SanctionRule {
    SanctionRule {
        display_name: String::new(),
        risk_class: RiskClass::HighRisk,
        labels: Vec::new(),
        charge_from: None,
        charge_to: None,
        servers: Vec::new(),
        channels: Vec::new(),
        threshold: 1_000,
        window: 72 * 3_600,
        count_mode: CountMode::PerMessage,
        kind: SanctionKind::Mute,
        duration: Some(3_600),
        kick_online: false,
        reason: String::new(),
        player_message: LocalizedText::default(),
        remark: String::new(),
        priority: 0,
        ladder: None,
        mode: RuleMode::Enforced,
        max_per_minute: 0,
        grace: 0,
    }
}
