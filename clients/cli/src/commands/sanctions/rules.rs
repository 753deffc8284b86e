mod fields;
mod set;

use crate::{
    arguments::Form,
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{id_of, safe, short},
};
use clap::Subcommand;
use set::Set;
use umpire_client::v1::{ListEffectiveOrderResponse, OrderFinding};

/// Keeps sanction rules.
#[derive(Subcommand)]
pub enum Rules {
    /// List sanction rules, by id
    List {
        /// Only what it lets through: 'risk_class = FATAL AND kind = MUTE'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,
    },
    /// Show a sanction rule
    #[command(alias = "get")]
    Show {
        /// Id or name
        rule: String,
    },
    /// Add sanction rules, or change them: one from flags, or those of a file
    Set(Box<Set>),
    /// Take a sanction rule away, and its strikes
    Delete {
        /// Id or name
        rule: String,
    },
    /// List sanction rules in the order they are tried in, and what is odd about them
    Order,
}

impl Rules {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter } => {
                let rules = context.connect().await?.sanctions().rules();
                context.output.stream(rules.filter(filter).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { rule } => {
                let sanctions = context.connect().await?.sanctions();
                context.output.one(&sanctions.rule(&rule).await?)?;
                Ok(Exit::DONE)
            }
            Self::Set(set) => set.run(context).await,
            Self::Delete { rule } => delete(rule, context).await,
            Self::Order => {
                let sanctions = context.connect().await?.sanctions();
                show(&sanctions.effective_order().await?, context)?;
                Ok(Exit::DONE)
            }
        }
    }
}

/// Shows what it was.
async fn delete(rule: String, context: &Context) -> Result<Exit, Failure> {
    let sanctions = context.connect().await?.sanctions();
    let gone = sanctions.rule(&rule).await?;
    sanctions.delete_rule(rule).await?;
    context.output.changed(&format!("deleted sanction rule {}", id_of(&gone.name)), &gone)?;
    Ok(Exit::DONE)
}

/// The rules, first tried first, then what is odd.
fn show(order: &ListEffectiveOrderResponse, context: &Context) -> Result<(), Failure> {
    let output = &context.output;
    match output.form {
        Form::Json => output.message("ListEffectiveOrderResponse", order),
        Form::Csv => {
            order.findings.iter().for_each(|finding| output.note(&told(finding)));
            output.records(&order.sanction_rules)
        }
        Form::Table => {
            output.records(&order.sanction_rules)?;
            order.findings.iter().try_for_each(|finding| output.line(&safe(&told(finding))))
        }
    }
}

fn told(finding: &OrderFinding) -> String {
    let rules: Vec<_> = finding.sanction_rules.iter().map(|rule| id_of(rule)).collect();
    let kind = short(finding.kind().as_str_name(), "KIND_");
    format!("{kind} {}: {}", rules.join(", "), finding.message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::order_finding::Kind;

    #[test]
    fn findings_name_their_rules() {
        let finding = OrderFinding {
            kind: Kind::Gap as i32,
            sanction_rules: vec!["tenants/a/sanctionRules/x".into(), "y".into()],
            message: "charges from 5 to 10 fit none".into(),
        };
        assert_eq!(told(&finding), "GAP x, y: charges from 5 to 10 fit none");
    }
}
