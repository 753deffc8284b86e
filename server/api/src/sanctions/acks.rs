//! Acknowledgements.

use super::{Sanctions, single::own_sanction};
use crate::{
    convert::enums,
    error::ApiError,
    names::{own_id, own_tenant},
};
use umpire_model::Violation;
use umpire_proto::v1::{self as pb, ack_sanctions_request as asked};
use umpire_sanctions::Ack;
use umpire_tenancy::Caller;

/// Most acknowledgements of one call.
const MAX_ACKS: usize = 1_000;
/// Characters of an error that are kept.
const MAX_ERROR_CHARS: usize = 500;

impl Sanctions {
    pub(super) async fn acknowledge(
        &self,
        caller: &Caller,
        request: &pb::AckSanctionsRequest,
    ) -> Result<(), ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let enforcer = own_id(caller, &request.enforcer, "enforcers", "enforcer")?;
        if request.acks.len() > MAX_ACKS {
            return Err(ApiError::Invalid(vec![Violation::too_large("acks", MAX_ACKS)]));
        }
        let acks = request.acks.iter().enumerate();
        let acks = acks.map(|(index, ack)| ack_from(caller, ack, index));
        let acks = acks.collect::<Result<Vec<_>, _>>()?;
        let now = self.clock.now();
        self.court.acknowledge(&tenant, &enforcer, acks, now).await?;
        Ok(())
    }
}

fn ack_from(caller: &Caller, ack: &asked::Ack, index: usize) -> Result<Ack, ApiError> {
    let path = |field: &str| format!("acks[{index}].{field}");
    let (_, sanction) = own_sanction(caller, &ack.sanction).map_err(|error| match error {
        ApiError::Invalid(violations) => {
            let path = path("sanction");
            let moved = violations.into_iter().map(|v| Violation { path: path.clone(), ..v });
            ApiError::Invalid(moved.collect())
        }
        error => error,
    })?;
    let mut refused = Vec::new();
    let result = enums::required(enums::ack_result_from(ack.result), &path("result"), &mut refused);
    let Some(result) = result else { return Err(ApiError::Invalid(refused)) };
    let error = ack.error.chars().take(MAX_ERROR_CHARS).collect();
    let about = enums::enforcement_event_from(ack.event);
    let about = enums::known(about, &path("event"), &mut refused);
    if !refused.is_empty() {
        return Err(ApiError::Invalid(refused));
    }
    Ok(Ack { sanction, result, error, about })
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_sanctions::AckResult;

    #[test]
    fn what_is_wrong_with_an_acknowledgement_is_named() {
        let caller = Caller::local();
        let name = "tenants/default/sanctions/00000000-0000-8000-8000-000000000001";
        let ack = |sanction: &str, result: pb::AckResult| asked::Ack {
            sanction: sanction.into(),
            result: result as i32,
            error: "字".repeat(MAX_ERROR_CHARS + 1),
            event: 0,
        };
        let read = ack_from(&caller, &ack(name, pb::AckResult::Failed), 0).expect("sound");
        assert_eq!(read.result, AckResult::Failed);
        assert_eq!(read.error.chars().count(), MAX_ERROR_CHARS);
        for (bad, path) in [
            (ack(name, pb::AckResult::Unspecified), "acks[3].result"),
            (asked::Ack { result: 99, ..ack(name, pb::AckResult::Applied) }, "acks[3].result"),
            (ack("sanctions/x", pb::AckResult::Applied), "acks[3].sanction"),
        ] {
            let Err(ApiError::Invalid(violations)) = ack_from(&caller, &bad, 3) else {
                panic!("{bad:?} is taken")
            };
            assert_eq!(violations[0].path, path);
        }
        let unknown = ack("tenants/default/sanctions/x", pb::AckResult::Applied);
        assert!(matches!(ack_from(&caller, &unknown, 0), Err(ApiError::NotFound(_))));
        let foreign = name.replace("default", "other");
        let foreign = ack_from(&caller, &ack(&foreign, pb::AckResult::Applied), 0);
        assert!(matches!(foreign, Err(ApiError::TenantForbidden(_))));
    }
}
