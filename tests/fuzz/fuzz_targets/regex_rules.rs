//! A pattern as the author of a rule may write it, and a text it is tried on.
//!
//! Input: the pattern in the first line, the text after it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use umpire_fuzz::{accepted, head_and_rest, judge, text_of};

fuzz_target!(|data: &[u8]| {
    let Some(input) = text_of(data) else { return };
    let (pattern, text) = head_and_rest(input);
    for normalize in ["NONE", "SAFE"] {
        let condition = json!({ "regex": pattern, "normalize": normalize });
        if let Some(set) = accepted("text", &condition) {
            judge(&set, text);
        }
    }
});
