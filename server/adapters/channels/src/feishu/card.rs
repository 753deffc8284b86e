use crate::{channels::people::People, cut::cut_chars};
use serde_json::{Value, json};
use umpire_model::Level;
use umpire_notify::{Notice, Reason};

/// Characters of a title.
const MAX_TITLE: usize = 200;
/// Stands where a card must say something and there is nothing.
const NOTHING: &str = "…";

/// A card with a coloured header above the text.
pub(super) fn card(notice: &Notice, title: &str, text: &str) -> Value {
    let or_nothing =
        |text: &str| if text.is_empty() { NOTHING.to_owned() } else { text.to_owned() };
    let title = or_nothing(&cut_chars(title, MAX_TITLE, "…"));
    json!({
        "config": { "wide_screen_mode": true },
        "header": {
            "template": colour(notice),
            "title": { "tag": "plain_text", "content": title },
        },
        "elements": [{ "tag": "markdown", "content": or_nothing(text) }],
    })
}

fn colour(notice: &Notice) -> &'static str {
    match (notice.reason, notice.level) {
        (Reason::Resolved, _) => "green",
        (Reason::Test, _) => "blue",
        (_, Level::P0) => "red",
        (_, Level::P1) => "orange",
        (_, Level::P2) => "yellow",
        (_, Level::P3) => "grey",
    }
}

/// The line that mentions people. Ids of a rule may be those of another vendor: one that is
/// not known for an open id, or is no address, could spoil the card.
pub(super) fn tags(people: &People, own: &[String]) -> String {
    let tag = |user: &String| {
        if user.contains('@') {
            return Some(format!("<at email={user}></at>"));
        }
        let is_id = own.contains(user) || user.starts_with("ou_");
        is_id.then(|| format!("<at id={user}></at>"))
    };
    let all = people.all.then(|| "<at id=all></at>".to_owned());
    let tags: Vec<String> = people.users.iter().filter_map(tag).chain(all).collect();
    if tags.is_empty() { String::new() } else { format!("\n\n{}", tags.concat()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::notice;

    #[test]
    fn the_header_shows_the_level() {
        use Reason as R;
        for (reason, level, expected) in [
            (R::First, Level::P0, "red"),
            (R::Repeated, Level::P1, "orange"),
            (R::Digest, Level::P2, "yellow"),
            (R::First, Level::P3, "grey"),
            (R::Resolved, Level::P0, "green"),
            (R::Test, Level::P3, "blue"),
        ] {
            let card = card(&Notice { reason, level, ..notice() }, "t", "x");
            assert_eq!(card["header"]["template"], expected, "{reason:?} {level:?}");
        }
    }

    #[test]
    fn a_card_always_says_something() {
        let of = |title: &str, text: &str| {
            let card = card(&notice(), title, text);
            let title = card["header"]["title"]["content"].as_str().expect("a title").to_owned();
            (title, card["elements"][0]["content"].as_str().expect("a text").to_owned())
        };
        assert_eq!(of("t", "x"), ("t".into(), "x".into()));
        assert_eq!(of("", ""), ("…".into(), "…".into()));
        assert_eq!(of(&"数".repeat(300), "x").0, format!("{}…", "数".repeat(199)));
    }

    #[test]
    fn only_what_feishu_knows_is_mentioned() {
        let names = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let own = names(&["4g5f6a"]);
        for (users, all, expected) in [
            (
                &["ou_1", "a@b.example"][..],
                false,
                "\n\n<at id=ou_1></at><at email=a@b.example></at>",
            ),
            (&["4g5f6a", "zhang"][..], false, "\n\n<at id=4g5f6a></at>"),
            (&["zhang"][..], true, "\n\n<at id=all></at>"),
            (&["zhang"][..], false, ""),
        ] {
            let people = People { users: names(users), all, ..People::default() };
            assert_eq!(tags(&people, &own), expected);
        }
    }
}
