//! A story about alerts: each level goes to whom it is for, and a storm is two messages.

mod stage;
mod vendors;

use super::Failure;
use stage::{Stage, must};
use std::time::Duration;
use tonic::transport::Channel;
use umpire_proto::v1::{Alert, Delivery, Level};

/// How long a key is told once for in the demo: so short that it can wait for the end.
pub(super) const DEDUPE_SECONDS: u64 = 2;

/// What is said once, at each level, and how many the built-in routes tell of it.
const LINES: [Line; 4] = [
    Line { name: "Leak", text: "the vault code is", level: Level::P0, told: 4 },
    Line { name: "Meeting", text: "meet me at the back door", level: Level::P1, told: 4 },
    Line { name: "Spoiler", text: "the butler did it", level: Level::P2, told: 1 },
    Line { name: "Greeting", text: "first one here", level: Level::P3, told: 0 },
];
const STORM: Line = Line { name: "Drums", text: "beat the drums", level: Level::P2, told: 1 };
/// How often they are beaten.
const BEATS: i64 = 50;

/// A rule: what meets it, and how many receivers hear of that.
struct Line {
    name: &'static str,
    text: &'static str,
    level: Level,
    told: usize,
}

impl Line {
    fn rule(&self) -> String {
        format!("demo-alert-{}", self.name.to_lowercase())
    }
}

/// Plays it; the first thing that does not come out as it should is the failure.
pub(super) async fn run(channel: Channel, quiet: bool) -> Result<(), Failure> {
    let mut stage = Stage::new(channel, quiet).await?;
    for line in LINES.iter().chain([&STORM]) {
        stage.keep_rule(&line.rule(), line.name, line.text, line.level).await?;
    }
    stage.tell("\nFour receivers are told of alerts, as the built-in routes have it:");
    for line in &LINES {
        stage.once(line).await?;
    }
    stage.storm().await?;
    println!("\nAlerts: each level went where it should, and no event of a storm was lost.");
    Ok(())
}

impl Stage {
    /// Something is said once.
    async fn once(&mut self, line: &Line) -> Result<(), Failure> {
        self.say("vault", line.text).await?;
        let alert = self.alert(&line.rule(), |alert| alert.count == 1).await?;
        let told = self.deliveries(&alert.name, |told| told.len() == line.told).await?;
        let title = match told.len() {
            0 => format!("{} {}", line.level.as_str_name().trim_start_matches("LEVEL_"), line.name),
            _ => self.titles(1).await?.remove(0),
        };
        self.tell(format!("    {title}"));
        self.tell(format!("        {}; {}", to_whom(&told), fates(&alert)));
        must("the alert has the level of its rule", alert.level() == line.level)
    }

    /// The same again and again: the first is told at once, the others with one message.
    async fn storm(&mut self) -> Result<(), Failure> {
        self.tell(format!("\nSomebody says the same {BEATS} times:"));
        for _ in 0..BEATS {
            self.say("square", STORM.text).await?;
        }
        let is_told = |alert: &Alert| alert.fates.get("NOTIFIED") == Some(&BEATS);
        let alert = self.alert(&STORM.rule(), is_told).await?;
        let sum = |told: &[Delivery]| told.iter().map(|one| one.stands_for).sum::<i64>();
        let told = self.deliveries(&alert.name, |told| sum(told) == BEATS).await?;
        for (delivery, title) in told.iter().zip(self.titles(told.len()).await?) {
            self.tell(format!("    {title}"));
            self.tell(format!("        {}; stands for {}", one(delivery), delivery.stands_for));
        }
        self.tell(format!("    {}", fates(&alert)));
        must("a storm is few messages", told.len() < 10)
    }
}

/// Who was told, and how long that took.
fn to_whom(told: &[Delivery]) -> String {
    match told {
        [] => "nobody".into(),
        told => told.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

fn one(delivery: &Delivery) -> String {
    let receiver = delivery.receiver.rsplit('/').next().unwrap_or_default();
    format!("{receiver} {:.0?}", latency(delivery))
}

/// From queueing to the vendor's yes.
fn latency(delivery: &Delivery) -> Duration {
    let (Some(from), Some(to)) = (delivery.create_time, delivery.done_time) else {
        return Duration::ZERO;
    };
    let micros = (to.seconds - from.seconds) * 1_000_000 + i64::from(to.nanos - from.nanos) / 1_000;
    Duration::from_micros(micros.unsigned_abs())
}

/// What has become of its events.
fn fates(alert: &Alert) -> String {
    let fates = alert.fates.iter().map(|(fate, count)| format!("{fate} {count}"));
    format!("{} of {} events", fates.collect::<Vec<_>>().join(", "), alert.count)
}
