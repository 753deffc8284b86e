use crate::{
    codes::Codes,
    report::{Said, coded},
};
use serde_json::Value;
use umpire_notify::{ChannelKind, Outcome, Report, WecomApp};
use umpire_outbound::Answer;

/// Fields of an answer that name whom it did not reach, and what they are.
const FAILED: [(&str, &str); 4] = [
    ("invaliduser", ""),
    ("unlicenseduser", ""),
    ("invalidparty", "party:"),
    ("invalidtag", "tag:"),
];

/// What an answer to a message means: WeCom calls it a success, too, when it reached only
/// some.
pub(super) fn read(codes: &Codes, config: &WecomApp, answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = Said::read(&body, &[("errcode", "errmsg")]);
    let report = coded(codes, ChannelKind::WecomApp, answer, said.as_ref());
    if report.outcome != Outcome::Delivered {
        return report;
    }
    let failed = failed(&body);
    let vendor_id = body["msgid"].as_str().unwrap_or_default().to_owned();
    if failed.is_empty() {
        return Report { vendor_id, ..report };
    }
    if recipients(config).iter().all(|name| failed.contains(name)) {
        let detail = "nobody it is for can be reached".to_owned();
        return Report { outcome: Outcome::Permanent, detail, vendor_id, ..report };
    }
    Report { outcome: Outcome::Partial(failed), vendor_id, ..report }
}

fn failed(body: &Value) -> Vec<String> {
    let mut failed = Vec::new();
    for (field, prefix) in FAILED {
        let names = body[field].as_str().unwrap_or_default().split('|');
        failed.extend(
            names
                .filter(|name| !name.is_empty())
                .map(|name| format!("{prefix}{}", name.to_lowercase())),
        );
    }
    failed
}

/// Everybody it is for, as answers name them.
fn recipients(config: &WecomApp) -> Vec<String> {
    let named = |names: &[String], prefix: &str| -> Vec<String> {
        names.iter().map(|name| format!("{prefix}{}", name.to_lowercase())).collect()
    };
    let (users, parties) = (named(&config.to_users, ""), named(&config.to_parties, "party:"));
    [users, parties, named(&config.to_tags, "tag:")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wecom_app::tests::config;
    use Outcome as O;

    fn of(status: u16, body: &str) -> Report {
        let answer = Answer { status, retry_after: None, body: body.as_bytes().to_vec() };
        read(&Codes::new(Vec::new()), &config("http://a"), &answer)
    }

    #[test]
    fn codes_mean_what_the_table_says() {
        for (code, expected) in [
            (0, O::Delivered),
            (-1, O::Transient),
            // As it remains when a new token did not help.
            (40_001, O::Transient),
            (40_014, O::Transient),
            (42_001, O::Transient),
            (40_091, O::Permanent),
            (40_013, O::Permanent),
            (40_056, O::Permanent),
            (301_002, O::Permanent),
            (40_003, O::Permanent),
            (60_111, O::Permanent),
            (81_013, O::Permanent),
            (40_058, O::Permanent),
            (44_004, O::Permanent),
            (45_002, O::Permanent),
            (45_009, O::Throttled(60)),
            (45_033, O::Throttled(60)),
            (60_020, O::Permanent),
        ] {
            let report = of(200, &format!(r#"{{"errcode":{code},"errmsg":"said"}}"#));
            assert_eq!(report.outcome, expected, "{code}");
            assert_eq!((&*report.vendor_code, &*report.detail), (&*code.to_string(), "said"));
        }
    }

    #[test]
    fn success_may_be_of_some_alone() {
        let partial =
            |names: &[&str]| O::Partial(names.iter().map(|name| (*name).to_owned()).collect());
        for (more, expected) in [
            (r#""invaliduser":"","invalidparty":"""#, O::Delivered),
            (r#""invaliduser":"li""#, partial(&["li"])),
            (r#""unlicenseduser":"zhang|li""#, partial(&["zhang", "li"])),
            (r#""invalidparty":"2","invalidtag":"9""#, partial(&["party:2", "tag:9"])),
            (r#""invaliduser":"zhang|li","invalidparty":"2""#, O::Permanent),
        ] {
            let report = of(200, &format!(r#"{{"errcode":0,"errmsg":"ok","msgid":"m",{more}}}"#));
            assert_eq!((report.outcome, &*report.vendor_id), (expected, "m"), "{more}");
        }
    }

    #[test]
    fn what_is_not_understood_may_have_been_taken() {
        for (status, body, expected) in [
            (200, "", O::Unknown),
            (200, "ok", O::Unknown),
            (200, r#"{"ok":true}"#, O::Unknown),
            (200, r#"[0]"#, O::Unknown),
            (204, r#"{"errcode":0}"#, O::Unknown),
            (502, r#"{"errcode":0}"#, O::Transient),
            (404, "<html>", O::Permanent),
        ] {
            assert_eq!(of(status, body).outcome, expected, "{status} {body}");
        }
    }
}
