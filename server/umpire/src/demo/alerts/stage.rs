//! What the story is played with.

use super::vendors::Vendors;
use crate::demo::Failure;
use std::{
    fmt::Display,
    time::{Duration, Instant},
};
use tonic::transport::Channel;
use umpire_proto::v1::{
    Action, ActionKind, Alert, CheckMessageRequest, Conversation, CreateReceiverRequest,
    CreateRuleRequest, Delivery, DeliveryState, Level, ListAlertsRequest, ListDeliveriesRequest,
    Message, NoticeLanguage, Receiver, Rule, Sender, TextCondition,
    alert_service_client::AlertServiceClient, moderation_service_client::ModerationServiceClient,
    rule::Condition, rule_service_client::RuleServiceClient,
};

/// How long something may take that the server does by itself.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

pub(super) struct Stage {
    moderation: ModerationServiceClient<Channel>,
    rules: RuleServiceClient<Channel>,
    alerts: AlertServiceClient<Channel>,
    vendors: Vendors,
    quiet: bool,
    /// Messages so far.
    said: u32,
    /// What the group in DingTalk saw so far.
    seen: usize,
}

/// The failure to tell when something does not hold.
pub(super) fn must(what: &str, holds: bool) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(format!("alerts: not as expected: {what}").into()) }
}

impl Stage {
    /// With vendors, and a receiver for each.
    pub async fn new(channel: Channel, quiet: bool) -> Result<Self, Failure> {
        let mut stage = Self {
            moderation: ModerationServiceClient::new(channel.clone()),
            rules: RuleServiceClient::new(channel.clone()),
            alerts: AlertServiceClient::new(channel),
            vendors: Vendors::start().await,
            quiet,
            said: 0,
            seen: 0,
        };
        for (id, channel) in stage.vendors.channels() {
            let language = NoticeLanguage::En as i32;
            let receiver = Receiver { channel: Some(channel), language, ..<_>::default() };
            let request = CreateReceiverRequest {
                receiver_id: id.into(),
                receiver: Some(receiver),
                ..<_>::default()
            };
            stage.alerts.create_receiver(request).await?;
        }
        Ok(stage)
    }

    pub fn tell(&self, line: impl Display) {
        if !self.quiet {
            println!("{line}");
        }
    }

    pub async fn keep_rule(
        &mut self,
        id: &str,
        name: &str,
        word: &str,
        level: Level,
    ) -> Result<(), Failure> {
        let text = TextCondition { words: vec![word.into()], ..<_>::default() };
        let alert = Action { kind: ActionKind::Alert as i32, ..<_>::default() };
        let rule = Rule {
            display_name: name.into(),
            condition: Some(Condition::Text(text)),
            level: level as i32,
            actions: vec![alert],
            ..<_>::default()
        };
        let request = CreateRuleRequest { rule_id: id.into(), rule: Some(rule), ..<_>::default() };
        self.rules.create_rule(request).await?;
        Ok(())
    }

    pub async fn say(&mut self, conversation: &str, text: &str) -> Result<(), Failure> {
        self.said += 1;
        let message = Message {
            message_id: format!("demo-alerts-{}", self.said),
            scene: "guild-chat".into(),
            conversation: Some(Conversation { id: conversation.into(), ..<_>::default() }),
            sender: Some(Sender { user_id: "tim".into(), ..<_>::default() }),
            text: text.into(),
            ..<_>::default()
        };
        let request = CheckMessageRequest { message: Some(message), ..<_>::default() };
        self.moderation.check_message(request).await?;
        Ok(())
    }

    /// The alert of a rule once it is so.
    pub async fn alert(
        &mut self,
        rule: &str,
        is_so: impl Fn(&Alert) -> bool,
    ) -> Result<Alert, Failure> {
        let started = Instant::now();
        loop {
            let filter = format!("rule = {rule}");
            let request = ListAlertsRequest { filter, ..<_>::default() };
            let found = self.alerts.list_alerts(request).await?.into_inner().alerts;
            if let Some(alert) = found.into_iter().find(&is_so) {
                return Ok(alert);
            }
            must("an alert is raised and told", started.elapsed() < PATIENCE)?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// The deliveries of an alert that were not held back, oldest first, once they are
    /// delivered and it is so.
    pub async fn deliveries(
        &mut self,
        alert: &str,
        is_so: impl Fn(&[Delivery]) -> bool,
    ) -> Result<Vec<Delivery>, Failure> {
        let started = Instant::now();
        loop {
            let filter = format!("alert = \"{alert}\" AND state != SUPPRESSED");
            let request = ListDeliveriesRequest { filter, ..<_>::default() };
            let mut found = self.alerts.list_deliveries(request).await?.into_inner().deliveries;
            found.reverse();
            let is_done = |one: &Delivery| one.state() == DeliveryState::Delivered;
            if found.iter().all(is_done) && is_so(&found) {
                return Ok(found);
            }
            must("an alert is delivered to whom it is for", started.elapsed() < PATIENCE)?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// The next so many messages that the group in DingTalk sees.
    pub async fn titles(&mut self, count: usize) -> Result<Vec<String>, Failure> {
        let shown = self.vendors.shown(self.seen + count).await?;
        let new = shown.into_iter().skip(self.seen).take(count);
        self.seen += count;
        let titles: Vec<_> =
            new.map(|(title, calls)| format!("{title} {calls}").trim_end().to_owned()).collect();
        must("a message has a title", titles.len() == count)?;
        Ok(titles)
    }
}
