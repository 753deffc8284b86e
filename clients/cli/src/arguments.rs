use crate::commands::Command;
use clap::{Args, Parser, ValueEnum};
use std::path::PathBuf;

/// Checks messages, keeps the policy, sanctions and alerts, reads history and audit log of
/// an Umpire server.
#[derive(Parser)]
#[command(name = "umpirectl", version, propagate_version = true)]
pub struct Arguments {
    /// Where the server is and how answers are shown.
    #[command(flatten)]
    pub global: Global,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The server
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "UMPIRE_ENDPOINT",
        default_value = "http://127.0.0.1:50051"
    )]
    pub endpoint: String,

    /// The key to call with
    #[arg(long, global = true, value_name = "KEY", env = "UMPIRE_API_KEY", hide_env_values = true)]
    pub api_key: Option<String>,

    /// The tenant that is meant; the key's own when absent
    #[arg(long, global = true, value_name = "ID", env = "UMPIRE_TENANT")]
    pub tenant: Option<String>,

    /// The authority (PEM) that vouches for the server; the system's own when absent
    #[arg(long, global = true, value_name = "FILE", env = "UMPIRE_CA_CERTIFICATE")]
    pub ca_certificate: Option<PathBuf>,

    /// Form of what is printed
    #[arg(long, short, global = true, value_name = "FORM", default_value = "table")]
    pub output: Form,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,

    /// No notes and no progress on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// How answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    Table,
    /// For programs: the contract's messages in their JSON form.
    Json,
    /// For spreadsheets.
    Csv,
}

/// When answers have colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// In every table.
    Always,
    /// In none.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_text_is_tried_or_test_cases_are_run() {
        let check = |taken: bool, arguments: &[&str]| {
            let line = ["umpirectl", "test"].iter().chain(arguments);
            assert_eq!(Arguments::try_parse_from(line).is_ok(), taken, "{arguments:?}");
        };
        check(true, &["p.yaml", "--keep-unlisted"]);
        check(true, &["--text", "hi", "--scene", "world", "--sender", "p-1"]);
        check(false, &["p.yaml", "--text", "hi"]);
        check(false, &["p.yaml", "--scene", "world"]);
        check(false, &["--scene", "world"]);
        check(false, &["--text", "hi", "--keep-unlisted"]);
        check(false, &["--scene", "world", "--keep-unlisted"]);
    }

    fn check(taken: bool, line: &str) {
        let words = std::iter::once("umpirectl").chain(line.split(' '));
        assert_eq!(Arguments::try_parse_from(words).is_ok(), taken, "{line}");
    }

    #[test]
    fn rules_and_enforcers_are_set_from_flags_or_a_file() {
        check(true, "sanctions rules set spam --threshold 3 --window 3d --kind mute");
        check(true, "sanctions rules set -f spam.yaml --dry-run");
        check(false, "sanctions rules set");
        check(false, "sanctions rules set spam");
        check(false, "sanctions rules set spam -f spam.yaml");
        check(false, "sanctions rules set -f spam.yaml --threshold 3");
        check(true, "enforcers set game --stream --server s-1");
        check(true, "enforcers set -f game.yaml");
        check(false, "enforcers set game");
        check(false, "enforcers set game --stream --url https://game.example");
    }

    #[test]
    fn sanctions_end_in_one_way_and_a_wave_has_a_shape() {
        check(true, "sanctions create mute p-1 --duration 1d --reason spam");
        check(false, "sanctions create mute p-1 --duration 1d --permanent --reason spam");
        check(true, "sanctions extend s --by 1d --reason again");
        check(false, "sanctions extend s --reason again");
        check(true, "sanctions undo-wave --rule spam --since 1h --reason mistake");
        check(false, "sanctions undo-wave --reason mistake");
        check(false, "sanctions undo-wave --rule spam");
        check(true, "sanctions drain sample --size 5 --reason look");
        check(true, "sanctions drain drop --dry-run");
        check(false, "sanctions drain drop");
        check(true, "safety on --probe 5 --reason calm");
        check(false, "safety hold");
    }

    #[test]
    fn alerts_are_silenced_for_a_time_and_routes_tried_on_one() {
        check(true, "alerts silence rule=gold --for 2h --reason event");
        check(false, "alerts silence rule=gold --reason event");
        check(false, "alerts silence rule=gold --for 2h --until 7d --reason event");
        check(false, "alerts silence rule=gold --for 2h");
        check(true, "alerts ack 0193 --for 30m --note looking");
        check(true, "receivers set ops.yaml --id ops --dry-run");
        check(false, "receivers set");
        check(true, "receivers test ops --level P0");
        check(true, "routes test --level p1 --scene world");
        check(false, "routes test --scene world");
        check(true, "templates preview --channel email");
        check(true, "deliveries stats --since 24h");
    }

    #[test]
    fn help_never_shows_the_key() {
        let help = Arguments::command().render_long_help().to_string();
        assert!(help.contains("UMPIRE_API_KEY") && !help.contains("UMPIRE_API_KEY="));
    }
}
