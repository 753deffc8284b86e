use crate::webhook::facts::Facts;
use serde_json::{Map, Value};
use umpire_notify::Parcel;

/// What a notice says that is not its identity: all its facts as texts, and its words.
/// Those of a place and a sender are named like `place_camera`; empty ones are left out.
pub(super) fn annotations(parcel: &Parcel<'_>) -> Map<String, Value> {
    let mut annotations = Map::new();
    if let Ok(Value::Object(facts)) = serde_json::to_value(Facts::of(parcel.notice)) {
        for (name, fact) in facts {
            annotate(&mut annotations, name, fact);
        }
    }
    put(&mut annotations, "summary".to_owned(), parcel.rendered.title.clone());
    put(&mut annotations, "description".to_owned(), parcel.rendered.body.clone());
    annotations
}

fn annotate(annotations: &mut Map<String, Value>, name: String, fact: Value) {
    match fact {
        Value::Object(facts) => {
            for (inner, fact) in facts {
                annotate(annotations, format!("{name}_{inner}"), fact);
            }
        }
        Value::Array(facts) => put(annotations, name, list(&facts)),
        Value::String(text) => put(annotations, name, text),
        Value::Null => {}
        fact => put(annotations, name, fact.to_string()),
    }
}

fn list(facts: &[Value]) -> String {
    let texts =
        facts.iter().map(|fact| fact.as_str().map_or_else(|| fact.to_string(), str::to_owned));
    texts.collect::<Vec<_>>().join(", ")
}

fn put(annotations: &mut Map<String, Value>, name: String, text: String) {
    if !text.is_empty() {
        annotations.insert(name, text.into());
    }
}
