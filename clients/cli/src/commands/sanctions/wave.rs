use super::{After, preview, which::Which};
use crate::{
    ask::confirm, commands::filter::all_of, context::Context, exit::Exit, failure::Failure,
    output::counted,
};
use clap::{ArgGroup, Args};
use futures_util::TryStreamExt;
use umpire_client::{
    BatchLift, Error, Sanctions, v1::batch_lift_sanctions_response::Result as Lifted,
};

/// Which sanctions to lift, and why.
#[derive(Args)]
#[command(group = ArgGroup::new("wave")
    .args(["user", "server", "rule", "revision", "since", "until", "filter"])
    .multiple(true)
    .required(true))]
pub struct UndoWave {
    #[command(flatten)]
    which: Which,

    /// Why; kept with each sanction
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    after: After,

    /// Show what would be lifted and lift nothing
    #[arg(long)]
    dry_run: bool,

    /// Do not ask before lifting
    #[arg(long, short)]
    yes: bool,
}

impl UndoWave {
    /// Shows what would be lifted, asks, and lifts.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let waiting = context.output.waiting("looking");
        let planned = self.lift(&sanctions).preview().await?;
        drop(waiting);
        // Programs get one answer: the last.
        if self.dry_run || planned.count == 0 || context.output.is_table() {
            preview::show(&planned, context)?;
        }
        if planned.count == 0 {
            context.output.note("there is nothing to lift");
        }
        if self.dry_run || planned.count == 0 {
            return Ok(Exit::DONE);
        }
        let sentence = counted(planned.count, "sanction");
        if !self.yes && !confirm(&format!("lift {sentence}"))? {
            return Err(Failure::usage("nothing was lifted"));
        }
        let lifted = follow(self.lift(&sanctions), context).await?;
        let sentence = counted(lifted.count, "sanction");
        context.output.changed(&format!("lifted {sentence}"), &lifted)?;
        Ok(Exit::DONE)
    }

    fn lift(&self, sanctions: &Sanctions) -> BatchLift {
        let lift = sanctions.lift_all(all_of(self.which.terms()), self.reason.as_str());
        let lift = lift.restore_strikes(self.after.restore_strikes);
        match self.after.grace {
            Some(grace) => lift.grace(grace),
            None => lift,
        }
    }
}

/// Lifts, and shows how far it is. Whoever interrupts it keeps what is lifted by then.
async fn follow(lift: BatchLift, context: &Context) -> Result<Lifted, Failure> {
    let progress = context.output.counting("lifting");
    let mut answers = lift.stream();
    let mut lifted = None;
    while let Some(answer) = answers.try_next().await? {
        progress.at(answer.done, answer.total);
        lifted = answer.result.or(lifted);
    }
    lifted.ok_or_else(|| Error::Incomplete("result").into())
}
