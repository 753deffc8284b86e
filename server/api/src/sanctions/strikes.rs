//! Strikes that were counted.

use super::Sanctions;
use crate::{
    convert::{sanction, strike},
    error::ApiError,
    handler::request_key,
    names::{own_id, own_tenant},
    paging::Paging,
};
use prost::Message as _;
use umpire_proto::v1 as pb;
use umpire_sanctions::{Counted, StrikeQuery};
use umpire_tenancy::Caller;

impl Sanctions {
    pub(super) async fn list_strikes(
        &self,
        caller: &Caller,
        request: &pb::ListStrikesRequest,
    ) -> Result<pb::ListStrikesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListStrikes", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let query = StrikeQuery {
            tenant: tenant.clone(),
            filter: umpire_query::parse(&request.filter)?,
            size: paging.size,
            cursor: paging.cursor.clone(),
        };
        let page = self.court.strikes(query).await?;
        let now = self.clock.now();
        // What is over is left out, so that a page may hold fewer than were asked for.
        let counter = |counted: &Counted| {
            let rule = self.court.rules().get(&tenant, &counted.rule);
            strike::counter_to_proto(counted, rule.as_deref().map(|kept| &kept.item), &tenant, now)
        };
        Ok(pb::ListStrikesResponse {
            strikes: page.items.iter().filter_map(counter).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn reset_strikes(
        &self,
        caller: &Caller,
        request: &pb::ResetStrikesRequest,
    ) -> Result<pb::ResetStrikesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let subject = sanction::subject_from(request.subject.as_ref());
        let rule = match request.sanction_rule.as_str() {
            "" => None,
            name => Some(own_id(caller, name, "sanctionRules", "sanction_rule")?),
        };
        let body = request.encode_to_vec();
        let key = request_key("ResetStrikes", &request.request_id, &body)?;
        let act = self.act(caller, &request.reason, key);
        let forgotten = self.court.reset_strikes(&tenant, subject, rule, &act).await?;
        Ok(pb::ResetStrikesResponse { strikes: i32::try_from(forgotten).unwrap_or(i32::MAX) })
    }
}
