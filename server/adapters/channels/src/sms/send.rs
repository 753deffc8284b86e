use super::{account::Account, aliyun, numbers::masked, recipients::tally, tencent, variables};
use crate::{
    Channels,
    report::{Said, report},
};
use serde::Serialize;
use serde_json::Value;
use umpire_notify::{ChannelKind, Outcome, Parcel, Report, Sms};
use umpire_outbound::Answer;

const ALIYUN: aliyun::Api = aliyun::Api {
    url: "https://dysmsapi.aliyuncs.com",
    action: "SendSms",
    version: "2017-05-25",
    id_field: "BizId",
};

const TENCENT: tencent::Api = tencent::Api {
    url: "https://sms.tencentcloudapi.com",
    service: "sms",
    action: "SendSms",
    version: "2021-01-11",
};

fn account(config: &Sms) -> Account<'_> {
    Account {
        channel: ChannelKind::Sms,
        base_url: &config.base_url,
        key_id: &config.key_id,
        key_secret: &config.key_secret,
    }
}

/// All numbers are accepted, or none is.
pub(super) async fn by_aliyun(channels: &Channels, config: &Sms, parcel: &Parcel<'_>) -> Report {
    let mut parameters = vec![
        ("PhoneNumbers", config.phone_numbers.join(",")),
        ("SignName", config.sign_name.clone()),
        ("TemplateCode", config.template_code.clone()),
        ("OutId", parcel.id.to_string()),
    ];
    if !config.parameters.is_empty() {
        let values = variables::by_name(parcel, &config.parameters);
        parameters.push(("TemplateParam", values));
    }
    aliyun::call(channels, &account(config), &ALIYUN, &parameters, parcel).await
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    phone_number_set: &'a [String],
    sms_sdk_app_id: &'a str,
    sign_name: &'a str,
    template_id: &'a str,
    template_param_set: Vec<String>,
    session_context: String,
}

/// Each number is accepted by itself.
pub(super) async fn by_tencent(channels: &Channels, config: &Sms, parcel: &Parcel<'_>) -> Report {
    let message = Message {
        phone_number_set: &config.phone_numbers,
        sms_sdk_app_id: &config.app_id,
        sign_name: &config.sign_name,
        template_id: &config.template_code,
        template_param_set: variables::by_position(parcel, &config.parameters),
        session_context: parcel.id.to_string(),
    };
    let account = account(config);
    let called =
        tencent::call(channels, &account, &TENCENT, &config.region, &message, parcel).await;
    let (answer, response) = match called {
        Ok(answered) => answered,
        Err(report) => return report,
    };
    let statuses = response["SendStatusSet"].as_array().map_or(&[][..], |statuses| statuses);
    let mut told: Vec<_> =
        statuses.iter().map(|status| number(channels, &account, &answer, status)).collect();
    for forgotten in config.phone_numbers.iter().skip(told.len()) {
        let unknown = report(Outcome::Unknown, &answer, "", "no status for a number");
        told.push((masked(forgotten), unknown));
    }
    tally(told)
}

fn number(
    channels: &Channels,
    account: &Account<'_>,
    answer: &Answer,
    status: &Value,
) -> (String, Report) {
    let text = |field: &str| status[field].as_str().unwrap_or_default();
    let said = Said { code: text("Code").to_owned(), text: text("Message").to_owned() };
    let judged = tencent::judge(channels, account, answer, &said);
    (masked(text("PhoneNumber")), Report { vendor_id: text("SerialNo").to_owned(), ..judged })
}
