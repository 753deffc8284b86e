//! `load`: connections, concurrency, rate; a histogram of latencies.

use crate::{
    door::{Door, Target, send},
    material,
    server::cpu,
};
use clap::Args;
use hdrhistogram::Histogram;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tonic::transport::{Channel, Endpoint};

#[derive(Args, Clone)]
pub struct Options {
    /// Where the server is
    #[arg(long, default_value = "http://127.0.0.1:50051")]
    pub endpoint: String,
    #[arg(long, value_enum, default_value = "check")]
    pub target: Target,
    #[arg(long, value_enum, default_value = "unary")]
    pub door: Door,
    /// HTTP/2 connections
    #[arg(long, default_value_t = 4)]
    pub connections: usize,
    /// Calls under way at once
    #[arg(long, default_value_t = 64)]
    pub concurrency: usize,
    /// Messages of one batch or one stream
    #[arg(long, default_value_t = 100)]
    pub group: usize,
    /// Messages in all
    #[arg(long, default_value_t = 100_000)]
    pub messages: usize,
    /// Messages a second; 0 means as fast as it goes
    #[arg(long, default_value_t = 0)]
    pub rate: u64,
    /// Number in the id of the first message; a run with ids of an earlier one gets
    /// recorded verdicts
    #[arg(long, default_value_t = 0)]
    pub first_id: u64,
    /// The text of every message
    #[arg(long, default_value = material::CLEAN)]
    pub text: String,
    /// Process whose CPU time is shown
    #[arg(long)]
    pub server_pid: Option<u32>,
}

impl Options {
    /// Unary checks at a rate.
    pub fn at_rate(endpoint: &str, rate: u64) -> Self {
        Self {
            endpoint: endpoint.into(),
            target: Target::Check,
            door: Door::Unary,
            connections: 4,
            concurrency: 64,
            group: 1,
            messages: 0,
            rate,
            first_id: 0,
            text: String::new(),
            server_pid: None,
        }
    }
}

/// What a run showed.
pub struct Outcome {
    pub messages: usize,
    pub elapsed: Duration,
    pub cpu: Option<Duration>,
    /// Microseconds from the moment a call was due to its answer.
    pub latencies: Histogram<u64>,
}

impl Outcome {
    pub fn cpu_micros(&self) -> f64 {
        self.cpu.unwrap_or_default().as_secs_f64() * 1e6 / self.messages as f64
    }
}

/// Calls are handed out in order; with a rate, each has a moment it is due.
struct Schedule {
    next: AtomicU64,
    calls: u64,
    started: Instant,
    interval: Option<Duration>,
}

impl Schedule {
    /// The number of the next call, once it is due, and when it was.
    async fn next(&self) -> Option<(u64, Instant)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.calls {
            return None;
        }
        let Some(interval) = self.interval else { return Some((number, Instant::now())) };
        let due = self.started + interval * u32::try_from(number).unwrap();
        tokio::time::sleep_until(due.into()).await;
        Some((number, due))
    }
}

pub async fn run(options: Options) {
    let outcome = measure(&options).await;
    let rate = outcome.messages as f64 / outcome.elapsed.as_secs_f64();
    println!("{} messages in {:.2?}: {rate:.0} a second", outcome.messages, outcome.elapsed);
    let at = |quantile| Duration::from_micros(outcome.latencies.value_at_quantile(quantile));
    println!(
        "latency of a call: p50 {:?}, p90 {:?}, p99 {:?}, p99.9 {:?}, longest {:?}",
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    if outcome.cpu.is_some() {
        println!("server CPU: {:.2} µs a message", outcome.cpu_micros());
    }
}

pub async fn measure(options: &Options) -> Outcome {
    let group = if options.door == Door::Unary { 1 } else { options.group };
    let calls = options.messages.div_ceil(group) as u64;
    let channels: Vec<_> = (0..options.connections).map(|_| channel(&options.endpoint)).collect();
    let per_second = options.rate as f64 / group as f64;
    let interval = (options.rate > 0).then(|| Duration::from_secs_f64(1.0 / per_second));
    let before = options.server_pid.map(cpu);
    let schedule =
        Arc::new(Schedule { next: AtomicU64::new(0), calls, started: Instant::now(), interval });
    let workers: Vec<_> = (0..options.concurrency)
        .map(|number| {
            let channel = channels[number % channels.len()].clone();
            tokio::spawn(work(channel, schedule.clone(), options.clone(), group))
        })
        .collect();
    let mut latencies = Histogram::new(3).unwrap();
    for worker in workers {
        latencies.add(worker.await.unwrap()).unwrap();
    }
    Outcome {
        messages: usize::try_from(calls).unwrap() * group,
        elapsed: schedule.started.elapsed(),
        cpu: options.server_pid.map(cpu).zip(before).map(|(after, before)| after - before),
        latencies,
    }
}

fn channel(endpoint: &str) -> Channel {
    Endpoint::from_shared(endpoint.to_owned()).unwrap().tcp_nodelay(true).connect_lazy()
}

async fn work(
    channel: Channel,
    schedule: Arc<Schedule>,
    options: Options,
    group: usize,
) -> Histogram<u64> {
    let mut latencies = Histogram::new(3).unwrap();
    while let Some((number, due)) = schedule.next().await {
        let first = options.first_id + number * group as u64;
        let messages = (first..first + group as u64).map(|id| material::message(&options.text, id));
        send(&channel, options.target, options.door, messages.collect()).await;
        latencies.record(u64::try_from(due.elapsed().as_micros()).unwrap()).unwrap();
    }
    latencies
}
