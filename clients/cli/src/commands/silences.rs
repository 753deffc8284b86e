use super::{
    filter::{all_of, at, raw},
    kept,
};
use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{id_of, time},
};
use clap::Subcommand;
use prost_types::Timestamp;
use std::time::SystemTime;
use umpire_client::v1::Silence;

/// Lists and ends silences. They are made with `umpirectl alerts silence`.
#[derive(Subcommand)]
pub enum Silences {
    /// List silences, by id
    List {
        /// Only what it lets through: 'author = "ann"'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,

        /// Only those that are not over
        #[arg(long)]
        active: bool,
    },
    /// Show a silence
    #[command(alias = "get")]
    Show {
        /// Id or name
        silence: String,
    },
    /// End a silence now; one that has not begun is taken away
    End {
        /// Id or name
        silence: String,
    },
    /// Take a silence away, with what it said; one that is running ends so
    Delete {
        /// Id or name
        silence: String,
    },
}

impl Silences {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter, active } => list(&filter, active, context).await,
            Self::Show { silence } => kept::show::<Silence>(&silence, context).await,
            Self::End { silence } => end(&silence, context).await,
            Self::Delete { silence } => kept::delete::<Silence>(&silence, context).await,
        }
    }
}

async fn list(filter: &str, active: bool, context: &Context) -> Result<Exit, Failure> {
    let silences = context.connect().await?.alerts().silences();
    let filter = filter_of(filter, active.then(now));
    context.output.stream(silences.filter(filter).stream()).await?;
    Ok(Exit::DONE)
}

fn filter_of(filter: &str, after: Option<Timestamp>) -> String {
    all_of([at("end_time", ">", after), raw(Some(&filter.to_owned()))])
}

async fn end(silence: &str, context: &Context) -> Result<Exit, Failure> {
    let alerts = context.connect().await?.alerts();
    let (silence, now) = (alerts.silence(silence).await?, now());
    let id = id_of(&silence.name).to_owned();
    if !is_after(silence.end_time, now) {
        let end = time(silence.end_time);
        return Err(Failure::usage(format!("silence {id} is over since {end}")));
    }
    if is_after(silence.start_time, now) {
        alerts.delete_silence(silence.name.as_str()).etag(silence.etag.as_str()).await?;
        context.output.changed(&format!("deleted silence {id}, which had not begun"), &silence)?;
        return Ok(Exit::DONE);
    }
    let Silence { name, etag, .. } = silence;
    let ended = Silence { name, etag, end_time: Some(now), ..Silence::default() };
    let ended = alerts.update_silence(ended).mask(["end_time"]).await?;
    context.output.changed(&format!("ended silence {id}"), &ended)?;
    Ok(Exit::DONE)
}

fn now() -> Timestamp {
    SystemTime::now().into()
}

fn is_after(moment: Option<Timestamp>, other: Timestamp) -> bool {
    moment.is_some_and(|moment| (moment.seconds, moment.nanos) > (other.seconds, other.nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_can_be_left_out() {
        let now = Timestamp { seconds: 1, nanos: 0 };
        assert_eq!(filter_of("", None), "");
        let both = "end_time > \"1970-01-01T00:00:01Z\" AND (id = a)";
        assert_eq!(filter_of("id = a", Some(now)), both);
        assert!(is_after(Some(Timestamp { seconds: 1, nanos: 1 }), now));
        assert!(!is_after(Some(now), now) && !is_after(None, now));
    }
}
