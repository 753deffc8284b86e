//! Colours, where they help.

use crate::arguments::{Colour, Form};
use anstyle::{AnsiColor, Style};
use std::env;
use umpire_client::v1::{Decision, Level};

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours only where a person looks.
    pub fn new(when: Colour, form: Form, terminal: bool) -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let on = match when {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !refused && !dumb,
        };
        Self { on: on && form == Form::Table }
    }

    /// No colours, for what is no answer.
    pub fn none() -> Self {
        Self { on: false }
    }

    /// What was taken away.
    pub fn removed(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default(), text)
    }

    /// What was added.
    pub fn added(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// What something is about.
    pub fn headed(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// A decision by how grave it is.
    pub fn decided(self, decision: Decision, text: &str) -> String {
        let colour = match decision {
            Decision::Block => AnsiColor::Red,
            Decision::Review => AnsiColor::Yellow,
            Decision::Pass => AnsiColor::Green,
            Decision::Unspecified => return text.to_owned(),
        };
        self.with(colour.on_default().bold(), text)
    }

    /// A level by how urgent it is.
    pub fn urgent(self, level: Level, text: &str) -> String {
        let colour = match level {
            Level::P0 => AnsiColor::Red,
            Level::P1 => AnsiColor::Yellow,
            Level::P2 | Level::P3 | Level::Unspecified => return text.to_owned(),
        };
        self.with(colour.on_default().bold(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_no_colours() {
        let painted = |when, form| Paint::new(when, form, true).added("x") != "x";
        assert!(painted(Colour::Always, Form::Table));
        assert!(!painted(Colour::Always, Form::Json) && !painted(Colour::Always, Form::Csv));
        assert!(!painted(Colour::Never, Form::Table));
        assert_eq!(Paint::new(Colour::Auto, Form::Table, false).added("x"), "x");
    }
}
