//! Routing, templates and receivers, tried.

use super::{
    Alerts,
    matters::{alert_id, fine},
};
use crate::{
    convert::{
        alert,
        enums::{self, known},
        route::policy_name,
        template::channel,
        time,
    },
    error::ApiError,
    names::{ids_of, own_resource, own_tenant},
    resources::{Resource, Writing},
};
use std::{collections::BTreeMap, sync::Arc};
use umpire_catalog::{Kept, Shelf};
use umpire_model::{Level, ResourceId, TenantId, Violation};
use umpire_notify::{
    AlertKind, ChannelKind, Notice, Outcome, Reason, Routed, Template, notice_of_alert, render,
    sample_notice,
};
use umpire_proto::v1::{
    self as pb, preview_template_request::Subject, test_routing_request::About,
};
use umpire_tenancy::Caller;

impl Alerts {
    pub(super) async fn test_routing(
        &self,
        caller: &Caller,
        request: &pb::TestRoutingRequest,
    ) -> Result<pb::TestRoutingResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let now = self.clock.now();
        let event = match &request.about {
            Some(About::Sample(sample)) => {
                alert::sample(sample, &tenant, now).map_err(ApiError::Invalid)?
            }
            Some(About::Alert(name)) => {
                let (tenant, id) = alert_id(caller, name)?;
                alert::event_like(&self.desk.get(&tenant, id).await?, now)
            }
            None => return Err(ApiError::invalid("sample", "`alert` or `sample` must be set")),
        };
        let routed = self.desk.test_routing(&tenant, &event, now);
        let routes = routed.into_iter().map(|routed| outcome(&tenant, routed)).collect();
        Ok(pb::TestRoutingResponse { routes })
    }

    pub(super) async fn preview(
        &self,
        caller: &Caller,
        request: &pb::PreviewTemplateRequest,
    ) -> Result<pb::PreviewTemplateResponse, ApiError> {
        own_tenant(caller, &request.parent)?;
        let draft = self.draft(caller, request)?;
        let refused = &mut Vec::new();
        let asked = channel(&request.channel, "channel", refused);
        let language = known(enums::language_from(request.language), "language", refused);
        fine(refused)?;
        let of_template = draft.as_ref().and_then(|draft| draft.channel);
        let Some(channel) = asked.or(of_template) else {
            return Err(ApiError::invalid("channel", "must be set: the template has none"));
        };
        let language = language.or_else(|| draft.as_ref().and_then(|draft| draft.language));
        let notice = self.notice(caller, request, draft.as_ref()).await?;
        let shelf = draft.map(|draft| alone(draft, channel));
        let rendered = render(shelf.as_ref(), &notice, channel, language.unwrap_or_default());
        if let Some(why) = rendered.fallback {
            let kept = matches!(request.subject, Some(Subject::Template(_)));
            return Err(ApiError::invalid(if kept { "template" } else { "draft.body" }, why));
        }
        let (title, body, plain) = (rendered.title, rendered.body, rendered.plain);
        Ok(pb::PreviewTemplateResponse { title, body, plain })
    }

    /// The template that is looked at; `None` for the built-in one.
    fn draft(
        &self,
        caller: &Caller,
        request: &pb::PreviewTemplateRequest,
    ) -> Result<Option<Template>, ApiError> {
        match &request.subject {
            Some(Subject::Template(name)) => {
                let (_, kept) = self.templates(caller).find(name)?;
                Ok(Some(kept.item.clone()))
            }
            Some(Subject::Draft(draft)) if !draft.body.is_empty() => {
                let writing =
                    Writing { caller, current: None, now: self.clock.now(), known: &|_, _| true };
                let made = Template::from_proto(draft, &writing).map_err(of_draft)?;
                let wrong = umpire_catalog::Item::violations(&made);
                if wrong.is_empty() { Ok(Some(made)) } else { Err(of_draft(wrong)) }
            }
            Some(Subject::Draft(_)) | None => Ok(None),
        }
    }

    /// What the template is filled with.
    async fn notice(
        &self,
        caller: &Caller,
        request: &pb::PreviewTemplateRequest,
        draft: Option<&Template>,
    ) -> Result<Notice, ApiError> {
        let refused = &mut Vec::new();
        let kind = known(enums::alert_kind_from(request.kind), "kind", refused);
        let level = known(enums::level_from(request.level), "level", refused);
        let reason = known(enums::notice_reason_from(request.reason), "reason", refused);
        fine(refused)?;
        let reason = reason.or_else(|| draft.and_then(|draft| draft.reason));
        let now = self.clock.now();
        let mut notice = if request.alert.is_empty() {
            let kind = kind.or_else(|| draft.and_then(|draft| draft.kind));
            let level = level.or_else(|| draft.and_then(|draft| draft.level));
            sample_notice(kind.unwrap_or(AlertKind::Text), level.unwrap_or(Level::P1), now)
        } else {
            let (tenant, id) = alert_id(caller, &request.alert)?;
            notice_of_alert(self.desk.world(), &self.desk.get(&tenant, id).await?, now)
        };
        notice.reason = reason.unwrap_or(Reason::First);
        if let Some(urgent) = draft.and_then(|draft| draft.urgent) {
            notice.urgent = urgent;
        }
        Ok(notice)
    }

    pub(super) async fn send_test(
        &self,
        caller: &Caller,
        request: &pb::SendTestNotificationRequest,
    ) -> Result<pb::SendTestNotificationResponse, ApiError> {
        let (tenant, id) = own_resource(caller, &request.name, "receivers")?;
        let refused = &mut Vec::new();
        let kind = known(enums::alert_kind_from(request.kind), "kind", refused);
        let level = known(enums::level_from(request.level), "level", refused);
        fine(refused)?;
        let now = self.clock.now();
        let (kind, level) = (kind.unwrap_or(AlertKind::System), level.unwrap_or(Level::P2));
        let zone = self.desk.world().zones.zone(&tenant);
        let notice = Notice {
            tenant: tenant.to_string(),
            time_zone: zone,
            mention: umpire_notify::Mention::Nobody,
            mentions: Vec::new(),
            ..sample_notice(kind, level, now)
        };
        let courier = &*self.courier;
        let result = self.desk.send_test(courier, &tenant, &id, notice, now).await?;
        let outcome = &result.report.outcome;
        let latency = std::time::Duration::from_millis(result.latency_ms);
        Ok(pb::SendTestNotificationResponse {
            delivered: matches!(outcome, Outcome::Delivered | Outcome::Partial(_)),
            attempt: Some(pb::delivery::Attempt {
                time: Some(time::to_proto(now)),
                latency: Some(time::duration(latency)),
                outcome: outcome.class().into(),
                http_status: result.report.status.into(),
                vendor_code: result.report.vendor_code,
                detail: result.report.detail,
            }),
            delivery: format!("tenants/{tenant}/deliveries/{}", result.delivery),
            title: result.rendered.title,
            body: result.rendered.body,
        })
    }
}

/// What is wrong with a template, as the request calls it.
fn of_draft(wrong: Vec<Violation>) -> ApiError {
    let moved = wrong.into_iter().map(|violation| violation.moved("template.", "draft."));
    ApiError::Invalid(moved.collect())
}

fn outcome(tenant: &TenantId, routed: Routed) -> pb::test_routing_response::Outcome {
    let route = &routed.route;
    // Those in parentheses are no resources.
    let built_in = route.starts_with('(');
    pb::test_routing_response::Outcome {
        route: if built_in { route.clone() } else { format!("tenants/{tenant}/routes/{route}") },
        receivers: ids_of(tenant, "receivers", &routed.receivers),
        escalation_policy: policy_name(tenant, routed.escalation_policy.as_ref()),
        group_key: routed.group_key,
        suppressed_by: routed.suppressed_by.unwrap_or_default(),
    }
}

/// A shelf with nothing but this template, which fits every notice over the channel.
fn alone(draft: Template, channel: ChannelKind) -> Shelf<Template> {
    let item = Template {
        channel: Some(channel),
        level: None,
        kind: None,
        language: None,
        reason: None,
        urgent: None,
        ..draft
    };
    let id = ResourceId::generate();
    let moment = umpire_model::Timestamp(0);
    let kept = Kept {
        id: id.clone(),
        item,
        version: 1,
        create_time: moment,
        update_time: moment,
        author: String::new(),
    };
    Shelf::new(BTreeMap::from([(id, Arc::new(kept))]))
}
