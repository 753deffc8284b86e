//! An expression as the author of a rule may write it, and a text it is asked about.
//!
//! Input: the expression, an empty line, the text; without an empty line all is expression.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use umpire_fuzz::{accepted, judge, text_of};

fuzz_target!(|data: &[u8]| {
    let Some(input) = text_of(data) else { return };
    let (expression, text) = input.split_once("\n\n").unwrap_or((input, "a text"));
    if let Some(set) = accepted("expression", &json!({ "cel": expression })) {
        judge(&set, text);
        judge(&set, "");
    }
});
