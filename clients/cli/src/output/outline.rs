//! One thing with all its fields, for people.

use super::safe;
use serde_json::{Map, Value};

/// Indented lines, `name` first.
pub fn of(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) => {
            for (name, field) in sorted(fields) {
                write_field(name, field, depth, text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| write_item(item, depth, text)),
        other => text.push_str(&format!("{}{}\n", indent(depth), scalar(other))),
    }
}

fn write_field(name: &str, field: &Value, depth: usize, text: &mut String) {
    let name = safe(name);
    if field.is_object() || field.is_array() {
        text.push_str(&format!("{}{name}:\n", indent(depth)));
        write(field, depth + 1, text);
    } else {
        text.push_str(&format!("{}{name}: {}\n", indent(depth), scalar(field)));
    }
}

/// The first line of an item carries its dash.
fn write_item(item: &Value, depth: usize, text: &mut String) {
    let mut inner = String::new();
    write(item, depth + 1, &mut inner);
    let dashed = format!("{}- {}", indent(depth), inner.trim_start());
    text.push_str(if inner.is_empty() { "" } else { &dashed });
}

fn sorted(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| (name.as_str() != "name", *name));
    fields
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => safe(text),
        other => other.to_string(),
    }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_indented() {
        let value =
            json!({"labels": ["a", "b"], "name": "n", "text": {"words": [{"x": 1, "y": 2}]}});
        let expected = "name: n\nlabels:\n  - a\n  - b\ntext:\n  words:\n    - x: 1\n      y: 2\n";
        assert_eq!(of(&value), expected);
    }
}
