use crate::{
    channels::{fit::fitted, heading::with_heading, people::People},
    cut::cut_chars,
};
use serde_json::json;
use std::borrow::Cow;
use umpire_notify::{Dingtalk, Parcel};

/// Bytes of a request.
const MAX_BODY: usize = 20_000;
/// Characters of a title, which stands in the list of chats.
const MAX_TITLE: usize = 100;
/// Stands there when there is no title.
const NO_TITLE: &str = "…";

/// The request: markdown that is cut where it is too long.
pub(super) fn body(config: &Dingtalk, parcel: &Parcel<'_>) -> Vec<u8> {
    let (users, mobiles) = (&config.at_user_ids, &config.at_mobiles);
    let people = People::of(parcel.notice, users, mobiles, config.at_all);
    let title = title(&parcel.rendered.title, &config.keyword);
    let line = mentions(&people);
    fitted(&with_heading(parcel.rendered), MAX_BODY, |text| {
        json!({
            "msgtype": "markdown",
            "markdown": { "title": title, "text": format!("{text}{line}") },
            "at": {
                "atMobiles": people.mobiles,
                "atUserIds": people.users,
                "isAtAll": people.all,
            },
        })
    })
}

/// The title with the robot's keyword in it: there it is never cut away.
fn title<'a>(title: &'a str, keyword: &str) -> Cow<'a, str> {
    let cut = cut_chars(title, MAX_TITLE, "…");
    match (cut.is_empty(), cut.contains(keyword)) {
        (true, true) => Cow::Borrowed(NO_TITLE),
        (false, true) => cut,
        (_, false) => Cow::Owned(format!("{keyword} {cut}").trim_end().to_owned()),
    }
}

/// Who is not in the text is not mentioned, whatever `at` says.
fn mentions(people: &People) -> String {
    let names = people.mobiles.iter().chain(&people.users).map(|name| format!("@{name}"));
    let names: Vec<String> = names.collect();
    if names.is_empty() { String::new() } else { format!("\n\n{}", names.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dingtalk::tests::config,
        samples::{Sample, sample},
    };
    use serde_json::Value;
    use umpire_notify::Mention;

    fn read(config: &Dingtalk, sample: &Sample) -> Value {
        serde_json::from_slice(&body(config, &sample.parcel())).expect("JSON")
    }

    #[test]
    fn everything_is_as_the_vendor_wants_it() {
        let mut sample = sample();
        let text = "## ⚠️ P1 数据泄露 ×3\n\n命中：底薪\n\n群聊：销售一群";
        let expected = |mobiles: Value, users: Value, all: bool, line: &str| {
            json!({
                "msgtype": "markdown",
                "markdown": { "title": "⚠️ P1 数据泄露 ×3", "text": format!("{text}{line}") },
                "at": { "atMobiles": mobiles, "atUserIds": users, "isAtAll": all },
            })
        };
        let nobody = expected(json!([]), json!([]), false, "");
        assert_eq!(read(&config("http://a"), &sample), nobody);
        let line = "\n\n@13800000000 @user1";
        let (mobiles, users) = (json!(["13800000000"]), json!(["user1"]));
        for (mention, all) in [(Mention::Named, false), (Mention::All, true)] {
            sample.notice.mention = mention;
            let expected = expected(mobiles.clone(), users.clone(), all, line);
            assert_eq!(read(&config("http://a"), &sample), expected, "{mention:?}");
        }
    }

    #[test]
    fn the_keyword_is_in_the_title() {
        let long = "数".repeat(200);
        let cut = format!("{}…", "数".repeat(99));
        for (text, keyword, expected) in [
            ("告警 a", "", "告警 a"),
            ("告警 a", "告警", "告警 a"),
            ("a", "告警", "告警 a"),
            ("", "告警", "告警"),
            ("", "", NO_TITLE),
            (&*long, "", &*cut),
            (&*long, "告警", &*format!("告警 {cut}")),
        ] {
            assert_eq!(title(text, keyword), expected, "{keyword}");
        }
    }

    #[test]
    fn requests_are_cut_at_20000_bytes_and_mentions_stay() {
        let (mut sample, config) = (sample(), config("http://a"));
        sample.notice.mention = Mention::Named;
        for unit in ["x", "数", "🚨a", "数据泄露\n\n"] {
            sample.rendered.body = format!("# {}", unit.repeat(30_000));
            let bytes = body(&config, &sample.parcel());
            assert!((15_000..=MAX_BODY).contains(&bytes.len()), "{unit} {}", bytes.len());
            let found: Value = serde_json::from_slice(&bytes).expect("JSON");
            let text = found["markdown"]["text"].as_str().expect("text");
            assert!(text.ends_with("\n\n…\n\n@13800000000 @user1"), "{unit}");
        }
    }
}
