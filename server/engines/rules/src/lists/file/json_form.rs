//! A JSON array of words or objects.

use super::{
    FileError, Reading,
    columns::{self, Column, marked},
};
use crate::lists::Entry;
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use umpire_model::Level;

pub(super) fn read(text: &str, reading: &mut Reading) -> Result<(), FileError> {
    let mut source = serde_json::Deserializer::from_str(text);
    let wrong = |error: serde_json::Error| FileError::Json(error.to_string());
    source.deserialize_seq(Elements(reading)).map_err(wrong)?;
    source.end().map_err(wrong)
}

/// Takes one element after the other, so that memory holds one.
struct Elements<'r>(&'r mut Reading);

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of words or objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(element) = elements.next_element::<Value>()? {
            number += 1;
            take(number, element, self.0);
        }
        Ok(())
    }
}

fn take(number: u64, element: Value, reading: &mut Reading) {
    match element {
        Value::String(word) => reading.take(number, Ok(marked(&word))),
        Value::Object(fields) => read_object(number, &fields, reading),
        other => {
            let reason = format!("{} is neither a word nor an object", kind(&other));
            reading.take(number, Err(reason));
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn read_object(number: u64, fields: &Map<String, Value>, reading: &mut Reading) {
    let rest = match rest(fields, reading) {
        Ok(rest) => rest,
        Err(reason) => return reading.take(number, Err(reason)),
    };
    let (word, pattern) = match (text(fields, Column::Word), text(fields, Column::Match)) {
        (Ok(word), Ok(pattern)) => (word, pattern),
        (Err(reason), _) | (_, Err(reason)) => return reading.take(number, Err(reason)),
    };
    match (word, pattern) {
        (Some(word), Some(mode)) => {
            let entry = columns::mode(mode).map(|mode| Entry { mode, ..with(rest, word) });
            reading.take(number, entry);
        }
        (Some(word), None) => {
            let Entry { word, mode, .. } = marked(word);
            reading.take(number, Ok(Entry { word, mode, ..rest }));
        }
        (None, Some(pattern)) => {
            for word in alternatives(pattern) {
                reading.take(number, Ok(with(rest.clone(), &word)));
            }
        }
        (None, None) => reading.take(number, Err("neither `word` nor `match`".into())),
    }
}

fn with(rest: Entry, word: &str) -> Entry {
    Entry { word: Entry::new(word).word, ..rest }
}

/// `boo*b|bosom`: alternatives, in which `*` lets the letter before it repeat;
/// repeated letters are the matching's affair.
fn alternatives(pattern: &str) -> impl Iterator<Item = String> {
    pattern.split('|').map(|alternative| alternative.replace('*', ""))
}

/// Everything but the word.
fn rest(fields: &Map<String, Value>, reading: &mut Reading) -> Result<Entry, String> {
    let category = match text(fields, Column::Category)? {
        Some(category) => Some(category),
        None => first_tag(fields),
    };
    let level = match text(fields, Column::Level)? {
        Some(level) => columns::level(level)?,
        None => severity(fields)?,
    };
    let note = text(fields, Column::Note)?.map(str::trim).filter(|note| !note.is_empty());
    Ok(Entry {
        category: category.and_then(|category| reading.share(category)),
        level,
        note: note.map(Into::into),
        end_time: columns::end_time(text(fields, Column::EndTime)?.unwrap_or_default())?,
        ..Entry::new("")
    })
}

fn text(fields: &Map<String, Value>, sought: Column) -> Result<Option<&str>, String> {
    let named = fields.iter().filter(|(name, _)| Column::of(name) == Some(sought));
    match { named }.find(|(_, value)| !value.is_null()) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text)),
        Some((name, other)) => Err(format!("`{name}` is {}, not a string", kind(other))),
    }
}

fn first_tag(fields: &Map<String, Value>) -> Option<&str> {
    fields.get("tags")?.as_array()?.first()?.as_str()
}

/// 1 to 4, the gravest being 4.
fn severity(fields: &Map<String, Value>) -> Result<Option<Level>, String> {
    let Some(severity) = fields.get("severity") else { return Ok(None) };
    Ok(Some(match severity.as_u64() {
        Some(1) => Level::P3,
        Some(2) => Level::P2,
        Some(3) => Level::P1,
        Some(4) => Level::P0,
        _ => return Err(format!("severity {severity} is none of 1, 2, 3, 4")),
    }))
}
