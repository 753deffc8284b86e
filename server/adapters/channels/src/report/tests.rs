use super::*;
use serde_json::json;

fn answer(status: u16, wait: Option<f64>, body: &str) -> Answer {
    let retry_after = wait.map(Duration::from_secs_f64);
    Answer { status, retry_after, body: body.as_bytes().to_vec() }
}

#[test]
fn a_status_says_what_the_table_says() {
    use Outcome as O;
    for (status, wait, expected) in [
        (200, None, O::Delivered),
        (202, None, O::Delivered),
        (204, None, O::Delivered),
        (301, None, O::Permanent),
        (302, None, O::Permanent),
        (308, None, O::Permanent),
        (400, None, O::Permanent),
        (401, None, O::Permanent),
        (404, None, O::Permanent),
        (408, None, O::Transient),
        (410, None, O::Gone),
        (425, None, O::Transient),
        (429, None, O::Throttled(60)),
        (429, Some(7.0), O::Throttled(7)),
        (429, Some(0.2), O::Throttled(1)),
        (429, Some(0.0), O::Throttled(1)),
        (500, None, O::Transient),
        (500, Some(9.0), O::Transient),
        (501, None, O::Permanent),
        (502, None, O::Transient),
        (503, None, O::Transient),
        (503, Some(120.0), O::Throttled(120)),
        (599, None, O::Transient),
    ] {
        let report = by_status(&answer(status, wait, ""));
        assert_eq!((report.outcome, report.status), (expected, status), "{status} {wait:?}");
        assert_eq!(report.detail, format!("HTTP {status}"));
    }
}

#[test]
fn what_was_not_answered_may_have_been_taken() {
    let address = "10.0.0.1".parse().expect("an address");
    for (error, expected, status) in [
        (OutboundError::Unreachable("refused".into()), Outcome::Transient, 0),
        (OutboundError::Timeout { sent: false }, Outcome::Transient, 0),
        (OutboundError::Timeout { sent: true }, Outcome::Unknown, 0),
        (OutboundError::AnswerTooLong { status: 200, limit: 9 }, Outcome::Unknown, 200),
        (OutboundError::BadUrl("it is malformed"), Outcome::Permanent, 0),
        (OutboundError::BadHeader("a".into()), Outcome::Permanent, 0),
        (OutboundError::Forbidden(address), Outcome::Permanent, 0),
        (OutboundError::Setup("no".into()), Outcome::Permanent, 0),
    ] {
        let report = not_sent(&error);
        assert_eq!((&report.outcome, report.status), (&expected, status), "{error:?}");
        assert_eq!(report.detail, error.to_string());
    }
}

#[test]
fn words_are_kept_on_one_line_and_cut() {
    let report = by_status(&answer(500, None, " db\r\ndown\u{0} "));
    assert_eq!(report.detail, "HTTP 500: db  down");
    assert_eq!(refused(&"é".repeat(600)).detail, "é".repeat(500));
    let long = preceded("no", refused(&"é".repeat(600)));
    assert_eq!(long.detail, format!("no: {}", "é".repeat(496)));
    let odd = answer(400, None, &"x".repeat(10_000));
    assert_eq!(by_status(&odd).detail, format!("HTTP 400: {}", "x".repeat(200)));
    let binary = Answer { body: vec![0xff, 0xfe], ..answer(400, None, "") };
    assert_eq!(by_status(&binary).detail, "HTTP 400: \u{fffd}\u{fffd}");
}

#[test]
fn codes_are_read_from_the_first_fields_that_are_there() {
    const FIELDS: [(&str, &str); 2] = [("code", "msg"), ("StatusCode", "StatusMessage")];
    let said = |code: &str, text: &str| Some(Said { code: code.into(), text: text.into() });
    for (body, expected) in [
        (json!({"code": 0, "msg": "ok"}), said("0", "ok")),
        (json!({"code": -1}), said("-1", "")),
        (json!({"code": "45009", "msg": 1}), said("45009", "")),
        (json!({"StatusCode": 0, "StatusMessage": "success"}), said("0", "success")),
        (json!({"StatusCode": 0, "code": 9499, "msg": "bad"}), said("9499", "bad")),
        (json!({"code": null}), None),
        (json!({"code": true}), None),
        (json!({"msg": "ok"}), None),
        (json!([0]), None),
        (Value::Null, None),
    ] {
        assert_eq!(Said::read(&body, &FIELDS), expected, "{body}");
    }
}

#[test]
fn success_is_a_zero_with_http_200() {
    use Outcome as O;
    let codes = Codes::new(Vec::new());
    for (status, wait, code, expected) in [
        (200, None, Some("0"), O::Delivered),
        (202, None, Some("0"), O::Unknown),
        (302, None, Some("0"), O::Permanent),
        (500, None, Some("0"), O::Transient),
        (200, None, None, O::Unknown),
        (204, None, None, O::Unknown),
        (502, None, None, O::Transient),
        (410, None, None, O::Gone),
        // In the table, whatever the status.
        (200, None, Some("45009"), O::Throttled(60)),
        (400, None, Some("45009"), O::Throttled(60)),
        (200, Some(90.0), Some("45009"), O::Throttled(90)),
        (200, Some(5.0), Some("45009"), O::Throttled(60)),
        (200, None, Some("93000"), O::Permanent),
        // In no table.
        (200, None, Some("77777"), O::Transient),
        (400, None, Some("77777"), O::Permanent),
        (500, None, Some("77777"), O::Transient),
    ] {
        let said = code.map(|code| Said { code: code.into(), text: "words".into() });
        let answer = answer(status, wait, "");
        let report = coded(&codes, ChannelKind::WecomRobot, &answer, said.as_ref());
        assert_eq!(report.outcome, expected, "{status} {code:?}");
    }
}
