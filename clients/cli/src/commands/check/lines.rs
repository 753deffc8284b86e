//! Messages from standard input, one a line.

use super::Check;
use crate::{context::Context, exit::Exit, failure::Failure, output::Judged};
use futures_util::{Stream, StreamExt, stream};
use std::{
    io::{self, BufRead},
    path::PathBuf,
    sync::Arc,
    thread,
};
use tokio::sync::{mpsc, oneshot};
use umpire_client::{Error, Message, VerdictExt, v1::Verdict};

/// Lines that are read ahead.
const AHEAD: usize = 1_000;

/// A line that is not blank, with its number from 1.
struct Line {
    number: i64,
    text: String,
}

/// Checks every line as it comes, and prints each answer as it comes. Blank lines are
/// passed over. When nobody reads the answers the rest is checked nevertheless: checks
/// are recorded, and any line may decide the exit code.
pub async fn run(check: Check, context: &Context) -> Result<Exit, Failure> {
    let umpire = check.client(context).await?;
    let check = Arc::new(check);
    let (lines, mut ended) = read();
    let (asked, mut unanswered) = mpsc::unbounded_channel();
    let mut answers = umpire.check_stream(messages(check.clone(), lines, asked));
    let progress = context.output.counting("messages");
    context.output.event_header(&Judged::COLUMNS)?;
    let mut exit = Exit::DONE;
    while let Some(answer) = answers.next().await {
        progress.step();
        // Every answer but that of a broken stream is to a line that was asked.
        let line = unanswered.try_recv().unwrap_or(Line { number: 0, text: String::new() });
        exit = exit.max(told(&line, answer, check.exit_code, context)?);
    }
    match ended.try_recv() {
        Ok(Err(cause)) => Err(Failure::File { path: PathBuf::from("standard input"), cause }),
        _ => Ok(exit),
    }
}

/// Standard input can only be waited for by a thread. How it ended comes last.
fn read() -> (mpsc::Receiver<Line>, oneshot::Receiver<io::Result<()>>) {
    let (send, lines) = mpsc::channel(AHEAD);
    let (end, ended) = oneshot::channel();
    thread::spawn(move || {
        let result = send_lines(&send);
        // Before the last sender goes: who sees the end of lines finds the result.
        let _unheard = end.send(result);
        drop(send);
    });
    (lines, ended)
}

fn send_lines(lines: &mpsc::Sender<Line>) -> io::Result<()> {
    for (number, text) in (1..).zip(io::stdin().lock().lines()) {
        let text = text?;
        if !text.trim().is_empty() && lines.blocking_send(Line { number, text }).is_err() {
            break;
        }
    }
    Ok(())
}

/// Messages of the lines; each line is noted before its message is sent.
fn messages(
    check: Arc<Check>,
    lines: mpsc::Receiver<Line>,
    asked: mpsc::UnboundedSender<Line>,
) -> impl Stream<Item = Message> + Send + 'static {
    stream::unfold((check, lines, asked), |(check, mut lines, asked)| async move {
        let line = lines.recv().await?;
        let message = check.message(&line.text);
        asked.send(line).ok()?;
        Some((message, (check, lines, asked)))
    })
}

fn told(
    line: &Line,
    answer: Result<Verdict, Error>,
    exit_code: bool,
    context: &Context,
) -> Result<Exit, Failure> {
    let judged = Judged { number: line.number, text: &line.text, answer: answer.as_ref() };
    context.output.judged(&judged)?;
    match &answer {
        Ok(verdict) => Ok(Exit::negative_if(exit_code && verdict.is_blocked())),
        Err(error) => {
            context.output.note(&format!("line {}: {}", line.number, error.message()));
            Ok(Exit::of(error))
        }
    }
}
