//! Receivers, routes, silences, templates and escalation policies.

use super::Alerts;
use crate::{
    convert::receiver::health_to_proto,
    error::ApiError,
    names::own_tenant,
    paging::Paging,
    resources::{Resource, Resources, listed},
};
use umpire_catalog::{Catalog, Item, Kept};
use umpire_model::{ResourceId, TenantId};
use umpire_notify::{EscalationPolicy, Receiver, Route, Silence, Template};
use umpire_proto::v1 as pb;
use umpire_tenancy::Caller;

impl Alerts {
    pub(super) fn receivers<'a>(&'a self, caller: &'a Caller) -> Resources<'a, Receiver> {
        self.resources(&self.desk.world().receivers, caller)
    }

    pub(super) fn routes<'a>(&'a self, caller: &'a Caller) -> Resources<'a, Route> {
        self.resources(&self.desk.world().routes, caller)
    }

    pub(super) fn silences<'a>(&'a self, caller: &'a Caller) -> Resources<'a, Silence> {
        self.resources(&self.desk.world().silences, caller)
    }

    pub(super) fn templates<'a>(&'a self, caller: &'a Caller) -> Resources<'a, Template> {
        self.resources(&self.desk.world().templates, caller)
    }

    pub(super) fn escalation_policies<'a>(
        &'a self,
        caller: &'a Caller,
    ) -> Resources<'a, EscalationPolicy> {
        self.resources(&self.desk.world().policies, caller)
    }

    fn resources<'a, T: Resource>(
        &'a self,
        catalog: &'a Catalog<T>,
        caller: &'a Caller,
    ) -> Resources<'a, T> {
        let world = self.desk.world();
        let known = |collection: &str, id: &ResourceId| match collection {
            Receiver::COLLECTION => world.receivers.get(&caller.tenant, id).is_some(),
            EscalationPolicy::COLLECTION => world.policies.get(&caller.tenant, id).is_some(),
            _ => true,
        };
        Resources { catalog, caller, now: self.clock.now(), known: Box::new(known) }
    }

    pub(super) async fn get_receiver(
        &self,
        caller: &Caller,
        request: &pb::GetReceiverRequest,
    ) -> Result<pb::GetReceiverResponse, ApiError> {
        let (tenant, kept) = self.receivers(caller).find(&request.name)?;
        let mut receiver = Receiver::kept_to_proto(&kept, &tenant);
        let known = self.healths(&tenant, vec![kept.id.clone()]).await?;
        receiver.health = known.into_iter().next();
        Ok(pb::GetReceiverResponse { receiver: Some(receiver) })
    }

    pub(super) async fn list_receivers(
        &self,
        caller: &Caller,
        request: &pb::ListReceiversRequest,
    ) -> Result<pb::ListReceiversResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let (mut receivers, next_page_token) =
            self.receivers(caller).list(&listed!("ListReceivers", request))?;
        let id = |receiver: &pb::Receiver| {
            ResourceId::new(receiver.name.rsplit('/').next().unwrap_or_default()).ok()
        };
        let ids = receivers.iter().filter_map(id).collect();
        let healths = self.healths(&tenant, ids).await?;
        for (receiver, health) in receivers.iter_mut().zip(healths) {
            receiver.health = Some(health);
        }
        Ok(pb::ListReceiversResponse { receivers, next_page_token })
    }

    /// What is known of receivers, in their order.
    async fn healths(
        &self,
        tenant: &TenantId,
        ids: Vec<ResourceId>,
    ) -> Result<Vec<pb::receiver::Health>, ApiError> {
        let (now, known) = (self.clock.now(), self.desk.healths(tenant, ids).await?);
        Ok(known.iter().map(|(health, queued)| health_to_proto(health, *queued, now)).collect())
    }

    /// In the order they are tried in, which is not that of ids.
    pub(super) fn list_routes(
        &self,
        caller: &Caller,
        request: &pb::ListRoutesRequest,
    ) -> Result<pb::ListRoutesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListRoutes", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let filter = umpire_query::parse::<<Route as Resource>::Filter>(&request.filter)?;
        let shelf = self.desk.world().routes.shelf(&tenant).unwrap_or_default();
        let meets = |kept: &&_| filter.matches(&|term| Route::test(kept, term));
        let mut routes: Vec<_> = shelf.iter().map(AsRef::as_ref).filter(meets).collect();
        routes.sort_by(|a, b| place(a).cmp(&place(b)));
        let after = |kept: &&Kept<Route>| {
            paging.cursor.as_deref().is_none_or(|cursor| cursor_of(kept).as_slice() > cursor)
        };
        let rest = routes.into_iter().filter(after);
        let page = umpire_query::Page::of(rest, paging.size, |kept| cursor_of(kept));
        let routes = page.items.iter().map(|kept| Route::kept_to_proto(kept, &tenant)).collect();
        Ok(pb::ListRoutesResponse { routes, next_page_token: paging.next(page.next.as_deref()) })
    }
}

/// Higher priority first, then by id.
fn place(kept: &Kept<Route>) -> (std::cmp::Reverse<i32>, &ResourceId) {
    (std::cmp::Reverse(kept.item.priority), &kept.id)
}

/// Sorts as [`place`] does.
fn cursor_of(kept: &Kept<Route>) -> Vec<u8> {
    let rank = i64::from(i32::MAX) - i64::from(kept.item.priority);
    let mut cursor = rank.to_be_bytes().to_vec();
    cursor.extend_from_slice(kept.id.as_str().as_bytes());
    cursor
}
