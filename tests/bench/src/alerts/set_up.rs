//! The rules and the receiver that are measured.

use crate::{material, server::Server};
use umpire_fakes::vendor::Call;
use umpire_proto::v1::{
    Action, ActionKind, Conversation, CreateReceiverRequest, CreateRuleRequest, Level, Message,
    Receiver, Rule, TextCondition,
    alert_service_client::AlertServiceClient,
    receiver::{Channel, Webhook},
    rule::Condition,
    rule_service_client::RuleServiceClient,
};

/// `whsec_` and 24 bytes.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
/// A word that is found and raises nothing.
pub const HARMLESS: &str = "silver";
/// A word that raises a P0.
pub const URGENT: &str = "gold";

/// Two rules, and a webhook that every P0 goes to.
pub async fn everything(server: &Server, url: String) {
    let mut rules = RuleServiceClient::new(server.channel());
    for (word, actions) in [(HARMLESS, Vec::new()), (URGENT, vec![alert()])] {
        rules.create_rule(rule(word, actions)).await.unwrap();
    }
    let webhook = Webhook { url, secret: SECRET.into(), ..Webhook::default() };
    let channel = Some(Channel::Webhook(webhook));
    let request = CreateReceiverRequest {
        receiver_id: "hook".into(),
        receiver: Some(Receiver { channel, ..Receiver::default() }),
        ..CreateReceiverRequest::default()
    };
    AlertServiceClient::new(server.channel()).create_receiver(request).await.unwrap();
}

fn alert() -> Action {
    Action { kind: ActionKind::Alert as i32, ..Action::default() }
}

fn rule(word: &str, actions: Vec<Action>) -> CreateRuleRequest {
    let text = TextCondition { words: vec![word.into()], ..TextCondition::default() };
    let rule = Rule {
        condition: Some(Condition::Text(text)),
        level: Level::P0 as i32,
        actions,
        ..Rule::default()
    };
    CreateRuleRequest { rule_id: word.into(), rule: Some(rule), ..CreateRuleRequest::default() }
}

/// A message in a room of its own, with a word among others.
pub fn message(word: &str, room: &str, number: u64) -> Message {
    let text = format!("{word} 出售, 一手货源, 价格便宜, 秒发");
    let conversation = Conversation { id: room.into(), ..Conversation::default() };
    Message { conversation: Some(conversation), ..material::message(&text, number) }
}

/// The room that a call of the webhook is about.
pub fn room(call: &Call) -> String {
    let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
    body["data"]["place"]["conversation_id"].as_str().unwrap().to_owned()
}
