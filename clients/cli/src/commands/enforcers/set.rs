use crate::{
    commands::current::{if_there, until_current},
    context::Context,
    exit::Exit,
    failure::Failure,
    input, moment,
    output::id_of,
};
use clap::{ArgGroup, Args};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use umpire_client::{
    Sanctions,
    v1::{
        Enforcer,
        enforcer::{self, Webhook},
    },
};

/// An enforcer and what is said of it, or a file of them.
#[derive(Args)]
#[command(group = ArgGroup::new("what").args(["enforcer", "file"]).required(true))]
pub struct Set {
    /// Id or name; what flags do not say of it stays
    #[arg(requires = "fields")]
    enforcer: Option<String>,

    /// YAML or JSON: one enforcer, or a list of them, each with an `id`; what a file does
    /// not say of an enforcer is cleared, but for secrets. `-` is standard input
    #[arg(long, short)]
    file: Option<PathBuf>,

    #[command(flatten)]
    fields: Fields,

    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is said of an enforcer; what is not given stays.
#[derive(Args)]
#[group(id = "fields", requires = "enforcer", conflicts_with = "file")]
pub struct Fields {
    /// It is told by WatchSanctions, and acknowledges
    #[arg(long, conflicts_with_all = ["url", "secret_file", "legacy_end_time"])]
    stream: bool,

    /// It is told by HTTP, there
    #[arg(long)]
    url: Option<String>,

    /// What its calls are signed with, `whsec_` and base64; `-` is standard input
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,

    /// For games that demand one: permanent sanctions carry an end ten years on
    #[arg(long, value_name = "BOOL")]
    legacy_end_time: Option<bool>,

    /// Whose sanctions it carries out, once for each server; '' for all
    #[arg(long = "server", value_name = "ID")]
    servers: Vec<String>,

    /// Whose sanctions it carries out, once for each product category; '' for all
    #[arg(long = "category", value_name = "ID")]
    categories: Vec<String>,

    /// A stream is told again after so long without an acknowledgement: 30s
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    ack_deadline: Option<Duration>,

    /// A name for people
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
}

/// What was done, and what became of the enforcer.
type Done = (&'static str, Enforcer);

impl Set {
    /// Adds what is not there and changes what is, an enforcer after the other.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let enforcers = self.file.as_deref().map(read).transpose()?;
        let secret = self.fields.secret_file.as_deref().map(input::text).transpose()?;
        let secret = secret.as_deref().map(str::trim);
        let sanctions = context.connect().await?.sanctions();
        let Some(enforcers) = enforcers else {
            let done = until_current(async || self.change(&sanctions, secret).await).await?;
            context.output.changed(&self.sentence(&done), &done.1)?;
            return Ok(Exit::DONE);
        };
        let mut written = Vec::new();
        for enforcer in enforcers {
            let is_there = if_there(sanctions.enforcer(&enforcer.name).await)?.is_some();
            let done = self.write(&sanctions, enforcer, is_there).await?;
            if context.output.is_table() {
                context.output.changed(&self.sentence(&done), &done.1)?;
            }
            written.push(done.1);
        }
        if !context.output.is_table() {
            context.output.records(&written)?;
        }
        Ok(Exit::DONE)
    }

    /// What is given changes, in the enforcer as it was read.
    async fn change(&self, sanctions: &Sanctions, secret: Option<&str>) -> Result<Done, Failure> {
        let name = self.enforcer.clone().unwrap_or_default();
        let found = if_there(sanctions.enforcer(&name).await)?;
        let is_there = found.is_some();
        let mut enforcer = found.unwrap_or_else(|| Enforcer { name, ..Enforcer::default() });
        self.fields.apply(&mut enforcer, secret);
        self.write(sanctions, enforcer, is_there).await
    }

    async fn write(
        &self,
        sanctions: &Sanctions,
        mut enforcer: Enforcer,
        is_there: bool,
    ) -> Result<Done, Failure> {
        if is_there {
            let change = sanctions.update_enforcer(enforcer).mask(["*"]);
            return Ok(("changed", change.validate_only(self.dry_run).await?));
        }
        let id = id_of(&std::mem::take(&mut enforcer.name)).to_owned();
        let create = sanctions.create_enforcer(id, enforcer).validate_only(self.dry_run);
        Ok(("created", create.await?))
    }

    fn sentence(&self, (done, enforcer): &Done) -> String {
        let not = if self.dry_run { " (not changed)" } else { "" };
        format!("{done} enforcer {}{not}", id_of(&enforcer.name))
    }
}

impl Fields {
    /// Puts what was given into an enforcer.
    fn apply(&self, enforcer: &mut Enforcer, secret: Option<&str>) {
        if self.stream {
            enforcer.kind = Some(enforcer::Kind::Stream(enforcer::Stream {}));
        }
        if self.url.is_some() || secret.is_some() || self.legacy_end_time.is_some() {
            let webhook = self.webhook(enforcer.kind.take(), secret);
            enforcer.kind = Some(enforcer::Kind::Webhook(webhook));
        }
        if !self.servers.is_empty() {
            enforcer.servers = named(&self.servers);
        }
        if !self.categories.is_empty() {
            enforcer.categories = named(&self.categories);
        }
        if let Some(length) = self.ack_deadline {
            enforcer.ack_deadline = Some(moment::proto(length));
        }
        if let Some(name) = &self.display_name {
            enforcer.display_name.clone_from(name);
        }
    }

    fn webhook(&self, kind: Option<enforcer::Kind>, secret: Option<&str>) -> Webhook {
        let before = match kind {
            Some(enforcer::Kind::Webhook(webhook)) => webhook,
            _ => Webhook::default(),
        };
        Webhook {
            url: self.url.clone().unwrap_or(before.url),
            // Without one the server keeps the one it has.
            secret: secret.unwrap_or_default().to_owned(),
            legacy_end_time: self.legacy_end_time.unwrap_or(before.legacy_end_time),
            ..Webhook::default()
        }
    }
}

/// But for the empty name, which stands for all.
fn named(given: &[String]) -> Vec<String> {
    given.iter().filter(|name| !name.is_empty()).cloned().collect()
}

fn read(path: &Path) -> Result<Vec<Enforcer>, Failure> {
    input::messages(path, "Enforcer", None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        set: Set,
    }

    fn changed(flags: &str, secret: Option<&str>, mut enforcer: Enforcer) -> Enforcer {
        let words = ["set", "game"].into_iter().chain(flags.split_whitespace());
        let line = Line::try_parse_from(words).expect("flags");
        line.set.fields.apply(&mut enforcer, secret);
        enforcer
    }

    fn webhook(enforcer: &Enforcer) -> &Webhook {
        let Some(enforcer::Kind::Webhook(webhook)) = &enforcer.kind else { panic!("a webhook") };
        webhook
    }

    #[test]
    fn what_is_not_given_stays() {
        let flags = "--url https://game.example --server s-1 --legacy-end-time true";
        let made = changed(flags, Some("whsec_x"), Enforcer::default());
        assert_eq!((webhook(&made).url.as_str(), made.servers.len()), ("https://game.example", 1));
        assert_eq!(webhook(&made).secret, "whsec_x");
        let moved = changed("--url https://new.example --ack-deadline 30s", None, made);
        assert!(webhook(&moved).legacy_end_time && webhook(&moved).secret.is_empty());
        assert_eq!(moved.servers, ["s-1"]);
        let stream = changed("--stream", None, moved);
        assert!(matches!(stream.kind, Some(enforcer::Kind::Stream(_))));
    }
}
