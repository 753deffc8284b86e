use super::*;
use crate::vendor::samples::post;
use serde_json::Value;

const ID: &str = "YourAccessKeyId";

fn keys() -> Keys {
    Keys { id: ID.into(), secret: "YourAccessKeySecret".into(), nonces: HashSet::new() }
}

/// A published example, with what makes it one left out of the call.
struct Example {
    host: &'static str,
    action: &'static str,
    version: &'static str,
    date: &'static str,
    nonce: &'static str,
    query: &'static str,
    signature: &'static str,
}

const RUN_INSTANCES: Example = Example {
    host: "ecs.cn-shanghai.aliyuncs.com",
    action: "RunInstances",
    version: "2014-05-26",
    date: "2023-10-26T10:22:32Z",
    nonce: "3156853299f313e23d1673dc12e1703d",
    query: "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
    signature: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
};

const SEND_SMS: Example = Example {
    host: "dysmsapi.aliyuncs.com",
    action: "SendSms",
    version: "2017-05-25",
    date: "2023-11-14T22:13:20Z",
    nonce: "00000000000000000000000000000001",
    query: concat!(
        "OutId=a-1&PhoneNumbers=13800000000&SignName=%E6%B5%8B%E8%AF%95%E7%AD%BE%E5%90%8D",
        "&TemplateCode=SMS_123456789&TemplateParam=%7B%22level%22%3A%22P0%22%2C%22keyword%22",
        "%3A%22%E6%95%B0%E6%8D%AE%E6%B3%84%E9%9C%B2%22%7D",
    ),
    signature: "5c155c0adfe804f8ab470dbaab8be5c30a8a1f7f807f4573834e16e0a57c4c91",
};

const CALL: Example = Example {
    host: "dyvmsapi.aliyuncs.com",
    action: "SingleCallByTts",
    version: "2017-05-25",
    date: "2023-11-14T22:13:20Z",
    nonce: "00000000000000000000000000000002",
    query: concat!(
        "CalledNumber=13800000000&OutId=a-1&TtsCode=TTS_123456789",
        "&TtsParam=%7B%22level%22%3A%22P0%22%7D",
    ),
    signature: "722d1b6fb5961e8f31172c5ed98091551d0b620712525f2127997f32aedd5e27",
};

impl Example {
    fn call(&self) -> Call {
        let mut call = post(&format!("/?{}", self.query), &Value::Null);
        call.body = Vec::new();
        let authorization = format!(
            "{ALGORITHM} Credential={ID},SignedHeaders=host;x-acs-action;\
             x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
             Signature={}",
            self.signature,
        );
        let headers = [
            ("host", self.host),
            ("x-acs-action", self.action),
            ("x-acs-content-sha256", &digest(b"")),
            ("x-acs-date", self.date),
            ("x-acs-signature-nonce", self.nonce),
            ("x-acs-version", self.version),
            ("authorization", &authorization),
        ];
        call.headers = headers.map(|(name, value)| (name.into(), value.into())).to_vec();
        call
    }

    fn now(&self) -> f64 {
        calendar::seconds(self.date).unwrap() as f64
    }
}

fn code(verified: Result<(), Refusal>) -> &'static str {
    verified.map_or_else(|(_, code, _)| code, |()| "OK")
}

#[test]
fn examples_are_believed_once() {
    for example in [RUN_INSTANCES, SEND_SMS, CALL] {
        let mut keys = keys();
        assert_eq!(code(keys.verify(&example.call(), example.now())), "OK", "{}", example.action);
        let again = keys.verify(&example.call(), example.now());
        assert_eq!(code(again), "SignatureNonceUsed", "{}", example.action);
    }
}

#[test]
fn nothing_may_be_changed() {
    let changes: [fn(&mut Call); 8] = [
        |call| call.query[1].1.push('1'),
        |call| call.query[1].0.push('1'),
        |call| call.method = "PUT".into(),
        |call| call.path = "//".into(),
        |call| call.headers[0].1.push('m'),
        |call| call.headers[1].1.push('m'),
        |call| call.headers[5].1 = "2017-05-26".into(),
        |call| {
            call.headers[6].1.pop();
            call.headers[6].1.push('0');
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut call = SEND_SMS.call();
        change(&mut call);
        let verified = keys().verify(&call, SEND_SMS.now());
        assert_eq!(code(verified), "SignatureDoesNotMatch", "{number}");
    }
}

#[test]
fn calls_must_be_whole_and_of_now() {
    let without = |name: &str| {
        let mut call = SEND_SMS.call();
        call.headers.retain(|(found, _)| found != name);
        code(keys().verify(&call, SEND_SMS.now()))
    };
    for name in ["authorization", "host", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"] {
        assert_eq!(without(name), "IncompleteSignature", "{name}");
    }
    for (shift, expected) in [
        (-901.0, "InvalidTimeStamp.Expired"),
        (-900.0, "OK"),
        (900.0, "OK"),
        (901.0, "InvalidTimeStamp.Expired"),
    ] {
        let verified = keys().verify(&SEND_SMS.call(), SEND_SMS.now() + shift);
        assert_eq!(code(verified), expected, "{shift}");
    }
    let mut stranger = keys();
    stranger.id = "AnotherId".into();
    let verified = stranger.verify(&SEND_SMS.call(), SEND_SMS.now());
    assert_eq!(code(verified), "InvalidAccessKeyId.NotFound");
    let mut unsigned = SEND_SMS.call();
    unsigned.headers.push(("x-acs-security-token".into(), "t".into()));
    assert_eq!(code(keys().verify(&unsigned, SEND_SMS.now())), "IncompleteSignature");
}
