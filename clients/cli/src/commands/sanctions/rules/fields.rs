use crate::{
    commands::{rules::Mode, sanctions::kind::Kind},
    moment,
};
use clap::{Args, ValueEnum};
use std::time::Duration;
use umpire_client::v1::{CountMode, RiskClass, SanctionRule, SanctionRuleMode};

/// What is said of a sanction rule; what is not given stays.
#[derive(Args)]
#[group(id = "fields", requires = "rule", conflicts_with = "file")]
pub struct Fields {
    /// The class of matches it counts
    #[arg(long)]
    class: Option<Class>,

    /// Matches it counts, once for each label; '' for any of its class
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,

    /// Recharge of the senders it looks at: 0..10000, 10000.., '..' for all
    #[arg(long, value_name = "FROM..TO", value_parser = charges)]
    charge: Option<Charges>,

    /// Where it looks, once for each server; '' for all
    #[arg(long = "server", value_name = "ID")]
    servers: Vec<String>,

    /// Where it looks, once for each channel; '' for all
    #[arg(long = "channel", value_name = "ID")]
    channels: Vec<String>,

    /// Strikes that bring the sanction
    #[arg(long, value_name = "NUMBER")]
    threshold: Option<i32>,

    /// They count for so long: 3d, 2h30m
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    window: Option<Duration>,

    /// What is a strike
    #[arg(long)]
    count: Option<Count>,

    /// What the sanction does
    #[arg(long)]
    kind: Option<Kind>,

    /// How long it lasts: 7d, 2h30m
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    duration: Option<Duration>,

    /// It has no end
    #[arg(long, conflicts_with = "duration")]
    permanent: bool,

    /// End the player's session
    #[arg(long, value_name = "BOOL")]
    kick_online: Option<bool>,

    /// What the player is told
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,

    /// Why; for the file of the player
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// For the file; not told to the player
    #[arg(long, value_name = "TEXT")]
    remark: Option<String>,

    /// Higher comes first within its class
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    priority: Option<i32>,

    /// Whether it has consequences
    #[arg(long)]
    mode: Option<Mode>,

    /// Most sanctions of it a minute before the safety switch holds all; 0 for no limit of
    /// its own
    #[arg(long, value_name = "NUMBER")]
    max_per_minute: Option<i32>,

    /// After a lift it does not count that subject for so long
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    grace: Option<Duration>,

    /// A name for people
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
}

/// The class of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Class {
    /// To be looked at.
    Sensitive,
    /// Graver.
    HighRisk,
    /// The gravest.
    Fatal,
}

/// What is a strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Count {
    /// A message, whatever matched in it.
    PerMessage,
    /// Each match.
    PerMatch,
}

/// Charges from one up to another, which is left out; an open end is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charges {
    from: Option<i64>,
    to: Option<i64>,
}

fn charges(text: &str) -> Result<Charges, String> {
    let form = || "expected a range: 0..10000, 10000.., ..10000 or ..".to_owned();
    let end = |text: &str| match text {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| form()),
    };
    let (from, to) = text.split_once("..").ok_or_else(form)?;
    Ok(Charges { from: end(from)?, to: end(to)? })
}

impl Fields {
    /// Puts what was given into a rule.
    pub fn apply(&self, rule: &mut SanctionRule) {
        self.say_what_counts(rule);
        self.say_what_follows(rule);
        self.say_the_rest(rule);
    }

    fn say_what_counts(&self, rule: &mut SanctionRule) {
        put(self.class.map(|class| class.proto() as i32), &mut rule.risk_class);
        put(names(&self.labels), &mut rule.labels);
        put(self.charge.map(|charge| charge.from), &mut rule.charge_from);
        put(self.charge.map(|charge| charge.to), &mut rule.charge_to);
        put(names(&self.servers), &mut rule.servers);
        put(names(&self.channels), &mut rule.channels);
        put(self.threshold, &mut rule.threshold);
        put(self.window.map(|length| Some(moment::proto(length))), &mut rule.window);
        put(self.count.map(|count| count.proto() as i32), &mut rule.count_mode);
    }

    fn say_what_follows(&self, rule: &mut SanctionRule) {
        put(self.kind.map(|kind| kind.proto() as i32), &mut rule.kind);
        if let Some(length) = self.duration {
            (rule.duration, rule.permanent) = (Some(moment::proto(length)), false);
        }
        if self.permanent {
            (rule.duration, rule.permanent) = (None, true);
        }
        put(self.kick_online, &mut rule.kick_online);
        if let Some(message) = &self.message {
            rule.player_message.get_or_insert_default().fallback.clone_from(message);
        }
        put(self.max_per_minute, &mut rule.max_per_minute);
        put(self.grace.map(|length| Some(moment::proto(length))), &mut rule.grace);
    }

    fn say_the_rest(&self, rule: &mut SanctionRule) {
        put(self.reason.clone(), &mut rule.reason);
        put(self.remark.clone(), &mut rule.remark);
        put(self.priority, &mut rule.priority);
        put(self.mode.map(|mode| in_force(mode) as i32), &mut rule.mode);
        put(self.display_name.clone(), &mut rule.display_name);
    }
}

fn put<T>(given: Option<T>, field: &mut T) {
    if let Some(given) = given {
        *field = given;
    }
}

/// What was given but for the empty name, which stands for none.
fn names(given: &[String]) -> Option<Vec<String>> {
    let names = given.iter().filter(|name| !name.is_empty()).cloned().collect();
    (!given.is_empty()).then_some(names)
}

impl Class {
    fn proto(self) -> RiskClass {
        match self {
            Self::Sensitive => RiskClass::Sensitive,
            Self::HighRisk => RiskClass::HighRisk,
            Self::Fatal => RiskClass::Fatal,
        }
    }
}

impl Count {
    fn proto(self) -> CountMode {
        match self {
            Self::PerMessage => CountMode::PerMessage,
            Self::PerMatch => CountMode::PerMatch,
        }
    }
}

fn in_force(mode: Mode) -> SanctionRuleMode {
    match mode {
        Mode::Enforced => SanctionRuleMode::Enforced,
        Mode::Shadow => SanctionRuleMode::Shadow,
        Mode::Off => SanctionRuleMode::Off,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use umpire_client::v1::SanctionKind;

    #[derive(Parser)]
    struct Line {
        rule: String,
        #[arg(long)]
        file: bool,
        #[command(flatten)]
        fields: Fields,
    }

    fn changed(flags: &str, mut rule: SanctionRule) -> SanctionRule {
        let words = ["set", "spam"].into_iter().chain(flags.split_whitespace());
        let line = Line::try_parse_from(words).expect("flags");
        assert!(line.rule == "spam" && !line.file);
        line.fields.apply(&mut rule);
        rule
    }

    #[test]
    fn what_is_not_given_stays() {
        let flags = "--class high-risk --label a --label b --charge 5.. --threshold 3 \
                     --window 3d --kind mute --duration 1d --mode shadow --message Stop.";
        let rule = changed(flags, SanctionRule::default());
        assert_eq!((rule.risk_class(), rule.kind()), (RiskClass::HighRisk, SanctionKind::Mute));
        assert_eq!((rule.labels.join(","), rule.threshold), ("a,b".to_owned(), 3));
        assert_eq!((rule.charge_from, rule.charge_to), (Some(5), None));
        assert_eq!(rule.mode(), SanctionRuleMode::Shadow);
        let again = changed("--permanent --priority -5", rule.clone());
        assert_eq!((again.permanent, again.duration, again.priority), (true, None, -5));
        assert_eq!((again.labels, again.window), (rule.labels.clone(), rule.window));
        assert!(changed("--charge ..", rule).charge_from.is_none());
    }

    #[test]
    fn an_empty_name_stands_for_all() {
        let given = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&given(&[])), None);
        assert_eq!(names(&given(&[""])), Some(Vec::new()));
        assert_eq!(names(&given(&["a", "b"])), Some(given(&["a", "b"])));
    }

    #[test]
    fn ranges_have_open_ends() {
        let check = |text: &str, from, to| assert_eq!(charges(text), Ok(Charges { from, to }));
        check("0..10000", Some(0), Some(10_000));
        check("5..", Some(5), None);
        check("..", None, None);
        assert!(charges("5").is_err() && charges("a..b").is_err());
    }
}
