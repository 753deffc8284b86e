//! Resource names against the caller that uses them.

use crate::error::ApiError;
use umpire_model::{ResourceId, TenantId, Violation};
use umpire_tenancy::Caller;

/// The tenant a `parent` names: the caller's own, also when it is empty.
pub(crate) fn own_tenant(caller: &Caller, parent: &str) -> Result<TenantId, ApiError> {
    if parent.is_empty() {
        return Ok(caller.tenant.clone());
    }
    let tenant = parse_parent(parent)?;
    if tenant == caller.tenant { Ok(tenant) } else { Err(ApiError::TenantForbidden(parent.into())) }
}

/// As [`own_tenant`], but the operator may name any.
pub(crate) fn administered_tenant(caller: &Caller, parent: &str) -> Result<TenantId, ApiError> {
    if parent.is_empty() {
        return Ok(caller.tenant.clone());
    }
    let tenant = parse_parent(parent)?;
    if caller.is_operator() || tenant == caller.tenant {
        return Ok(tenant);
    }
    Err(ApiError::TenantForbidden(parent.into()))
}

/// Only the operator goes on.
pub(crate) fn require_operator(caller: &Caller) -> Result<(), ApiError> {
    if caller.is_operator() {
        return Ok(());
    }
    Err(ApiError::OperatorOnly("tenants"))
}

fn parse_parent(parent: &str) -> Result<TenantId, ApiError> {
    let id = parent.strip_prefix("tenants/").and_then(|id| TenantId::new(id).ok());
    id.ok_or_else(|| ApiError::invalid("parent", "must have the form tenants/{tenant}"))
}

/// A name split into its parent and its id, both as text.
fn split<'n>(name: &'n str, collection: &str) -> Result<(&'n str, &'n str), ApiError> {
    let malformed = || {
        ApiError::invalid(
            "name",
            format!("must have the form tenants/{{tenant}}/{collection}/{{id}}"),
        )
    };
    let (rest, id) = name.rsplit_once('/').ok_or_else(malformed)?;
    let parent = rest.strip_suffix(collection).and_then(|rest| rest.strip_suffix('/'));
    let parent = parent.filter(|parent| parent.starts_with("tenants/") && !id.is_empty());
    Ok((parent.ok_or_else(malformed)?, id))
}

/// The tenant and id of a name such as `tenants/a/rules/b`, if it is the caller's.
pub(crate) fn own_resource(
    caller: &Caller,
    name: &str,
    collection: &str,
) -> Result<(TenantId, ResourceId), ApiError> {
    let (parent, id) = split(name, collection)?;
    Ok((own_tenant(caller, parent)?, ResourceId::new(id)?))
}

/// The id of something of the caller's tenant that field `path` names, by its name or
/// by its id alone.
pub(crate) fn own_id(
    caller: &Caller,
    text: &str,
    collection: &str,
    path: &str,
) -> Result<ResourceId, ApiError> {
    if !text.contains('/') {
        return ResourceId::new(text).map_err(|error| ApiError::invalid(path, error.to_string()));
    }
    match own_resource(caller, text, collection) {
        Ok((_, id)) => Ok(id),
        Err(ApiError::Invalid(violations)) => {
            let moved = violations.into_iter().map(|v| Violation { path: path.into(), ..v });
            Err(ApiError::Invalid(moved.collect()))
        }
        Err(error) => Err(error),
    }
}

/// As [`own_id`], of a list in field `path`; what is none is noted and left out.
pub(crate) fn own_ids(
    caller: &Caller,
    texts: &[String],
    collection: &str,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Vec<ResourceId> {
    let mut ids = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if text.is_empty() {
            refused.push(Violation::invalid(path, "must be set"));
            continue;
        }
        ids.extend(own_optional_id(caller, text, collection, &path, refused));
    }
    ids
}

/// As [`own_id`], of field `path` that may be empty; what is no name is noted.
pub(crate) fn own_optional_id(
    caller: &Caller,
    text: &str,
    collection: &str,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<ResourceId> {
    if text.is_empty() {
        return None;
    }
    match own_id(caller, text, collection, path) {
        Ok(id) => return Some(id),
        Err(ApiError::Invalid(violations)) => refused.extend(violations),
        Err(error) => refused.push(Violation::invalid(path, error.to_string())),
    }
    None
}

/// Names of a tenant's resources.
pub(crate) fn ids_of(tenant: &TenantId, collection: &str, ids: &[ResourceId]) -> Vec<String> {
    ids.iter().map(|id| format!("tenants/{tenant}/{collection}/{id}")).collect()
}

/// The tenant of a thing of which each has one, such as `tenants/a/safetySwitch`: the
/// caller's own, also when the name is empty.
pub(crate) fn own_single(caller: &Caller, name: &str, what: &str) -> Result<TenantId, ApiError> {
    if name.is_empty() {
        return Ok(caller.tenant.clone());
    }
    let parent = name.strip_suffix(what).and_then(|rest| rest.strip_suffix('/'));
    let malformed =
        || ApiError::invalid("name", format!("must have the form tenants/{{tenant}}/{what}"));
    let parent = parent.filter(|parent| parent.starts_with("tenants/")).ok_or_else(malformed)?;
    own_tenant(caller, parent)
}

/// As [`own_resource`], but the operator may name any tenant's.
pub(crate) fn administered_resource(
    caller: &Caller,
    name: &str,
    collection: &str,
) -> Result<(TenantId, ResourceId), ApiError> {
    let (parent, id) = split(name, collection)?;
    Ok((administered_tenant(caller, parent)?, ResourceId::new(id)?))
}

/// The id of something new: the caller's choice, or a fresh one.
pub(crate) fn new_id(chosen: &str, field: &str) -> Result<ResourceId, ApiError> {
    if chosen.is_empty() {
        return Ok(ResourceId::generate());
    }
    ResourceId::new(chosen).map_err(|error| ApiError::invalid(field, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_tenancy::Role;

    fn caller(tenant: &str) -> Caller {
        let tenant = TenantId::new(tenant).expect("valid");
        Caller { tenant, role: Role::Admin, principal: "test".into(), end: None }
    }

    #[test]
    fn callers_reach_their_own_tenant_alone() {
        let mine = caller("mine");
        assert!(own_tenant(&mine, "").is_ok());
        assert!(own_tenant(&mine, "tenants/mine").is_ok());
        for foreign in ["tenants/other", "tenants/default"] {
            assert_eq!(own_tenant(&mine, foreign), Err(ApiError::TenantForbidden(foreign.into())));
            assert!(administered_tenant(&mine, foreign).is_err());
        }
        assert!(administered_tenant(&caller("default"), "tenants/other").is_ok());
        assert!(own_tenant(&caller("default"), "tenants/other").is_err());
        for bad in ["mine", "tenants/", "tenants/a/b", "tenant/mine"] {
            assert!(matches!(own_tenant(&mine, bad), Err(ApiError::Invalid(_))), "{bad}");
        }
    }

    #[test]
    fn resource_names_are_taken_apart() {
        let mine = caller("mine");
        let (_, id) = own_resource(&mine, "tenants/mine/rules/r", "rules").expect("own");
        assert_eq!(id.as_str(), "r");
        for bad in [
            "",
            "r",
            "rules/r",
            "tenants/mine/rules/",
            "tenants/mine/rules/a b",
            "tenants/mine/lists/r",
        ] {
            assert!(
                matches!(own_resource(&mine, bad, "rules"), Err(ApiError::Invalid(_))),
                "{bad}"
            );
        }
        let foreign = own_resource(&mine, "tenants/other/rules/r", "rules");
        assert!(matches!(foreign, Err(ApiError::TenantForbidden(_))));
    }

    #[test]
    fn a_name_or_an_id_alone_will_do() {
        let mine = caller("mine");
        let id = |text| own_id(&mine, text, "enforcers", "enforcer");
        assert_eq!(id("game").map(|id| id.to_string()), Ok("game".into()));
        assert_eq!(id("tenants/mine/enforcers/game"), id("game"));
        for bad in ["", "a b", "tenants/mine/rules/game", "enforcers/game"] {
            let Err(ApiError::Invalid(violations)) = id(bad) else { panic!("{bad} is taken") };
            assert_eq!(violations[0].path, "enforcer", "{bad}");
        }
        assert!(matches!(id("tenants/other/enforcers/game"), Err(ApiError::TenantForbidden(_))));
    }

    #[test]
    fn what_a_tenant_has_one_of_needs_no_id() {
        let mine = caller("mine");
        let tenant = |name| own_single(&mine, name, "safetySwitch");
        for good in ["", "tenants/mine/safetySwitch"] {
            assert_eq!(tenant(good).map(|id| id.to_string()), Ok("mine".into()), "{good}");
        }
        for bad in
            ["safetySwitch", "tenants/mine", "tenants/mine/safetySwitches", "mine/safetySwitch"]
        {
            assert!(matches!(tenant(bad), Err(ApiError::Invalid(_))), "{bad}");
        }
        let foreign = tenant("tenants/other/safetySwitch");
        assert!(matches!(foreign, Err(ApiError::TenantForbidden(_))));
    }
}
