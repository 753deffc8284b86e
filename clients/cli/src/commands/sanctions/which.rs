use crate::{
    commands::filter::{at, is, raw},
    moment,
};
use clap::Args;
use prost_types::Timestamp;

/// Which sanctions are meant: those that all of these let through.
#[derive(Args)]
pub struct Which {
    /// Only those of this user
    #[arg(long, value_name = "ID")]
    user: Option<String>,

    /// Only those on this server
    #[arg(long, value_name = "ID")]
    server: Option<String>,

    /// Only those of this sanction rule, by id or name
    #[arg(long)]
    rule: Option<String>,

    /// Only those of messages that this revision of the policy judged
    #[arg(long, value_name = "NUMBER")]
    revision: Option<i64>,

    /// Only those decided since then: 2026-12-01T08:00:00Z, 2026-12-01, or 7d ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<Timestamp>,

    /// Only those decided before then
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    until: Option<Timestamp>,

    /// Only what it lets through: 'kind = MUTE AND subject.channel = store'
    #[arg(long)]
    filter: Option<String>,
}

impl Which {
    /// A term of a filter for each that is given.
    pub fn terms(&self) -> [Option<String>; 7] {
        [
            is("subject.user_id", self.user.as_ref()),
            is("subject.server_id", self.server.as_ref()),
            is("sanction_rule", self.rule.as_ref()),
            self.revision.map(|number| format!("revision = {number}")),
            at("start_time", ">=", self.since),
            at("start_time", "<", self.until),
            raw(self.filter.as_ref()),
        ]
    }
}
