use crate::Clients;
use std::time::{Duration, Instant};
use tonic::Status;
use tonic_types::StatusExt;
use umpire_proto::v1::{
    Action, ActionKind, CheckMessageRequest, CreateRuleRequest, Level, Message, Rule,
    TextCondition, Verdict, rule::Condition,
};

/// How long the server may take for something before a test fails.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long to wait before asking again.
const POLL: Duration = Duration::from_millis(5);

/// Asks until there is an answer: for what the server does by itself, and says nowhere.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(POLL).await;
    }
}

/// A message with nothing but a text.
#[must_use]
pub fn message(text: &str) -> Message {
    Message { text: text.into(), ..Message::default() }
}

/// A request to create a rule of words at P2 with these actions.
#[must_use]
pub fn word_rule(id: &str, words: &[&str], actions: &[ActionKind]) -> CreateRuleRequest {
    let words = words.iter().map(|&word| word.to_owned()).collect();
    let text = TextCondition { words, ..TextCondition::default() };
    let actions = actions.iter().map(|&kind| Action { kind: kind as i32, ..Action::default() });
    let rule = Rule {
        condition: Some(Condition::Text(text)),
        level: Level::P2 as i32,
        actions: actions.collect(),
        ..Rule::default()
    };
    CreateRuleRequest { rule_id: id.into(), rule: Some(rule), ..CreateRuleRequest::default() }
}

/// Checks one message in the caller's own tenant.
///
/// # Errors
/// The server's status.
pub async fn check(clients: &Clients, message: Message) -> Result<Verdict, Status> {
    let request = CheckMessageRequest { message: Some(message), ..CheckMessageRequest::default() };
    let answer = clients.moderation.clone().check_message(request).await?;
    Ok(answer.into_inner().verdict.unwrap())
}

/// Ids of the rules that matched, in order.
#[must_use]
pub fn rule_ids(verdict: &Verdict) -> Vec<&str> {
    verdict.matches.iter().map(|found| found.rule.rsplit('/').next().unwrap()).collect()
}

/// `ErrorInfo.reason` of a status.
#[must_use]
pub fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("no ErrorInfo in {status:?}"));
    assert_eq!(info.domain, "umpire");
    info.reason.clone()
}

/// The fields `BadRequest` names.
#[must_use]
pub fn violated(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let request = details.bad_request().unwrap_or_else(|| panic!("no BadRequest in {status:?}"));
    request.field_violations.iter().map(|violation| violation.field.clone()).collect()
}
