use serde_json::Value;

/// The users that `<@userid>` in markdown mentions.
pub(super) fn in_markdown(content: &str) -> Vec<String> {
    let tags = content.split("<@").skip(1).filter_map(|behind| behind.split_once('>'));
    let users = tags.map(|(user, _)| user).filter(|user| is_user(user));
    users.map(str::to_owned).collect()
}

fn is_user(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "_-@.".contains(c);
    !name.is_empty() && name.chars().all(known)
}

/// Those that lists beside a text mention.
pub(super) fn in_lists(text: &Value) -> Vec<String> {
    let lists = ["mentioned_list", "mentioned_mobile_list"].map(|list| text[list].as_array());
    let people = lists.into_iter().flatten().flatten().filter_map(Value::as_str);
    people.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tags_mention() {
        for (content, expected) in [
            ("a <@zhang>b<@li.si>", vec!["zhang", "li.si"]),
            ("<@all>", vec!["all"]),
            ("@zhang <\u{200b}@li> <@\u{200b}wu> &lt;@wang&gt; <@> <@a b> <@open", vec![]),
        ] {
            assert_eq!(in_markdown(content), expected, "{content}");
        }
    }

    #[test]
    fn lists_mention() {
        let text = json!({ "mentioned_list": ["a", "@all"], "mentioned_mobile_list": ["138"] });
        assert_eq!(in_lists(&text), ["a", "@all", "138"]);
        assert!(in_lists(&json!({})).is_empty());
    }
}
