//! Our engine: one list, mode CONTAINS, the scratch reused as the server does.

use super::candidates::{Candidate, count};
use std::sync::Arc;
use umpire_model::Transformations;
use umpire_text::{
    Facts, Lexicon, LexiconWord, MatchMode, Matcher, Scanner, ScannerBuilder, Scratch, Source,
};

struct Engine {
    scanner: Scanner,
    lexicon: Arc<Lexicon>,
}

pub fn ours(name: &str, words: &[String], switches: Transformations) -> Candidate {
    let words: Vec<Arc<str>> = words.iter().map(|word| Arc::from(word.as_str())).collect();
    let mut scratch = Scratch::default();
    Candidate::new(
        name,
        || engine(&words, switches),
        |engine| Some(engine.lexicon.memory()),
        move |engine, line| {
            let hits = engine.scanner.scan(line, &Facts::default(), &mut scratch);
            let hits = hits.sources.iter().flat_map(|source| &source.hits);
            count(hits.map(|hit| (hit.range.start, hit.range.end)))
        },
    )
}

fn engine(words: &[Arc<str>], switches: Transformations) -> Engine {
    let entry = |word| LexiconWord { word, mode: None, end: None, tag: 0 };
    let lexicon = Arc::new(Lexicon::build(words.iter().map(entry)).unwrap());
    let matcher = Matcher::List { lexicon: lexicon.clone(), mode: MatchMode::Contains };
    let mut builder = ScannerBuilder::default();
    builder.add(Source { switches, ..Source::new(matcher) }).unwrap();
    Engine { scanner: builder.build().unwrap(), lexicon }
}
