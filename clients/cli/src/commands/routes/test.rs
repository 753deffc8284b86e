use crate::{
    commands::{alerts::Kind, level::Level},
    context::Context,
    exit::Exit,
    failure::Failure,
};
use clap::{ArgGroup, Args};
use umpire_client::v1::{
    Alert, Conversation, Sender, test_routing_request::About, test_routing_response::Outcome,
};

/// An alert, or what one would be like.
#[derive(Args)]
#[command(group = ArgGroup::new("about").args(["alert", "level"]).required(true))]
pub struct Test {
    /// Id or name of an alert
    #[arg(conflicts_with = "sample")]
    alert: Option<String>,

    /// Level of an alert that could be
    #[arg(long, ignore_case = true)]
    level: Option<Level>,

    #[command(flatten)]
    sample: Sample,
}

/// What an alert that could be is like.
#[derive(Args)]
#[group(id = "sample", requires = "level")]
pub struct Sample {
    /// What it is about
    #[arg(long, default_value = "text")]
    kind: Kind,

    /// Id or name of its rule
    #[arg(long, default_value = "", hide_default_value = true)]
    rule: String,

    /// One of its labels; once for each
    #[arg(long = "label")]
    labels: Vec<String>,

    /// Where it appears: world-chat
    #[arg(long, default_value = "", hide_default_value = true)]
    scene: String,

    /// Id of its conversation
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    conversation: String,

    /// User id of its sender
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    sender: String,

    /// The department of its sender
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    department: String,

    /// Its camera
    #[arg(long, default_value = "", hide_default_value = true)]
    camera: String,

    /// What makes events the same alert
    #[arg(long, default_value = "", hide_default_value = true)]
    key: String,
}

impl Test {
    /// Asks, and prints the routes it takes.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let routes = alerts.test_routing(self.about()).await?;
        context.output.records(&routes)?;
        let nobody = !routes.iter().any(tells);
        if nobody {
            context.output.note("nobody would be told");
        }
        Ok(Exit::negative_if(nobody))
    }

    fn about(self) -> About {
        match self.alert {
            Some(alert) => About::Alert(alert),
            None => About::Sample(self.sample.alert(self.level)),
        }
    }
}

fn tells(route: &Outcome) -> bool {
    !route.receivers.is_empty() && route.suppressed_by.is_empty()
}

impl Sample {
    fn alert(self, level: Option<Level>) -> Alert {
        let Self { kind, rule, labels, scene, conversation, sender, department, camera, key } =
            self;
        let conversation = Conversation { id: conversation, ..Conversation::default() };
        let sender = Sender { user_id: sender, department, ..Sender::default() };
        Alert {
            kind: kind.proto() as i32,
            level: level.map_or(0, |level| level.proto() as i32),
            rule,
            labels,
            scene,
            conversation: Some(conversation),
            sender: Some(sender),
            camera,
            key,
            ..Alert::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use umpire_client::v1;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        test: Test,
    }

    fn parsed(flags: &str) -> Option<About> {
        let words = std::iter::once("test").chain(flags.split_whitespace());
        Line::try_parse_from(words).ok().map(|line| line.test.about())
    }

    #[test]
    fn an_alert_is_given_or_described() {
        assert_eq!(parsed("0193"), Some(About::Alert("0193".into())));
        let sample = parsed("--level P0 --label fraud --label ads --scene world --department qa");
        let Some(About::Sample(alert)) = sample else { panic!("a sample") };
        assert_eq!((alert.level(), alert.kind()), (v1::Level::P0, v1::AlertKind::Text));
        assert_eq!((alert.labels.len(), alert.scene.as_str()), (2, "world"));
        assert_eq!(alert.sender.map(|sender| sender.department).as_deref(), Some("qa"));
        for wrong in ["", "--scene world", "0193 --level p0", "0193 --scene world"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn who_is_held_back_is_not_told() {
        let receivers = vec!["ops".to_owned()];
        let mut route = Outcome { receivers, ..Outcome::default() };
        assert!(tells(&route) && !tells(&Outcome::default()));
        route.suppressed_by = "INACTIVE".into();
        assert!(!tells(&route));
    }
}
