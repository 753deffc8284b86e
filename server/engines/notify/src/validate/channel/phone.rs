use super::NO_PHONE;
use crate::{
    Sms, SmsProvider, Voice,
    validate::{
        faults::Faults,
        plausible::{is_phone_number, is_variable},
    },
};
use std::collections::BTreeMap;
use umpire_model::Secret;

/// Most numbers that one text message goes to.
const MAX_TEXTED: usize = 100;
/// Most numbers that are called for one notice.
const MAX_CALLED: usize = 20;
/// Most variables of a template.
const MAX_PARAMETERS: usize = 32;
/// How often a call reads its text, at most.
const MAX_PLAY_TIMES: u32 = 3;

/// What text messages and calls have in common.
struct Line<'a> {
    provider: SmsProvider,
    base_url: &'a str,
    key_id: &'a str,
    key_secret: &'a Secret,
    phone_numbers: &'a [String],
    template_code: &'a str,
    app_id: &'a str,
    region: &'a str,
    parameters: &'a BTreeMap<String, String>,
}

impl Sms {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        let line = Line {
            provider: self.provider,
            base_url: &self.base_url,
            key_id: &self.key_id,
            key_secret: &self.key_secret,
            phone_numbers: &self.phone_numbers,
            template_code: &self.template_code,
            app_id: &self.app_id,
            region: &self.region,
            parameters: &self.parameters,
        };
        line.check(MAX_TEXTED, found);
        found.require_name("sign_name", &self.sign_name);
    }
}

impl Voice {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        let line = Line {
            provider: self.provider,
            base_url: &self.base_url,
            key_id: &self.key_id,
            key_secret: &self.key_secret,
            phone_numbers: &self.phone_numbers,
            template_code: &self.template_code,
            app_id: &self.app_id,
            region: &self.region,
            parameters: &self.parameters,
        };
        line.check(MAX_CALLED, found);
        if !self.show_number.is_empty() && !is_phone_number(&self.show_number) {
            found.invalid("show_number", NO_PHONE);
        }
        if self.play_times > MAX_PLAY_TIMES {
            found.invalid("play_times", "must be at most 3");
        }
    }
}

impl Line<'_> {
    fn check(&self, most_numbers: usize, found: &mut Faults) {
        found.check_url("base_url", self.base_url);
        found.require_name("key_id", self.key_id);
        found.require_secret("key_secret", self.key_secret);
        let numbers = self.phone_numbers;
        found.require_some("phone_numbers", numbers);
        found.check_each("phone_numbers", numbers, most_numbers, is_phone_number, NO_PHONE);
        found.require_name("template_code", self.template_code);
        match self.provider {
            SmsProvider::Aliyun => found.check_name("app_id", self.app_id),
            SmsProvider::Tencent => found.require_name("app_id", self.app_id),
        }
        found.check_name("region", self.region);
        self.check_parameters(found);
    }

    fn check_parameters(&self, found: &mut Faults) {
        let parameters = self.parameters;
        if parameters.len() > MAX_PARAMETERS {
            return found.too_large("parameters", MAX_PARAMETERS);
        }
        if !parameters.values().all(|variable| is_variable(variable)) {
            found.invalid("parameters", "must have names of variables as values");
        }
        match self.provider {
            SmsProvider::Aliyun if !parameters.keys().all(|key| is_variable(key)) => {
                found.invalid("parameters", "must have names of variables as keys");
            }
            SmsProvider::Tencent if !are_positions(parameters) => {
                found.invalid("parameters", "must have the positions `1`, `2` and so on as keys");
            }
            _ => {}
        }
    }
}

/// Whether the keys are the numbers from 1 on, without a gap.
fn are_positions(parameters: &BTreeMap<String, String>) -> bool {
    (1..=parameters.len()).all(|position| parameters.contains_key(&position.to_string()))
}
