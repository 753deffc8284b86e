//! The delivery log.

use super::{
    Alerts,
    matters::{fine, uuid_of},
};
use crate::{
    convert::{delivery, time},
    error::ApiError,
    names::own_tenant,
    paging::Paging,
};
use umpire_notify::{DeliveryId, DeliveryQuery, StatsQuery};
use umpire_proto::v1 as pb;
use umpire_tenancy::Caller;

/// Statistics are of the last day, where a request does not say.
const DAY_SECONDS: i64 = 86_400;

impl Alerts {
    pub(super) async fn get_delivery(
        &self,
        caller: &Caller,
        request: &pb::GetDeliveryRequest,
    ) -> Result<pb::GetDeliveryResponse, ApiError> {
        let (tenant, id) = uuid_of(caller, &request.name, "deliveries")?;
        let found = self.desk.delivery(&tenant, DeliveryId(id)).await?;
        Ok(pb::GetDeliveryResponse { delivery: Some(delivery::to_proto(&found)) })
    }

    pub(super) async fn list_deliveries(
        &self,
        caller: &Caller,
        request: &pb::ListDeliveriesRequest,
    ) -> Result<pb::ListDeliveriesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListDeliveries", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let filter = umpire_query::parse(&request.filter)?;
        let (size, cursor) = (paging.size, paging.cursor.clone());
        let page = self.desk.deliveries(DeliveryQuery { tenant, filter, size, cursor }).await?;
        Ok(pb::ListDeliveriesResponse {
            deliveries: page.items.iter().map(delivery::to_proto).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn retry(
        &self,
        caller: &Caller,
        request: &pb::RetryDeliveryRequest,
    ) -> Result<pb::RetryDeliveryResponse, ApiError> {
        let (tenant, id) = uuid_of(caller, &request.name, "deliveries")?;
        let act = self.act(caller, "RetryDelivery", &request.request_id, request)?;
        let queued = self.desk.retry_delivery(&tenant, DeliveryId(id), &act).await?;
        Ok(pb::RetryDeliveryResponse { delivery: Some(delivery::to_proto(&queued)) })
    }

    pub(super) async fn stats(
        &self,
        caller: &Caller,
        request: &pb::GetDeliveryStatsRequest,
    ) -> Result<pb::GetDeliveryStatsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let refused = &mut Vec::new();
        let from = time::optional(request.start_time.as_ref(), "start_time", refused);
        let to = time::optional(request.end_time.as_ref(), "end_time", refused);
        fine(refused)?;
        let to = to.unwrap_or_else(|| self.clock.now());
        let from = from.unwrap_or_else(|| to.plus_seconds(-DAY_SECONDS));
        if from > to {
            return Err(ApiError::invalid("end_time", "must not lie before `start_time`"));
        }
        let rows = self.desk.stats(StatsQuery { tenant, from, to }).await?;
        Ok(delivery::stats_to_proto(&rows))
    }
}
