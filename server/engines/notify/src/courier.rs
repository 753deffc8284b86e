use crate::{DeliveryId, Notice, Receiver, Rendered};
use futures_util::future::BoxFuture;
use umpire_model::{Level, ResourceId, TenantId, Timestamp};

/// Hands notices to vendors.
pub trait Courier: Send + Sync {
    /// Makes one call, and waits no longer for its answer than it may take. Expired tokens
    /// are renewed and signatures made afresh inside; nothing else is tried again.
    fn deliver<'a>(&'a self, receiver: &'a Receiver, parcel: Parcel<'a>) -> BoxFuture<'a, Report>;
}

/// What is handed over.
#[derive(Debug, Clone)]
pub struct Parcel<'a> {
    /// Whose; with `receiver_id` it names what a channel may keep between calls.
    pub tenant: &'a TenantId,
    /// To whom.
    pub receiver_id: &'a ResourceId,
    /// The same for every attempt at the same delivery, and for nothing else.
    pub id: DeliveryId,
    /// What it says, for channels with fields of their own.
    pub notice: &'a Notice,
    /// What it says, rendered and escaped for the channel.
    pub rendered: &'a Rendered,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it is made.
    pub time: Timestamp,
}

impl Parcel<'_> {
    /// How urgent.
    #[must_use]
    pub fn level(&self) -> Level {
        self.notice.level
    }
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What is to follow.
    pub outcome: Outcome,
    /// HTTP status, or 0.
    pub status: u16,
    /// The vendor's own code; empty when there is none.
    pub vendor_code: String,
    /// What the vendor said, or why there was no answer; without secrets.
    pub detail: String,
    /// What the vendor calls the message.
    pub vendor_id: String,
}

/// What follows from a call. See `docs/alerts.md` for the codes of each vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The vendor took it.
    Delivered,
    /// The vendor took it for some recipients; these failed.
    Partial(Vec<String>),
    /// Not now: in so many seconds at the earliest. Costs no attempt, and everything for
    /// this receiver waits.
    Throttled(u64),
    /// Nothing was taken; it may be later.
    Transient,
    /// It may have been taken: the connection broke after the request was written. Tried
    /// again, perhaps a second message.
    Unknown,
    /// It will never be taken.
    Permanent,
    /// It will never be taken, and neither will anything else: the receiver is switched off.
    Gone,
}

impl Outcome {
    /// As the delivery log names it.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Delivered => "DELIVERED",
            Self::Partial(_) => "PARTIAL",
            Self::Throttled(_) => "THROTTLED",
            Self::Transient => "TRANSIENT",
            Self::Unknown => "UNKNOWN",
            Self::Permanent | Self::Gone => "PERMANENT",
        }
    }
}
