//! What is printed, and in which form.

mod counted;
mod difference;
mod happened;
mod json;
mod outline;
mod paint;
mod pipe;
mod progress;
mod rows;
mod separated;
mod table;
mod terminal;
mod tested;
mod verdict;

pub use counted::counted;
pub use difference::{deletions, difference};
pub use paint::Paint;
pub use progress::Progress;
pub use rows::{Judged, ends, id_of, included_ids, length, short, time};
pub use terminal::{safe, tell};
pub use tested::tested;

use crate::{
    arguments::{Form, Global},
    failure::Failure,
};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use happened::happened;
use pipe::Pipe;
use std::io::{self, BufWriter, IsTerminal, Write};
use terminal::keep_lines;
use umpire_client::{
    Error,
    v1::{StreamAlertsResponse, Verdict},
};
use verdict::{explained, judged};

/// Most rows that are written together.
const ROWS_AT_ONCE: usize = 1_000;

/// A message of the contract that can be a row of a table.
pub trait Row: prost::Message {
    /// Its name in the contract.
    const NAME: &'static str;
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];

    /// A cell for each column, as the server sent it.
    fn cells(&self) -> Vec<String>;
}

/// Where answers go and what they look like.
pub struct Output {
    /// How answers are shown.
    pub form: Form,
    /// Colours, or none.
    pub paint: Paint,
    pipe: Pipe,
    terminal: bool,
    quiet: bool,
}

impl Output {
    /// As the global flags say.
    pub fn new(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal();
        let paint = Paint::new(global.color, global.output, terminal);
        let pipe = Pipe::default();
        Self { form: global.output, paint, pipe, terminal, quiet: global.quiet }
    }

    /// Whether this is for people.
    pub fn is_table(&self) -> bool {
        self.form == Form::Table
    }

    /// Whether nobody reads what is printed. What is printed then is lost and no
    /// failure: commands that only list may stop, others go on.
    pub fn is_closed(&self) -> bool {
        self.pipe.is_closed()
    }

    /// A line on standard output. It must be safe for a terminal.
    pub fn line(&self, line: &str) -> Result<(), Failure> {
        Ok(writeln!(&self.pipe, "{line}")?)
    }

    /// A part of a file, as it is; made harmless where a terminal shows it.
    pub fn part(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = &self.pipe;
        if self.terminal {
            out.write_all(keep_lines(&String::from_utf8_lossy(bytes)).as_bytes())?;
        } else {
            out.write_all(bytes)?;
        }
        Ok(out.flush()?)
    }

    /// A remark on standard error, unless it should be quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            tell(text);
        }
    }

    /// What makes remarks as [`note`](Output::note) does, for those who outlive this.
    pub fn notes(&self) -> impl Fn(&str) + Send + use<> {
        let quiet = self.quiet;
        move |text: &str| {
            if !quiet {
                tell(text);
            }
        }
    }

    /// A sign of life on standard error while one call takes long.
    pub fn waiting(&self, what: &'static str) -> Progress {
        Progress::waiting(what, self.quiet)
    }

    /// How far input has been worked through, on standard error, unless the same
    /// terminal shows what comes of it.
    pub fn through(&self, what: &'static str, size: Option<u64>) -> Progress {
        Progress::through(what, size, self.quiet || self.terminal)
    }

    /// How many things are done of many, on standard error.
    pub fn counting(&self, what: &'static str) -> Progress {
        Progress::counting(what, self.quiet)
    }

    /// One thing with all its fields.
    pub fn one<R: Row>(&self, item: &R) -> Result<(), Failure> {
        match self.form {
            Form::Table => self.line(outline::of(&json::value(R::NAME, item)?).trim_end()),
            Form::Json => self.message(R::NAME, item),
            Form::Csv => self.records(std::slice::from_ref(item)),
        }
    }

    /// What a change made: a sentence for people, the thing itself for programs.
    pub fn changed<R: Row>(&self, sentence: &str, item: &R) -> Result<(), Failure> {
        if self.is_table() { self.line(&safe(sentence)) } else { self.one(item) }
    }

    /// Any message of the contract as JSON.
    pub fn message<M: prost::Message>(&self, name: &str, message: &M) -> Result<(), Failure> {
        self.line(&json::pretty(name, message)?)
    }

    /// One event of a stream: an object or record a line.
    pub fn event<R: Row>(&self, item: &R) -> Result<(), Failure> {
        match self.form {
            Form::Table => self.line(&item.cells().map_safe().join("  ")),
            Form::Json => self.line(&json::line(R::NAME, item)?),
            Form::Csv => separated::write(&self.pipe, self.terminal, &[item.cells()]),
        }
    }

    /// Something that happened to an alert: a line for people, as it came for programs.
    pub fn happened(&self, event: &StreamAlertsResponse) -> Result<(), Failure> {
        if self.is_table() { self.line(&happened(event, self.paint)) } else { self.event(event) }
    }

    /// The verdict on one message: explained to people, as it came for programs.
    pub fn verdict(&self, verdict: &Verdict, text: &str) -> Result<(), Failure> {
        if !self.is_table() {
            return self.one(verdict);
        }
        explained(verdict, text, self.paint).iter().try_for_each(|line| self.line(line))
    }

    /// One message of many.
    pub fn judged(&self, line: &Judged<'_>) -> Result<(), Failure> {
        match self.form {
            Form::Table => self.line(&judged(line, self.paint)),
            Form::Json => self.line(&json::line("StreamMessagesResponse", &line.message())?),
            Form::Csv => separated::write(&self.pipe, self.terminal, &[line.cells()]),
        }
    }

    /// The header of events; only CSV has one.
    pub fn event_header(&self, columns: &[&str]) -> Result<(), Failure> {
        if self.form == Form::Csv {
            separated::write(&self.pipe, self.terminal, &[header(columns)])?;
        }
        Ok(())
    }

    /// Things that are all at hand.
    pub fn records<R: Row>(&self, items: &[R]) -> Result<(), Failure> {
        match self.form {
            Form::Table if items.is_empty() => Ok(()),
            Form::Table => self.line(&table::of(R::COLUMNS, items.iter().map(Row::cells))),
            Form::Json => self.line(&json::array(R::NAME, items)?),
            Form::Csv => {
                let mut rows = vec![header(R::COLUMNS)];
                rows.extend(items.iter().map(Row::cells));
                separated::write(&self.pipe, self.terminal, &rows)
            }
        }
    }

    /// Things as they come. A table waits for the last, to know its columns' widths.
    pub async fn stream<R: Row>(
        &self,
        items: BoxStream<'static, Result<R, Error>>,
    ) -> Result<(), Failure> {
        match self.form {
            Form::Table => self.records(&items.try_collect::<Vec<R>>().await?),
            Form::Json => self.stream_json(items).await,
            Form::Csv => self.stream_csv(items).await,
        }
    }

    async fn stream_json<R: Row>(
        &self,
        mut items: BoxStream<'static, Result<R, Error>>,
    ) -> Result<(), Failure> {
        let mut out = BufWriter::new(&self.pipe);
        let mut before = "[\n";
        while let Some(item) = items.next().await {
            write!(out, "{before}{}", json::element(R::NAME, &item?)?)?;
            before = ",\n";
            if self.is_closed() {
                break;
            }
        }
        writeln!(out, "{}", if before == "[\n" { "[]" } else { "\n]" })?;
        Ok(out.flush()?)
    }

    async fn stream_csv<R: Row>(
        &self,
        items: BoxStream<'static, Result<R, Error>>,
    ) -> Result<(), Failure> {
        separated::write(&self.pipe, self.terminal, &[header(R::COLUMNS)])?;
        let mut chunks = items.ready_chunks(ROWS_AT_ONCE);
        while let Some(chunk) = chunks.next().await {
            let rows = chunk.into_iter().map(|item| item.map(|item| item.cells()));
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            separated::write(&self.pipe, self.terminal, &rows)?;
            if self.is_closed() {
                break;
            }
        }
        Ok(())
    }
}

fn header(columns: &[&str]) -> Vec<String> {
    columns.iter().map(ToString::to_string).collect()
}

/// Cells that a terminal may show.
trait Cells {
    fn map_safe(&self) -> Vec<String>;
}

impl Cells for Vec<String> {
    fn map_safe(&self) -> Vec<String> {
        self.iter().map(|cell| safe(cell)).collect()
    }
}
