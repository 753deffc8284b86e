mod kind;
mod list;
mod silence;
mod tail;

pub use kind::Kind;

use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    moment,
    output::{counted, id_of, short, time},
};
use clap::{Args, Subcommand};
use list::List;
use silence::Silence;
use std::time::Duration;
use tail::Tail;
use umpire_client::v1::Alert;

/// Lists and follows alerts, looks after them, silences them.
#[derive(Subcommand)]
pub enum Alerts {
    /// List alerts, newest first
    List(List),
    /// Show an alert, and what has become of it
    #[command(alias = "get")]
    Show {
        /// Id or name
        alert: String,
    },
    /// Print what happens to alerts, until interrupted
    #[command(alias = "watch")]
    Tail(Tail),
    /// Look after an alert: escalation stops, and what is added to it waits
    #[command(alias = "acknowledge")]
    Ack(Ack),
    /// Name who looks after an alert
    Assign {
        /// Id or name
        alert: String,
        /// Who; '' for nobody
        assignee: String,
    },
    /// End an alert: the next of its kind starts another
    Resolve {
        /// Id or name
        alert: String,
        /// What is to be said of it
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,
    },
    /// Tell nobody of alerts for a while
    Silence(Silence),
}

/// An alert, and for how long somebody looks after it.
#[derive(Args)]
pub struct Ack {
    /// Id or name
    alert: String,

    /// For so long, 7d at most: 30m; an hour when absent
    #[arg(long = "for", value_name = "LENGTH", value_parser = moment::length)]
    lasting: Option<Duration>,

    /// What is to be said of it
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
}

impl Alerts {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Show { alert } => {
                let alerts = context.connect().await?.alerts();
                context.output.one(&alerts.get(&alert).await?)?;
                Ok(Exit::DONE)
            }
            Self::Tail(tail) => tail.run(context).await,
            Self::Ack(ack) => ack.run(context).await,
            Self::Assign { alert, assignee } => {
                let alerts = context.connect().await?.alerts();
                told("assigned", &alerts.assign(alert, assignee).await?, context)
            }
            Self::Resolve { alert, note } => {
                let alerts = context.connect().await?.alerts();
                told("resolved", &alerts.resolve(alert).note(note).await?, context)
            }
            Self::Silence(silence) => silence.run(context).await,
        }
    }
}

impl Ack {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let mut acknowledge = alerts.acknowledge(self.alert).note(self.note);
        if let Some(lasting) = self.lasting {
            acknowledge = acknowledge.for_(lasting);
        }
        told("acknowledged", &acknowledge.await?, context)
    }
}

/// What became of an alert.
fn told(done: &str, alert: &Alert, context: &Context) -> Result<Exit, Failure> {
    context.output.changed(&sentence(done, alert), alert)?;
    Ok(Exit::DONE)
}

fn sentence(done: &str, alert: &Alert) -> String {
    let mut about = vec![
        short(alert.level().as_str_name(), "LEVEL_"),
        short(alert.state().as_str_name(), "ALERT_STATE_"),
        counted(alert.count, "event"),
    ];
    let end = alert.acknowledgement.as_ref().and_then(|given| given.expire_time);
    about.extend(end.map(|end| format!("until {}", time(Some(end)))));
    if !alert.assignee.is_empty() {
        about.push(format!("with {}", alert.assignee));
    }
    format!("{done} {} {} ({})", id_of(&alert.name), alert.title, about.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Timestamp;
    use umpire_client::v1::{AlertState, Level, alert::Acknowledgement};

    #[test]
    fn an_alert_on_one_line() {
        let end = Some(Timestamp { seconds: 1, nanos: 0 });
        let given = Acknowledgement { expire_time: end, ..Acknowledgement::default() };
        let mut alert = Alert {
            name: "tenants/a/alerts/0193".into(),
            title: "Rule gold".into(),
            level: Level::P1 as i32,
            state: AlertState::Acknowledged as i32,
            count: 3,
            acknowledgement: Some(given),
            assignee: "ann".into(),
            ..Alert::default()
        };
        let told = "(P1, ACKNOWLEDGED, 3 events, until 1970-01-01T00:00:01Z, with ann)";
        assert_eq!(sentence("acknowledged", &alert), format!("acknowledged 0193 Rule gold {told}"));
        (alert.acknowledgement, alert.state) = (None, AlertState::Resolved as i32);
        assert!(sentence("resolved", &alert).ends_with("(P1, RESOLVED, 3 events, with ann)"));
    }
}
