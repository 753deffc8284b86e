//! The engines of others, as their documentation says to use them.

use super::material::Lines;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use regex::RegexSet;
use rustrict::CensorStr;
use std::{hint::black_box, time::Instant};

/// Goes over all lines and says how many hits there are.
pub type Pass = Box<dyn FnMut(&Lines) -> usize>;

/// An engine with its words compiled.
pub struct Candidate {
    pub name: String,
    pub build_seconds: f64,
    /// Bytes of the automaton, where the engine tells.
    pub bytes: Option<usize>,
    pub pass: Pass,
}

impl Candidate {
    /// Builds an engine, taking the time; `pass` is made of it.
    pub fn new<E: 'static>(
        name: &str,
        build: impl FnOnce() -> E,
        bytes: impl FnOnce(&E) -> Option<usize>,
        mut hits: impl FnMut(&E, &str) -> usize + 'static,
    ) -> Self {
        let started = Instant::now();
        let engine = build();
        let build_seconds = started.elapsed().as_secs_f64();
        let bytes = bytes(&engine);
        let pass = move |lines: &Lines| lines.iter().map(|line| hits(&engine, line)).sum();
        Self { name: name.into(), build_seconds, bytes, pass: Box::new(pass) }
    }
}

/// Counts hits and makes sure that their spans are made.
pub fn count(spans: impl Iterator<Item = (usize, usize)>) -> usize {
    spans.map(black_box).count()
}

pub fn aho_corasick(name: &str, words: &[String], dfa: bool) -> Candidate {
    let kind = if dfa { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    Candidate::new(
        name,
        || {
            let mut builder = AhoCorasick::builder();
            builder.kind(Some(kind)).ascii_case_insensitive(true).build(words).unwrap()
        },
        |engine| Some(engine.memory_usage()),
        |engine, line| {
            count(engine.find_overlapping_iter(line).map(|hit| (hit.start(), hit.end())))
        },
    )
}

/// Finds words as they are written, in no other letter case.
pub fn daachorse(name: &str, words: &[String]) -> Candidate {
    Candidate::new(
        name,
        || CharwiseDoubleArrayAhoCorasick::<u32>::new(words).unwrap(),
        |engine| Some(engine.heap_bytes()),
        |engine, line| {
            count(engine.find_overlapping_iter(line).map(|hit| (hit.start(), hit.end())))
        },
    )
}

pub fn regex_set(name: &str, words: &[String]) -> Candidate {
    Candidate::new(
        name,
        || RegexSet::new(words.iter().map(|word| regex::escape(word))).unwrap(),
        |_| None,
        |engine, line| engine.matches(line).iter().map(black_box).count(),
    )
}

pub fn rustrict(name: &str) -> Candidate {
    Candidate::new(
        name,
        || (),
        |()| None,
        |(), line| usize::from(black_box(line.is_inappropriate())),
    )
}
