use crate::vendor::text;
use serde_json::Value;

/// What a message says.
pub(super) struct Message {
    /// As it stands in the list of chats.
    title: String,
    pub text: String,
    pub mentions: Vec<String>,
}

impl Message {
    /// Whether it contains a keyword.
    pub fn has(&self, word: &str) -> bool {
        self.title.contains(word) || self.text.contains(word)
    }
}

/// Reads a message, or says what is wrong with it.
pub(super) fn read(body: &Value) -> Result<Message, (i64, &'static str)> {
    match body["msgtype"].as_str() {
        Some("text") => {
            let said = required(body, "/text/content")?;
            Ok(Message { title: String::new(), text: said.into(), mentions: named(body) })
        }
        Some("markdown") => {
            let said = required(body, "/markdown/text")?;
            let title = required(body, "/markdown/title")?;
            // Who is not in the text is not mentioned, and the other way round.
            let is_there = |who: &String| who == "@all" || said.contains(&format!("@{who}"));
            let mentions = named(body).into_iter().filter(is_there).collect();
            Ok(Message { title: title.into(), text: said.into(), mentions })
        }
        Some("actionCard") => {
            let said = required(body, "/actionCard/text")?;
            let title = required(body, "/actionCard/title")?;
            Ok(Message { title: title.into(), text: said.into(), mentions: Vec::new() })
        }
        _ => Err((400_105, "msgtype is not supported")),
    }
}

fn required<'a>(body: &'a Value, pointer: &str) -> Result<&'a str, (i64, &'static str)> {
    match text(body, pointer) {
        "" => Err((40_035, "缺少参数")),
        said => Ok(said),
    }
}

/// Those that `at` names.
fn named(body: &Value) -> Vec<String> {
    let at = &body["at"];
    let lists = ["atMobiles", "atUserIds"].map(|list| at[list].as_array());
    let people = lists.into_iter().flatten().flatten().filter_map(Value::as_str);
    let all = (at["isAtAll"] == true).then_some("@all");
    people.chain(all).map(str::to_owned).collect()
}
