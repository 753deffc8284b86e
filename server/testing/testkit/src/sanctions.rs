//! Shorthands for strikes and sanctions.

use crate::{Clients, eventually, message, word_rule};
use prost_types::Duration;
use tonic::Status;
use umpire_proto::v1::{
    CreateEnforcerRequest, CreateRuleRequest, CreateSanctionRuleRequest, Enforcer,
    GetSanctionRequest, ListSanctionsRequest, Message, RiskClass, Sanction, SanctionKind,
    SanctionRule, SanctionState, Sender, StrikeStatus, Subject, Verdict, enforcer,
};

/// The strikes of [`sanction_rule`] count for three days.
const WINDOW_SECONDS: i64 = 72 * 3_600;
/// Its mutes and bans last an hour.
const LASTING_SECONDS: i64 = 3_600;

/// A span of time, as requests have it.
#[must_use]
pub fn seconds(seconds: i64) -> Option<Duration> {
    Some(Duration { seconds, nanos: 0 })
}

/// A rule of words that puts what it finds into a class.
#[must_use]
pub fn classed_rule(id: &str, words: &[&str], class: RiskClass) -> CreateRuleRequest {
    let mut request = word_rule(id, words, &[]);
    request.rule.get_or_insert_default().risk_class = class as i32;
    request
}

/// A sanction rule: so many strikes within three days bring this, for an hour.
#[must_use]
pub fn sanction_rule(
    id: &str,
    class: RiskClass,
    threshold: i32,
    kind: SanctionKind,
) -> CreateSanctionRuleRequest {
    let duration = if kind == SanctionKind::Warn { None } else { seconds(LASTING_SECONDS) };
    let sanction_rule = SanctionRule {
        risk_class: class as i32,
        threshold,
        window: seconds(WINDOW_SECONDS),
        kind: kind as i32,
        duration,
        reason: format!("rule {id}"),
        ..SanctionRule::default()
    };
    CreateSanctionRuleRequest {
        sanction_rule_id: id.into(),
        sanction_rule: Some(sanction_rule),
        ..CreateSanctionRuleRequest::default()
    }
}

/// An enforcer of kind `stream`, for everybody.
#[must_use]
pub fn stream_enforcer(id: &str) -> CreateEnforcerRequest {
    let kind = Some(enforcer::Kind::Stream(enforcer::Stream {}));
    CreateEnforcerRequest {
        enforcer_id: id.into(),
        enforcer: Some(Enforcer { kind, ..Enforcer::default() }),
        ..CreateEnforcerRequest::default()
    }
}

/// A webhook for everybody.
#[must_use]
pub fn webhook_enforcer(id: &str, url: &str, secret: &str) -> CreateEnforcerRequest {
    let (url, secret) = (url.to_owned(), secret.to_owned());
    let webhook = enforcer::Webhook { url, secret, ..enforcer::Webhook::default() };
    let kind = Some(enforcer::Kind::Webhook(webhook));
    CreateEnforcerRequest {
        enforcer_id: id.into(),
        enforcer: Some(Enforcer { kind, ..Enforcer::default() }),
        ..CreateEnforcerRequest::default()
    }
}

/// A message of a user.
#[must_use]
pub fn said_by(user: &str, text: &str) -> Message {
    let sender = Sender { user_id: user.into(), ..Sender::default() };
    Message { sender: Some(sender), ..message(text) }
}

/// A user, wherever.
#[must_use]
pub fn subject(user: &str) -> Subject {
    Subject { user_id: user.into(), ..Subject::default() }
}

/// The strikes of a verdict, for short: `insults 2/3`, `insults 3/3 crossed`.
#[must_use]
pub fn strikes(verdict: &Verdict) -> Vec<String> {
    let one = |strike: &StrikeStatus| {
        let rule = strike.sanction_rule.rsplit('/').next().unwrap_or_default();
        let crossed = if strike.crossed { " crossed" } else { "" };
        format!("{rule} {}/{}{crossed}", strike.count, strike.threshold)
    };
    verdict.strikes.iter().map(one).collect()
}

/// One sanction.
///
/// # Errors
/// The server's status.
pub async fn sanction(clients: &Clients, name: &str) -> Result<Sanction, Status> {
    let request = GetSanctionRequest { name: name.into() };
    let answer = clients.sanctions.clone().get_sanction(request).await?;
    Ok(answer.into_inner().sanction.unwrap())
}

/// Every sanction of the caller's tenant that meets a filter, newest first.
pub async fn sanctions(clients: &Clients, filter: &str) -> Vec<Sanction> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListSanctionsRequest {
            filter: filter.into(),
            page_size: 1_000,
            page_token,
            ..ListSanctionsRequest::default()
        };
        let page = clients.sanctions.clone().list_sanctions(request).await.unwrap().into_inner();
        found.extend(page.sanctions);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

/// The sanction once it is in a state.
pub async fn sanction_in(clients: &Clients, name: &str, state: SanctionState) -> Sanction {
    eventually(&format!("{name} is {state:?}"), async || {
        let sanction = sanction(clients, name).await.unwrap();
        (sanction.state() == state).then_some(sanction)
    })
    .await
}

/// The sanctions that meet a filter once there are so many.
pub async fn so_many_sanctions(clients: &Clients, filter: &str, count: usize) -> Vec<Sanction> {
    eventually(&format!("{count} sanctions with {filter}"), async || {
        let found = sanctions(clients, filter).await;
        (found.len() == count).then_some(found)
    })
    .await
}
