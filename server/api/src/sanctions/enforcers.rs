//! Enforcers.

use super::{
    Sanctions,
    fields::{EnforcerField, test_enforcer},
    shown,
};
use crate::{
    convert::enforcer,
    error::ApiError,
    handler::request_key,
    mask,
    names::{new_id, own_resource, own_tenant},
    paging::Paging,
};
use prost::Message as _;
use umpire_catalog::Kept;
use umpire_model::Violation;
use umpire_proto::v1 as pb;
use umpire_sanctions::Enforcer;
use umpire_tenancy::Caller;

impl Sanctions {
    pub(super) async fn create_enforcer(
        &self,
        caller: &Caller,
        request: &pb::CreateEnforcerRequest,
    ) -> Result<pb::Enforcer, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let id = new_id(&request.enforcer_id, "enforcer_id")?;
        let made = enforcer::from_proto(given(request.enforcer.as_ref())?, None);
        let made = made.map_err(ApiError::Invalid)?;
        let body = request.encode_to_vec();
        let key = request_key("CreateEnforcer", &request.request_id, &body)?;
        let change = self.change(caller, key, request.validate_only);
        let name = enforcer::name(&tenant, &id);
        let created = self.court.enforcers().create(&tenant, id, made, &change).await;
        let created = created.map_err(|error| ApiError::of_catalog(error, &name))?;
        Ok(enforcer::kept_to_proto(&created, &tenant))
    }

    pub(super) fn get_enforcer(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<pb::Enforcer, ApiError> {
        let (tenant, id) = own_resource(caller, name, "enforcers")?;
        let found = self.court.enforcers().get(&tenant, &id);
        let kept = found.ok_or_else(|| ApiError::NotFound(name.into()))?;
        Ok(enforcer::kept_to_proto(&kept, &tenant))
    }

    pub(super) fn list_enforcers(
        &self,
        caller: &Caller,
        request: &pb::ListEnforcersRequest,
    ) -> Result<pb::ListEnforcersResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListEnforcers", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let filter = umpire_query::parse::<EnforcerField>(&request.filter)?;
        let meets = |kept: &Kept<Enforcer>| filter.matches(&|term| test_enforcer(kept, term));
        let page =
            self.court.enforcers().page(&tenant, meets, paging.size, paging.cursor.as_deref());
        let (enforcers, next) = shown(page, |kept| enforcer::kept_to_proto(kept, &tenant));
        let next_page_token = paging.next(next.as_deref());
        Ok(pb::ListEnforcersResponse { enforcers, next_page_token })
    }

    pub(super) async fn update_enforcer(
        &self,
        caller: &Caller,
        request: &pb::UpdateEnforcerRequest,
    ) -> Result<pb::Enforcer, ApiError> {
        let (wanted, update_mask) =
            (given(request.enforcer.as_ref())?, request.update_mask.as_ref());
        let (tenant, id) = own_resource(caller, &wanted.name, "enforcers")?;
        let body = request.encode_to_vec();
        let key = request_key("UpdateEnforcer", &request.request_id, &body)?;
        let change = self.change(caller, key, request.validate_only);
        // The mask is tried once before, so that its mistakes need no enforcer.
        mask::apply_to_enforcer(pb::Enforcer::default(), wanted, update_mask)
            .map_err(|violation| ApiError::Invalid(vec![violation]))?;
        let edit = |current: &Kept<Enforcer>| {
            let current = &current.item;
            let merged = mask::apply_to_enforcer(enforcer::to_proto(current), wanted, update_mask);
            let merged = merged.map_err(|violation| vec![violation])?;
            let next = enforcer::from_proto(&merged, Some(current))?;
            // It would drop, unseen, what the enforcer was still to be told.
            if next.is_webhook() != current.is_webhook() {
                let message = "the kind stays: delete the enforcer, or make another";
                return Err(vec![Violation::invalid("enforcer.kind", message)]);
            }
            Ok(next)
        };
        let updated =
            self.court.enforcers().update(&tenant, &id, &wanted.etag, &change, edit).await;
        let updated = updated.map_err(|error| ApiError::of_catalog(error, &wanted.name))?;
        Ok(enforcer::kept_to_proto(&updated, &tenant))
    }

    pub(super) async fn delete_enforcer(
        &self,
        caller: &Caller,
        request: &pb::DeleteEnforcerRequest,
    ) -> Result<(), ApiError> {
        let (tenant, id) = own_resource(caller, &request.name, "enforcers")?;
        let body = request.encode_to_vec();
        let key = request_key("DeleteEnforcer", &request.request_id, &body)?;
        let change = self.change(caller, key, request.validate_only);
        let deleted = self.court.enforcers().delete(&tenant, &id, &request.etag, &change).await;
        deleted.map_err(|error| ApiError::of_catalog(error, &request.name))?;
        Ok(())
    }
}

fn given(enforcer: Option<&pb::Enforcer>) -> Result<&pb::Enforcer, ApiError> {
    enforcer.ok_or_else(|| ApiError::invalid("enforcer", "must be set"))
}
