mod document;
mod write;

use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{id_of, short},
};
use clap::{Args, Subcommand, ValueEnum};
use umpire_client::v1::{self, Rule};
use write::Write;

/// Keeps rules.
#[derive(Subcommand)]
pub enum Rules {
    /// List rules
    List(List),
    /// Show a rule
    Get {
        /// Id or name
        rule: String,
    },
    /// Add rules from a file: one, a list of them, or a document
    Create(Write),
    /// Replace rules by those of a file: one, a list of them, or a document
    Update(Write),
    /// Take a rule out of force
    Delete(Named),
    /// Bring a deleted rule back
    Undelete(Named),
    /// Put a rule in force, into shadow, or out
    SetMode(SetMode),
}

/// Which rules to list.
#[derive(Args)]
pub struct List {
    /// Only what it lets through: 'level >= P1 AND label:fraud'
    #[arg(long)]
    filter: Option<String>,

    /// By what: 'priority desc'
    #[arg(long, value_name = "ORDER")]
    order_by: Option<String>,

    /// With deleted ones
    #[arg(long)]
    deleted: bool,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
}

/// One rule, and why.
#[derive(Args)]
pub struct Named {
    /// Id or name
    rule: String,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// One rule, and whether it has consequences.
#[derive(Args)]
pub struct SetMode {
    #[command(flatten)]
    named: Named,

    /// Whether it has consequences
    mode: Mode,
}

/// Whether a rule has consequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// In force.
    Enforced,
    /// Matched and recorded, without effect.
    Shadow,
    /// Not matched at all.
    Off,
}

impl Rules {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Get { rule } => {
                let rule = context.connect().await?.rules().get(&rule).await?;
                context.output.one(&rule)?;
                Ok(Exit::DONE)
            }
            Self::Create(write) => write.create(context).await,
            Self::Update(write) => write.update(context).await,
            Self::Delete(Named { rule, reason }) => {
                let rules = context.connect().await?.rules();
                told("deleted", &rules.delete(rule).reason(reason).await?, context)
            }
            Self::Undelete(Named { rule, reason }) => {
                let rules = context.connect().await?.rules();
                told("undeleted", &rules.undelete(rule).reason(reason).await?, context)
            }
            Self::SetMode(set) => set.run(context).await,
        }
    }
}

impl List {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = context.connect().await?.rules().list();
        let list = list.filter(self.filter.unwrap_or_default());
        let list = list.order_by(self.order_by.unwrap_or_default());
        context.output.stream(list.show_deleted(self.deleted).limit(self.limit).stream()).await?;
        Ok(Exit::DONE)
    }
}

impl SetMode {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mode = match self.mode {
            Mode::Enforced => v1::RuleMode::Enforced,
            Mode::Shadow => v1::RuleMode::Shadow,
            Mode::Off => v1::RuleMode::Off,
        };
        let rules = context.connect().await?.rules();
        let before = rules.get(&self.named.rule).await?;
        let rule = Rule { name: self.named.rule, mode: mode as i32, ..Rule::default() };
        let changed = rules.update(rule).mask(["mode"]).reason(self.named.reason).await?;
        if changed.revision != before.revision {
            return told("changed", &changed, context);
        }
        if !context.output.is_table() {
            context.output.one(&changed)?;
        }
        context.output.note("nothing differs");
        Ok(Exit::DONE)
    }
}

/// What became of a rule.
fn told(done: &str, rule: &Rule, context: &Context) -> Result<Exit, Failure> {
    let (id, mode) = (id_of(&rule.name), short(rule.mode().as_str_name(), "RULE_MODE_"));
    context
        .output
        .changed(&format!("{done} rule {id} ({mode}), revision {}", rule.revision), rule)?;
    Ok(Exit::DONE)
}
