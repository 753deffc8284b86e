//! Alerts: counted, escalated, held back, routed, grouped and delivered.
//!
//! What happened is an [`Event`], accepted durably in the commit of the decision that
//! raised it. In turns of the same writer events become [`Alert`]s, alerts become
//! [`Delivery`]s, and each delivery is handed to a vendor through the port [`Courier`] until
//! it ends. Every accepted event and every delivery comes to an end that can be seen.
//!
//! [`Desk`] is what the API talks to; [`Notifier`] does the work.

mod alarm;
mod alert;
mod channel;
mod courier;
mod crash;
mod delivery;
mod desk;
mod dispatch;
mod escalation;
mod event;
mod group;
mod happening;
mod health;
mod intake;
mod notice;
mod notifier;
mod policy;
mod port;
mod query;
mod queue;
mod receiver;
mod render;
mod rendered;
mod route;
mod routing;
mod silence;
mod template;
mod turn;
mod validate;
mod world;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod samples;

pub use alert::{
    Acknowledgement, Alert, AlertId, AlertState, Fate, LevelChange, Resolution, Thread,
};
pub use channel::*;
pub use courier::{Courier, Outcome, Parcel, Report};
pub use crash::CRASH_POINTS;
pub use delivery::{Attempt, Delivery, DeliveryId, DeliveryState};
pub use desk::{
    Acknowledge, Act, Desk, DeskError, DeskParts, Happened, Resolve, Routed, TestResult, Watch,
    WatchEvent,
};
pub use escalation::{Escalation, EscalationPolicy, EscalationStep, Raise};
pub use event::{AlertKind, Call, Event, Person, Place};
pub use group::{Group, Pending};
pub use happening::{Happening, HappeningKind, Told};
pub use health::Health;
pub use intake::notice_of_alert;
pub use notice::{Mention, Notice, Part, Reason};
pub use notifier::Notifier;
pub use policy::Policy;
pub use port::{Alerts, Turn, Waiting, Work};
pub use query::{
    ALERT_KINDS, ALERT_STATES, AlertField, AlertQuery, DELIVERY_STATES, DeliveryField,
    DeliveryQuery, Stats, StatsQuery, meets,
};
pub use receiver::{Rate, Receiver};
pub use render::{render, sample_notice};
pub use rendered::{Language, Rendered};
pub use route::{CALLED, DEFAULT_ROUTE, GroupBy, Inhibition, Route};
pub use silence::Silence;
pub use template::Template;
pub use turn::turn;
pub use world::{World, Zones};
