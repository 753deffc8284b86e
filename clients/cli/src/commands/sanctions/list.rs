use super::{kind::Kind, which::Which};
use crate::{
    commands::filter::all_of, context::Context, exit::Exit, failure::Failure, output::short,
};
use clap::{Args, ValueEnum};
use umpire_client::v1::SanctionState;

/// Which sanctions to list.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    which: Which,

    /// Only those of this kind
    #[arg(long)]
    kind: Option<Kind>,

    /// Only those in this state
    #[arg(long)]
    state: Option<State>,

    /// Only those that hold now
    #[arg(long)]
    active: bool,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// The life of a sanction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Nobody was told yet.
    Pending,
    /// The safety switch keeps it back.
    Held,
    /// Being told.
    Executing,
    /// Carried out, or suppressed.
    Done,
    /// An enforcer did not carry it out.
    Failed,
    /// Ended by a person.
    Lifted,
    /// Its end came.
    Expired,
}

impl State {
    fn proto(self) -> SanctionState {
        match self {
            Self::Pending => SanctionState::Pending,
            Self::Held => SanctionState::Held,
            Self::Executing => SanctionState::Executing,
            Self::Done => SanctionState::Done,
            Self::Failed => SanctionState::Failed,
            Self::Lifted => SanctionState::Lifted,
            Self::Expired => SanctionState::Expired,
        }
    }
}

impl List {
    /// Fetches and prints them.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let listed = sanctions.list().filter(self.filter()).limit(self.limit);
        context.output.stream(listed.stream()).await?;
        Ok(Exit::DONE)
    }

    fn filter(&self) -> String {
        let kind = |kind: Kind| short(kind.proto().as_str_name(), "SANCTION_KIND_");
        let state = |state: State| short(state.proto().as_str_name(), "SANCTION_STATE_");
        let own = [
            self.kind.map(|chosen| format!("kind = {}", kind(chosen))),
            self.state.map(|chosen| format!("state = {}", state(chosen))),
            self.active.then(|| "active = true".to_owned()),
        ];
        all_of(self.which.terms().into_iter().chain(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        list: List,
    }

    #[test]
    fn flags_become_a_filter() {
        let check = |flags: &str, expected: &str| {
            let words = std::iter::once("list").chain(flags.split_whitespace());
            let line = Line::try_parse_from(words).expect("flags");
            assert_eq!(line.list.filter(), expected, "{flags}");
        };
        check("", "");
        check("--kind login-ban --state held", "kind = LOGIN_BAN AND state = HELD");
        check("--user p-1 --active", "subject.user_id = \"p-1\" AND active = true");
        let since = "start_time >= \"2026-12-01T00:00:00Z\"";
        let both = format!("sanction_rule = \"spam\" AND revision = 7 AND {since}");
        check("--since 2026-12-01T00:00:00Z --rule spam --revision 7", &both);
        check("--filter suppressed=true", "(suppressed=true)");
    }
}
