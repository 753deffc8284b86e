//! Shorthands for alerts and who is told of them.

use crate::{Clients, eventually, seconds, word_rule};
use tonic::Status;
use umpire_proto::v1::{
    AcknowledgeAlertRequest, ActionKind, Alert, CreateReceiverRequest, CreateRouteRequest,
    CreateRuleRequest, Delivery, DeliveryState, GetAlertRequest, Level, ListAlertsRequest,
    ListDeliveriesRequest, Receiver, ResolveAlertRequest, Route,
    receiver::{Channel, Dingtalk, Webhook},
};

/// A rule of words with ALERT, at a level.
#[must_use]
pub fn alerting_rule(id: &str, words: &[&str], level: Level) -> CreateRuleRequest {
    let mut request = word_rule(id, words, &[ActionKind::Alert]);
    request.rule.get_or_insert_default().level = level as i32;
    request
}

/// A receiver in English.
#[must_use]
pub fn receiver(id: &str, channel: Channel) -> CreateReceiverRequest {
    let language = umpire_proto::v1::NoticeLanguage::En as i32;
    let receiver = Receiver { channel: Some(channel), language, ..Receiver::default() };
    CreateReceiverRequest {
        receiver_id: id.into(),
        receiver: Some(receiver),
        ..CreateReceiverRequest::default()
    }
}

/// A receiver of kind `webhook`.
#[must_use]
pub fn webhook_receiver(id: &str, url: &str, secret: &str) -> CreateReceiverRequest {
    let (url, secret) = (url.to_owned(), secret.to_owned());
    receiver(id, Channel::Webhook(Webhook { url, secret, ..Webhook::default() }))
}

/// A receiver of kind `dingtalk`, whose requests are signed.
#[must_use]
pub fn dingtalk_receiver(id: &str, url: &str, token: &str, secret: &str) -> CreateReceiverRequest {
    let (url, access_token, secret) = (url.to_owned(), token.to_owned(), secret.to_owned());
    receiver(id, Channel::Dingtalk(Dingtalk { url, access_token, secret, ..Dingtalk::default() }))
}

/// Name of a receiver of the default tenant.
#[must_use]
pub fn receiver_name(id: &str) -> String {
    format!("tenants/default/receivers/{id}")
}

/// A route of the default tenant to these receivers, with everything else as it is by
/// default.
#[must_use]
pub fn route(id: &str, filter: &str, receivers: &[&str]) -> CreateRouteRequest {
    let route = Route {
        r#match: filter.into(),
        receivers: receivers.iter().map(|id| receiver_name(id)).collect(),
        ..Route::default()
    };
    CreateRouteRequest { route_id: id.into(), route: Some(route), ..CreateRouteRequest::default() }
}

/// Every alert, newest first; up to 1,000.
pub async fn alerts(clients: &Clients) -> Vec<Alert> {
    alerts_with(clients, "").await
}

/// Every alert that meets a filter, newest first; up to 1,000.
pub async fn alerts_with(clients: &Clients, filter: &str) -> Vec<Alert> {
    let filter = filter.to_owned();
    let request = ListAlertsRequest { page_size: 1_000, filter, ..ListAlertsRequest::default() };
    clients.alerts.clone().list_alerts(request).await.unwrap().into_inner().alerts
}

/// The only alert that meets a filter, once there is one.
pub async fn the_alert(clients: &Clients, filter: &str) -> Alert {
    let found = eventually(filter, async || {
        let found = alerts_with(clients, filter).await;
        (!found.is_empty()).then_some(found)
    });
    let mut found = found.await;
    assert_eq!(found.len(), 1, "{filter}: {found:?}");
    found.remove(0)
}

/// The alerts that meet a filter once there are so many, newest first.
pub async fn so_many_alerts(clients: &Clients, filter: &str, count: usize) -> Vec<Alert> {
    eventually(&format!("{count} alerts with {filter}"), async || {
        let found = alerts_with(clients, filter).await;
        (found.len() == count).then_some(found)
    })
    .await
}

/// One alert.
///
/// # Errors
/// The server's status.
pub async fn alert(clients: &Clients, name: &str) -> Result<Alert, Status> {
    let request = GetAlertRequest { name: name.into() };
    Ok(clients.alerts.clone().get_alert(request).await?.into_inner().alert.unwrap())
}

/// What has become of the events of an alert, in the order of names.
#[must_use]
pub fn fates(alert: &Alert) -> Vec<(&str, i64)> {
    alert.fates.iter().map(|(fate, count)| (fate.as_str(), *count)).collect()
}

/// Looks after an alert for so many seconds.
///
/// # Errors
/// The server's status.
pub async fn acknowledge_alert(
    clients: &Clients,
    name: &str,
    for_seconds: i64,
) -> Result<Alert, Status> {
    let request = AcknowledgeAlertRequest {
        name: name.into(),
        expire_after: seconds(for_seconds),
        ..AcknowledgeAlertRequest::default()
    };
    Ok(clients.alerts.clone().acknowledge_alert(request).await?.into_inner().alert.unwrap())
}

/// Says that an alert is over.
///
/// # Errors
/// The server's status.
pub async fn resolve_alert(clients: &Clients, name: &str) -> Result<Alert, Status> {
    let request = ResolveAlertRequest { name: name.into(), ..ResolveAlertRequest::default() };
    Ok(clients.alerts.clone().resolve_alert(request).await?.into_inner().alert.unwrap())
}

/// Every delivery, newest first; up to 1,000.
pub async fn deliveries(clients: &Clients) -> Vec<Delivery> {
    deliveries_with(clients, "").await
}

/// Every delivery that meets a filter, newest first; up to 1,000.
pub async fn deliveries_with(clients: &Clients, filter: &str) -> Vec<Delivery> {
    let filter = filter.to_owned();
    let request = ListDeliveriesRequest { page_size: 1_000, filter, ..<_>::default() };
    clients.alerts.clone().list_deliveries(request).await.unwrap().into_inner().deliveries
}

/// Waits until so many deliveries are DELIVERED and none is QUEUED; gives all of them.
pub async fn delivered(clients: &Clients, count: usize) -> Vec<Delivery> {
    eventually(&format!("{count} deliveries are done"), async || {
        let all = deliveries(clients).await;
        let of = |state: DeliveryState| all.iter().filter(|d| d.state() == state).count();
        let done = of(DeliveryState::Queued) == 0 && of(DeliveryState::Delivered) >= count;
        done.then_some(all)
    })
    .await
}
