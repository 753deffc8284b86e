use super::{
    kept::{self, Set},
    level::Level,
};
use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{id_of, length, safe},
};
use clap::{Args, Subcommand};
use umpire_client::v1::{self, Receiver, SendTestNotificationResponse};

/// Keeps those who are told of alerts, and tries them.
#[derive(Subcommand)]
pub enum Receivers {
    /// List receivers, by id, and whether they can be reached
    List {
        /// Only what it lets through: 'channel = dingtalk'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,
    },
    /// Show a receiver, without its secrets
    #[command(alias = "get")]
    Show {
        /// Id or name
        receiver: String,
    },
    /// Add receivers, or change them, as a file says
    Set(Set),
    /// Take a receiver away: what waits for it is not sent
    Delete {
        /// Id or name
        receiver: String,
    },
    /// Send a receiver a notice, and print what the peer answers: exit code 1 if it was not
    /// delivered
    Test(Test),
}

/// Whom to send a notice.
#[derive(Args)]
pub struct Test {
    /// Id or name
    receiver: String,

    /// Level of the notice; it mentions nobody
    #[arg(long, ignore_case = true, default_value = "p2")]
    level: Level,
}

impl Receivers {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter } => {
                let receivers = context.connect().await?.alerts().receivers();
                context.output.stream(receivers.filter(filter).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { receiver } => kept::show::<Receiver>(&receiver, context).await,
            Self::Set(set) => set.run::<Receiver>(context).await,
            Self::Delete { receiver } => kept::delete::<Receiver>(&receiver, context).await,
            Self::Test(test) => test.run(context).await,
        }
    }
}

impl Test {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let waiting = context.output.waiting("sending");
        let answer = alerts.send_test(&self.receiver, self.level.proto()).await;
        drop(waiting);
        let answer = answer?;
        if context.output.is_table() {
            for line in told(&answer) {
                context.output.line(&safe(&line))?;
            }
        } else {
            context.output.one(&answer)?;
        }
        Ok(Exit::negative_if(!answer.delivered))
    }
}

/// What came of it, what the peer said word for word, and where that can be read again.
fn told(answer: &SendTestNotificationResponse) -> Vec<String> {
    let v1::delivery::Attempt { latency, outcome, http_status, vendor_code, detail, .. } =
        answer.attempt.clone().unwrap_or_default();
    let mut how = vec![outcome];
    if http_status != 0 {
        how.push(format!("HTTP {http_status}"));
    }
    if !vendor_code.is_empty() {
        how.push(format!("code {vendor_code}"));
    }
    how.push(length(latency));
    how.retain(|word| !word.is_empty());
    let done = if answer.delivered { "delivered" } else { "not delivered" };
    let mut lines = vec![format!("{done}: {}", how.join(", "))];
    if !detail.is_empty() {
        lines.push(detail);
    }
    if !answer.delivery.is_empty() {
        lines.push(format!("delivery: {}", id_of(&answer.delivery)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Duration;
    use v1::delivery::Attempt;

    #[test]
    fn the_peer_is_told_word_for_word() {
        let attempt = Attempt {
            latency: Some(Duration { seconds: 0, nanos: 35_000_000 }),
            outcome: "PERMANENT".into(),
            http_status: 200,
            vendor_code: "310000".into(),
            detail: "sign not match, more at https://open.dingtalk.com".into(),
            ..Attempt::default()
        };
        let mut answer = SendTestNotificationResponse {
            attempt: Some(attempt),
            delivery: "tenants/a/deliveries/0193".into(),
            ..SendTestNotificationResponse::default()
        };
        let expected = [
            "not delivered: PERMANENT, HTTP 200, code 310000, 0.035s",
            "sign not match, more at https://open.dingtalk.com",
            "delivery: 0193",
        ];
        assert_eq!(told(&answer), expected);
        answer.attempt = Some(Attempt { outcome: "DELIVERED".into(), ..Attempt::default() });
        answer.delivered = true;
        assert_eq!(told(&answer), ["delivered: DELIVERED", "delivery: 0193"]);
    }
}
