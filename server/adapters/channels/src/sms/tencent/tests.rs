use super::signature::Request;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

const PUBLISHED: Request<'static> = Request {
    host: "cvm.tencentcloudapi.com",
    path: "/",
    service: "cvm",
    action: None,
    seconds: 1_551_113_065,
    body:
        br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#,
};
const PUBLISHED_SECRET: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";

const SMS: &str = concat!(
    r#"{"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400000000","SignName":"测试签名","#,
    r#""TemplateId":"1234567","TemplateParamSet":["P0","数据泄露"],"SessionContext":"a-1"}"#,
);

fn sms() -> Request<'static> {
    Request {
        host: "sms.tencentcloudapi.com",
        path: "/",
        service: "sms",
        action: Some("SendSms"),
        seconds: 1_700_000_000,
        body: SMS.as_bytes(),
    }
}

#[test]
fn signatures_are_those_of_the_documentation() {
    assert_eq!(
        PUBLISHED.digest(),
        "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
    );
    assert_eq!(
        PUBLISHED.signature(PUBLISHED_SECRET),
        "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    );
    let with_action = Request { action: Some("DescribeInstances"), ..PUBLISHED };
    assert_eq!(
        with_action.digest(),
        "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    );
    assert_eq!(
        with_action.signature(PUBLISHED_SECRET),
        "644be983de9a8a3f00db8eadaba61467c3b429e2215758ba897b738ca469fd26"
    );
}

#[test]
fn a_text_message_is_signed_as_others_sign_it() {
    assert_eq!(SMS.len(), 177);
    assert_eq!(
        HEXLOWER.encode(&Sha256::digest(SMS.as_bytes())),
        "4b5f39105f9622845b5965af13f1690f030169c662e4593d474e8b44e834478e"
    );
    assert_eq!(sms().digest(), "e2eed2888d2d458d72754f6dfba26ac654eea75aaa923117c50921227a07f433");
    assert_eq!(
        HEXLOWER.encode(&sms().key("SECRETEXAMPLE")),
        "632df18e63693e842376fc0d7f1a95519c7454e955f31057d091bbf790220e61"
    );
    assert_eq!(
        sms().signature("SECRETEXAMPLE"),
        "fb41cb0bd74bb5fda5a5840b6e91847bcf20d2a5ba7616fddccc7277806f098f"
    );
}

#[test]
fn the_authorization_names_what_is_signed_and_no_secret() {
    let signature = sms().signature("SECRETEXAMPLE");
    assert_eq!(
        sms().authorization("AKIDEXAMPLE", "SECRETEXAMPLE"),
        format!(
            "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/sms/tc3_request, \
             SignedHeaders=content-type;host;x-tc-action, Signature={signature}"
        )
    );
}

#[test]
fn the_day_is_that_of_utc() {
    let late = Request { seconds: 1_700_006_399, ..sms() };
    let next = Request { seconds: 1_700_006_400, ..sms() };
    let day = |request: &Request<'_>| request.authorization("", "")[28..38].to_owned();
    assert_eq!((&*day(&late), &*day(&next)), ("2023-11-14", "2023-11-15"));
}
