use crate::{
    Channels,
    report::report,
    sms::{account::Account, aliyun, tencent, variables},
};
use serde::Serialize;
use umpire_notify::{ChannelKind, Outcome, Parcel, Report, Voice};

const ALIYUN: aliyun::Api = aliyun::Api {
    url: "https://dyvmsapi.aliyuncs.com",
    action: "SingleCallByTts",
    version: "2017-05-25",
    id_field: "CallId",
};

const TENCENT: tencent::Api = tencent::Api {
    url: "https://vms.tencentcloudapi.com",
    service: "vms",
    action: "SendTtsVoice",
    version: "2020-09-02",
};

fn account(config: &Voice) -> Account<'_> {
    Account {
        channel: ChannelKind::Voice,
        base_url: &config.base_url,
        key_id: &config.key_id,
        key_secret: &config.key_secret,
    }
}

/// How often the template is read.
fn play_times(config: &Voice) -> u32 {
    if config.play_times == 0 { 2 } else { config.play_times.min(3) }
}

/// Has one number called.
pub(super) async fn by_aliyun(
    channels: &Channels,
    config: &Voice,
    number: &str,
    parcel: &Parcel<'_>,
) -> Report {
    let mut parameters = vec![
        ("CalledNumber", number.to_owned()),
        ("TtsCode", config.template_code.clone()),
        ("PlayTimes", play_times(config).to_string()),
        ("OutId", parcel.id.to_string()),
    ];
    if !config.show_number.is_empty() {
        parameters.push(("CalledShowNumber", config.show_number.clone()));
    }
    if !config.parameters.is_empty() {
        parameters.push(("TtsParam", variables::by_name(parcel, &config.parameters)));
    }
    aliyun::call(channels, &account(config), &ALIYUN, &parameters, parcel).await
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Call<'a> {
    template_id: &'a str,
    called_number: &'a str,
    voice_sdk_appid: &'a str,
    template_param_set: Vec<String>,
    play_times: u32,
    session_context: String,
}

/// As [`by_aliyun`].
pub(super) async fn by_tencent(
    channels: &Channels,
    config: &Voice,
    number: &str,
    parcel: &Parcel<'_>,
) -> Report {
    let call = Call {
        template_id: &config.template_code,
        called_number: number,
        voice_sdk_appid: &config.app_id,
        template_param_set: variables::by_position(parcel, &config.parameters),
        play_times: play_times(config),
        session_context: parcel.id.to_string(),
    };
    let account = account(config);
    let called = tencent::call(channels, &account, &TENCENT, &config.region, &call, parcel).await;
    let (answer, response) = match called {
        Ok(answered) => answered,
        Err(report) => return report,
    };
    match response["SendStatus"]["CallId"].as_str() {
        Some(id) => Report {
            vendor_id: id.to_owned(),
            ..report(Outcome::Delivered, &answer, "Ok", "accepted")
        },
        None => report(Outcome::Unknown, &answer, "", "no status for a number"),
    }
}
