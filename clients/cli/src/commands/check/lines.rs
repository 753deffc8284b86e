//! Messages from standard input, one a line.

use super::Check;
use crate::{context::Context, exit::Exit, failure::Failure, output::Judged};
use futures_util::{Stream, StreamExt, stream};
#[cfg(unix)]
use std::fs::File;
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

/// What editors put before the first line.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A line that is not blank, with its number from 1.
struct Line {
    number: i64,
    text: String,
    /// Bytes it took, its end included.
    size: u64,
    /// Why it cannot be asked.
    fault: Option<Error>,
}

impl Line {
    /// Of the bytes before a line break.
    fn of(number: i64, bytes: &[u8]) -> Self {
        let size = bytes.len() as u64 + 1;
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let first = bytes.strip_prefix(BOM).filter(|_| number == 1);
        let bytes = first.unwrap_or(bytes);
        let fault = std::str::from_utf8(bytes).err().map(Error::from);
        Self { number, text: String::from_utf8_lossy(bytes).into_owned(), size, fault }
    }
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
    let progress = context.output.through("checking", input_size());
    context.output.event_header(&Judged::COLUMNS)?;
    let mut exit = Exit::DONE;
    while let Some(answer) = answers.next().await {
        let line = next_asked(&mut unanswered, &mut exit, context)?;
        // Every answer but that of a broken stream is to a line that was asked.
        let line = line.unwrap_or_else(|| Line::of(0, b""));
        progress.step(line.size);
        exit = exit.max(told(&line, answer, check.exit_code, context)?);
    }
    while next_asked(&mut unanswered, &mut exit, context)?.is_some() {}
    match ended.try_recv() {
        Ok(Err(cause)) => Err(Failure::File { path: PathBuf::from("standard input"), cause }),
        _ => Ok(exit),
    }
}

/// Bytes of standard input, if it is a file.
#[cfg(unix)]
fn input_size() -> Option<u64> {
    use std::os::fd::AsFd;
    let input = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    let about = input.metadata().ok()?;
    about.is_file().then_some(about.len())
}

#[cfg(not(unix))]
fn input_size() -> Option<u64> {
    None
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
    for (number, bytes) in (1..).zip(io::stdin().lock().split(b'\n')) {
        let line = Line::of(number, &bytes?);
        if !line.text.trim().is_empty() && lines.blocking_send(line).is_err() {
            break;
        }
    }
    Ok(())
}

/// The line that the next answer is to. Those before it that could not be asked are told.
fn next_asked(
    unanswered: &mut mpsc::UnboundedReceiver<Line>,
    exit: &mut Exit,
    context: &Context,
) -> Result<Option<Line>, Failure> {
    while let Ok(mut line) = unanswered.try_recv() {
        let Some(fault) = line.fault.take() else { return Ok(Some(line)) };
        *exit = (*exit).max(told(&line, Err(fault), false, context)?);
    }
    Ok(None)
}

/// Messages of the lines that can be asked; each line is noted before its message is
/// sent.
fn messages(
    check: Arc<Check>,
    lines: mpsc::Receiver<Line>,
    asked: mpsc::UnboundedSender<Line>,
) -> impl Stream<Item = Message> + Send + 'static {
    stream::unfold((check, lines, asked), |(check, mut lines, asked)| async move {
        loop {
            let line = lines.recv().await?;
            let message = line.fault.is_none().then(|| check.message(&line.text));
            asked.send(line).ok()?;
            if let Some(message) = message {
                return Some((message, (check, lines, asked)));
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_text_or_say_why_not() {
        let check = |number, bytes: &[u8], text: &str, is_text: bool| {
            let line = Line::of(number, bytes);
            assert_eq!((line.text.as_str(), line.fault.is_none()), (text, is_text), "{bytes:?}");
        };
        check(1, b"\xEF\xBB\xBFhi\r", "hi", true);
        check(2, b"\xEF\xBB\xBFhi", "\u{feff}hi", true);
        check(1, b"so \xFF bad", "so \u{fffd} bad", false);
        check(1, b"", "", true);
    }
}
