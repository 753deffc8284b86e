use super::*;
use crate::samples::{channels, sample};
use std::collections::BTreeMap;
use umpire_fakes::{
    FakeVendor, Fault,
    phone::{Aliyun, Tencent},
};
use umpire_model::Secret;
use umpire_notify::{Channel, Outcome};

const ALIYUN_NUMBERS: [&str; 3] = ["13800001111", "23800002222", "13800003333"];
const TENCENT_NUMBERS: [&str; 3] = ["+8613800001111", "13800002222", "+8613800003333"];

fn config(provider: SmsProvider, fake: &FakeVendor, numbers: &[&str]) -> Voice {
    let name = if provider == SmsProvider::Aliyun { "level" } else { "1" };
    Voice {
        provider,
        base_url: fake.url(""),
        key_id: "key-id".into(),
        key_secret: Secret::from("hunter2-secret"),
        phone_numbers: numbers.iter().map(|number| (*number).to_owned()).collect(),
        show_number: String::new(),
        template_code: "TTS_123456789".into(),
        app_id: "1400000000".into(),
        region: "ap-beijing".into(),
        parameters: BTreeMap::from([(name.to_owned(), "level".to_owned())]),
        play_times: 0,
    }
}

async fn aliyun() -> FakeVendor {
    FakeVendor::start(Aliyun::new("key-id", "hunter2-secret")).await
}

async fn tencent() -> FakeVendor {
    FakeVendor::start(Tencent::new("key-id", "hunter2-secret")).await
}

async fn tell(config: Voice) -> Report {
    sample().to(&channels(), Channel::Voice(config)).await
}

#[tokio::test]
async fn every_number_is_called_and_the_wrong_one_named() {
    for (provider, fake, numbers, masked) in [
        (SmsProvider::Aliyun, aliyun().await, ALIYUN_NUMBERS, "238****2222"),
        (SmsProvider::Tencent, tencent().await, TENCENT_NUMBERS, "138****2222"),
    ] {
        let report = tell(config(provider, &fake, &numbers)).await;
        assert_eq!(report.outcome, Outcome::Partial(vec![masked.into()]), "{report:?}");
        assert!(!report.vendor_id.is_empty(), "{report:?}");
        assert!(!format!("{report:?}").contains(numbers[1]), "{report:?}");
        let shown = fake.messages();
        let to: Vec<_> = shown.iter().map(|shown| &*shown.to).collect();
        assert_eq!(to, [numbers[0], numbers[2]]);
        assert!(shown[0].text.contains("TTS_123456789") && shown[0].text.contains("P1"));
    }
}

#[tokio::test]
async fn a_number_that_was_just_called_is_not_called_again() {
    for (provider, fake, number, code) in [
        (SmsProvider::Aliyun, aliyun().await, ALIYUN_NUMBERS[0], "isv.BUSINESS_LIMIT_CONTROL"),
        (
            SmsProvider::Tencent,
            tencent().await,
            TENCENT_NUMBERS[0],
            "LimitExceeded.DeliveryFrequencyLimit",
        ),
    ] {
        let config = config(provider, &fake, &[number]);
        assert_eq!(tell(config.clone()).await.outcome, Outcome::Delivered);
        let again = tell(config).await;
        assert_eq!(again.vendor_code, code, "{again:?}");
        assert!(!matches!(again.outcome, Outcome::Delivered | Outcome::Transient), "{again:?}");
    }
}

#[tokio::test]
async fn the_template_is_read_twice_unless_said_otherwise() {
    for (asked, expected) in [(0, "2"), (1, "1"), (3, "3"), (9, "3")] {
        let fake = aliyun().await;
        let config = config(SmsProvider::Aliyun, &fake, &ALIYUN_NUMBERS[..1]);
        let config = Voice { play_times: asked, show_number: "0571000".into(), ..config };
        assert_eq!(tell(config).await.outcome, Outcome::Delivered);
        let call = &fake.calls()[0];
        assert_eq!(call.parameter("PlayTimes"), Some(expected));
        assert_eq!(call.parameter("CalledShowNumber"), Some("0571000"));
        let fake = tencent().await;
        let config = self::config(SmsProvider::Tencent, &fake, &TENCENT_NUMBERS[..1]);
        assert_eq!(tell(Voice { play_times: asked, ..config }).await.outcome, Outcome::Delivered);
        let call = &fake.calls()[0];
        assert_eq!(call.json().expect("JSON")["PlayTimes"].to_string(), expected);
        assert_eq!(call.header("x-tc-region"), Some("ap-beijing"));
        assert_eq!(call.header("x-tc-version"), Some("2020-09-02"));
    }
}

#[tokio::test]
async fn one_call_that_fails_does_not_stop_the_next() {
    let fake = tencent().await;
    fake.fail_next([Fault::Status(502, Vec::new(), String::new())]);
    let numbers = [TENCENT_NUMBERS[0], TENCENT_NUMBERS[2]];
    let report = tell(config(SmsProvider::Tencent, &fake, &numbers)).await;
    assert_eq!(report.outcome, Outcome::Partial(vec!["+86138****1111".into()]), "{report:?}");
    assert_eq!(fake.messages().len(), 1);
    fake.fail_always(Some(Fault::Empty200));
    let report = tell(config(SmsProvider::Tencent, &fake, &numbers)).await;
    assert_eq!(report.outcome, Outcome::Unknown, "{report:?}");
}
