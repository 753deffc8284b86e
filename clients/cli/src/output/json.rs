//! Messages of the contract in their canonical JSON form.

use super::terminal::safe_json;
use crate::{contract, failure::Failure};
use prost_reflect::DynamicMessage;
use serde_json::Value;

/// As a value, keys in the order of the alphabet.
pub fn value<M: prost::Message>(name: &str, message: &M) -> Result<Value, Failure> {
    Ok(serde_json::to_value(dynamic(name, message))?)
}

/// Over several lines.
pub fn pretty<M: prost::Message>(name: &str, message: &M) -> Result<String, Failure> {
    Ok(safe_json(serde_json::to_string_pretty(&dynamic(name, message))?))
}

/// On one line.
pub fn line<M: prost::Message>(name: &str, message: &M) -> Result<String, Failure> {
    Ok(safe_json(serde_json::to_string(&dynamic(name, message))?))
}

/// As an element of an array, moved in.
pub fn element<M: prost::Message>(name: &str, message: &M) -> Result<String, Failure> {
    Ok(format!("  {}", pretty(name, message)?.replace('\n', "\n  ")))
}

/// As one array.
pub fn array<M: prost::Message>(name: &str, messages: &[M]) -> Result<String, Failure> {
    let messages: Vec<_> = messages.iter().map(|message| dynamic(name, message)).collect();
    Ok(safe_json(serde_json::to_string_pretty(&messages)?))
}

/// The message as its description shows it. Both come from one contract, so a field that
/// does not fit is a mistake in this program.
fn dynamic<M: prost::Message>(name: &str, message: &M) -> DynamicMessage {
    let bytes = message.encode_to_vec();
    DynamicMessage::decode(contract::message(name), bytes.as_slice()).expect("one contract")
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::{Decision, Verdict};

    #[test]
    fn the_form_is_canonical() {
        let verdict = Verdict {
            decision: Decision::Block as i32,
            revision: 7,
            masked_text: "\u{9b}".into(),
            ..Verdict::default()
        };
        let line = line("Verdict", &verdict).expect("fits");
        assert_eq!(line, r#"{"decision":"DECISION_BLOCK","maskedText":"\u009b","revision":"7"}"#);
    }
}
