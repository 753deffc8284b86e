use crate::vendor::text;
use serde_json::Value;

const COLOURS: [&str; 13] = [
    "blue",
    "wathet",
    "turquoise",
    "green",
    "yellow",
    "orange",
    "red",
    "carmine",
    "violet",
    "purple",
    "indigo",
    "grey",
    "default",
];

/// What a card says.
pub(super) struct Card {
    /// Without markup.
    title: String,
    /// Of each element that has some.
    pub markdown: Vec<String>,
}

impl Card {
    /// All of it, the title first.
    pub fn whole(&self) -> String {
        [&*self.title, &self.markdown.join("\n")].join("\n")
    }
}

/// Reads a card, or says what is wrong with it.
pub(super) fn read(card: &Value) -> Result<Card, &'static str> {
    let title = text(card, "/header/title/content");
    if text(card, "/header/title/tag") != "plain_text" || title.is_empty() {
        return Err("card header has no plain_text title");
    }
    if !COLOURS.contains(&text(card, "/header/template")) {
        return Err("card header has no such template");
    }
    let elements = card["elements"].as_array().filter(|elements| !elements.is_empty());
    let elements = elements.ok_or("card has no elements")?;
    let said: Result<Vec<&str>, _> = elements.iter().map(said).collect();
    let markdown = said?.into_iter().filter(|said| !said.is_empty()).map(str::to_owned);
    Ok(Card { title: title.into(), markdown: markdown.collect() })
}

/// What an element says in markdown, if anything.
fn said(element: &Value) -> Result<&str, &'static str> {
    match element["tag"].as_str() {
        Some("markdown") => match text(element, "/content") {
            "" => Err("markdown element is empty"),
            said => Ok(said),
        },
        Some("div") => Ok(text(element, "/text/content")),
        Some("hr" | "action" | "note") => Ok(""),
        _ => Err("card has an unknown element"),
    }
}
