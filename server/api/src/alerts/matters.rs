//! Alerts, and what people do about them.

use super::Alerts;
use crate::{
    convert::{alert, time},
    error::ApiError,
    handler::request_key,
    names::{own_resource, own_tenant},
    paging::Paging,
};
use umpire_model::{TenantId, Violation};
use umpire_notify::{Acknowledge, Act, AlertId, AlertQuery, Resolve};
use umpire_proto::v1 as pb;
use umpire_tenancy::Caller;
use uuid::Uuid;

impl Alerts {
    pub(super) async fn get_alert(
        &self,
        caller: &Caller,
        request: &pb::GetAlertRequest,
    ) -> Result<pb::GetAlertResponse, ApiError> {
        let (tenant, id) = alert_id(caller, &request.name)?;
        let found = self.desk.get(&tenant, id).await?;
        Ok(pb::GetAlertResponse { alert: Some(alert::to_proto(&found)) })
    }

    pub(super) async fn list_alerts(
        &self,
        caller: &Caller,
        request: &pb::ListAlertsRequest,
    ) -> Result<pb::ListAlertsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListAlerts", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let filter = umpire_query::parse(&request.filter)?;
        let (size, cursor) = (paging.size, paging.cursor.clone());
        let page = self.desk.list(AlertQuery { tenant, filter, size, cursor }).await?;
        Ok(pb::ListAlertsResponse {
            alerts: page.items.iter().map(alert::to_proto).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn acknowledge(
        &self,
        caller: &Caller,
        request: &pb::AcknowledgeAlertRequest,
    ) -> Result<pb::AcknowledgeAlertResponse, ApiError> {
        let (tenant, id) = alert_id(caller, &request.name)?;
        let refused = &mut Vec::new();
        let expire_after = time::unless_zero(request.expire_after);
        let expire_after = time::optional_seconds(expire_after, "expire_after", refused);
        fine(refused)?;
        let act = self.act(caller, "AcknowledgeAlert", &request.request_id, request)?;
        let (note, expire_after) = (request.note.clone(), expire_after.unwrap_or(0));
        let what = Acknowledge { expire_after, note };
        let done = self.desk.acknowledge(&tenant, id, &request.etag, what, &act).await?;
        Ok(pb::AcknowledgeAlertResponse { alert: Some(alert::to_proto(&done)) })
    }

    pub(super) async fn assign(
        &self,
        caller: &Caller,
        request: &pb::AssignAlertRequest,
    ) -> Result<pb::AssignAlertResponse, ApiError> {
        let (tenant, id) = alert_id(caller, &request.name)?;
        let act = self.act(caller, "AssignAlert", &request.request_id, request)?;
        let assignee = request.assignee.clone();
        let done = self.desk.assign(&tenant, id, &request.etag, assignee, &act).await?;
        Ok(pb::AssignAlertResponse { alert: Some(alert::to_proto(&done)) })
    }

    pub(super) async fn resolve(
        &self,
        caller: &Caller,
        request: &pb::ResolveAlertRequest,
    ) -> Result<pb::ResolveAlertResponse, ApiError> {
        let (tenant, id) = alert_id(caller, &request.name)?;
        let act = self.act(caller, "ResolveAlert", &request.request_id, request)?;
        let what = Resolve { note: request.note.clone() };
        let done = self.desk.resolve(&tenant, id, &request.etag, what, &act).await?;
        Ok(pb::ResolveAlertResponse { alert: Some(alert::to_proto(&done)) })
    }

    /// What a person does.
    pub(super) fn act(
        &self,
        caller: &Caller,
        method: &str,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Result<Act, ApiError> {
        Ok(Act {
            operator: caller.principal.as_ref().into(),
            time: self.clock.now(),
            request: request_key(method, request_id, &request.encode_to_vec())?,
        })
    }
}

pub(super) fn alert_id(caller: &Caller, name: &str) -> Result<(TenantId, AlertId), ApiError> {
    let (tenant, id) = uuid_of(caller, name, "alerts")?;
    Ok((tenant, AlertId(id)))
}

/// The UUID that a name ends in. One that is none names nothing.
pub(super) fn uuid_of(
    caller: &Caller,
    name: &str,
    collection: &str,
) -> Result<(TenantId, Uuid), ApiError> {
    let (tenant, id) = own_resource(caller, name, collection)?;
    let id = Uuid::try_parse(id.as_str()).map_err(|_| ApiError::NotFound(name.into()))?;
    Ok((tenant, id))
}

/// Nothing was refused.
pub(super) fn fine(refused: &mut Vec<Violation>) -> Result<(), ApiError> {
    if refused.is_empty() { Ok(()) } else { Err(ApiError::Invalid(std::mem::take(refused))) }
}
