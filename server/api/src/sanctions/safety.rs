//! The safety switch, and what it holds.

use super::Sanctions;
use crate::{
    convert::{safety, sanction},
    error::ApiError,
    handler::request_key,
    names::{own_single, own_tenant},
};
use prost::Message as _;
use umpire_proto::v1 as pb;
use umpire_sanctions::Act;
use umpire_tenancy::Caller;

/// What a tenant has one of.
const SWITCH: &str = "safetySwitch";

impl Sanctions {
    pub(super) async fn switch(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<pb::SafetySwitch, ApiError> {
        let tenant = own_single(caller, name, SWITCH)?;
        let status = self.court.switch(&tenant, self.clock.now()).await?;
        Ok(safety::to_proto(&status, &tenant))
    }

    pub(super) async fn set_switch(
        &self,
        caller: &Caller,
        request: &pb::UpdateSafetySwitchRequest,
    ) -> Result<pb::SafetySwitch, ApiError> {
        let name = request.safety_switch.as_ref().map(|switch| switch.name.as_str());
        let tenant = own_single(caller, name.unwrap_or_default(), SWITCH)?;
        let set = safety::change_from(request).map_err(ApiError::Invalid)?;
        let body = request.encode_to_vec();
        let key = request_key("UpdateSafetySwitch", &request.request_id, &body)?;
        let act = self.act(caller, &request.reason, key);
        let status = self.court.set_switch(&tenant, set, &act).await?;
        Ok(safety::to_proto(&status, &tenant))
    }

    pub(super) async fn drain(
        &self,
        caller: &Caller,
        request: &pb::DrainHeldSanctionsRequest,
    ) -> Result<pb::DrainHeldSanctionsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let mode = safety::drain_from(request).map_err(|wrong| ApiError::Invalid(vec![wrong]))?;
        let filter = umpire_query::parse(&request.filter)?;
        let validate_only = request.validate_only;
        let act = Act { validate_only, ..self.act(caller, &request.reason, None) };
        let wave = self.court.drain(&tenant, mode, &filter, &act).await?;
        Ok(pb::DrainHeldSanctionsResponse {
            count: i64::try_from(wave.ids.len()).unwrap_or(i64::MAX),
            sample: wave.sample.iter().map(sanction::to_proto).collect(),
            payers: i64::try_from(wave.payers).unwrap_or(i64::MAX),
        })
    }
}
