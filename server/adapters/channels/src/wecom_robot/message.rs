use crate::{
    channels::{fit::MARKER, heading::with_heading, people::People},
    cut::cut_bytes,
};
use serde_json::{Value, json};
use umpire_notify::Rendered;

/// Bytes of markdown.
const MAX_MARKDOWN: usize = 4_096;
/// Bytes of a text.
const MAX_TEXT: usize = 2_048;
/// Bytes of the tags that mention; who does not fit in is not mentioned.
const MAX_TAGS: usize = 1_024;
const EVERYBODY: &str = "@all";

/// The notice, with users mentioned in its last line.
pub(super) fn markdown(rendered: &Rendered, users: &[String]) -> Value {
    let tags = tags(users);
    let text = with_heading(rendered);
    let text = cut_bytes(&text, MAX_MARKDOWN - tags.len(), MARKER);
    json!({ "msgtype": "markdown", "markdown": { "content": format!("{text}{tags}") } })
}

fn tags(users: &[String]) -> String {
    let mut tags = String::new();
    for user in users {
        let tag = format!("<@{user}>");
        if tags.len() + tag.len() < MAX_TAGS {
            tags.push_str(if tags.is_empty() { "\n" } else { "" });
            tags.push_str(&tag);
        }
    }
    tags
}

/// The title alone, with those whom markdown cannot mention.
pub(super) fn text(rendered: &Rendered, people: &People) -> Value {
    let content = match &*cut_bytes(&rendered.title, MAX_TEXT, "…") {
        "" => "…".to_owned(),
        title => title.to_owned(),
    };
    let mut text = json!({ "content": content });
    if people.all {
        text["mentioned_list"] = json!([EVERYBODY]);
    }
    if !people.mobiles.is_empty() {
        text["mentioned_mobile_list"] = json!(people.mobiles);
    }
    json!({ "msgtype": "text", "text": text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::rendered;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("user-{number:04}")).collect()
    }

    #[test]
    fn users_are_mentioned_in_the_content() {
        let with = |users: &[String]| markdown(&rendered(), users);
        let content = "## ⚠️ P1 数据泄露 ×3\n\n命中：底薪\n\n群聊：销售一群";
        let expected = json!({ "msgtype": "markdown", "markdown": { "content": content } });
        assert_eq!(with(&[]), expected);
        let content = format!("{content}\n<@user-0000><@user-0001>");
        let expected = json!({ "msgtype": "markdown", "markdown": { "content": content } });
        assert_eq!(with(&names(2)), expected);
    }

    #[test]
    fn content_is_cut_at_4096_bytes_and_mentions_stay() {
        for (unit, users) in [("x", 0), ("数", 1), ("🚨a", 50), ("x", 1_000)] {
            let body = format!("# {}", unit.repeat(6_000));
            let found = markdown(&Rendered { body, ..rendered() }, &names(users));
            let content = found["markdown"]["content"].as_str().expect("content");
            assert!((4_090..=4_096).contains(&content.len()), "{unit} {}", content.len());
            let mentioned = content.matches("<@user-").count();
            assert!(mentioned == users || (users == 1_000 && mentioned > 80), "{mentioned}");
            assert!(content.contains("\n\n…"), "{content}");
        }
    }

    #[test]
    fn the_text_mentions_numbers_and_everybody() {
        let mobiles = vec!["13800000000".to_owned()];
        let title = "⚠️ P1 数据泄露 ×3";
        for (all, mobiles, expected) in [
            (true, Vec::new(), json!({ "content": title, "mentioned_list": ["@all"] })),
            (
                false,
                mobiles.clone(),
                json!({ "content": title, "mentioned_mobile_list": ["13800000000"] }),
            ),
            (
                true,
                mobiles,
                json!({
                    "content": title, "mentioned_list": ["@all"],
                    "mentioned_mobile_list": ["13800000000"],
                }),
            ),
        ] {
            let people = People { users: names(1), mobiles, all };
            let expected = json!({ "msgtype": "text", "text": expected });
            assert_eq!(text(&rendered(), &people), expected);
        }
        let long = Rendered { title: "数".repeat(1_000), ..rendered() };
        let found = text(&long, &People::default());
        assert_eq!(found["text"]["content"].as_str().map(str::len), Some(2_046));
    }
}
