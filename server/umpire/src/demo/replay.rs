//! Real chat, where it is at hand: streamed through the same server and counted.

use super::Failure;
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};
use tokio_stream::StreamExt;
use tonic::transport::Channel;
use umpire_proto::v1::{
    CheckMessageRequest, CheckMode, Decision, Message, StreamMessagesRequest, VerdictView,
    moderation_service_client::ModerationServiceClient, stream_messages_response::Result as Answer,
};

/// A labelled file: path, name of the text's column, scene to play it in.
const FILES: [(&str, &str, &str); 4] = [
    ("data/labelled/game/conda_dota2.tsv", "utterance", "world-chat"),
    ("data/labelled/game/gametox_wot.tsv", "message", "world-chat"),
    ("data/labelled/zh/spam_sms.tsv", "text", "world-chat"),
    ("data/labelled/zh/reviews_spam.tsv", "text", "support"),
];

#[derive(Default)]
struct Counts {
    lines: usize,
    matched: usize,
    blocked: usize,
    review: usize,
}

/// Replays every file under `UMPIRE_TEST_DATA`; says so when there is none.
pub(super) async fn run(client: &mut ModerationServiceClient<Channel>) -> Result<(), Failure> {
    let Some(root) = env::var_os("UMPIRE_TEST_DATA").map(PathBuf::from) else {
        println!("UMPIRE_TEST_DATA is not set: no real chat is replayed.");
        return Ok(());
    };
    println!("\nReal chat, streamed without recording (texts are not shown):");
    for (file, column, scene) in FILES {
        let path = root.join(file);
        if !path.is_file() {
            println!("  {file}: absent");
            continue;
        }
        let texts = texts(&path, column)?;
        let started = Instant::now();
        let counts = stream(client, texts, scene).await?;
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "  {file}: {} lines in {seconds:.2} s, {} matched, {} REVIEW, {} BLOCK",
            counts.lines, counts.matched, counts.review, counts.blocked
        );
    }
    Ok(())
}

/// One column of a TSV file with a header.
fn texts(path: &Path, name: &str) -> Result<Vec<String>, Failure> {
    let content = fs::read_to_string(path)?;
    let mut lines = content.lines();
    let header: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
    let column = header.iter().position(|column| *column == name);
    let column = column.ok_or_else(|| format!("{}: no column `{name}`", path.display()))?;
    let texts = lines.filter_map(|line| line.split('\t').nth(column));
    Ok(texts.filter(|text| !text.is_empty()).map(str::to_owned).collect())
}

async fn stream(
    client: &mut ModerationServiceClient<Channel>,
    texts: Vec<String>,
    scene: &'static str,
) -> Result<Counts, Failure> {
    let questions = texts.into_iter().zip(0..).map(move |(text, client_seq)| {
        let message = Message { scene: scene.into(), text, ..Message::default() };
        StreamMessagesRequest {
            client_seq,
            check: Some(CheckMessageRequest {
                message: Some(message),
                mode: CheckMode::DryRun as i32,
                view: VerdictView::Basic as i32,
                ..CheckMessageRequest::default()
            }),
        }
    });
    let mut answers = client.stream_messages(tokio_stream::iter(questions)).await?.into_inner();
    let mut counts = Counts::default();
    while let Some(answer) = answers.next().await {
        counts.lines += 1;
        match answer?.result {
            Some(Answer::Verdict(verdict)) => {
                counts.matched += usize::from(verdict.level != 0);
                counts.review += usize::from(verdict.decision() == Decision::Review);
                counts.blocked += usize::from(verdict.decision() == Decision::Block);
            }
            Some(Answer::Status(status)) => return Err(status.message.into()),
            None => return Err("an answer without a result".into()),
        }
    }
    Ok(counts)
}
