//! Calls by Aliyun and Tencent Cloud: a template that the provider approved is read to
//! whoever picks up. Taken means that the number will be called.

mod call;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    sms::{numbers::masked, recipients::tally},
};
use umpire_notify::{Parcel, Report, SmsProvider, Voice};

/// Has all numbers called, with a request for each.
pub(crate) async fn deliver(channels: &Channels, config: &Voice, parcel: &Parcel<'_>) -> Report {
    let mut told = Vec::with_capacity(config.phone_numbers.len());
    for number in &config.phone_numbers {
        let report = match config.provider {
            SmsProvider::Aliyun => call::by_aliyun(channels, config, number, parcel).await,
            SmsProvider::Tencent => call::by_tencent(channels, config, number, parcel).await,
        };
        told.push((masked(number), report));
    }
    tally(told)
}
