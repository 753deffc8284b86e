mod create;
mod drain;
mod kind;
mod list;
mod move_end;
mod preview;
mod rules;
mod subject;
mod watch;
mod wave;
mod which;

use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    moment,
    output::{ends, id_of, short},
};
use clap::{Args, Subcommand};
use create::Create;
use drain::Drain;
use list::List;
use move_end::Extend;
use rules::Rules;
use std::time::Duration;
use subject::Check;
use umpire_client::v1::Sanction;
use watch::Watch;
use wave::UndoWave;

/// Lists, makes, lifts and undoes sanctions; keeps the rules that bring them.
#[derive(Subcommand)]
pub enum Sanctions {
    /// List sanctions, newest first
    List(List),
    /// Show a sanction, and what has become of it
    #[command(alias = "get")]
    Show {
        /// Id or name
        sanction: String,
    },
    /// Say whether a user is muted or banned now, until when and why
    Check(Check),
    /// Warn, mute or ban by hand
    Create(Create),
    /// End a sanction before its time
    Lift(Lift),
    /// Move the end of a sanction, further or nearer
    Extend(Extend),
    /// Lift every sanction that flags or a filter describe
    UndoWave(UndoWave),
    /// Print what an enforcer is told, until interrupted
    Watch(Watch),
    /// Decide about sanctions that the safety switch holds
    Drain(Drain),
    /// Keep sanction rules
    #[command(subcommand)]
    Rules(Rules),
}

/// A sanction, and why it is to end.
#[derive(Args)]
pub struct Lift {
    /// Id or name
    sanction: String,

    /// Why; kept with the sanction
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    after: After,
}

/// What becomes of the strikes of those whose sanction is lifted.
#[derive(Args)]
pub struct After {
    /// Put back the strikes that the sanction cleared, but for the last message's
    #[arg(long)]
    restore_strikes: bool,

    /// Count nothing under its rule for so long: 7d, 2h30m; as the rule says when absent
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    grace: Option<Duration>,
}

impl Sanctions {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Show { sanction } => {
                let sanctions = context.connect().await?.sanctions();
                context.output.one(&sanctions.get(&sanction).await?)?;
                Ok(Exit::DONE)
            }
            Self::Check(check) => check.run(context).await,
            Self::Create(create) => create.run(context).await,
            Self::Lift(lift) => lift.run(context).await,
            Self::Extend(extend) => extend.run(context).await,
            Self::UndoWave(wave) => wave.run(context).await,
            Self::Watch(watch) => watch.run(context).await,
            Self::Drain(drain) => drain.run(context).await,
            Self::Rules(rules) => rules.run(context).await,
        }
    }
}

impl Lift {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let mut lift = sanctions.lift(self.sanction, self.reason);
        lift = lift.restore_strikes(self.after.restore_strikes);
        if let Some(grace) = self.after.grace {
            lift = lift.grace(grace);
        }
        told("lifted", &lift.await?, context)
    }
}

/// What became of a sanction.
fn told(done: &str, sanction: &Sanction, context: &Context) -> Result<Exit, Failure> {
    let user = sanction.subject.as_ref().map(|subject| subject.user_id.as_str());
    let (user, id) = (user.unwrap_or_default(), id_of(&sanction.name));
    let kind = short(sanction.kind().as_str_name(), "SANCTION_KIND_");
    let mut about = vec![short(sanction.state().as_str_name(), "SANCTION_STATE_"), ends(sanction)];
    about.retain(|word| !word.is_empty());
    let about = about.join(", ");
    context.output.changed(&format!("{done} {kind} {id} of {user} ({about})"), sanction)?;
    Ok(Exit::DONE)
}
