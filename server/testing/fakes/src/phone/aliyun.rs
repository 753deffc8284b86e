use super::{acs3::Keys, variables};
use crate::vendor::{Call, Reply, Shown, Vendor, Window};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

const VERSION: &str = "2017-05-25";
const DAY: f64 = 86_400.0;
/// Notices that one number gets from one template in a day.
const NOTICES: usize = 50;
/// Calls that one number gets, and in how many seconds.
const CALLS: [(usize, f64); 3] = [(1, 60.0), (5, 3_600.0), (20, DAY)];

/// Text messages and calls, for whoever signs with the key of one account.
pub struct Aliyun {
    keys: Keys,
    notices: HashMap<String, Window>,
    calls: HashMap<String, Window>,
    count: u64,
}

/// Code and message of a request that is believed and not carried out.
type Refusal = (&'static str, String);

impl Aliyun {
    /// An account with one key.
    #[must_use]
    pub fn new(key_id: &str, key_secret: &str) -> Self {
        let keys = Keys { id: key_id.into(), secret: key_secret.into(), nonces: HashSet::new() };
        Self { keys, notices: HashMap::new(), calls: HashMap::new(), count: 0 }
    }

    fn send_sms(&mut self, call: &Call, now: f64) -> Result<Vec<Shown>, Refusal> {
        let numbers: Vec<&str> = needed(call, "PhoneNumbers")?.split(',').collect();
        needed(call, "SignName")?;
        let template = template(call, "TemplateCode", "SMS_", "isv.SMS_TEMPLATE_ILLEGAL")?;
        let values = values(call, "TemplateParam")?;
        for number in &numbers {
            known(number)?;
            let window = self.notices.entry(format!("{number} {template}")).or_default();
            if !window.take(now, NOTICES, DAY) {
                return Err(limited("触发天级流控Permits:50"));
            }
        }
        Ok(numbers.into_iter().map(|number| shown(number, template, &values)).collect())
    }

    fn call_by_tts(&mut self, call: &Call, now: f64) -> Result<Vec<Shown>, Refusal> {
        let number = needed(call, "CalledNumber")?;
        let template = template(call, "TtsCode", "TTS_", "isv.TTS_TEMPLATE_ILLEGAL")?;
        let values = values(call, "TtsParam")?;
        known(number)?;
        if !["1", "2", "3"].contains(&call.parameter("PlayTimes").unwrap_or("2")) {
            return Err(("isv.INVALID_PARAMETERS", "PlayTimes".into()));
        }
        let window = self.calls.entry(number.into()).or_default();
        if CALLS.iter().any(|(calls, seconds)| window.within(now, *seconds) >= *calls) {
            return Err(limited("触发业务流控"));
        }
        window.take(now, usize::MAX, DAY);
        Ok(vec![shown(number, template, &values)])
    }

    fn accepted(&mut self, id_field: &str, shown: Vec<Shown>) -> Reply {
        self.count += 1;
        let id = format!("{:018}^0", self.count);
        let body = json!({
            "Message": "OK", "RequestId": request_id(self.count), "Code": "OK", id_field: id,
        });
        Reply::json(200, &body).showing(shown)
    }
}

impl Vendor for Aliyun {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if let Err((status, code, said)) = self.keys.verify(call, now) {
            return refused(status, code, &said);
        }
        let version = call.header("x-acs-version") == Some(VERSION);
        let done = match call.header("x-acs-action").filter(|_| version) {
            Some("SendSms") => self.send_sms(call, now).map(|shown| ("BizId", shown)),
            Some("SingleCallByTts") => self.call_by_tts(call, now).map(|shown| ("CallId", shown)),
            _ => return refused(404, "InvalidAction.NotFound", "Specified api is not found."),
        };
        match done {
            Ok((id_field, shown)) => self.accepted(id_field, shown),
            Err((code, said)) => refused(200, code, &said),
        }
    }
}

fn refused(status: u16, code: &str, said: &str) -> Reply {
    let body = json!({ "RequestId": request_id(0), "Code": code, "Message": said });
    Reply::json(status, &body)
}

fn request_id(number: u64) -> String {
    format!("024C4B42-7908-428E-9E2E-{number:012X}")
}

fn limited(said: &str) -> Refusal {
    ("isv.BUSINESS_LIMIT_CONTROL", said.into())
}

fn needed<'a>(call: &'a Call, name: &str) -> Result<&'a str, Refusal> {
    let value = call.parameter(name).filter(|value| !value.is_empty());
    value.ok_or_else(|| ("isv.MISSING_PARAMETERS", format!("{name} is mandatory")))
}

fn template<'a>(
    call: &'a Call,
    name: &str,
    prefix: &str,
    code: &'static str,
) -> Result<&'a str, Refusal> {
    let template = needed(call, name)?;
    let known = template.starts_with(prefix);
    known.then_some(template).ok_or_else(|| (code, "模板不合法".into()))
}

/// Eleven digits that begin with 1.
fn known(number: &str) -> Result<(), Refusal> {
    let digits = number.len() == 11 && number.bytes().all(|digit| digit.is_ascii_digit());
    if digits && number.starts_with('1') {
        return Ok(());
    }
    Err(("isv.MOBILE_NUMBER_ILLEGAL", format!("{number} invalid mobile number")))
}

fn values(call: &Call, name: &str) -> Result<Map<String, Value>, Refusal> {
    let Some(text) = call.parameter(name) else { return Ok(Map::new()) };
    let values: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    let values = values.ok_or_else(|| ("isv.INVALID_JSON_PARAM", "参数格式错误".to_owned()))?;
    let mut texts = values.values().map(|value| value.as_str().unwrap_or_default());
    match texts.find_map(variables::fault) {
        Some(code) => Err((code, "模板变量不合法".into())),
        None => Ok(values),
    }
}

fn shown(number: &str, template: &str, values: &Map<String, Value>) -> Shown {
    Shown::now(number, &format!("{template} {}", Value::Object(values.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::samples::post;

    fn sms(numbers: &str, template: &str, values: &str) -> Result<usize, &'static str> {
        let mut call = post("/", &Value::Null);
        call.query = [
            ("PhoneNumbers", numbers),
            ("SignName", "测试签名"),
            ("TemplateCode", template),
            ("TemplateParam", values),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec();
        let sent = Aliyun::new("id", "secret").send_sms(&call, 0.0);
        sent.map(|shown| shown.len()).map_err(|(code, _)| code)
    }

    #[test]
    fn messages_are_looked_at() {
        let good = r#"{"level":"P0"}"#;
        let long = format!(r#"{{"a":"{}"}}"#, "数".repeat(36));
        for (numbers, template, values, expected) in [
            ("13800000000", "SMS_1", good, Ok(1)),
            ("13800000000,13800000001", "SMS_1", good, Ok(2)),
            ("", "SMS_1", good, Err("isv.MISSING_PARAMETERS")),
            ("13800000000,23800000001", "SMS_1", good, Err("isv.MOBILE_NUMBER_ILLEGAL")),
            ("+8613800000000", "SMS_1", good, Err("isv.MOBILE_NUMBER_ILLEGAL")),
            ("13800000000", "TTS_1", good, Err("isv.SMS_TEMPLATE_ILLEGAL")),
            ("13800000000", "SMS_1", "[]", Err("isv.INVALID_JSON_PARAM")),
            ("13800000000", "SMS_1", r#"{"a":""}"#, Err("isv.TEMPLATE_PARAMS_ILLEGAL")),
            ("13800000000", "SMS_1", r#"{"a":1}"#, Err("isv.TEMPLATE_PARAMS_ILLEGAL")),
            ("13800000000", "SMS_1", r#"{"a":"http://b"}"#, Err("isv.PARAM_NOT_SUPPORT_URL")),
            ("13800000000", "SMS_1", &long, Err("isv.PARAM_LENGTH_LIMIT")),
        ] {
            assert_eq!(sms(numbers, template, values), expected, "{numbers} {template} {values}");
        }
    }

    #[test]
    fn a_number_is_called_once_in_a_minute() {
        let mut aliyun = Aliyun::new("id", "secret");
        let mut call = post("/", &Value::Null);
        call.query =
            vec![("CalledNumber".into(), "13800000000".into()), ("TtsCode".into(), "TTS_1".into())];
        for (now, called) in [(0.0, true), (59.0, false), (60.0, true)] {
            assert_eq!(aliyun.call_by_tts(&call, now).is_ok(), called, "{now}");
        }
        call.query.push(("PlayTimes".into(), "4".into()));
        assert!(aliyun.call_by_tts(&call, 1_000.0).is_err());
    }
}
