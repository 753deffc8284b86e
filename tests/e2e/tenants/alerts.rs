//! Every method of AlertService, tried by another tenant.

use super::{Attempt, PARENT, attempt};
use crate::{
    callers::{make_key, make_tenant},
    office::{Office, SECRET, said_in},
};
use tonic::Code;
use umpire::config::AuthMode;
use umpire_proto::v1 as pb;
use umpire_testkit::{
    Clients, acknowledge_alert, alert, alerting_rule, alerts, alerts_with, check, delivered,
    deliveries, eventually, reason, resolve_alert, so_many_alerts, webhook_receiver,
};

fn parent() -> String {
    PARENT.into()
}

fn name(collection: &str) -> String {
    format!("{PARENT}/{collection}/a")
}

pub(super) async fn on_alerts(intruder: &Clients) -> Vec<Attempt> {
    let mut all = on_matters(intruder).await;
    all.extend(on_receivers(intruder).await);
    all.extend(on_routes(intruder).await);
    all.extend(on_silences(intruder).await);
    all.extend(on_templates(intruder).await);
    all.extend(on_policies(intruder).await);
    all.extend(on_trials(intruder).await);
    all.extend(on_deliveries(intruder).await);
    all
}

async fn on_matters(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("alerts");
    let stream = pb::StreamAlertsRequest { parent: parent(), ..<_>::default() };
    let list = pb::ListAlertsRequest { parent: parent(), ..<_>::default() };
    let acknowledge = pb::AcknowledgeAlertRequest { name: name(), ..<_>::default() };
    let assign = pb::AssignAlertRequest { name: name(), ..<_>::default() };
    let resolve = pb::ResolveAlertRequest { name: name(), ..<_>::default() };
    vec![
        attempt!("StreamAlerts", client, stream_alerts, stream),
        attempt!("GetAlert", client, get_alert, pb::GetAlertRequest { name: name() }),
        attempt!("ListAlerts", client, list_alerts, list),
        attempt!("AcknowledgeAlert", client, acknowledge_alert, acknowledge),
        attempt!("AssignAlert", client, assign_alert, assign),
        attempt!("ResolveAlert", client, resolve_alert, resolve),
    ]
}

async fn on_receivers(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("receivers");
    let create = webhook_receiver("a", "https://mine.example/", SECRET);
    let create = pb::CreateReceiverRequest { parent: parent(), ..create };
    let get = pb::GetReceiverRequest { name: name() };
    let list = pb::ListReceiversRequest { parent: parent(), ..<_>::default() };
    let receiver = Some(pb::Receiver { name: name(), disabled: true, ..<_>::default() });
    let update = pb::UpdateReceiverRequest { receiver, ..<_>::default() };
    let delete = pb::DeleteReceiverRequest { name: name(), ..<_>::default() };
    vec![
        attempt!("CreateReceiver", client, create_receiver, create),
        attempt!("GetReceiver", client, get_receiver, get),
        attempt!("ListReceivers", client, list_receivers, list),
        attempt!("UpdateReceiver", client, update_receiver, update),
        attempt!("DeleteReceiver", client, delete_receiver, delete),
    ]
}

async fn on_routes(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("routes");
    let route = Some(pb::Route::default());
    let create = pb::CreateRouteRequest { parent: parent(), route, ..<_>::default() };
    let get = pb::GetRouteRequest { name: name() };
    let list = pb::ListRoutesRequest { parent: parent(), ..<_>::default() };
    let route = Some(pb::Route { name: name(), priority: 9, ..<_>::default() });
    let update = pb::UpdateRouteRequest { route, ..<_>::default() };
    let delete = pb::DeleteRouteRequest { name: name(), ..<_>::default() };
    vec![
        attempt!("CreateRoute", client, create_route, create),
        attempt!("GetRoute", client, get_route, get),
        attempt!("ListRoutes", client, list_routes, list),
        attempt!("UpdateRoute", client, update_route, update),
        attempt!("DeleteRoute", client, delete_route, delete),
    ]
}

async fn on_silences(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("silences");
    let of = |name: String| {
        let end_time = Some(prost_types::Timestamp { seconds: 1_800_000_000, nanos: 0 });
        let (r#match, reason) = ("level >= P3".to_owned(), "mine".to_owned());
        Some(pb::Silence { name, r#match, reason, end_time, ..<_>::default() })
    };
    let silence = of(String::new());
    let create = pb::CreateSilenceRequest { parent: parent(), silence, ..<_>::default() };
    let get = pb::GetSilenceRequest { name: name() };
    let list = pb::ListSilencesRequest { parent: parent(), ..<_>::default() };
    let update = pb::UpdateSilenceRequest { silence: of(name()), ..<_>::default() };
    let delete = pb::DeleteSilenceRequest { name: name(), ..<_>::default() };
    vec![
        attempt!("CreateSilence", client, create_silence, create),
        attempt!("GetSilence", client, get_silence, get),
        attempt!("ListSilences", client, list_silences, list),
        attempt!("UpdateSilence", client, update_silence, update),
        attempt!("DeleteSilence", client, delete_silence, delete),
    ]
}

async fn on_templates(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("templates");
    let of = |name: String| Some(pb::Template { name, body: "mine".into(), ..<_>::default() });
    let template = of(String::new());
    let create = pb::CreateTemplateRequest { parent: parent(), template, ..<_>::default() };
    let get = pb::GetTemplateRequest { name: name() };
    let list = pb::ListTemplatesRequest { parent: parent(), ..<_>::default() };
    let update = pb::UpdateTemplateRequest { template: of(name()), ..<_>::default() };
    let delete = pb::DeleteTemplateRequest { name: name(), ..<_>::default() };
    vec![
        attempt!("CreateTemplate", client, create_template, create),
        attempt!("GetTemplate", client, get_template, get),
        attempt!("ListTemplates", client, list_templates, list),
        attempt!("UpdateTemplate", client, update_template, update),
        attempt!("DeleteTemplate", client, delete_template, delete),
    ]
}

async fn on_policies(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("escalationPolicies");
    let escalation_policy = Some(pb::EscalationPolicy::default());
    let create =
        pb::CreateEscalationPolicyRequest { parent: parent(), escalation_policy, ..<_>::default() };
    let get = pb::GetEscalationPolicyRequest { name: name() };
    let list = pb::ListEscalationPoliciesRequest { parent: parent(), ..<_>::default() };
    let policy = pb::EscalationPolicy { name: name(), repeat: 1, ..<_>::default() };
    let escalation_policy = Some(policy);
    let update = pb::UpdateEscalationPolicyRequest { escalation_policy, ..<_>::default() };
    let delete = pb::DeleteEscalationPolicyRequest { name: name(), ..<_>::default() };
    vec![
        attempt!("CreateEscalationPolicy", client, create_escalation_policy, create),
        attempt!("GetEscalationPolicy", client, get_escalation_policy, get),
        attempt!("ListEscalationPolicies", client, list_escalation_policies, list),
        attempt!("UpdateEscalationPolicy", client, update_escalation_policy, update),
        attempt!("DeleteEscalationPolicy", client, delete_escalation_policy, delete),
    ]
}

async fn on_trials(intruder: &Clients) -> Vec<Attempt> {
    use pb::{preview_template_request::Subject, test_routing_request::About};
    let client = &intruder.alerts;
    let route =
        |parent: String, about: About| pb::TestRoutingRequest { parent, about: Some(about) };
    let sample = pb::Alert { level: pb::Level::P0 as i32, ..<_>::default() };
    let preview = || pb::PreviewTemplateRequest { channel: "slack".into(), ..<_>::default() };
    let subject = Some(Subject::Template(name("templates")));
    let send = pb::SendTestNotificationRequest { name: name("receivers"), ..<_>::default() };
    vec![
        attempt!("TestRouting", client, test_routing, route(parent(), About::Sample(sample))),
        attempt!(
            "TestRouting",
            client,
            test_routing,
            route(String::new(), About::Alert(name("alerts")))
        ),
        attempt!(
            "PreviewTemplate",
            client,
            preview_template,
            pb::PreviewTemplateRequest { parent: parent(), ..preview() }
        ),
        attempt!(
            "PreviewTemplate",
            client,
            preview_template,
            pb::PreviewTemplateRequest { subject, ..preview() }
        ),
        attempt!(
            "PreviewTemplate",
            client,
            preview_template,
            pb::PreviewTemplateRequest { alert: name("alerts"), ..preview() }
        ),
        attempt!("SendTestNotification", client, send_test_notification, send),
    ]
}

async fn on_deliveries(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.alerts;
    let name = || name("deliveries");
    let list = pb::ListDeliveriesRequest { parent: parent(), ..<_>::default() };
    let retry = pb::RetryDeliveryRequest { name: name(), ..<_>::default() };
    let stats = pb::GetDeliveryStatsRequest { parent: parent(), ..<_>::default() };
    vec![
        attempt!("GetDelivery", client, get_delivery, pb::GetDeliveryRequest { name: name() }),
        attempt!("ListDeliveries", client, list_deliveries, list),
        attempt!("RetryDelivery", client, retry_delivery, retry),
        attempt!("GetDeliveryStats", client, get_delivery_stats, stats),
    ]
}

/// A tenant with a receiver, told of leaks.
async fn tenant(office: &Office, id: &str) -> Clients {
    let operator = office.server.operator();
    make_tenant(&operator, id).await;
    let key = make_key(&operator, id, "k", pb::Role::Admin).await;
    let clients = office.server.clients_with(&key);
    let rule = alerting_rule("leak", &["leak"], pb::Level::P2);
    clients.rules.clone().create_rule(rule).await.unwrap();
    let receiver = webhook_receiver("duty", &office.sink.url("/hook"), SECRET);
    clients.alerts.clone().create_receiver(receiver).await.unwrap();
    clients
}

#[tokio::test]
async fn what_one_tenant_is_told_another_never_sees() {
    let office = Office::start_with(&[], |config| {
        config.auth.mode = AuthMode::Keys;
        config.auth.admin_key = "operator key of the tests".into();
    })
    .await;
    let (victim, intruder) = (tenant(&office, "victim").await, tenant(&office, "intruder").await);
    for room in ["a", "b"] {
        check(&victim, said_in(room, "leak")).await.unwrap();
    }
    delivered(&victim, 2).await;
    let told = office.sink.wait_for(2).await;
    assert!(told.iter().all(|told| told.to == "tenants/victim/receivers/duty"), "{told:?}");
    let theirs = so_many_alerts(&victim, "", 2).await;

    assert!(alerts(&intruder).await.is_empty() && deliveries(&intruder).await.is_empty());
    assert!(alerts_with(&intruder, "tenant = victim").await.is_empty());
    let stats = pb::GetDeliveryStatsRequest::default();
    let stats = intruder.alerts.clone().get_delivery_stats(stats).await.unwrap().into_inner();
    assert!(stats.rows.is_empty());
    // The right id under the wrong tenant is nothing.
    let mine = |name: &str| name.replace("tenants/victim", "tenants/intruder");
    let name = mine(&theirs[0].name);
    let delivery = mine(&deliveries(&victim).await[0].name);
    let (get, retry) = (
        pb::GetDeliveryRequest { name: delivery.clone() },
        pb::RetryDeliveryRequest { name: delivery, ..<_>::default() },
    );
    let mut service = intruder.alerts.clone();
    for refused in [
        alert(&intruder, &name).await.map(drop),
        acknowledge_alert(&intruder, &name, 60).await.map(drop),
        resolve_alert(&intruder, &name).await.map(drop),
        service.get_delivery(get).await.map(drop),
        service.retry_delivery(retry).await.map(drop),
    ] {
        let refused = refused.unwrap_err();
        assert_eq!((refused.code(), &*reason(&refused)), (Code::NotFound, "NOT_FOUND"));
    }
    let page = pb::ListAlertsRequest { page_size: 1, ..<_>::default() };
    let page = victim.alerts.clone().list_alerts(page).await.unwrap().into_inner();
    let page_token = page.next_page_token;
    let foreign = pb::ListAlertsRequest { page_size: 1, page_token, ..<_>::default() };
    let refused = service.list_alerts(foreign).await.unwrap_err();
    assert_eq!(reason(&refused), "INVALID_PAGE_TOKEN");

    // The same words of another tenant are another matter.
    check(&intruder, said_in("a", "leak")).await.unwrap();
    eventually("the intruder is told", async || {
        office.sink.messages().iter().any(|told| told.to.contains("/intruder/")).then_some(())
    })
    .await;
    assert_eq!(so_many_alerts(&victim, "", 2).await, theirs);
}
