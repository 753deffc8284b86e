use super::{tc3::Keys, variables};
use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json, text};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Actions, the services they belong to, and their versions.
const SEND_SMS: (&str, &str) = ("sms", "2021-01-11");
const SEND_TTS_VOICE: (&str, &str) = ("vms", "2020-09-02");

/// Text messages and calls, for whoever signs with the key of one account.
pub struct Tencent {
    keys: Keys,
    blacklist: HashSet<String>,
    sent: HashMap<String, Window>,
    count: u64,
}

/// Code and message of a request that is believed and not carried out.
type Refusal = (&'static str, String);

impl Tencent {
    /// An account with one key.
    #[must_use]
    pub fn new(key_id: &str, key_secret: &str) -> Self {
        Self {
            keys: Keys { id: key_id.into(), secret: key_secret.into() },
            blacklist: HashSet::new(),
            sent: HashMap::new(),
            count: 0,
        }
    }

    /// This number wants to hear nothing.
    #[must_use]
    pub fn blacklisting(mut self, number: &str) -> Self {
        self.blacklist.insert(number.into());
        self
    }

    fn send_sms(&mut self, body: &Value, now: f64) -> Result<(Value, Vec<Shown>), Refusal> {
        needed(body, &["SmsSdkAppId", "SignName", "TemplateId"])?;
        let values = values(body)?;
        let template = text(body, "/TemplateId");
        let numbers = body["PhoneNumberSet"].as_array().filter(|numbers| numbers.len() <= 200);
        let numbers = numbers.ok_or_else(|| missing("PhoneNumberSet"))?;
        let (mut statuses, mut people) = (Vec::new(), Vec::new());
        for number in numbers.iter().filter_map(Value::as_str) {
            let fault = self.fault(number, &format!("{template} {values:?}"), now);
            self.count += 1;
            let (code, said) = fault.unwrap_or(("Ok", "send success"));
            if fault.is_none() {
                people.push(shown(number, template, &values));
            }
            statuses.push(json!({
                "SerialNo": if fault.is_none() { format!("2028:{}", self.count) } else { "".into() },
                "PhoneNumber": number, "Fee": i32::from(fault.is_none()),
                "SessionContext": body["SessionContext"], "Code": code,
                "Message": said.replace("{}", number), "IsoCode": "CN",
            }));
        }
        Ok((json!({ "SendStatusSet": statuses }), people))
    }

    fn call_by_tts(&mut self, body: &Value, now: f64) -> Result<(Value, Vec<Shown>), Refusal> {
        needed(body, &["TemplateId", "CalledNumber", "VoiceSdkAppid"])?;
        let values = values(body)?;
        let (number, template) = (text(body, "/CalledNumber"), text(body, "/TemplateId"));
        if body["PlayTimes"].as_u64().is_some_and(|times| !(1..=3).contains(&times)) {
            return Err(("InvalidParameter", "PlayTimes".into()));
        }
        if let Some((code, said)) = self.fault(number, "call", now) {
            let code = match code {
                "InvalidParameterValue.IncorrectPhoneNumber" => {
                    "InvalidParameterValue.CalledNumberVerifyFail"
                }
                _ => "LimitExceeded.DeliveryFrequencyLimit",
            };
            return Err((code, said.replace("{}", number)));
        }
        self.count += 1;
        let id = format!("12582bce-{}", self.count);
        let status = json!({ "CallId": id, "SessionContext": body["SessionContext"] });
        Ok((json!({ "SendStatus": status }), vec![shown(number, template, &values)]))
    }

    /// Why a number is told nothing.
    fn fault(
        &mut self,
        number: &str,
        content: &str,
        now: f64,
    ) -> Option<(&'static str, &'static str)> {
        let digits = number.strip_prefix("+86").unwrap_or_default();
        if digits.len() != 11 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Some(("InvalidParameterValue.IncorrectPhoneNumber", "incorrect number {}"));
        }
        if self.blacklist.contains(number) {
            return Some(("FailedOperation.PhoneNumberInBlacklist", "{} is in the blacklist"));
        }
        let window = self.sent.entry(format!("{number} {content}")).or_default();
        let code = "LimitExceeded.PhoneNumberThirtySecondLimit";
        (!window.take(now, 1, 30.0)).then_some((code, "the same content within 30 seconds"))
    }
}

impl Vendor for Tencent {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        let action = call.header("x-tc-action").unwrap_or_default();
        let (service, version) = match action {
            "SendSms" => SEND_SMS,
            "SendTtsVoice" => SEND_TTS_VOICE,
            _ => return refused(&("InvalidAction", "The request action is invalid.".into())),
        };
        if let Err(refusal) = self.keys.verify(call, service, now) {
            return refused(&refusal);
        }
        if call.header("x-tc-version") != Some(version) || call.header("x-tc-region").is_none() {
            return refused(&("NoSuchVersion", "The version does not exist.".into()));
        }
        let Some(body) = call.json().filter(|_| is_json(call)) else {
            return refused(&("InvalidParameter", "The body is no JSON.".into()));
        };
        let done = match action {
            "SendSms" => self.send_sms(&body, now),
            _ => self.call_by_tts(&body, now),
        };
        match done {
            Ok((response, shown)) => answered(response).showing(shown),
            Err(refusal) => refused(&refusal),
        }
    }
}

/// Everything is answered with HTTP 200.
fn answered(mut response: Value) -> Reply {
    response["RequestId"] = "a0aabda6-cf91-4f3e-a81f-9198114a2279".into();
    Reply::json(200, &json!({ "Response": response }))
}

fn refused((code, said): &Refusal) -> Reply {
    answered(json!({ "Error": { "Code": code, "Message": said } }))
}

fn missing(name: &str) -> Refusal {
    ("MissingParameter", format!("The request is missing a required parameter: {name}."))
}

fn needed(body: &Value, names: &[&str]) -> Result<(), Refusal> {
    let absent = names.iter().find(|name| body[**name].as_str().is_none_or(str::is_empty));
    absent.map_or(Ok(()), |name| Err(missing(name)))
}

fn values(body: &Value) -> Result<Vec<&str>, Refusal> {
    let values = body["TemplateParamSet"].as_array().ok_or_else(|| missing("TemplateParamSet"))?;
    let values: Vec<&str> = values.iter().map(|value| value.as_str().unwrap_or_default()).collect();
    match values.iter().any(|value| variables::fault(value).is_some()) {
        true => Err(("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", "values".into())),
        false => Ok(values),
    }
}

fn shown(number: &str, template: &str, values: &[&str]) -> Shown {
    Shown::now(number, &format!("{template} {values:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(numbers: &[&str], values: &[&str]) -> Value {
        json!({
            "PhoneNumberSet": numbers, "SmsSdkAppId": "1400000000", "SignName": "测试签名",
            "TemplateId": "1234567", "TemplateParamSet": values, "SessionContext": "a-1",
        })
    }

    fn codes(response: &Value) -> Vec<&str> {
        let statuses = response["SendStatusSet"].as_array().unwrap();
        statuses.iter().map(|status| status["Code"].as_str().unwrap()).collect()
    }

    #[test]
    fn each_number_is_looked_at() {
        let mut tencent = Tencent::new("id", "secret").blacklisting("+8613800000002");
        let numbers = ["+8613800000001", "+8613800000002", "13800000003"];
        let black = "FailedOperation.PhoneNumberInBlacklist";
        let wrong = "InvalidParameterValue.IncorrectPhoneNumber";
        let (response, shown) = tencent.send_sms(&message(&numbers, &["P0"]), 0.0).unwrap();
        assert_eq!(codes(&response), ["Ok", black, wrong]);
        assert_eq!((shown.len(), &*shown[0].to), (1, numbers[0]));
        let limit = "LimitExceeded.PhoneNumberThirtySecondLimit";
        for (now, values, expected) in [(29.0, "P0", limit), (29.0, "P1", "Ok"), (30.0, "P0", "Ok")]
        {
            let again = message(&numbers[..1], &[values]);
            assert_eq!(codes(&tencent.send_sms(&again, now).unwrap().0), [expected], "{now}");
        }
    }

    #[test]
    fn a_message_is_looked_at() {
        let mut tencent = Tencent::new("id", "secret");
        for (path, value, expected) in [
            ("SignName", json!(""), "MissingParameter"),
            ("PhoneNumberSet", Value::Null, "MissingParameter"),
            ("TemplateParamSet", Value::Null, "MissingParameter"),
            (
                "TemplateParamSet",
                json!(["http://a"]),
                "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
            ),
        ] {
            let mut message = message(&["+8613800000001"], &["P0"]);
            message[path] = value;
            let refused = tencent.send_sms(&message, 0.0).unwrap_err();
            assert_eq!(refused.0, expected, "{path}");
        }
    }
}
