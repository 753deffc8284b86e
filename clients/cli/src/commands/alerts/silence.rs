use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    moment,
    output::{id_of, time},
};
use clap::{ArgGroup, Args};
use prost_types::Timestamp;
use std::time::{Duration, SystemTime};
use umpire_client::v1;

/// Which alerts nobody is told of, for how long, and why.
#[derive(Args)]
#[command(group = ArgGroup::new("end").args(["lasting", "until"]).required(true))]
pub struct Silence {
    /// Alerts that it keeps quiet: 'rule = gold AND scene = world-chat'
    filter: String,

    /// For so long: 2h, 7d
    #[arg(long = "for", value_name = "LENGTH", value_parser = moment::length)]
    lasting: Option<Duration>,

    /// Until then: 2026-12-01T08:00:00Z, 2026-12-01 or 7d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    until: Option<Timestamp>,

    /// From then on: 2026-12-01T08:00:00Z, 2026-12-01 or 7d; from now on when absent
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    from: Option<Timestamp>,

    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// Its id; chosen by the server when absent
    #[arg(long, default_value = "", hide_default_value = true)]
    id: String,
}

impl Silence {
    /// Makes it and shows what was made.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let silence = self.silence(Timestamp::from(SystemTime::now()));
        let made = alerts.create_silence(self.id, silence).await?;
        let (id, end) = (id_of(&made.name), time(made.end_time));
        let sentence = format!("silence {id}: {}, until {end}", made.r#match);
        context.output.changed(&sentence, &made)?;
        Ok(Exit::DONE)
    }

    fn silence(&self, now: Timestamp) -> v1::Silence {
        let lasting = self.lasting.map(|lasting| later(self.from.unwrap_or(now), lasting));
        v1::Silence {
            r#match: self.filter.clone(),
            reason: self.reason.clone(),
            start_time: self.from,
            end_time: self.until.or(lasting),
            ..v1::Silence::default()
        }
    }
}

/// To the second: nobody asks for less.
fn later(moment: Timestamp, lasting: Duration) -> Timestamp {
    let seconds = i64::try_from(lasting.as_secs()).unwrap_or(i64::MAX);
    Timestamp { seconds: moment.seconds.saturating_add(seconds), ..moment }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        silence: Silence,
    }

    #[test]
    fn it_ends_so_long_after_its_begin() {
        let check = |flags: &str, expected: [&str; 2]| {
            let words = ["silence", "rule = gold", "--reason", "x"].into_iter();
            let line = Line::try_parse_from(words.chain(flags.split_whitespace()));
            let silence = line.expect("flags").silence;
            let silence = silence.silence(Timestamp { seconds: 60, nanos: 0 });
            let told = [silence.start_time, silence.end_time].map(time);
            assert_eq!(told, expected, "{flags}");
        };
        check("--for 2h", ["", "1970-01-01T02:01:00Z"]);
        let (from, until) = ("2026-12-01T08:00:00Z", "2026-12-02T00:00:00Z");
        check(&format!("--from {from} --for 2h"), [from, "2026-12-01T10:00:00Z"]);
        check(&format!("--until {until}"), ["", until]);
        check(&format!("--until {until} --from {from}"), [from, until]);
    }
}
