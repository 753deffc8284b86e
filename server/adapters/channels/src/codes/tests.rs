use super::*;
use ChannelKind as C;
use Outcome as O;

fn check(codes: &Codes, rows: &[(ChannelKind, &str, &str, Option<Outcome>)]) {
    for (channel, code, text, expected) in rows {
        assert_eq!(codes.outcome(*channel, code, text), *expected, "{channel:?} {code} {text}");
    }
}

#[test]
fn one_code_may_mean_two_things() {
    let (permanent, throttled) = (Some(O::Permanent), Some(O::Throttled(10)));
    let codes = Codes::new(Vec::new());
    check(
        &codes,
        &[
            (C::Feishu, "9499", "Bad Request", permanent.clone()),
            (C::Feishu, "9499", "", permanent.clone()),
            (C::Feishu, "9499", "too many request", throttled.clone()),
            (C::Feishu, "9499", "Too Many Requests!", throttled),
            (C::Dingtalk, "310000", "sign not match, more at https://…", permanent.clone()),
            (C::Dingtalk, "310000", "keywords not in content", permanent.clone()),
            (
                C::Dingtalk,
                "310000",
                "description:机器人发送签名不匹配;solution:…",
                permanent.clone(),
            ),
            (C::Dingtalk, "310000", "invalid timestamp", Some(O::Transient)),
            (C::Dingtalk, "310000", "description:机器人发送签名过期;", Some(O::Transient)),
            // The text belongs to its code and its channel.
            (C::Feishu, "19021", "too many request", permanent),
            (C::Slack, "9499", "too many request", None),
        ],
    );
}

#[test]
fn codes_end_in_stars() {
    let codes = Codes::new(Vec::new());
    check(
        &codes,
        &[
            (C::Sms, "isv.SMS_SIGNATURE_ILLEGAL", "", Some(O::Permanent)),
            (C::Sms, "isp.SYSTEM_ERROR", "", Some(O::Transient)),
            (C::Sms, "Throttling", "", Some(O::Transient)),
            (C::Sms, "Throttling.User", "", Some(O::Transient)),
            (C::Voice, "InternalError.SendAndRecvFail", "", Some(O::Transient)),
            (C::Sms, "LimitExceeded.PhoneNumberThirtySecondLimit", "", Some(O::Throttled(30))),
            (C::Sms, "LimitExceeded.AppDailyLimit", "", Some(O::Permanent)),
            (C::Sms, "AuthFailure.SignatureExpire", "", Some(O::Transient)),
            (C::Sms, "AuthFailure.SignatureFailure", "", Some(O::Permanent)),
            (C::Sms, "OK", "", None),
            (C::Telegram, "502", "Bad Gateway", Some(O::Transient)),
            (C::Webhook, "500", "", None),
        ],
    );
}

#[test]
fn what_the_configuration_says_holds() {
    let row = |key, value| CodeRow::parse(key, value).expect("a row");
    let codes = Codes::new(vec![
        row("dingtalk/410100", "THROTTLED 600"),
        row("wecom_app/45*", "TRANSIENT"),
        row("wecom_app/45009/minute", "THROTTLED 61"),
        row("wecom_app/45009", "GONE"),
        row("slack/new_error", "UNKNOWN"),
    ]);
    check(
        &codes,
        &[
            (C::Dingtalk, "410100", "", Some(O::Throttled(600))),
            (C::Dingtalk, "130101", "", Some(O::Throttled(600))),
            (C::WecomApp, "45009", "per Minute", Some(O::Throttled(61))),
            (C::WecomApp, "45009", "", Some(O::Gone)),
            (C::WecomApp, "45033", "", Some(O::Transient)),
            (C::WecomRobot, "45009", "", Some(O::Throttled(60))),
            (C::Slack, "new_error", "", Some(O::Unknown)),
        ],
    );
}

#[test]
fn entries_are_read() {
    let row = |channel, code: &str, text: &str, outcome| {
        Ok(CodeRow { channel, code: code.into(), text: text.into(), outcome })
    };
    let key = |key: &str| Err(BadCode::Key(key.into()));
    let outcome = |value: &str| Err(BadCode::Outcome(value.into()));
    for (text, value, expected) in [
        ("dingtalk/410100", "THROTTLED 60", row(C::Dingtalk, "410100", "", O::Throttled(60))),
        ("dingtalk/1", "THROTTLED 86400", row(C::Dingtalk, "1", "", O::Throttled(86_400))),
        (
            "feishu/9499/too many/request",
            "DELIVERED",
            row(C::Feishu, "9499", "too many/request", O::Delivered),
        ),
        ("wecom_app/-1", "TRANSIENT", row(C::WecomApp, "-1", "", O::Transient)),
        ("slack/x", "PERMANENT", row(C::Slack, "x", "", O::Permanent)),
        ("dingtalk", "GONE", key("dingtalk")),
        ("dingtalk/", "GONE", key("dingtalk/")),
        ("", "GONE", key("")),
        ("dingding/1", "GONE", Err(BadCode::Channel("dingding".into()))),
        ("dingtalk/1", "THROTTLED", outcome("THROTTLED")),
        ("dingtalk/1", "THROTTLED 0", outcome("THROTTLED 0")),
        ("dingtalk/1", "THROTTLED 86401", outcome("THROTTLED 86401")),
        ("dingtalk/1", "THROTTLED soon", outcome("THROTTLED soon")),
        ("dingtalk/1", "PARTIAL", outcome("PARTIAL")),
        ("dingtalk/1", "gone", outcome("gone")),
    ] {
        assert_eq!(CodeRow::parse(text, value), expected, "{text} = {value}");
    }
}

#[test]
fn no_two_built_in_rows_are_about_the_same() {
    let rows = rows::built_in();
    for (number, row) in rows.iter().enumerate() {
        let same = |other: &&CodeRow| {
            (other.channel, &other.code, &other.text) == (row.channel, &row.code, &row.text)
        };
        assert_eq!(rows[..number].iter().find(same), None);
    }
}
