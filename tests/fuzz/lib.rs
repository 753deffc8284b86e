//! What the targets share: reading their input, and judging a message by one rule.

use serde_json::{Value, json};
use std::sync::Arc;
use umpire_model::{Message, TenantId, Timestamp, Verdict};
use umpire_rules::{Document, Moment, RuleSet};
use umpire_text::Scratch;

/// Longest text that is judged, in bytes: long enough for every limit that goes by the
/// place in the text, short enough for many runs a second.
pub const MAX_TEXT_BYTES: usize = 4_096;

/// The input as text, if it is text of a sensible length.
#[must_use]
pub fn text_of(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok().filter(|text| text.len() <= MAX_TEXT_BYTES)
}

/// The first line, and everything after it.
#[must_use]
pub fn head_and_rest(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// The policy with one rule that has this condition, as a client would send it. A rule
/// that is refused gives nothing; one that is accepted must compile.
///
/// # Panics
/// When a document without violations cannot be compiled, or its own text not be read.
#[must_use]
pub fn accepted(condition: &str, value: &Value) -> Option<RuleSet> {
    let rule = json!({ "id": "fuzz", condition: value, "actions": [{ "kind": "MASK" }] });
    let document = json!({ "api_version": "umpire/v1", "rules": [rule] });
    let document = Document::parse(&document.to_string()).expect("a document by its form");
    if !document.violations().is_empty() {
        return None;
    }
    let rules = document.rules.as_deref().unwrap_or_default();
    match RuleSet::compile(&TenantId::operator(), 1, rules) {
        Ok(set) => Some(set),
        Err(error) => panic!("accepted and then not compiled: {error}"),
    }
}

/// The verdict on a text, whose places must all lie in the text.
///
/// # Panics
/// When a span or a mask does not.
pub fn judge(set: &RuleSet, text: &str) -> Verdict {
    let message = Message { scene: "fuzz", text, ..Message::default() };
    let now = Timestamp(0);
    let scanned = set.scan(&message, now, &mut Scratch::default());
    let moment = Moment { now, wall: now.on_the_wall("UTC") };
    let verdict = set.evaluate(&message, &scanned, &moment, Arc::from("fuzz"));
    for span in verdict.matches.iter().flat_map(|found| &found.spans) {
        let piece = text.get(span.byte_start as usize..span.byte_end as usize);
        let units = piece.expect("a span of whole characters").encode_utf16().count();
        assert_eq!(units, (span.utf16_end - span.utf16_start) as usize);
    }
    verdict
}
