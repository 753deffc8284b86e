use super::filter::{all_of, is, raw};
use crate::{context::Context, exit::Exit, failure::Failure, output::counted};
use clap::{Args, Subcommand};
use umpire_client::v1::{ResetStrikesResponse, StrikeCounter, Subject};

/// Lists and forgets strikes.
#[derive(Subcommand)]
pub enum Strikes {
    /// List the counters that hold a strike
    List(List),
    /// Forget the strikes of a user: exit code 1 if there are none
    Reset(Reset),
}

/// Which counters to list.
#[derive(Args)]
pub struct List {
    /// Only those of this user
    #[arg(long, value_name = "ID")]
    user: Option<String>,

    /// Only those on this server
    #[arg(long, value_name = "ID")]
    server: Option<String>,

    /// Only those of this sanction rule, by id or name
    #[arg(long)]
    rule: Option<String>,

    /// Only what it lets through: 'sanction_rule = spam OR sanction_rule = abuse'
    #[arg(long)]
    filter: Option<String>,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// Whose strikes to forget, and why.
#[derive(Args)]
pub struct Reset {
    /// User id
    user: String,

    /// Only those on this server
    #[arg(long, value_name = "ID")]
    server: Option<String>,

    /// Only those of this sanction rule, by id or name
    #[arg(long)]
    rule: Option<String>,

    /// Why; kept in the journal
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Strikes {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Reset(reset) => reset.run(context).await,
        }
    }
}

impl List {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let filter = all_of([
            is("subject.user_id", self.user.as_ref()),
            is("subject.server_id", self.server.as_ref()),
            is("sanction_rule", self.rule.as_ref()),
            raw(self.filter.as_ref()),
        ]);
        let counters = sanctions.strikes().filter(filter).limit(self.limit);
        context.output.stream(counters.stream()).await?;
        Ok(Exit::DONE)
    }
}

impl Reset {
    /// One user may be several subjects: roles, servers, channels, categories.
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        if let Some(rule) = &self.rule {
            // A rule that is not there has no strikes: a mistake must not look like that.
            sanctions.rule(rule).await?;
        }
        let filter = all_of([
            is("subject.user_id", Some(&self.user)),
            is("subject.server_id", self.server.as_ref()),
            is("sanction_rule", self.rule.as_ref()),
        ]);
        let counters = sanctions.strikes().filter(filter).all().await?;
        let mut forgotten = ResetStrikesResponse::default();
        for subject in subjects(counters) {
            let mut reset = sanctions.reset_strikes(subject, self.reason.as_str());
            if let Some(rule) = &self.rule {
                reset = reset.rule(rule);
            }
            forgotten.strikes += reset.await?.strikes;
        }
        let sentence = format!("forgot {} of {}", counted(forgotten.strikes, "strike"), self.user);
        context.output.changed(&sentence, &forgotten)?;
        Ok(Exit::negative_if(forgotten.strikes == 0))
    }
}

/// Each once.
fn subjects(counters: Vec<StrikeCounter>) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for subject in counters.into_iter().filter_map(|counter| counter.subject) {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    subjects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_reset_once() {
        let counter = |server: &str, rule: &str| {
            let subject =
                Subject { user_id: "p-1".into(), server_id: server.into(), ..Subject::default() };
            let sanction_rule = rule.into();
            StrikeCounter { subject: Some(subject), sanction_rule, ..<_>::default() }
        };
        let counters = vec![counter("s-1", "a"), counter("s-1", "b"), counter("s-2", "a")];
        let servers: Vec<_> = subjects(counters).into_iter().map(|one| one.server_id).collect();
        assert_eq!(servers, ["s-1", "s-2"]);
    }
}
