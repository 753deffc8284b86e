//! Messages of the contract in a file, as people write them: YAML or JSON, one, a list of
//! them, or several between lines of `---`. Beside the contract's JSON form `id` stands for
//! `name`, enumerations go without prefix (`mute`), lengths of time are `7d`, a text stands
//! for one in all languages, and `env:NAME` for a secret.

use super::{secret, text};
use crate::{contract, failure::Failure, moment};
use prost_reflect::{DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};
use std::path::Path;

const DURATION: &str = "google.protobuf.Duration";
const LOCALIZED: &str = "umpire.v1.LocalizedText";

/// The messages of a file, each with its name. With an `id` there is only one, and it is
/// called so.
pub fn messages<M: prost::Message + Default>(
    path: &Path,
    name: &str,
    id: Option<&str>,
) -> Result<Vec<M>, Failure> {
    let wrong = |message: String| Failure::usage(format!("{}: {message}", path.display()));
    of(&text(path)?, name, id).map_err(wrong)
}

fn of<M: prost::Message + Default>(
    text: &str,
    name: &str,
    id: Option<&str>,
) -> Result<Vec<M>, String> {
    let (documents, mut items) = (documents(text), Vec::new());
    if documents.is_empty() {
        return Err(format!("{name}: expected fields"));
    }
    for document in documents {
        match value(&document)? {
            Value::Array(more) => items.extend(more),
            one => items.push(one),
        }
    }
    if let Some(id) = id {
        let [Value::Object(fields)] = items.as_mut_slice() else {
            return Err(format!("an id is given: expected one {name}"));
        };
        fields.remove("id");
        fields.insert("name".into(), id.into());
    }
    items.into_iter().map(|item| message(item, name)).collect()
}

/// What lines of `---` part, but for what holds nothing but remarks. Each begins at its own
/// line, so that places in errors are those of the whole.
fn documents(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut documents = vec![String::new()];
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            documents.push("\n".repeat(number + 1));
        } else if let Some(last) = documents.last_mut() {
            last.push_str(line);
        }
    }
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '%']);
    documents.retain(|document| document.lines().any(says));
    documents
}

/// What starts like JSON is JSON.
fn value(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    // `off` is a mode, and 007 an id.
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}

fn message<M: prost::Message + Default>(item: Value, name: &str) -> Result<M, String> {
    let Value::Object(mut fields) = item else { return Err(format!("{name}: expected fields")) };
    if let Some(id) = fields.remove("id") {
        fields.insert("name".into(), id);
    }
    let Some(called) = fields.get("name").map(|name| name.to_string()) else {
        return Err(format!("{name} without `id`"));
    };
    let wrong = |message: String| format!("{called}: {message}");
    let description = contract::message(name);
    let fields = canonical(fields, &description).map_err(wrong)?;
    let message = DynamicMessage::deserialize(description, Value::Object(fields));
    // Not the value: it may be a secret in the wrong place.
    let message = message.map_err(|error| wrong(without_values(&error.to_string())))?;
    message.transcode_to().map_err(|error| wrong(error.to_string()))
}

/// An error with what it quotes of the file left out.
fn without_values(error: &str) -> String {
    let pieces = error.split('"').step_by(2);
    pieces.collect::<Vec<_>>().join("...")
}

/// In the contract's JSON form. What is no field is left for others to refuse.
fn canonical(
    fields: Map<String, Value>,
    message: &MessageDescriptor,
) -> Result<Map<String, Value>, String> {
    let known = |(name, value): (String, Value)| -> Result<(String, Value), String> {
        let by_name = message.get_field_by_name(&name);
        let field = by_name.or_else(|| message.get_field_by_json_name(&name));
        let value = match field {
            Some(field) => in_field(value, &field).map_err(|error| format!("{name}: {error}"))?,
            None => value,
        };
        Ok((name, value))
    };
    fields.into_iter().map(known).collect()
}

fn in_field(value: Value, field: &FieldDescriptor) -> Result<Value, String> {
    let kind = field.kind();
    match value {
        Value::String(text) if secret::is_one(field) => secret::of(text).map(Value::String),
        Value::Array(items) if field.is_list() => {
            items.into_iter().map(|item| one(item, &kind)).collect()
        }
        value if field.is_map() => Ok(value),
        value => one(value, &kind),
    }
}

fn one(value: Value, kind: &Kind) -> Result<Value, String> {
    match (kind, value) {
        (Kind::Message(inner), Value::Object(fields)) => {
            canonical(fields, inner).map(Value::Object)
        }
        (Kind::Message(inner), Value::String(text)) if inner.full_name() == DURATION => {
            Ok(moment::proto(moment::length(&text)?).to_string().into())
        }
        (Kind::Message(inner), Value::String(text)) if inner.full_name() == LOCALIZED => {
            Ok(json!({ "fallback": text }))
        }
        (Kind::Enum(inner), Value::String(text)) => choice(inner, &text).map(Value::String),
        // Ids that are numbers.
        (Kind::String, Value::Number(number)) => Ok(number.to_string().into()),
        (_, value) => Ok(value),
    }
}

/// The full name of an enumeration's value.
fn choice(choices: &EnumDescriptor, text: &str) -> Result<String, String> {
    let zero = choices.default_value();
    let prefix = zero.name().strip_suffix("UNSPECIFIED").unwrap_or_default();
    let short = text.to_uppercase().replace('-', "_");
    let names = [text.to_owned(), format!("{prefix}{short}")];
    let known = names.into_iter().find(|name| choices.get_value_by_name(name).is_some());
    known.ok_or_else(|| {
        let others = choices.values().filter(|value| value.number() != 0);
        let others: Vec<_> = others.map(|value| value.name().replacen(prefix, "", 1)).collect();
        format!("`{text}` is none of {}", others.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::{
        Enforcer, Receiver, RiskClass, SanctionKind, SanctionRule, SanctionRuleMode, Template,
        enforcer, receiver,
    };

    const SPAM: &str = "\
id: spam
risk_class: SENSITIVE
servers: [7, s-8]
threshold: 3
window: 3d
kind: login-ban
duration: 90m
player_message: Please stop.
ladder:
  memory: 30d
  steps:
    - duration: 1d
    - permanent: true
";

    #[test]
    fn rules_are_read_as_people_write_them() {
        let rules: Vec<SanctionRule> = of(SPAM, "SanctionRule", None).expect("a rule");
        let [rule] = rules.as_slice() else { panic!("one rule") };
        assert_eq!((rule.name.as_str(), rule.threshold), ("spam", 3));
        assert_eq!(rule.risk_class(), RiskClass::Sensitive);
        assert_eq!((rule.kind(), rule.servers.len()), (SanctionKind::LoginBan, 2));
        assert_eq!(rule.servers, ["7", "s-8"]);
        assert_eq!(rule.window.map(|length| length.seconds), Some(259_200));
        assert_eq!(rule.duration.map(|length| length.seconds), Some(5_400));
        let message = rule.player_message.as_ref().map(|text| text.fallback.as_str());
        assert_eq!(message, Some("Please stop."));
        let steps = rule.ladder.as_ref().map(|ladder| ladder.steps.len());
        assert_eq!(steps, Some(2));
    }

    #[test]
    fn what_is_printed_can_be_read_again() {
        let text = r#"[{"name": "tenants/a/enforcers/game", "ackDeadline": "30s", "stream": {}},
            {"id": "shop", "webhook": {"url": "https://shop.example"}}]"#;
        let enforcers: Vec<Enforcer> = of(text, "Enforcer", None).expect("two enforcers");
        assert_eq!(enforcers.len(), 2);
        assert_eq!(enforcers[0].name, "tenants/a/enforcers/game");
        assert!(matches!(enforcers[0].kind, Some(enforcer::Kind::Stream(_))));
        let text = r#"{"name": "a", "kind": "SANCTION_KIND_MUTE", "chargeFrom": "5"}"#;
        let rules: Vec<SanctionRule> = of(text, "SanctionRule", None).expect("a rule");
        assert_eq!((rules[0].kind(), rules[0].charge_from), (SanctionKind::Mute, Some(5)));
    }

    #[test]
    fn off_is_a_mode_and_007_an_id() {
        let text = "id: 007\nmode: off\nlabels: [yes]";
        let rules: Vec<SanctionRule> = of(text, "SanctionRule", None).expect("a rule");
        assert_eq!((rules[0].name.as_str(), rules[0].mode()), ("007", SanctionRuleMode::Off));
        assert_eq!(rules[0].labels, ["yes"]);
    }

    #[test]
    fn mistakes_are_named() {
        let check = |text: &str, expected: &str| {
            let wrong = of::<SanctionRule>(text, "SanctionRule", None).expect_err("a mistake");
            assert!(wrong.contains(expected), "{text}: {wrong}");
        };
        check("threshold: 3", "without `id`");
        check("just a text", "expected fields");
        check("# nothing", "expected fields");
        check("id: a\n---\n\n{\"id\": ", "line 4");
        check("id: a\nthreshhold: 3", "\"a\": unrecognized field name 'threshhold'");
        check("id: a\nkind: BAN", "kind: `BAN` is none of LOGIN_BAN, MUTE, WARN");
        check("id: a\nwindow: soon", "window: expected a length of time");
        check("{\"id\": ", "line 1");
    }
    #[test]
    fn lines_part_messages() {
        let text = "# ours\n---\nid: a\n---\n{\"id\": \"b\"}\n---\n- id: c\n- id: d\n---\n";
        let rules: Vec<SanctionRule> = of(text, "SanctionRule", None).expect("four rules");
        let names: Vec<_> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        // What is indented is part of a text.
        let text = "body: |\n  a\n  ---\n  b\nlevel: p0";
        let templates: Vec<Template> = of(text, "Template", Some("t")).expect("a template");
        assert_eq!((templates[0].name.as_str(), templates[0].body.as_str()), ("t", "a\n---\nb\n"));
        assert!(of::<Template>("id: a\n---\nid: b", "Template", Some("t")).is_err());
    }

    #[test]
    fn secrets_may_come_from_the_environment() {
        let of = |text: &str| of::<Receiver>(text, "Receiver", None);
        // Set by cargo.
        let text = "id: ops\ndisplay_name: env:HOME\npagerduty: {routing_key: env:CARGO_PKG_NAME}";
        let receivers = of(text).expect("a receiver");
        let Some(receiver::Channel::Pagerduty(channel)) = &receivers[0].channel else {
            panic!("a pager")
        };
        assert_eq!(channel.routing_key, "umpire-cli");
        assert_eq!(receivers[0].display_name, "env:HOME", "no secret");
        let missing = of("id: ops\nteams: {url: env:UMPIRE_NO_SUCH_SECRET}").expect_err("missing");
        let told = "\"ops\": teams: url: `UMPIRE_NO_SUCH_SECRET` is not in the environment";
        assert_eq!(missing, told);
    }
}
