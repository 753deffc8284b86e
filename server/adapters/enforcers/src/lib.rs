//! Tells the services that carry sanctions out.
//!
//! [`Webhooks`] posts a signed notification and believes nothing but the documented
//! answer. When and how often it is told, and what an outcome means, is the scheduler's.

mod notification;
mod outcome;
mod webhooks;

pub use webhooks::Webhooks;
