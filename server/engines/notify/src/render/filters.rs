//! What templates can do with a value. No filter makes much of little: repeated a thousand
//! times it stays within bounds.

use super::{
    clean::clip,
    clock::Shape,
    facts, headline,
    sandbox::{OUTPUT_MAX, refused},
};
use minijinja::{Environment, Error, Value, value::ValueKind};
use umpire_model::Level;

/// All of them.
pub(super) const FILTERS: [&str; 10] =
    ["default", "join", "json", "length", "level_icon", "lower", "mask", "trunc", "ts", "upper"];

/// Makes them known.
pub(super) fn install(engine: &mut Environment<'static>) {
    engine.add_filter("default", default);
    engine.add_filter("join", join);
    engine.add_filter("json", json);
    engine.add_filter("length", length);
    engine.add_filter("level_icon", level_icon);
    engine.add_filter("lower", lower);
    engine.add_filter("mask", mask);
    engine.add_filter("trunc", trunc);
    engine.add_filter("ts", ts);
    engine.add_filter("upper", upper);
}

/// Another value for one that is absent or empty.
fn default(value: &Value, other: &Value) -> Value {
    let absent = value.is_undefined() || value.is_none() || value.as_str() == Some("");
    if absent { other.clone() } else { value.clone() }
}

/// The entries of a list with something between them.
fn join(list: &Value, between: &Value) -> Result<String, Error> {
    let (between, mut joined) = (text(between)?, String::new());
    for (at, entry) in list.try_iter()?.enumerate() {
        if at > 0 {
            joined.push_str(&between);
        }
        joined.push_str(&text(&entry)?);
        joined = bounded(joined)?;
    }
    Ok(joined)
}

/// As JSON: a text in quotation marks, a number, a list.
fn json(value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Ok("null".to_owned());
    }
    let json = serde_json::to_string(value).map_err(|_| refused("this is not JSON"))?;
    bounded(json)
}

/// Characters of a text, entries of a list.
fn length(value: &Value) -> Result<usize, Error> {
    match value.as_str() {
        Some(text) => Ok(text.chars().count()),
        None => Ok(value.len().unwrap_or_default()),
    }
}

/// The glyph of `P0` to `P3`; nothing for anything else.
fn level_icon(value: &Value) -> &'static str {
    let levels = [Level::P0, Level::P1, Level::P2, Level::P3];
    let level = levels.into_iter().find(|level| Some(level.name()) == value.as_str());
    level.map_or("", headline::icon)
}

fn lower(value: &Value) -> Result<String, Error> {
    bounded(text(value)?.to_lowercase())
}

fn upper(value: &Value) -> Result<String, Error> {
    bounded(text(value)?.to_uppercase())
}

/// The ends of a name with `*` between.
fn mask(value: &Value) -> Result<String, Error> {
    Ok(facts::mask(&text(value)?))
}

/// At most so many characters, `…` at the end of what was cut.
fn trunc(value: &Value, most: usize) -> Result<String, Error> {
    Ok(clip(&text(value)?, most))
}

/// A piece of `first_at` or `last_at`: its `date`, `time`, `clock` or a `short` form.
fn ts(value: &Value, shape: &str) -> Result<String, Error> {
    let shape = Shape::from_name(shape)
        .ok_or_else(|| refused("a time is shown as date, time, clock or short"))?;
    let at = text(value)?;
    Ok(shape.of(&at).unwrap_or(&at).to_owned())
}

fn text(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(String::new()),
        ValueKind::String | ValueKind::Number | ValueKind::Bool => Ok(value.to_string()),
        _ => Err(refused("a list is no text")),
    }
}

fn bounded(text: String) -> Result<String, Error> {
    if text.len() > OUTPUT_MAX {
        return Err(refused("the text is too long"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{escape::Dialect, sandbox};
    use std::collections::BTreeMap;

    fn shown(source: &str) -> Option<String> {
        let vars = BTreeMap::from([
            ("name", Value::from("Ä\"b")),
            ("empty", "".into()),
            ("list", ["a", "b"].into_iter().collect()),
            ("at", "2023-11-15 06:13:20 UTC+08:00".into()),
        ]);
        sandbox::run(Dialect::Raw, source, &Value::from(vars)).ok()
    }

    #[test]
    fn filters_do_what_they_say() {
        for (source, expected) in [
            ("{{ empty|default('a') }}{{ gone|default(1) }}{{ name|default('a') }}", "a1Ä\"b"),
            ("{{ list|join(' + ') }}", "a + b"),
            (
                "{{ name|json }} {{ list|json }} {{ 1|json }} {{ gone|json }}",
                r#""Ä\"b" ["a","b"] 1 null"#,
            ),
            ("{{ name|length }} {{ list|length }} {{ empty|length }} {{ gone|length }}", "3 2 0 0"),
            ("{{ 'P0'|level_icon }}{{ 'P9'|level_icon }}{{ gone|level_icon }}", "🚨"),
            ("{{ name|lower }} {{ name|upper }} {{ gone|upper }}", "ä\"b Ä\"B "),
            ("{{ name|mask }} {{ gone|mask }}", "Ä*b "),
            ("{{ name|trunc(2) }} {{ name|trunc(99) }}", "Ä… Ä\"b"),
            ("{{ at|ts('time') }} {{ name|ts('time') }}", "06:13:20 Ä\"b"),
        ] {
            assert_eq!(shown(source).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn what_they_cannot_do_they_refuse() {
        for source in
            ["{{ list|upper }}", "{{ name|ts('%Y') }}", "{{ name|trunc }}", "{{ 1|join }}"]
        {
            assert_eq!(shown(source), None, "{source}");
        }
    }

    #[test]
    fn all_of_them_are_there() {
        for filter in FILTERS {
            let uses = ["at|F", "at|F('date')", "at|F(5)", "list|F('a')"];
            let sources = uses.map(|of| format!("{{{{ {} }}}}", of.replace('F', filter)));
            assert!(sources.iter().any(|source| shown(source).is_some()), "{filter}");
        }
    }
}
