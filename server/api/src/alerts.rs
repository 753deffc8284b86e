//! AlertService: alerts, who is told of them, and what has become of that.

mod deliveries;
mod matters;
mod resources;
mod stream;
mod trials;

use crate::{
    handler::{answer, carry_out},
    locale::Locale,
    resources::{asked, listed},
};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use umpire_model::Clock;
use umpire_notify::{Courier, Desk};
use umpire_proto::v1::{self as pb, alert_service_server::AlertService};
use umpire_tenancy::Directory;

/// What the service works with.
pub struct AlertParts {
    /// Everything about alerts.
    pub desk: Arc<Desk>,
    /// Tries receivers.
    pub courier: Arc<dyn Courier>,
    /// Knows who may go on with a stream.
    pub directory: Arc<Directory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Says that streams are to end.
    pub draining: watch::Receiver<bool>,
}

/// The service.
#[derive(Clone)]
pub struct Alerts {
    desk: Arc<Desk>,
    courier: Arc<dyn Courier>,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    draining: watch::Receiver<bool>,
}

impl Alerts {
    /// The service over its parts.
    #[must_use]
    pub fn new(parts: AlertParts) -> Self {
        let AlertParts { desk, courier, directory, clock, draining } = parts;
        Self { desk, courier, directory, clock, draining }
    }
}

#[tonic::async_trait]
impl AlertService for Alerts {
    type StreamAlertsStream = stream::Events;

    async fn stream_alerts(
        &self,
        request: Request<pb::StreamAlertsRequest>,
    ) -> Result<Response<stream::Events>, Status> {
        let locale = Locale::of(request.metadata());
        answer!(request, caller, body => self.stream(caller.clone(), body, locale).await)
    }

    async fn get_alert(
        &self,
        request: Request<pb::GetAlertRequest>,
    ) -> Result<Response<pb::GetAlertResponse>, Status> {
        answer!(request, caller, body => self.get_alert(&caller, body).await)
    }

    async fn list_alerts(
        &self,
        request: Request<pb::ListAlertsRequest>,
    ) -> Result<Response<pb::ListAlertsResponse>, Status> {
        answer!(request, caller, body => self.list_alerts(&caller, body).await)
    }

    async fn acknowledge_alert(
        &self,
        request: Request<pb::AcknowledgeAlertRequest>,
    ) -> Result<Response<pb::AcknowledgeAlertResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.acknowledge(&caller, body).await)
    }

    async fn assign_alert(
        &self,
        request: Request<pb::AssignAlertRequest>,
    ) -> Result<Response<pb::AssignAlertResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.assign(&caller, body).await)
    }

    async fn resolve_alert(
        &self,
        request: Request<pb::ResolveAlertRequest>,
    ) -> Result<Response<pb::ResolveAlertResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.resolve(&caller, body).await)
    }

    async fn create_receiver(
        &self,
        request: Request<pb::CreateReceiverRequest>,
    ) -> Result<Response<pb::CreateReceiverResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("CreateReceiver", body);
            let made = body.receiver.as_ref();
            let made = this.receivers(&caller).create(&body.parent, &body.receiver_id, made, asked).await?;
            Ok(pb::CreateReceiverResponse { receiver: Some(made) })
        })
    }

    async fn get_receiver(
        &self,
        request: Request<pb::GetReceiverRequest>,
    ) -> Result<Response<pb::GetReceiverResponse>, Status> {
        answer!(request, caller, body => self.get_receiver(&caller, body).await)
    }

    async fn list_receivers(
        &self,
        request: Request<pb::ListReceiversRequest>,
    ) -> Result<Response<pb::ListReceiversResponse>, Status> {
        answer!(request, caller, body => self.list_receivers(&caller, body).await)
    }

    async fn update_receiver(
        &self,
        request: Request<pb::UpdateReceiverRequest>,
    ) -> Result<Response<pb::UpdateReceiverResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("UpdateReceiver", body);
            let (wanted, mask) = (body.receiver.as_ref(), body.update_mask.as_ref());
            let receiver = Some(this.receivers(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateReceiverResponse { receiver })
        })
    }

    async fn delete_receiver(
        &self,
        request: Request<pb::DeleteReceiverRequest>,
    ) -> Result<Response<pb::DeleteReceiverResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteReceiver", body);
            this.receivers(&caller).delete(&body.name, &body.etag, asked).await?;
            Ok(pb::DeleteReceiverResponse {})
        })
    }

    async fn create_route(
        &self,
        request: Request<pb::CreateRouteRequest>,
    ) -> Result<Response<pb::CreateRouteResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("CreateRoute", body);
            let made = body.route.as_ref();
            let made = this.routes(&caller).create(&body.parent, &body.route_id, made, asked).await?;
            Ok(pb::CreateRouteResponse { route: Some(made) })
        })
    }

    async fn get_route(
        &self,
        request: Request<pb::GetRouteRequest>,
    ) -> Result<Response<pb::GetRouteResponse>, Status> {
        answer!(request, caller, body => {
            let route = Some(self.routes(&caller).get(&body.name)?);
            Ok(pb::GetRouteResponse { route })
        })
    }

    async fn list_routes(
        &self,
        request: Request<pb::ListRoutesRequest>,
    ) -> Result<Response<pb::ListRoutesResponse>, Status> {
        answer!(request, caller, body => self.list_routes(&caller, body))
    }

    async fn update_route(
        &self,
        request: Request<pb::UpdateRouteRequest>,
    ) -> Result<Response<pb::UpdateRouteResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("UpdateRoute", body);
            let (wanted, mask) = (body.route.as_ref(), body.update_mask.as_ref());
            let route = Some(this.routes(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateRouteResponse { route })
        })
    }

    async fn delete_route(
        &self,
        request: Request<pb::DeleteRouteRequest>,
    ) -> Result<Response<pb::DeleteRouteResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteRoute", body);
            this.routes(&caller).delete(&body.name, &body.etag, asked).await?;
            Ok(pb::DeleteRouteResponse {})
        })
    }

    async fn create_silence(
        &self,
        request: Request<pb::CreateSilenceRequest>,
    ) -> Result<Response<pb::CreateSilenceResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("CreateSilence", body);
            let made = body.silence.as_ref();
            let made = this.silences(&caller).create(&body.parent, &body.silence_id, made, asked).await?;
            Ok(pb::CreateSilenceResponse { silence: Some(made) })
        })
    }

    async fn get_silence(
        &self,
        request: Request<pb::GetSilenceRequest>,
    ) -> Result<Response<pb::GetSilenceResponse>, Status> {
        answer!(request, caller, body => {
            let silence = Some(self.silences(&caller).get(&body.name)?);
            Ok(pb::GetSilenceResponse { silence })
        })
    }

    async fn list_silences(
        &self,
        request: Request<pb::ListSilencesRequest>,
    ) -> Result<Response<pb::ListSilencesResponse>, Status> {
        answer!(request, caller, body => {
            let listed = listed!("ListSilences", body);
            let (silences, next_page_token) = self.silences(&caller).list(&listed)?;
            Ok(pb::ListSilencesResponse { silences, next_page_token })
        })
    }

    async fn update_silence(
        &self,
        request: Request<pb::UpdateSilenceRequest>,
    ) -> Result<Response<pb::UpdateSilenceResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("UpdateSilence", body);
            let (wanted, mask) = (body.silence.as_ref(), body.update_mask.as_ref());
            let silence = Some(this.silences(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateSilenceResponse { silence })
        })
    }

    async fn delete_silence(
        &self,
        request: Request<pb::DeleteSilenceRequest>,
    ) -> Result<Response<pb::DeleteSilenceResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteSilence", body);
            this.silences(&caller).delete(&body.name, &body.etag, asked).await?;
            Ok(pb::DeleteSilenceResponse {})
        })
    }

    async fn create_template(
        &self,
        request: Request<pb::CreateTemplateRequest>,
    ) -> Result<Response<pb::CreateTemplateResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("CreateTemplate", body);
            let made = body.template.as_ref();
            let made = this.templates(&caller).create(&body.parent, &body.template_id, made, asked).await?;
            Ok(pb::CreateTemplateResponse { template: Some(made) })
        })
    }

    async fn get_template(
        &self,
        request: Request<pb::GetTemplateRequest>,
    ) -> Result<Response<pb::GetTemplateResponse>, Status> {
        answer!(request, caller, body => {
            let template = Some(self.templates(&caller).get(&body.name)?);
            Ok(pb::GetTemplateResponse { template })
        })
    }

    async fn list_templates(
        &self,
        request: Request<pb::ListTemplatesRequest>,
    ) -> Result<Response<pb::ListTemplatesResponse>, Status> {
        answer!(request, caller, body => {
            let listed = listed!("ListTemplates", body);
            let (templates, next_page_token) = self.templates(&caller).list(&listed)?;
            Ok(pb::ListTemplatesResponse { templates, next_page_token })
        })
    }

    async fn update_template(
        &self,
        request: Request<pb::UpdateTemplateRequest>,
    ) -> Result<Response<pb::UpdateTemplateResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("UpdateTemplate", body);
            let (wanted, mask) = (body.template.as_ref(), body.update_mask.as_ref());
            let template = Some(this.templates(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateTemplateResponse { template })
        })
    }

    async fn delete_template(
        &self,
        request: Request<pb::DeleteTemplateRequest>,
    ) -> Result<Response<pb::DeleteTemplateResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteTemplate", body);
            this.templates(&caller).delete(&body.name, &body.etag, asked).await?;
            Ok(pb::DeleteTemplateResponse {})
        })
    }

    async fn create_escalation_policy(
        &self,
        request: Request<pb::CreateEscalationPolicyRequest>,
    ) -> Result<Response<pb::CreateEscalationPolicyResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("CreateEscalationPolicy", body);
            let made = body.escalation_policy.as_ref();
            let made = this.escalation_policies(&caller).create(&body.parent, &body.escalation_policy_id, made, asked).await?;
            Ok(pb::CreateEscalationPolicyResponse { escalation_policy: Some(made) })
        })
    }

    async fn get_escalation_policy(
        &self,
        request: Request<pb::GetEscalationPolicyRequest>,
    ) -> Result<Response<pb::GetEscalationPolicyResponse>, Status> {
        answer!(request, caller, body => {
            let escalation_policy = Some(self.escalation_policies(&caller).get(&body.name)?);
            Ok(pb::GetEscalationPolicyResponse { escalation_policy })
        })
    }

    async fn list_escalation_policies(
        &self,
        request: Request<pb::ListEscalationPoliciesRequest>,
    ) -> Result<Response<pb::ListEscalationPoliciesResponse>, Status> {
        answer!(request, caller, body => {
            let listed = listed!("ListEscalationPolicies", body);
            let (escalation_policies, next_page_token) = self.escalation_policies(&caller).list(&listed)?;
            Ok(pb::ListEscalationPoliciesResponse { escalation_policies, next_page_token })
        })
    }

    async fn update_escalation_policy(
        &self,
        request: Request<pb::UpdateEscalationPolicyRequest>,
    ) -> Result<Response<pb::UpdateEscalationPolicyResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("UpdateEscalationPolicy", body);
            let (wanted, mask) = (body.escalation_policy.as_ref(), body.update_mask.as_ref());
            let escalation_policy = Some(this.escalation_policies(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateEscalationPolicyResponse { escalation_policy })
        })
    }

    async fn delete_escalation_policy(
        &self,
        request: Request<pb::DeleteEscalationPolicyRequest>,
    ) -> Result<Response<pb::DeleteEscalationPolicyResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteEscalationPolicy", body);
            this.escalation_policies(&caller).delete(&body.name, &body.etag, asked).await?;
            Ok(pb::DeleteEscalationPolicyResponse {})
        })
    }

    async fn test_routing(
        &self,
        request: Request<pb::TestRoutingRequest>,
    ) -> Result<Response<pb::TestRoutingResponse>, Status> {
        answer!(request, caller, body => self.test_routing(&caller, body).await)
    }

    async fn preview_template(
        &self,
        request: Request<pb::PreviewTemplateRequest>,
    ) -> Result<Response<pb::PreviewTemplateResponse>, Status> {
        answer!(request, caller, body => self.preview(&caller, body).await)
    }

    async fn send_test_notification(
        &self,
        request: Request<pb::SendTestNotificationRequest>,
    ) -> Result<Response<pb::SendTestNotificationResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.send_test(&caller, body).await)
    }

    async fn get_delivery(
        &self,
        request: Request<pb::GetDeliveryRequest>,
    ) -> Result<Response<pb::GetDeliveryResponse>, Status> {
        answer!(request, caller, body => self.get_delivery(&caller, body).await)
    }

    async fn list_deliveries(
        &self,
        request: Request<pb::ListDeliveriesRequest>,
    ) -> Result<Response<pb::ListDeliveriesResponse>, Status> {
        answer!(request, caller, body => self.list_deliveries(&caller, body).await)
    }

    async fn retry_delivery(
        &self,
        request: Request<pb::RetryDeliveryRequest>,
    ) -> Result<Response<pb::RetryDeliveryResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.retry(&caller, body).await)
    }

    async fn get_delivery_stats(
        &self,
        request: Request<pb::GetDeliveryStatsRequest>,
    ) -> Result<Response<pb::GetDeliveryStatsResponse>, Status> {
        answer!(request, caller, body => self.stats(&caller, body).await)
    }
}
