use super::*;

const SECRET: &str = "YourAccessKeySecret";

fn request<'a>(host: &'a str, action: &'a str, version: &'a str, query: &'a str) -> Request<'a> {
    Request {
        host,
        path: "/",
        action,
        version,
        date: "2023-11-14T22:13:20Z".to_owned(),
        nonce: String::new(),
        query,
    }
}

#[test]
fn signatures_are_those_of_the_documentation() {
    let query = query_string(&[
        ("RegionId", "cn-shanghai".to_owned()),
        ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd".to_owned()),
    ]);
    let request = Request {
        date: "2023-10-26T10:22:32Z".to_owned(),
        nonce: "3156853299f313e23d1673dc12e1703d".to_owned(),
        ..request("ecs.cn-shanghai.aliyuncs.com", "RunInstances", "2014-05-26", &query)
    };
    assert_eq!(
        request.digest(),
        "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    );
    assert_eq!(
        request.signature(SECRET),
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
}

#[test]
fn a_text_message_is_signed_as_others_sign_it() {
    let query = query_string(&[
        ("PhoneNumbers", "13800000000".to_owned()),
        ("SignName", "测试签名".to_owned()),
        ("TemplateCode", "SMS_123456789".to_owned()),
        ("TemplateParam", r#"{"level":"P0","keyword":"数据泄露"}"#.to_owned()),
        ("OutId", "a-1".to_owned()),
    ]);
    assert_eq!(
        query,
        "OutId=a-1&PhoneNumbers=13800000000&SignName=%E6%B5%8B%E8%AF%95%E7%AD%BE%E5%90%8D\
         &TemplateCode=SMS_123456789&TemplateParam=%7B%22level%22%3A%22P0%22%2C%22keyword%22\
         %3A%22%E6%95%B0%E6%8D%AE%E6%B3%84%E9%9C%B2%22%7D"
    );
    let request = Request {
        nonce: "00000000000000000000000000000001".to_owned(),
        ..request("dysmsapi.aliyuncs.com", "SendSms", "2017-05-25", &query)
    };
    assert_eq!(
        request.digest(),
        "7c9593a90bcf8023cc491de1cb45d9a663354378ef9cb725641315f8dca78143"
    );
    assert_eq!(
        request.signature(SECRET),
        "5c155c0adfe804f8ab470dbaab8be5c30a8a1f7f807f4573834e16e0a57c4c91"
    );
}

#[test]
fn a_call_is_signed_as_others_sign_it() {
    let query = query_string(&[
        ("CalledNumber", "13800000000".to_owned()),
        ("OutId", "a-1".to_owned()),
        ("TtsCode", "TTS_123456789".to_owned()),
        ("TtsParam", r#"{"level":"P0"}"#.to_owned()),
    ]);
    let request = Request {
        nonce: "00000000000000000000000000000002".to_owned(),
        ..request("dyvmsapi.aliyuncs.com", "SingleCallByTts", "2017-05-25", &query)
    };
    assert_eq!(
        request.digest(),
        "87b5554e09bf9e73881c6a6f8040d32d27bc01938559590c46df3bc2857cfb37"
    );
    assert_eq!(
        request.signature(SECRET),
        "722d1b6fb5961e8f31172c5ed98091551d0b620712525f2127997f32aedd5e27"
    );
}

#[test]
fn everything_reserved_is_encoded() {
    let query = query_string(&[("b", "a b*c~d/e+f%&=".to_owned()), ("a", "é".to_owned())]);
    assert_eq!(query, "a=%C3%A9&b=a%20b%2Ac~d%2Fe%2Bf%25%26%3D");
}

#[test]
fn dates_are_to_the_second() {
    let time = Timestamp::parse_rfc3339("2023-11-14T22:13:20.987654Z").expect("a time");
    assert_eq!(date(time), "2023-11-14T22:13:20Z");
}

#[test]
fn the_authorization_names_what_is_signed_and_no_secret() {
    let request = request("host.example.com", "SendSms", "2017-05-25", "a=1");
    let headers = request.signed("key-id", SECRET);
    let value = |name| headers.iter().find(|(found, _)| *found == name).map(|(_, value)| &**value);
    let signature = request.signature(SECRET);
    let expected = format!(
        "ACS3-HMAC-SHA256 Credential=key-id,SignedHeaders=host;x-acs-action;\
         x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
         Signature={signature}"
    );
    assert_eq!(value("authorization"), Some(&*expected));
    assert_eq!(value("host"), Some("host.example.com"));
    assert!(!format!("{headers:?}").contains(SECRET));
}
