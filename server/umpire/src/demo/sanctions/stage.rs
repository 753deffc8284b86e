//! What the stories are played with.

use super::Failure;
use prost_types::FieldMask;
use std::{
    fmt::Display,
    time::{Duration, Instant},
};
use tonic::transport::Channel;
use umpire_proto::v1::{
    BatchLiftSanctionsRequest, CheckMessageRequest, CheckSubjectRequest, CreateRuleRequest,
    CreateSanctionRuleRequest, DrainHeldSanctionsRequest, DrainMode, GetSafetySwitchRequest,
    GetSanctionRequest, Message, RiskClass, Rule, SafetySwitch, Sanction, SanctionRule,
    SanctionState, Sender, Subject, TextCondition, UpdateSafetySwitchRequest, Verdict,
    batch_lift_sanctions_response as lifted, moderation_service_client::ModerationServiceClient,
    rule::Condition, rule_service_client::RuleServiceClient,
    sanction_service_client::SanctionServiceClient,
};

/// How long something may take that the server does by itself.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
/// Why a wave is undone.
const WHY: &str = "greeting is no offence";

pub(super) struct Stage {
    moderation: ModerationServiceClient<Channel>,
    rules: RuleServiceClient<Channel>,
    sanctions: SanctionServiceClient<Channel>,
    quiet: bool,
    /// Messages so far.
    said: u32,
}

/// The failure to tell when something does not hold.
pub(super) fn must(what: &str, holds: bool) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(format!("sanctions: not as expected: {what}").into()) }
}

impl Stage {
    pub fn new(channel: Channel, quiet: bool) -> Self {
        Self {
            moderation: ModerationServiceClient::new(channel.clone()),
            rules: RuleServiceClient::new(channel.clone()),
            sanctions: SanctionServiceClient::new(channel),
            quiet,
            said: 0,
        }
    }

    pub fn tell(&self, line: impl Display) {
        if !self.quiet {
            println!("{line}");
        }
    }

    /// Lifts every sanction that meets a filter, or shows which they are.
    pub async fn lift(
        &mut self,
        filter: &str,
        validate_only: bool,
    ) -> Result<lifted::Result, Failure> {
        let request = BatchLiftSanctionsRequest {
            filter: filter.into(),
            reason: WHY.into(),
            validate_only,
            ..<_>::default()
        };
        let mut answers = self.sanctions.batch_lift_sanctions(request).await?.into_inner();
        let mut result = None;
        while let Some(answer) = answers.message().await? {
            result = answer.result.or(result);
        }
        result.ok_or("the wave has no result".into())
    }

    pub async fn keep_rule(
        &mut self,
        id: &str,
        word: &str,
        class: RiskClass,
    ) -> Result<(), Failure> {
        let text = TextCondition { words: vec![word.into()], ..<_>::default() };
        let rule = Rule {
            condition: Some(Condition::Text(text)),
            risk_class: class as i32,
            ..<_>::default()
        };
        let request = CreateRuleRequest { rule_id: id.into(), rule: Some(rule), ..<_>::default() };
        self.rules.create_rule(request).await?;
        Ok(())
    }

    pub async fn keep_sanction_rule(
        &mut self,
        id: &str,
        rule: SanctionRule,
    ) -> Result<(), Failure> {
        let request = CreateSanctionRuleRequest {
            sanction_rule_id: id.into(),
            sanction_rule: Some(rule),
            ..<_>::default()
        };
        self.sanctions.create_sanction_rule(request).await?;
        Ok(())
    }

    pub async fn check(&mut self, user: &str, text: &str) -> Result<Verdict, Failure> {
        self.said += 1;
        let message = Message {
            message_id: format!("demo-sanctions-{}", self.said),
            scene: "world-chat".into(),
            sender: Some(Sender { user_id: user.into(), ..<_>::default() }),
            text: text.into(),
            ..<_>::default()
        };
        let request = CheckMessageRequest { message: Some(message), ..<_>::default() };
        let answer = self.moderation.check_message(request).await?.into_inner();
        answer.verdict.ok_or("an answer without a verdict".into())
    }

    pub async fn switch(&mut self) -> Result<SafetySwitch, Failure> {
        let request = GetSafetySwitchRequest::default();
        let answer = self.sanctions.get_safety_switch(request).await?.into_inner();
        answer.safety_switch.ok_or("an answer without a switch".into())
    }

    /// The switch once so many sanctions are held.
    pub async fn switch_with(&mut self, held: i32) -> Result<SafetySwitch, Failure> {
        let started = Instant::now();
        loop {
            let switch = self.switch().await?;
            if switch.held == held {
                return Ok(switch);
            }
            must("what is over the budget is held", started.elapsed() < PATIENCE)?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// Decides about all that is held, or shows what it is; gives how many they are.
    pub async fn drain(&mut self, mode: DrainMode, validate_only: bool) -> Result<i64, Failure> {
        let request = DrainHeldSanctionsRequest {
            mode: mode as i32,
            reason: WHY.into(),
            validate_only,
            ..<_>::default()
        };
        Ok(self.sanctions.drain_held_sanctions(request).await?.into_inner().count)
    }

    pub async fn set(
        &mut self,
        switch: SafetySwitch,
        reason: &str,
    ) -> Result<SafetySwitch, Failure> {
        let path = if switch.state == 0 { "budget_per_minute" } else { "state" };
        let request = UpdateSafetySwitchRequest {
            safety_switch: Some(switch),
            update_mask: Some(FieldMask { paths: vec![path.into()] }),
            reason: reason.into(),
            ..<_>::default()
        };
        let answer = self.sanctions.update_safety_switch(request).await?.into_inner();
        answer.safety_switch.ok_or("an answer without a switch".into())
    }

    /// The sanction once it is carried out.
    pub async fn done(&mut self, name: &str) -> Result<Sanction, Failure> {
        let started = Instant::now();
        loop {
            let request = GetSanctionRequest { name: name.into() };
            let answer = self.sanctions.get_sanction(request).await?.into_inner();
            let sanction = answer.sanction.unwrap_or_default();
            if sanction.state() == SanctionState::Done {
                return Ok(sanction);
            }
            must("a sanction is carried out", started.elapsed() < PATIENCE)?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until so many restrictions hold for a user.
    pub async fn restrictions(&mut self, user: &str, count: usize) -> Result<(), Failure> {
        let started = Instant::now();
        loop {
            let subject = Some(Subject { user_id: user.into(), ..<_>::default() });
            let request = CheckSubjectRequest { subject, ..<_>::default() };
            let answer = self.sanctions.check_subject(request).await?.into_inner();
            if answer.restrictions.len() == count {
                return Ok(());
            }
            must("restrictions come and go", started.elapsed() < PATIENCE)?;
            tokio::time::sleep(POLL).await;
        }
    }
}
