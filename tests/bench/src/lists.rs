//! `lists`: what a long word list costs: its import, memory, the next start, and those
//! who check meanwhile.

use crate::{
    load::{self, measure},
    material,
    server::Server,
};
use clap::Args;
use hdrhistogram::Histogram;
use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tonic::transport::Channel;
use umpire_proto::v1::{
    BatchUpdateWordListEntriesRequest, CheckMessageRequest, CreateRuleRequest,
    ImportWordListRequest, ImportWordListResponse, Rule, TextCondition, WordListEntry,
    moderation_service_client::ModerationServiceClient, rule::Condition,
    rule_service_client::RuleServiceClient,
};

#[derive(Args)]
pub struct Options {
    /// One word a line; made up when absent
    #[arg(long)]
    file: Option<PathBuf>,
    /// Words to make up
    #[arg(long, default_value_t = 65_141)]
    words: usize,
    /// Checks a second while latencies are taken; 0 leaves that part out
    #[arg(long, default_value_t = 2_000)]
    rate: u64,
    /// Seconds of each round of latencies
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Rounds without imports, and as many with them
    #[arg(long, default_value_t = 6)]
    rounds: usize,
}

pub async fn run(options: Options) {
    let folder = TempDir::new().unwrap();
    let content = match &options.file {
        Some(path) => fs::read(path).unwrap(),
        None => made_up(options.words, "").into_bytes(),
    };
    let server = Server::start(folder.path(), &[]);
    println!("at rest: {}", memory(&server));
    let started = Instant::now();
    let imported = import(&server.channel(), content.clone()).await;
    let call = started.elapsed();
    println!(
        "import of {} words ({} bad lines): call {call:.2?}",
        imported.accepted, imported.rejected_count
    );
    use_list(&server.channel()).await;
    let started = Instant::now();
    add_one(&server.channel()).await;
    println!("one word more, live when the call ends: {:.2?}", started.elapsed());
    println!("with a rule that uses the list: {}", memory(&server));
    server.stop();

    let started = Instant::now();
    let server = Server::start(folder.path(), &[]);
    println!("start until it serves: {:.2?}; {}", started.elapsed(), memory(&server));
    if options.rate > 0 {
        latencies(&options, &server, &content).await;
    }
    server.stop();
}

/// `count` different words, about the length of real ones.
fn made_up(count: usize, stem: &str) -> String {
    let words = material::words(1_000);
    let word = |number: usize| {
        let (first, second) = (&words[number % 997], &words[number / 997 % 991]);
        format!("{stem}{first}{second}{}\n", number / (997 * 991))
    };
    (0..count).map(word).collect()
}

async fn import(channel: &Channel, content: Vec<u8>) -> ImportWordListResponse {
    let request = ImportWordListRequest {
        word_list_id: "bench".into(),
        content: content.into(),
        replace: true,
        ..<_>::default()
    };
    RuleServiceClient::new(channel.clone()).import_word_list(request).await.unwrap().into_inner()
}

async fn use_list(channel: &Channel) {
    let text =
        TextCondition { word_list: "tenants/default/wordLists/bench".into(), ..<_>::default() };
    let rule = Rule { condition: Some(Condition::Text(text)), ..<_>::default() };
    let request = CreateRuleRequest { rule: Some(rule), ..<_>::default() };
    RuleServiceClient::new(channel.clone()).create_rule(request).await.unwrap();
}

async fn add_one(channel: &Channel) {
    let entry = WordListEntry { word: "一个新词".into(), ..<_>::default() };
    let request = BatchUpdateWordListEntriesRequest {
        parent: "tenants/default/wordLists/bench".into(),
        entries: vec![entry],
        ..<_>::default()
    };
    let mut rules = RuleServiceClient::new(channel.clone());
    rules.batch_update_word_list_entries(request).await.unwrap();
    let message = Some(material::message("看，一个新词", u64::MAX));
    let request = CheckMessageRequest { message, ..<_>::default() };
    let mut checks = ModerationServiceClient::new(channel.clone());
    let verdict = checks.check_message(request).await.unwrap().into_inner().verdict.unwrap();
    assert!(!verdict.matches.is_empty(), "live");
}

/// p99 of checks without and with imports going on: rounds of both take turns, and the
/// latencies of each kind are put together.
async fn latencies(options: &Options, server: &Server, content: &[u8]) {
    let other = made_up(options.words, "别的").into_bytes();
    let mut next_id = 0;
    for (name, text) in [("without a match", material::CLEAN), ("with a match", "看，一个新词")]
    {
        let messages = options.rate * options.seconds;
        let mut load = load::Options {
            messages: usize::try_from(messages).unwrap(),
            text: text.into(),
            ..load::Options::at_rate(&server.endpoint, options.rate)
        };
        let (mut quiet, mut busy, mut imports) = (histogram(), histogram(), 0);
        for _ in 0..options.rounds {
            load.first_id = next_id;
            quiet.add(measure(&load).await.latencies).unwrap();
            load.first_id += messages;
            next_id += 2 * messages;
            let (channel, files) = (server.channel(), [content.to_vec(), other.clone()]);
            let stop = Arc::new(AtomicBool::new(false));
            let importing = tokio::spawn(import_on_and_on(channel, files, stop.clone()));
            busy.add(measure(&load).await.latencies).unwrap();
            stop.store(true, Ordering::Relaxed);
            imports += importing.await.unwrap();
        }
        let at = |latencies: &Histogram<u64>, quantile| {
            Duration::from_micros(latencies.value_at_quantile(quantile))
        };
        let ratio = busy.value_at_quantile(0.99) as f64 / quiet.value_at_quantile(0.99) as f64;
        println!(
            "{name}: p50 {:.2?}, p99 {:.2?}; during {imports} imports p50 {:.2?}, p99 {:.2?}: {ratio:.2} times",
            at(&quiet, 0.5),
            at(&quiet, 0.99),
            at(&busy, 0.5),
            at(&busy, 0.99),
        );
    }
}

fn histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap()
}

async fn import_on_and_on(channel: Channel, files: [Vec<u8>; 2], stop: Arc<AtomicBool>) -> usize {
    let mut imports = 0;
    while !stop.load(Ordering::Relaxed) {
        import(&channel, files[imports % 2].clone()).await;
        // The word that is checked stays in the list.
        add_one(&channel).await;
        imports += 1;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    imports
}

/// Resident memory now and at most.
fn memory(server: &Server) -> String {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
    };
    format!("{} MB resident, {} MB at most", of("VmRSS:"), of("VmHWM:"))
}
