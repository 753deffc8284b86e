//! Words in a text, whatever the words, the switches and the text.
//!
//! Input: a line with a number, whose bits are the switches and then the mode; a word a
//! line; an empty line; the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::{ops::Range, sync::Arc};
use umpire_fuzz::{head_and_rest, text_of};
use umpire_model::{Mask, Transformation, Transformations};
use umpire_text::{Facts, Hit, MatchMode, Matcher, Scanner, ScannerBuilder, Scratch, Source, mask};

const MODES: [MatchMode; 4] =
    [MatchMode::Contains, MatchMode::Exact, MatchMode::Word, MatchMode::Compound];
const MAX_WORDS: usize = 64;

fuzz_target!(|data: &[u8]| {
    let Some(input) = text_of(data) else { return };
    let (number, rest) = head_and_rest(input);
    let number: u32 = number.trim().parse().unwrap_or(0);
    let mode = MODES[(number >> Transformation::ALL.len()) as usize % MODES.len()];
    let (words, text) = rest.split_once("\n\n").unwrap_or((rest, rest));
    let words = words.lines().filter(|word| !umpire_text::is_blank(word));
    let words: Vec<Arc<str>> = words.take(MAX_WORDS).map(Arc::from).collect();
    let Some(scanner) = scanner(&words, mode, switches_of(number)) else { return };
    let found = hits(&scanner, text);
    check_places(text, &found);
    if mode == MatchMode::Contains {
        nothing_is_lost(&words, text, &found);
    }
});

fn switches_of(bits: u32) -> Transformations {
    let set = |place: usize| bits >> place & 1 == 1;
    let all = Transformation::ALL.into_iter().enumerate();
    all.filter(|(place, _)| set(*place)).map(|(_, one)| one).collect()
}

fn scanner(words: &[Arc<str>], mode: MatchMode, switches: Transformations) -> Option<Scanner> {
    let mut builder = ScannerBuilder::default();
    let matcher = Matcher::Words { words: words.to_vec(), mode };
    builder.add(Source { switches, ..Source::new(matcher) }).ok()?;
    builder.build().ok()
}

fn hits(scanner: &Scanner, text: &str) -> Vec<Hit> {
    let hits = scanner.scan(text, &Facts::default(), &mut Scratch::default());
    hits.sources.into_iter().flat_map(|source| source.hits).collect()
}

/// Hits are pieces of the text, one after the other, and masking keeps its length.
fn check_places(text: &str, found: &[Hit]) {
    let mut end = 0;
    for hit in found {
        assert!(hit.range.start >= end && !hit.range.is_empty(), "{:?} in {text:?}", hit.range);
        assert!(text.get(hit.range.clone()).is_some(), "{:?} in {text:?}", hit.range);
        end = hit.range.end;
    }
    let masks: Vec<Mask> = found.iter().map(|hit| Mask::full(hit.range.clone())).collect();
    assert_eq!(mask(text, &masks).chars().count(), text.chars().count());
}

/// Where a word stands as it is written, something is found whatever is switched on.
fn nothing_is_lost(words: &[Arc<str>], text: &str, found: &[Hit]) {
    const KEPT_OF_ONE_SOURCE: usize = 1_000;
    if found.len() >= KEPT_OF_ONE_SOURCE {
        return;
    }
    // A backslash before a star makes it a star of the text.
    for word in words.iter().filter(|word| !word.contains("\\*")) {
        for (start, piece) in text.match_indices(&**word) {
            let place = start..start + piece.len();
            assert!(
                found.iter().any(|hit| overlap(&hit.range, &place)),
                "{word:?} at {place:?} of {text:?}: {found:?}"
            );
        }
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
