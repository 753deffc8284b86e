use super::*;
use crate::samples::{channels, channels_waiting, sample};
use std::{collections::BTreeMap, time::Duration};
use umpire_fakes::{
    FakeVendor, Fault,
    phone::{Aliyun, Tencent},
};
use umpire_model::Secret;
use umpire_notify::{Channel, ChannelKind, Outcome};

const SECRET: &str = "hunter2-secret";

/// Whose API is spoken, numbers it knows, and names its templates use.
#[derive(Clone, Copy)]
struct Case {
    provider: SmsProvider,
    numbers: [&'static str; 3],
    masked: [&'static str; 3],
    names: [&'static str; 2],
}

const ALIYUN: Case = Case {
    provider: SmsProvider::Aliyun,
    numbers: ["13800001111", "13800002222", "23800003333"],
    masked: ["138****1111", "138****2222", "238****3333"],
    names: ["level", "keyword"],
};

const TENCENT: Case = Case {
    provider: SmsProvider::Tencent,
    numbers: ["+8613800001111", "+8613800002222", "13800003333"],
    masked: ["+86138****1111", "+86138****2222", "138****3333"],
    names: ["1", "2"],
};

const BOTH: [Case; 2] = [ALIYUN, TENCENT];

impl Case {
    async fn start(self) -> FakeVendor {
        match self.provider {
            SmsProvider::Aliyun => FakeVendor::start(Aliyun::new("key-id", SECRET)).await,
            SmsProvider::Tencent => FakeVendor::start(Tencent::new("key-id", SECRET)).await,
        }
    }

    fn config(self, fake: &FakeVendor, numbers: &[&str]) -> Sms {
        let [level, keyword] = self.names;
        let variables = [(level, "level"), (keyword, "keyword")];
        let pairs = variables.map(|(name, variable)| (name.to_owned(), variable.to_owned()));
        Sms {
            provider: self.provider,
            base_url: fake.url(""),
            key_id: "key-id".into(),
            key_secret: Secret::from(SECRET),
            phone_numbers: numbers.iter().map(|number| (*number).to_owned()).collect(),
            sign_name: "测试签名".into(),
            template_code: "SMS_123456789".into(),
            app_id: "1400000000".into(),
            region: String::new(),
            parameters: BTreeMap::from(pairs),
        }
    }
}

async fn tell(config: Sms) -> Report {
    sample().to(&channels(), Channel::Sms(config)).await
}

/// Nothing of a report may show a secret or a number.
fn is_discreet(report: &Report) -> bool {
    let shown = format!("{report:?}");
    let numbers = BOTH.iter().flat_map(|case| case.numbers);
    !shown.contains(SECRET) && !numbers.into_iter().any(|number| shown.contains(number))
}

#[tokio::test]
async fn handsets_show_the_template_with_our_values() {
    for case in BOTH {
        let fake = case.start().await;
        let report = tell(case.config(&fake, &case.numbers[..2])).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        assert!(!report.vendor_id.is_empty() && report.status == 200, "{report:?}");
        let shown = fake.wait_for(2).await;
        let to: Vec<_> = shown.iter().map(|shown| &*shown.to).collect();
        assert_eq!(to, case.numbers[..2]);
        let text = &shown[0].text;
        assert!(text.starts_with("SMS_123456789 "), "{text}");
        assert!(text.contains("\"P1\"") && text.contains("\"底薪\""), "{text}");
    }
}

#[tokio::test]
async fn every_attempt_is_signed_anew() {
    for case in BOTH {
        let fake = case.start().await;
        let other = case.config(&fake, &case.numbers[1..2]);
        for config in [case.config(&fake, &case.numbers[..1]), other.clone()] {
            assert_eq!(tell(config).await.outcome, Outcome::Delivered);
        }
        // The provider's clock, not the notice's time, is what counts.
        fake.shift_clock(86_400);
        let late = tell(other).await;
        let code = match case.provider {
            SmsProvider::Aliyun => "InvalidTimeStamp.Expired",
            SmsProvider::Tencent => "AuthFailure.SignatureExpire",
        };
        assert_eq!(late.vendor_code, code, "{late:?}");
        assert_ne!(late.outcome, Outcome::Delivered);
    }
}

#[tokio::test]
async fn bad_credentials_are_refused_for_good() {
    for case in BOTH {
        let fake = case.start().await;
        let good = case.config(&fake, &case.numbers[..1]);
        let codes = match case.provider {
            SmsProvider::Aliyun => ["InvalidAccessKeyId.NotFound", "SignatureDoesNotMatch"],
            SmsProvider::Tencent => {
                ["AuthFailure.SecretIdNotFound", "AuthFailure.SignatureFailure"]
            }
        };
        let stranger = Sms { key_id: "other".into(), ..good.clone() };
        let forger = Sms { key_secret: Secret::from("other-secret"), ..good };
        for (config, code) in [stranger, forger].into_iter().zip(codes) {
            let report = tell(config).await;
            assert_eq!(report.outcome, Outcome::Permanent, "{report:?}");
            assert_eq!(report.vendor_code, code);
        }
        assert!(fake.messages().is_empty());
    }
}

#[tokio::test]
async fn numbers_that_are_refused_are_named_and_not_shown() {
    let fake = TENCENT.start().await;
    let report = tell(TENCENT.config(&fake, &TENCENT.numbers)).await;
    assert_eq!(report.outcome, Outcome::Partial(vec![TENCENT.masked[2].into()]), "{report:?}");
    assert_eq!(report.vendor_code, "InvalidParameterValue.IncorrectPhoneNumber");
    assert!(is_discreet(&report), "{report:?}");
    assert_eq!(fake.messages().len(), 2);
    // The same to the same number, at once; nobody else is left.
    let again = tell(TENCENT.config(&fake, &TENCENT.numbers[..1])).await;
    assert_eq!(again.outcome, Outcome::Throttled(30), "{again:?}");
    let wrong = tell(TENCENT.config(&fake, &TENCENT.numbers[2..])).await;
    assert_eq!(wrong.outcome, Outcome::Permanent, "{wrong:?}");
    assert!(is_discreet(&wrong), "{wrong:?}");
}

#[tokio::test]
async fn aliyun_takes_all_numbers_or_none() {
    let fake = ALIYUN.start().await;
    let report = tell(ALIYUN.config(&fake, &ALIYUN.numbers)).await;
    assert_eq!(report.outcome, Outcome::Permanent, "{report:?}");
    assert_eq!(report.vendor_code, "isv.MOBILE_NUMBER_ILLEGAL");
    assert!(report.detail.contains("invalid mobile number"), "{report:?}");
    assert!(is_discreet(&report), "{report:?}");
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn hostile_text_is_made_fit_for_providers() {
    for case in BOTH {
        let fake = case.start().await;
        let mut sample = sample();
        sample.notice.keyword = "【x】http://evil.example.com\r\n".repeat(50);
        let config = case.config(&fake, &case.numbers[..1]);
        let report = sample.to(&channels(), Channel::Sms(config)).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
    }
}

#[tokio::test]
async fn a_status_without_the_documented_body_is_no_success() {
    let limited = r#"{"Code":"Throttling.User","Message":"Request was denied"}"#;
    let cases = [
        (Fault::Empty200, Outcome::Unknown),
        (Fault::GarbageJson, Outcome::Unknown),
        (Fault::Status(200, Vec::new(), r#"{"Code":null}"#.into()), Outcome::Unknown),
        (Fault::Status(201, Vec::new(), r#"{"Code":"OK"}"#.into()), Outcome::Unknown),
        (Fault::Status(502, Vec::new(), "<html>".into()), Outcome::Transient),
        (Fault::Status(404, Vec::new(), "13800001111".into()), Outcome::Permanent),
        (Fault::Status(429, Vec::new(), String::new()), Outcome::Throttled(60)),
        (Fault::Redirect("http://127.0.0.1:9/".into()), Outcome::Permanent),
        (Fault::CloseAfterRead, Outcome::Unknown),
        (Fault::HugeBody(1 << 20), Outcome::Unknown),
    ];
    for case in BOTH {
        let fake = case.start().await;
        for (fault, expected) in cases.clone() {
            fake.fail_next([fault.clone()]);
            let report = tell(case.config(&fake, &case.numbers[..1])).await;
            let lost = matches!(fault, Fault::CloseAfterRead);
            // Whether a broken connection had been read from the client cannot always tell.
            let known =
                report.outcome == expected || (lost && report.outcome == Outcome::Transient);
            assert!(known, "{fault:?}: {report:?}");
            assert!(is_discreet(&report), "{report:?}");
        }
    }
    let fake = ALIYUN.start().await;
    fake.fail_next([Fault::Status(400, Vec::new(), limited.into())]);
    let report = tell(ALIYUN.config(&fake, &ALIYUN.numbers[..1])).await;
    assert_eq!(report.outcome, Outcome::Transient, "{report:?}");
}

#[tokio::test]
async fn a_number_without_a_status_is_in_doubt() {
    let fake = TENCENT.start().await;
    let one = r#"{"Response":{"SendStatusSet":[{"PhoneNumber":"+8613800001111","Code":"Ok"}]}}"#;
    let none = r#"{"Response":{"SendStatusSet":[]}}"#;
    let doubtful = Outcome::Partial(vec![TENCENT.masked[1].into()]);
    for (body, expected) in [(one, doubtful), (none, Outcome::Unknown)] {
        fake.fail_next([Fault::Status(200, Vec::new(), body.into())]);
        let report = tell(TENCENT.config(&fake, &TENCENT.numbers[..2])).await;
        assert_eq!(report.outcome, expected, "{report:?}");
    }
}

#[tokio::test]
async fn providers_that_hang_are_left_in_doubt() {
    for case in BOTH {
        let fake = case.start().await;
        fake.fail_next([Fault::Hang]);
        let channels = channels_waiting(Duration::from_millis(300));
        let config = Channel::Sms(case.config(&fake, &case.numbers[..1]));
        let report = sample().to(&channels, config).await;
        assert_eq!(report.outcome, Outcome::Unknown, "{report:?}");
    }
}

#[tokio::test]
async fn a_bad_base_url_is_never_called() {
    for case in BOTH {
        let fake = case.start().await;
        for url in ["ftp://example.com", "http://127.0.0.1/?a=b", "nonsense"] {
            let config = Sms { base_url: url.into(), ..case.config(&fake, &case.numbers[..1]) };
            assert_eq!(tell(config).await.outcome, Outcome::Permanent, "{url}");
        }
        assert!(fake.calls().is_empty());
    }
}

#[test]
fn codes_mean_what_the_providers_say() {
    let channels = channels();
    let permanent = || Some(Outcome::Permanent);
    let transient = || Some(Outcome::Transient);
    for (code, expected) in [
        ("isv.BUSINESS_LIMIT_CONTROL", permanent()),
        ("isv.DAY_LIMIT_CONTROL", permanent()),
        ("isv.MONTH_LIMIT_CONTROL", permanent()),
        ("isp.SYSTEM_ERROR", transient()),
        ("isp.RAM_PERMISSION_DENY", permanent()),
        ("isv.SMS_SIGNATURE_ILLEGAL", permanent()),
        ("isv.SMS_TEMPLATE_ILLEGAL", permanent()),
        ("isv.AMOUNT_NOT_ENOUGH", permanent()),
        ("isv.OUT_OF_SERVICE", permanent()),
        ("isv.DENY_IP_RANGE", permanent()),
        ("ServiceUnavailable", transient()),
        ("Throttling.User", transient()),
        ("InternalError", transient()),
        ("SignatureNonceUsed", transient()),
        ("InvalidTimeStamp.Expired", transient()),
        ("InternalError.SendAndRecvFail", transient()),
        ("RequestLimitExceeded.UinLimitExceeded", transient()),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Some(Outcome::Throttled(30))),
        ("LimitExceeded.PhoneNumberOneHourLimit", Some(Outcome::Throttled(3_600))),
        ("LimitExceeded.PhoneNumberDailyLimit", permanent()),
        ("FailedOperation.ContainSensitiveWord", permanent()),
        ("FailedOperation.PhoneNumberInBlacklist", permanent()),
        ("InvalidParameterValue.IncorrectPhoneNumber", permanent()),
        ("UnauthorizedOperation.SmsSdkAppIdVerifyFail", permanent()),
        ("UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone", permanent()),
        ("AuthFailure.SignatureFailure", permanent()),
    ] {
        for channel in [ChannelKind::Sms, ChannelKind::Voice] {
            assert_eq!(channels.codes.outcome(channel, code, ""), expected, "{channel:?} {code}");
        }
    }
}
