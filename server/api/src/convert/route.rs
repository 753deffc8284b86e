//! Routes.

use super::{
    enums::{self, known},
    time, window,
};
use crate::{
    mask::Writable,
    names::ids_of,
    resources::{Resource, Writing},
};
use umpire_catalog::Kept;
use umpire_model::{ResourceId, TenantId, Violation};
use umpire_notify::{GroupBy, Inhibition, Route};
use umpire_proto::v1 as pb;
use umpire_query::{Field, Kind, Term};

/// Seconds between notices of one group, where a route does not say.
const GROUP_INTERVAL: u64 = 300;

impl Resource for Route {
    type Proto = pb::Route;
    type Filter = NamedField;
    const FIELD: &'static str = "route";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.Route",
        fields: &[
            "display_name",
            "match",
            "receivers",
            "escalation_policy",
            "group_by",
            "group_wait",
            "group_interval",
            "repeat_interval",
            "dedupe_window",
            "active_window",
            "continue_matching",
            "priority",
            "inhibitions",
        ],
        deep: &[],
    };

    fn from_proto(route: &pb::Route, writing: &Writing<'_, Self>) -> Result<Self, Vec<Violation>> {
        let refused = &mut Vec::new();
        let seconds = |duration, field: &str, refused: &mut Vec<Violation>| {
            let duration = time::unless_zero(duration);
            time::optional_seconds(duration, &format!("route.{field}"), refused)
        };
        let policies = "escalationPolicies";
        let (policy, policy_path) = (&route.escalation_policy, "route.escalation_policy");
        let receivers = writing.ids(&route.receivers, "receivers", "route.receivers", refused);
        let made = Self {
            display_name: route.display_name.clone(),
            matches: route.r#match.clone(),
            receivers,
            escalation_policy: writing.id(policy, policies, policy_path, refused),
            group_by: alike(&route.group_by, "route.group_by", refused),
            group_wait: seconds(route.group_wait, "group_wait", refused).unwrap_or(0),
            group_interval: seconds(route.group_interval, "group_interval", refused)
                .unwrap_or(GROUP_INTERVAL),
            repeat_interval: seconds(route.repeat_interval, "repeat_interval", refused)
                .unwrap_or(0),
            dedupe_window: dedupe_window(route, refused),
            active_window: route
                .active_window
                .as_ref()
                .map(|open| window::from_proto(open, "route.active_window", refused)),
            continue_matching: route.continue_matching,
            priority: route.priority,
            inhibitions: inhibitions(route, refused),
        };
        if refused.is_empty() { Ok(made) } else { Err(std::mem::take(refused)) }
    }

    fn to_proto(&self, tenant: &TenantId) -> pb::Route {
        let seconds = |seconds: u64| (seconds > 0).then(|| time::seconds(seconds));
        pb::Route {
            display_name: self.display_name.clone(),
            r#match: self.matches.clone(),
            receivers: ids_of(tenant, "receivers", &self.receivers),
            escalation_policy: policy_name(tenant, self.escalation_policy.as_ref()),
            group_by: self.group_by.iter().map(|by| enums::group_by(*by)).collect(),
            group_wait: seconds(self.group_wait),
            group_interval: seconds(self.group_interval),
            repeat_interval: seconds(self.repeat_interval),
            dedupe_window: self.dedupe_window.map(time::seconds),
            active_window: self.active_window.as_ref().map(window::to_proto),
            continue_matching: self.continue_matching,
            priority: self.priority,
            inhibitions: self.inhibitions.iter().map(inhibition_to_proto).collect(),
            ..pb::Route::default()
        }
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::Route {
        pb::Route {
            name: format!("tenants/{tenant}/routes/{}", kept.id),
            etag: kept.etag(),
            create_time: Some(time::to_proto(kept.create_time)),
            update_time: Some(time::to_proto(kept.update_time)),
            ..kept.item.to_proto(tenant)
        }
    }

    fn named(route: &pb::Route) -> (&str, &str) {
        (&route.name, &route.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<NamedField>) -> bool {
        term.field.test(term, kept.id.as_str(), &kept.item.display_name)
    }
}

/// Name of a policy; empty for none.
pub(crate) fn policy_name(tenant: &TenantId, policy: Option<&ResourceId>) -> String {
    policy.map_or_else(String::new, |id| format!("tenants/{tenant}/escalationPolicies/{id}"))
}

/// Zero is a window, too: every event is told.
fn dedupe_window(route: &pb::Route, refused: &mut Vec<Violation>) -> Option<u64> {
    let window = route.dedupe_window?;
    match time::unless_zero(Some(window)) {
        Some(window) => time::optional_seconds(Some(window), "route.dedupe_window", refused),
        None => Some(0),
    }
}

/// What makes alerts alike, in field `path`.
fn alike(numbers: &[i32], path: &str, refused: &mut Vec<Violation>) -> Vec<GroupBy> {
    let one = |(index, number): (usize, &i32)| {
        known(enums::group_by_from(*number), &format!("{path}[{index}]"), refused)
    };
    numbers.iter().enumerate().filter_map(one).collect()
}

fn inhibitions(route: &pb::Route, refused: &mut Vec<Violation>) -> Vec<Inhibition> {
    let one = |(index, inhibition): (usize, &pb::route::Inhibition)| {
        let path = format!("route.inhibitions[{index}].equal");
        let equal = alike(&inhibition.equal, &path, refused);
        Inhibition { source: inhibition.source.clone(), equal }
    };
    route.inhibitions.iter().enumerate().map(one).collect()
}

fn inhibition_to_proto(inhibition: &Inhibition) -> pb::route::Inhibition {
    let equal = inhibition.equal.iter().map(|by| enums::group_by(*by)).collect();
    pb::route::Inhibition { source: inhibition.source.clone(), equal }
}

/// What resources with nothing but an id and a display name can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedField {
    Id,
    DisplayName,
}

impl Field for NamedField {
    fn from_path(path: &str) -> Option<Self> {
        match path {
            "id" => Some(Self::Id),
            "display_name" => Some(Self::DisplayName),
            _ => None,
        }
    }

    fn kind(self) -> Kind {
        Kind::Text
    }
}

impl NamedField {
    /// Whether something of this id and name meets a comparison.
    pub fn test(self, term: &Term<Self>, id: &str, display_name: &str) -> bool {
        match self {
            Self::Id => term.test_text(id),
            Self::DisplayName => term.test_text(display_name),
        }
    }
}
