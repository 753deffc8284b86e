use crate::{context::Context, exit::Exit, failure::Failure, output::short};
use clap::{Args, Subcommand};
use umpire_client::{
    Change, Umpire,
    v1::{SafetyState, SafetySwitch, UpdateSafetySwitchRequest},
};

/// Stops automatic sanctions, or lets them go on.
#[derive(Subcommand)]
pub enum Safety {
    /// Show the safety switch, how much of its budget is used and how many are held
    Show,
    /// Let automatic sanctions go out
    On(On),
    /// Make automatic sanctions, and hold them
    Hold(Because),
    /// Make no automatic sanctions
    Off(Because),
    /// Set how many automatic sanctions may go out a minute
    Budget(Budget),
}

/// Why.
#[derive(Args)]
pub struct Because {
    /// Why; kept with the switch
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// How automatic sanctions are let out again.
#[derive(Args)]
pub struct On {
    /// Let so many out, then hold the others until somebody looks
    #[arg(long, value_name = "NUMBER")]
    probe: Option<i32>,

    #[command(flatten)]
    because: Because,
}

/// A new budget.
#[derive(Args)]
pub struct Budget {
    /// Automatic sanctions a minute
    count: i32,

    #[command(flatten)]
    because: Because,
}

impl Safety {
    /// Does what was asked, and shows the switch.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let umpire = context.connect().await?;
        let Some(change) = self.change(&umpire) else {
            context.output.one(&umpire.sanctions().safety().await?)?;
            return Ok(Exit::DONE);
        };
        let switch = change.await?;
        context.output.changed(&sentence(&switch), &switch)?;
        if switch.stopped_by_configuration {
            context.output.note("the configuration keeps automatic sanctions off");
        }
        Ok(Exit::DONE)
    }

    fn change(self, umpire: &Umpire) -> Option<Change<UpdateSafetySwitchRequest>> {
        let set = |because: Because| umpire.sanctions().set_safety(because.reason);
        match self {
            Self::Show => None,
            Self::On(On { probe, because }) => {
                let on = set(because).state(SafetyState::On);
                Some(match probe {
                    Some(count) => on.probe(count),
                    None => on,
                })
            }
            Self::Hold(because) => Some(set(because).state(SafetyState::Hold)),
            Self::Off(because) => Some(set(because).state(SafetyState::Off)),
            Self::Budget(Budget { count, because }) => Some(set(because).budget(count)),
        }
    }
}

fn sentence(switch: &SafetySwitch) -> String {
    let state = short(switch.state().as_str_name(), "SAFETY_STATE_");
    let SafetySwitch { budget_used, budget_per_minute, held, .. } = switch;
    let probe = match switch.probe_left {
        Some(left) => format!(", {left} to go before HOLD"),
        None => String::new(),
    };
    let used = format!("{budget_used} of {budget_per_minute} this minute");
    format!("safety switch {state}{probe}: {used}, {held} held")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_on_one_line() {
        let mut switch = SafetySwitch {
            state: SafetyState::On as i32,
            budget_per_minute: 60,
            budget_used: 12,
            held: 3,
            ..SafetySwitch::default()
        };
        assert_eq!(sentence(&switch), "safety switch ON: 12 of 60 this minute, 3 held");
        switch.probe_left = Some(5);
        assert!(sentence(&switch).starts_with("safety switch ON, 5 to go before HOLD"));
    }
}
