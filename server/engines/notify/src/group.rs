use crate::{AlertId, Reason};
use serde::{Deserialize, Serialize};
use umpire_model::{Level, TenantId, Timestamp};

/// Alerts of one route that are told together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Whose.
    pub tenant: TenantId,
    /// Id of the route.
    pub route: String,
    /// What its alerts have in common, as `name=value` lines in the order of `group_by`.
    pub key: String,
    /// What is to be told.
    pub pending: Vec<Pending>,
    /// When. While nothing is: when it is forgotten; `None` if it was never told.
    pub due: Option<Timestamp>,
    /// When it was last told.
    pub told_time: Option<Timestamp>,
}

/// One alert of a group that is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Which.
    pub alert: AlertId,
    /// Why.
    pub reason: Reason,
    /// Its level before, if it rose.
    pub previous_level: Option<Level>,
    /// Events it tells of.
    pub stands_for: u64,
}
