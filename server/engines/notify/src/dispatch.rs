//! The way of deliveries from the queue to the vendors, and to their ends.
//!
//! A receiver is told strictly in the order of its queue: P0 first, then what was queued
//! first. What it is told next is [leased](lease) as one batch, and nothing else of it is
//! until what became of that is [settled](settle).

mod again;
mod back;
mod breaker;
mod digest;
mod ending;
mod failover;
mod lease;
mod rehearsal;
mod retry;
mod settle;
#[cfg(test)]
mod tests;
mod window;

pub(crate) use again::unknown;
pub(crate) use back::back;
pub(crate) use breaker::health_of;
pub(crate) use lease::lease;
pub(crate) use retry::retry;
pub(crate) use settle::settle;

use crate::{Delivery, DeliveryId, Receiver, Report};
use umpire_model::{ResourceId, TenantId};

/// What a receiver is told next, one after the other.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Whose.
    pub tenant: TenantId,
    /// Whom.
    pub receiver_id: ResourceId,
    /// How, as of now.
    pub receiver: Receiver,
    /// What; leased, each with its fence.
    pub deliveries: Vec<Delivery>,
}

/// What became of a delivery of a batch: its fence, and what the vendor said after how many
/// milliseconds; `None` when it was not tried.
pub(crate) type Tried = (DeliveryId, u64, Option<(Report, u64)>);

/// What became of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Landed {
    /// Whose.
    pub tenant: TenantId,
    /// Who was told.
    pub receiver: ResourceId,
    /// In the order in which they were tried; the last ended just now.
    pub results: Vec<Tried>,
    /// 0 to 1, for the wait before the next attempt.
    pub jitter: f64,
}

/// A receiver of a tenant.
type Who = (TenantId, ResourceId);
