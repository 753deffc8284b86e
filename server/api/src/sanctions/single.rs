//! Single sanctions.

use super::Sanctions;
use crate::{
    convert::{sanction, time},
    error::ApiError,
    handler::request_key,
    names::{own_resource, own_tenant},
    paging::Paging,
};
use prost::Message as _;
use prost_types::Duration;
use umpire_model::{SanctionId, TenantId};
use umpire_proto::v1::{self as pb, extend_sanction_request::End};
use umpire_sanctions::{Act, Lift, NewEnd, SanctionQuery};
use umpire_tenancy::Caller;

impl Sanctions {
    pub(super) async fn create(
        &self,
        caller: &Caller,
        request: &pb::CreateSanctionRequest,
    ) -> Result<pb::Sanction, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let id = match request.sanction_id.as_str() {
            "" => None,
            chosen => Some(SanctionId::parse(chosen).ok_or_else(no_uuid)?),
        };
        let draft = sanction::draft_from(request).map_err(ApiError::Invalid)?;
        let body = request.encode_to_vec();
        let key = request_key("CreateSanction", &request.request_id, &body)?;
        let validate_only = request.validate_only;
        // Its reason is the sanction's own.
        let act = Act { validate_only, ..self.act(caller, "", key) };
        let made = self.court.create(&tenant, id, draft, &act).await?;
        Ok(sanction::to_proto(&made))
    }

    pub(super) async fn get(&self, caller: &Caller, name: &str) -> Result<pb::Sanction, ApiError> {
        let (tenant, id) = own_sanction(caller, name)?;
        Ok(sanction::to_proto(&self.court.get(&tenant, id).await?))
    }

    pub(super) async fn list(
        &self,
        caller: &Caller,
        request: &pb::ListSanctionsRequest,
    ) -> Result<pb::ListSanctionsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListSanctions", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let query = SanctionQuery {
            tenant,
            filter: umpire_query::parse(&request.filter)?,
            size: paging.size,
            cursor: paging.cursor.clone(),
        };
        let page = self.court.list(query).await?;
        Ok(pb::ListSanctionsResponse {
            sanctions: page.items.iter().map(sanction::to_proto).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn lift(
        &self,
        caller: &Caller,
        request: &pb::LiftSanctionRequest,
    ) -> Result<pb::Sanction, ApiError> {
        let (tenant, id) = own_sanction(caller, &request.name)?;
        let lift = lift_from(request.restore_strikes, request.grace)?;
        let body = request.encode_to_vec();
        let key = request_key("LiftSanction", &request.request_id, &body)?;
        let validate_only = request.validate_only;
        let act = Act { validate_only, ..self.act(caller, &request.reason, key) };
        let lifted = self.court.lift(&tenant, id, &request.etag, lift, &act).await?;
        Ok(sanction::to_proto(&lifted))
    }

    pub(super) async fn extend(
        &self,
        caller: &Caller,
        request: &pb::ExtendSanctionRequest,
    ) -> Result<pb::Sanction, ApiError> {
        let (tenant, id) = own_sanction(caller, &request.name)?;
        let end = end_from(request.end.as_ref())?;
        let body = request.encode_to_vec();
        let key = request_key("ExtendSanction", &request.request_id, &body)?;
        let validate_only = request.validate_only;
        let act = Act { validate_only, ..self.act(caller, &request.reason, key) };
        let extended = self.court.extend(&tenant, id, &request.etag, end, &act).await?;
        Ok(sanction::to_proto(&extended))
    }
}

/// The tenant and id of a sanction's name, if it is the caller's.
pub(super) fn own_sanction(
    caller: &Caller,
    name: &str,
) -> Result<(TenantId, SanctionId), ApiError> {
    let (tenant, id) = own_resource(caller, name, "sanctions")?;
    let id = SanctionId::parse(id.as_str());
    Ok((tenant, id.ok_or_else(|| ApiError::NotFound(name.into()))?))
}

fn no_uuid() -> ApiError {
    ApiError::invalid("sanction_id", "must be a UUID")
}

/// How sanctions are to be lifted. No grace at all is a choice, too.
pub(super) fn lift_from(restore_strikes: bool, grace: Option<Duration>) -> Result<Lift, ApiError> {
    let seconds = |grace: Duration| match grace {
        Duration { seconds: 0, nanos: 0 } => Ok(0),
        grace => time::whole_seconds(grace, "grace"),
    };
    let grace = grace.map(seconds).transpose();
    let grace = grace.map_err(|violation| ApiError::Invalid(vec![violation]))?;
    Ok(Lift { restore_strikes, grace })
}

/// Where an end is to be moved.
fn end_from(end: Option<&End>) -> Result<NewEnd, ApiError> {
    let refused = |violation| ApiError::Invalid(vec![violation]);
    match end {
        Some(End::EndTime(end)) => {
            time::from_proto(end, "end_time").map(NewEnd::At).map_err(refused)
        }
        Some(End::Permanent(true)) => Ok(NewEnd::Permanent),
        Some(End::Permanent(false)) => Err(ApiError::invalid("permanent", "can only be true")),
        // Nearer, when it is negative.
        Some(End::ExtendBy(by)) => {
            time::seconds_either_way(*by, "extend_by").map(NewEnd::By).map_err(refused)
        }
        None => {
            let message = "one of `end_time`, `permanent` and `extend_by` must be set";
            Err(ApiError::invalid("end_time", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration { seconds: 3_600, nanos: 0 };

    #[test]
    fn an_end_is_moved_in_one_of_three_ways() {
        let time = prost_types::Timestamp { seconds: 7, nanos: 0 };
        let at = umpire_model::Timestamp(7_000_000);
        assert_eq!(end_from(Some(&End::EndTime(time))), Ok(NewEnd::At(at)));
        assert_eq!(end_from(Some(&End::Permanent(true))), Ok(NewEnd::Permanent));
        assert_eq!(end_from(Some(&End::ExtendBy(HOUR))), Ok(NewEnd::By(3_600)));
        let back = Duration { seconds: -60, nanos: 0 };
        assert_eq!(end_from(Some(&End::ExtendBy(back))), Ok(NewEnd::By(-60)));
        let half = Duration { seconds: 1, nanos: 500_000_000 };
        for (bad, path) in [
            (None, "end_time"),
            (Some(End::Permanent(false)), "permanent"),
            (Some(End::ExtendBy(Duration::default())), "extend_by"),
            (Some(End::ExtendBy(half)), "extend_by"),
        ] {
            let Err(ApiError::Invalid(violations)) = end_from(bad.as_ref()) else {
                panic!("{bad:?} is taken")
            };
            assert_eq!(violations[0].path, path);
        }
    }

    #[test]
    fn no_grace_is_another_thing_than_the_rules_own() {
        let grace = |grace| lift_from(false, grace).map(|lift| lift.grace).ok();
        assert_eq!(grace(None), Some(None));
        assert_eq!(grace(Some(Duration::default())), Some(Some(0)));
        assert_eq!(grace(Some(HOUR)), Some(Some(3_600)));
        assert_eq!(grace(Some(Duration { seconds: 0, nanos: 1 })), None);
    }
}
