//! Channels to telephones.

use super::secret::{Set, kept};
use crate::convert::enums::{self, required};
use umpire_model::Violation;
use umpire_notify::{Channel, Sms, Voice};
use umpire_proto::v1::receiver::{self as pb, Channel as Shown};

pub(super) fn sms(
    it: &pb::Sms,
    now: Option<&Channel>,
    refused: &mut Vec<Violation>,
) -> Option<Channel> {
    let now = match now {
        Some(Channel::Sms(now)) => Some(now),
        _ => None,
    };
    let provider = enums::sms_provider_from(it.provider);
    let provider = required(provider, "receiver.sms.provider", refused)?;
    Some(Channel::Sms(Sms {
        provider,
        base_url: it.base_url.clone(),
        key_id: it.key_id.clone(),
        key_secret: kept(&it.key_secret, now.map(|now| &now.key_secret)),
        phone_numbers: it.phone_numbers.clone(),
        sign_name: it.sign_name.clone(),
        template_code: it.template_code.clone(),
        app_id: it.app_id.clone(),
        region: it.region.clone(),
        parameters: it.parameters.clone(),
    }))
}

pub(super) fn show_sms(it: &Sms, set: &mut Set) -> Shown {
    Shown::Sms(pb::Sms {
        provider: enums::sms_provider(it.provider),
        base_url: it.base_url.clone(),
        key_id: it.key_id.clone(),
        key_secret: set.hide("key_secret", &it.key_secret),
        phone_numbers: it.phone_numbers.clone(),
        sign_name: it.sign_name.clone(),
        template_code: it.template_code.clone(),
        app_id: it.app_id.clone(),
        region: it.region.clone(),
        parameters: it.parameters.clone(),
    })
}

pub(super) fn voice(
    it: &pb::Voice,
    now: Option<&Channel>,
    refused: &mut Vec<Violation>,
) -> Option<Channel> {
    let now = match now {
        Some(Channel::Voice(now)) => Some(now),
        _ => None,
    };
    let provider = enums::sms_provider_from(it.provider);
    let provider = required(provider, "receiver.voice.provider", refused)?;
    Some(Channel::Voice(Voice {
        provider,
        base_url: it.base_url.clone(),
        key_id: it.key_id.clone(),
        key_secret: kept(&it.key_secret, now.map(|now| &now.key_secret)),
        phone_numbers: it.phone_numbers.clone(),
        show_number: it.show_number.clone(),
        template_code: it.template_code.clone(),
        app_id: it.app_id.clone(),
        region: it.region.clone(),
        parameters: it.parameters.clone(),
        play_times: times(it.play_times, refused),
    }))
}

pub(super) fn show_voice(it: &Voice, set: &mut Set) -> Shown {
    Shown::Voice(pb::Voice {
        provider: enums::sms_provider(it.provider),
        base_url: it.base_url.clone(),
        key_id: it.key_id.clone(),
        key_secret: set.hide("key_secret", &it.key_secret),
        phone_numbers: it.phone_numbers.clone(),
        show_number: it.show_number.clone(),
        template_code: it.template_code.clone(),
        app_id: it.app_id.clone(),
        region: it.region.clone(),
        parameters: it.parameters.clone(),
        play_times: i32::try_from(it.play_times).unwrap_or(i32::MAX),
    })
}

fn times(number: i32, refused: &mut Vec<Violation>) -> u32 {
    u32::try_from(number).unwrap_or_else(|_| {
        refused.push(Violation::invalid("receiver.voice.play_times", "must be 1 to 3"));
        0
    })
}
