//! One file a command.

mod alerts;
mod apply;
mod audit;
mod check;
mod completion;
mod current;
mod deliveries;
mod diff;
mod enforcers;
mod escalations;
mod export;
mod filter;
mod history;
mod info;
mod kept;
mod keys;
mod level;
mod lists;
mod origin;
mod presence;
mod receivers;
mod routes;
mod rules;
mod safety;
mod sanctions;
mod silences;
mod strikes;
mod templates;
mod tenants;
mod test;

use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Subcommand;

/// What can be done.
#[derive(Subcommand)]
pub enum Command {
    /// Check messages
    Check(check::Check),
    /// Keep rules
    #[command(subcommand)]
    Rules(rules::Rules),
    /// Keep word lists and their entries
    #[command(subcommand)]
    Lists(lists::Lists),
    /// Print the whole policy as one document
    Export(export::Export),
    /// Show what applying a document would change: exit code 0 for nothing, 1 for
    /// differences, 2 for trouble
    Diff(diff::Diff),
    /// Make the policy what a document says
    Apply(apply::Apply),
    /// Run the test cases of the policy, or of a document; try a text on the rules in force
    Test(test::Test),
    /// Read the policy's history and roll back
    #[command(subcommand)]
    History(history::History),
    /// List, make, lift and undo sanctions; keep the rules that bring them
    #[command(subcommand)]
    Sanctions(sanctions::Sanctions),
    /// Keep the services that carry sanctions out
    #[command(subcommand)]
    Enforcers(enforcers::Enforcers),
    /// List and forget strikes
    #[command(subcommand)]
    Strikes(strikes::Strikes),
    /// Stop automatic sanctions, or let them go on
    #[command(subcommand)]
    Safety(safety::Safety),
    /// List and follow alerts, look after them, silence them
    #[command(subcommand)]
    Alerts(alerts::Alerts),
    /// List and end silences
    #[command(subcommand)]
    Silences(silences::Silences),
    /// Keep those who are told of alerts, and try them
    #[command(subcommand)]
    Receivers(receivers::Receivers),
    /// Keep who is told of which alerts
    #[command(subcommand)]
    Routes(routes::Routes),
    /// Keep how notices are worded
    #[command(subcommand)]
    Templates(templates::Templates),
    /// Keep what happens while nobody acknowledges an alert
    #[command(subcommand)]
    Escalations(escalations::Escalations),
    /// Read the delivery log, and try again what was not delivered
    #[command(subcommand)]
    Deliveries(deliveries::Deliveries),
    /// Read the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Keep API keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Keep tenants, and whose rules they include
    #[command(subcommand)]
    Tenants(tenants::Tenants),
    /// Print completions for a shell
    Completion(completion::Completion),
    /// Show the server's version and limits
    Info,
}

/// Carries a command out.
pub async fn run(command: Command, context: &Context) -> Result<Exit, Failure> {
    // Boxed: each would make the others' future as big as itself.
    match command {
        Command::Check(check) => Box::pin(check.run(context)).await,
        Command::Rules(rules) => Box::pin(rules.run(context)).await,
        Command::Lists(lists) => Box::pin(lists.run(context)).await,
        Command::Export(export) => Box::pin(export.run(context)).await,
        Command::Diff(diff) => Box::pin(diff.run(context)).await,
        Command::Apply(apply) => Box::pin(apply.run(context)).await,
        Command::Test(test) => Box::pin(test.run(context)).await,
        Command::History(history) => Box::pin(history.run(context)).await,
        Command::Sanctions(sanctions) => Box::pin(sanctions.run(context)).await,
        Command::Enforcers(enforcers) => Box::pin(enforcers.run(context)).await,
        Command::Strikes(strikes) => Box::pin(strikes.run(context)).await,
        Command::Safety(safety) => Box::pin(safety.run(context)).await,
        Command::Alerts(alerts) => Box::pin(alerts.run(context)).await,
        Command::Silences(silences) => Box::pin(silences.run(context)).await,
        Command::Receivers(receivers) => Box::pin(receivers.run(context)).await,
        Command::Routes(routes) => Box::pin(routes.run(context)).await,
        Command::Templates(templates) => Box::pin(templates.run(context)).await,
        Command::Escalations(escalations) => Box::pin(escalations.run(context)).await,
        Command::Deliveries(deliveries) => Box::pin(deliveries.run(context)).await,
        Command::Audit(audit) => Box::pin(audit.run(context)).await,
        Command::Keys(keys) => Box::pin(keys.run(context)).await,
        Command::Tenants(tenants) => Box::pin(tenants.run(context)).await,
        Command::Completion(completion) => completion.run(context),
        Command::Info => Box::pin(info::run(context)).await,
    }
}
