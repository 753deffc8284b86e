//! Text messages by Aliyun and Tencent Cloud: a template that the provider approved, filled
//! with what a notice says. Taken means accepted; what becomes of it at the handset is told
//! by receipts that nobody waits for.

pub(crate) mod account;
pub(crate) mod aliyun;
pub(crate) mod numbers;
pub(crate) mod recipients;
pub(crate) mod tencent;
pub(crate) mod variables;

mod hmac;
mod outcome;
mod send;
#[cfg(test)]
mod tests;

use crate::Channels;
use umpire_notify::{Parcel, Report, Sms, SmsProvider};

/// Sends the template to all numbers with one call.
pub(crate) async fn deliver(channels: &Channels, config: &Sms, parcel: &Parcel<'_>) -> Report {
    match config.provider {
        SmsProvider::Aliyun => send::by_aliyun(channels, config, parcel).await,
        SmsProvider::Tencent => send::by_tencent(channels, config, parcel).await,
    }
}
