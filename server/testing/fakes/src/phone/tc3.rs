use super::{
    calendar,
    hash::{digest, hex, hmac},
};
use crate::vendor::Call;

const ALGORITHM: &str = "TC3-HMAC-SHA256";
/// Seconds that a signature is believed, in either direction.
const TOLERANCE: f64 = 300.0;

/// Code and message of a call that is not believed.
pub(super) type Refusal = (&'static str, String);

/// Who may call.
pub(super) struct Keys {
    pub id: String,
    pub secret: String,
}

impl Keys {
    /// Believes a call to a service.
    pub(super) fn verify(&self, call: &Call, service: &str, now: f64) -> Result<(), Refusal> {
        let authorization = call.header("authorization").and_then(Authorization::read);
        let authorization = authorization.ok_or_else(|| {
            ("AuthFailure.InvalidAuthorization", "The authorization is malformed.".to_owned())
        })?;
        let seconds = call.header("x-tc-timestamp").and_then(|time| time.parse::<i64>().ok());
        let seconds = seconds.ok_or_else(|| missing("X-TC-Timestamp"))?;
        let scope = format!("{}/{service}/tc3_request", calendar::day(seconds));
        if authorization.key_id != self.id {
            return Err(("AuthFailure.SecretIdNotFound", "The SecretId is not found.".into()));
        }
        if (seconds as f64 - now).abs() > TOLERANCE {
            let said = "The provided credentials are expired: check your local time.".to_owned();
            return Err(("AuthFailure.SignatureExpire", said));
        }
        let request = digest(canonical(call, authorization.headers)?.as_bytes());
        let text = format!("{ALGORITHM}\n{seconds}\n{scope}\n{request}");
        let signature = hex(&hmac(&self.key(&scope), text.as_bytes()));
        if authorization.scope == scope && authorization.signature == signature {
            return Ok(());
        }
        let said = "The provided credentials could not be validated. Please check your signature \
                    is correct.";
        Err(("AuthFailure.SignatureFailure", said.into()))
    }

    /// Of a day and a service, `2023-11-14/sms/tc3_request`.
    fn key(&self, scope: &str) -> Vec<u8> {
        let start = format!("TC3{}", self.secret).into_bytes();
        scope.split('/').fold(start, |key, part| hmac(&key, part.as_bytes()))
    }
}

fn missing(what: &str) -> Refusal {
    ("MissingParameter", format!("The request is missing a required parameter: {what}."))
}

struct Authorization<'a> {
    key_id: &'a str,
    scope: &'a str,
    headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn read(header: &'a str) -> Option<Self> {
        let mut parts = header.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(", ");
        let mut next = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=');
        let (key_id, scope) = next("Credential")?.split_once('/')?;
        let (headers, signature) = (next("SignedHeaders")?, next("Signature")?);
        Some(Self { key_id, scope, headers, signature })
    }
}

fn canonical(call: &Call, headers: &str) -> Result<String, Refusal> {
    let names: Vec<&str> = headers.split(';').collect();
    if !names.is_sorted() || !["content-type", "host"].iter().all(|name| names.contains(name)) {
        return Err(("AuthFailure.InvalidAuthorization", "SignedHeaders are wrong.".into()));
    }
    let mut lines = String::new();
    for name in &names {
        let value = call.header(name).ok_or_else(|| missing(name))?;
        lines.push_str(&format!("{name}:{}\n", value.to_lowercase()));
    }
    let body = digest(&call.body);
    let Call { method, path, raw_query, .. } = call;
    Ok(format!("{method}\n{path}\n{raw_query}\n{lines}\n{headers}\n{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::samples::post;
    use serde_json::Value;

    const SMS: &str = concat!(
        r#"{"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400000000","#,
        r#""SignName":"测试签名","TemplateId":"1234567","#,
        r#""TemplateParamSet":["P0","数据泄露"],"SessionContext":"a-1"}"#,
    );
    const NOW: f64 = 1_700_000_000.0;

    fn call(body: &str, headers: &[(&str, &str)]) -> Call {
        let mut call = post("/", &Value::Null);
        call.body = body.into();
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        call.headers = headers.iter().map(pair).collect();
        call
    }

    fn sms() -> Call {
        let headers = [
            ("host", "sms.tencentcloudapi.com"),
            ("content-type", "application/json; charset=utf-8"),
            ("x-tc-action", "SendSms"),
            ("x-tc-timestamp", "1700000000"),
            (
                "authorization",
                "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/sms/tc3_request, \
                 SignedHeaders=content-type;host;x-tc-action, \
                 Signature=fb41cb0bd74bb5fda5a5840b6e91847bcf20d2a5ba7616fddccc7277806f098f",
            ),
        ];
        call(SMS, &headers)
    }

    fn keys() -> Keys {
        Keys { id: "AKIDEXAMPLE".into(), secret: "SECRETEXAMPLE".into() }
    }

    fn code(verified: Result<(), Refusal>) -> &'static str {
        verified.map_or_else(|(code, _)| code, |()| "Ok")
    }

    #[test]
    fn examples_are_believed() {
        assert_eq!(code(keys().verify(&sms(), "sms", NOW)), "Ok");
        let body = r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
        let headers = [
            ("host", "cvm.tencentcloudapi.com"),
            ("content-type", "application/json; charset=utf-8"),
            ("x-tc-timestamp", "1551113065"),
            (
                "authorization",
                "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, \
                 SignedHeaders=content-type;host, \
                 Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
            ),
        ];
        let keys = Keys { id: "AKID".into(), secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE".into() };
        let verified = keys.verify(&call(body, &headers), "cvm", 1_551_113_065.0);
        assert_eq!(code(verified), "Ok");
    }

    #[test]
    fn nothing_may_be_changed() {
        let changes: [fn(&mut Call); 6] = [
            |call| call.body[0] ^= 1,
            |call| call.path = "//".into(),
            |call| call.headers[0].1.push('m'),
            |call| call.headers[1].1.push(' '),
            |call| call.headers[2].1.push('s'),
            |call| {
                call.headers[4].1.pop();
                call.headers[4].1.push('0');
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut call = sms();
            change(&mut call);
            let verified = keys().verify(&call, "sms", NOW);
            assert_eq!(code(verified), "AuthFailure.SignatureFailure", "{number}");
        }
        assert_eq!(code(keys().verify(&sms(), "vms", NOW)), "AuthFailure.SignatureFailure");
    }

    #[test]
    fn calls_must_be_ours_and_of_now() {
        for (shift, expected) in [
            (-301.0, "AuthFailure.SignatureExpire"),
            (-300.0, "Ok"),
            (300.0, "Ok"),
            (301.0, "AuthFailure.SignatureExpire"),
        ] {
            assert_eq!(code(keys().verify(&sms(), "sms", NOW + shift)), expected, "{shift}");
        }
        let stranger = Keys { id: "OTHER".into(), ..keys() };
        assert_eq!(code(stranger.verify(&sms(), "sms", NOW)), "AuthFailure.SecretIdNotFound");
        let mut bare = sms();
        bare.headers.pop();
        assert_eq!(code(keys().verify(&bare, "sms", NOW)), "AuthFailure.InvalidAuthorization");
    }
}
