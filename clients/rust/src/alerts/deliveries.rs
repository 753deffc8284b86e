//! The delivery log.

use super::Alerts;
use crate::{
    Change, Error, Listing,
    listing::{lists_with, paged},
    mutation::mutation,
    retry::Retry,
    v1::{
        Delivery, GetDeliveryRequest, GetDeliveryStatsRequest, GetDeliveryStatsResponse,
        ListDeliveriesRequest, RetryDeliveryRequest,
    },
};
use prost_types::Timestamp;

const DELIVERIES: &str = "deliveries";

impl Alerts {
    /// One delivery, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn delivery(&self, delivery: &str) -> Result<Delivery, Error> {
        let name = self.0.full_name(DELIVERIES, delivery).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetDeliveryRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_delivery(request).await }
            })
            .await?;
        answer.delivery.ok_or(Error::Incomplete("delivery"))
    }

    /// The tenant's deliveries that a filter lets through, `state = DEAD_LETTERED` say, newest
    /// first; all of them with an empty one.
    pub fn deliveries(&self, filter: impl Into<String>) -> Listing<ListDeliveriesRequest> {
        let (parent, filter) = (self.0.tenant.parent(), filter.into());
        Listing::new(&self.0, ListDeliveriesRequest { parent, filter, ..<_>::default() })
    }

    /// Queues a delivery again, by id or name, that ended DEAD_LETTERED or EXPIRED.
    pub fn retry(&self, delivery: impl Into<String>) -> Change<RetryDeliveryRequest> {
        Change::new(&self.0, RetryDeliveryRequest { name: delivery.into(), ..<_>::default() })
    }

    /// What has become of the deliveries queued from `start`, a day ago when absent, until
    /// before `end`, now when absent; by channel and level.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for an end before the start, and what any call may fail with.
    pub async fn stats(
        &self,
        start: Option<Timestamp>,
        end: Option<Timestamp>,
    ) -> Result<GetDeliveryStatsResponse, Error> {
        let parent = self.0.tenant.parent();
        let request = GetDeliveryStatsRequest { parent, start_time: start, end_time: end };
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_delivery_stats(request).await }
            })
            .await
    }
}

paged!(raw_alerts.list_deliveries(ListDeliveriesRequest) -> deliveries: Delivery, 200 at once);
lists_with!(Filtered, filter: String; ListDeliveriesRequest);

mutation!(
    raw_alerts.retry_delivery(RetryDeliveryRequest) -> Delivery,
    |answer| answer.delivery,
    |request| Some((&mut request.name, DELIVERIES))
);
