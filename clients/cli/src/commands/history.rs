use super::presence::presence_noted;
use crate::{
    arguments::Form,
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{Row, difference, safe, time},
};
use clap::{Args, Subcommand};
use futures_util::StreamExt;
use umpire_client::v1::{
    DiffRevisionsResponse, Revision, WatchRevisionsResponse, watch_revisions_response::Event,
};

/// Reads the policy's history and rolls back.
#[derive(Subcommand)]
pub enum History {
    /// List revisions, newest first
    List(List),
    /// Show a revision
    Show {
        /// Its number
        number: i64,
    },
    /// Show what lies between two revisions: exit code 1 for differences
    Diff {
        /// Number of the one; 0 is the empty policy
        from: i64,
        /// Number of the other; 0 is the newest
        to: i64,
    },
    /// Make the policy what it was at a revision, as a new revision
    Rollback(Rollback),
    /// Print revisions as they become live, until interrupted
    Watch {
        /// Of the last event seen; from now on when absent
        #[arg(
            long,
            value_name = "TOKEN",
            default_value = "",
            hide_default_value = true,
            allow_hyphen_values = true
        )]
        resume_token: String,
    },
}

/// Which revisions to list.
#[derive(Args)]
pub struct List {
    /// Only what it lets through: 'author = "alice" AND rule = gold'
    #[arg(long, default_value = "", hide_default_value = true)]
    filter: String,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
}

/// Where to go back to, and why.
#[derive(Args)]
pub struct Rollback {
    /// Number of the revision
    number: i64,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// Show what would change and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl History {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let history = context.connect().await?.history();
        match self {
            Self::List(List { filter, limit }) => {
                context.output.stream(history.list().filter(filter).limit(limit).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { number } => show(&history.get(number).await?, context),
            Self::Diff { from, to } => compare(&history.diff(from, to).await?, context),
            Self::Rollback(rollback) => rollback.run(&history, context).await,
            Self::Watch { resume_token } => {
                watch(&history, resume_token, context).await?;
                Ok(Exit::DONE)
            }
        }
    }
}

impl Rollback {
    /// Goes back and shows the revision that does.
    async fn run(
        self,
        history: &umpire_client::History,
        context: &Context,
    ) -> Result<Exit, Failure> {
        let newest = history.list().limit(1).all().await?;
        let newest = newest.first().map_or(0, |revision| revision.number);
        let back = history.rollback(self.number, self.reason).validate_only(self.dry_run).await?;
        if self.dry_run {
            return plan(&history.diff(newest, self.number).await?, context);
        }
        // Where there was nothing to do the answer is the revision that was there.
        if back.number > newest {
            return show(&back, context);
        }
        if !context.output.is_table() {
            context.output.one(&back)?;
        }
        context.output.note("nothing differs");
        Ok(Exit::DONE)
    }
}

/// Prints revisions for as long as anybody reads them. While the server is away it
/// waits, and says so.
async fn watch(
    history: &umpire_client::History,
    resume_token: String,
    context: &Context,
) -> Result<(), Failure> {
    context.output.event_header(Revision::COLUMNS)?;
    let mut events = history.watch_noticing(resume_token, presence_noted(context));
    while let Some(event) = events.next().await {
        tell(&event?, context)?;
        if context.output.is_closed() {
            break;
        }
    }
    Ok(())
}

/// What going back would change.
fn plan(differing: &DiffRevisionsResponse, context: &Context) -> Result<Exit, Failure> {
    compare(differing, context)?;
    if differing.changes.is_empty() {
        context.output.note("nothing differs");
    }
    Ok(Exit::DONE)
}

/// Who did what, and the difference it made.
fn show(revision: &Revision, context: &Context) -> Result<Exit, Failure> {
    let output = &context.output;
    if output.form != Form::Table {
        output.one(revision)?;
        return Ok(Exit::DONE);
    }
    let (number, when) = (revision.number, time(revision.create_time));
    let (author, reason) = (safe(&revision.author), safe(&revision.reason));
    output.line(format!("revision {number}  {when}  {author}  {reason}").trim_end())?;
    for line in difference(&revision.changes, output.paint)? {
        output.line(&line)?;
    }
    Ok(Exit::DONE)
}

fn compare(differing: &DiffRevisionsResponse, context: &Context) -> Result<Exit, Failure> {
    let output = &context.output;
    match output.form {
        Form::Table => {
            for line in difference(&differing.changes, output.paint)? {
                output.line(&line)?;
            }
        }
        Form::Json => output.message("DiffRevisionsResponse", differing)?,
        Form::Csv => output.records(&differing.changes)?,
    }
    Ok(Exit::negative_if(!differing.changes.is_empty()))
}

/// Checkpoints are for programs that keep the token; nobody else wants to see them.
fn tell(event: &WatchRevisionsResponse, context: &Context) -> Result<(), Failure> {
    let is_revision = matches!(event.event, Some(Event::Revision(_)));
    if is_revision || context.output.form == Form::Json {
        context.output.event(event)?;
    }
    Ok(())
}
