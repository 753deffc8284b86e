//! What a careful user of a plain engine does to get folding and original spans: the text
//! is made plain first, with the way back, and then searched.

use super::candidates::{Candidate, count};
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::{collections::BTreeSet, rc::Rc};

/// One letter case, narrow, simplified, for each character of the basic plane.
#[derive(Clone)]
pub struct Table(Rc<[char]>);

impl Table {
    /// `simplified`: characters with the one they are written as.
    pub fn new(simplified: &[(char, char)]) -> Self {
        let mut table: Vec<char> =
            (0..0x1_0000_u32).map(|code| char::from_u32(code).map_or('\0', plain)).collect();
        for &(from, to) in simplified {
            if let Some(place) = table.get_mut(from as usize) {
                *place = to;
            }
        }
        Self(table.into())
    }

    fn of(&self, c: char) -> char {
        self.0.get(c as usize).copied().unwrap_or(c)
    }
}

/// Narrow and small.
fn plain(c: char) -> char {
    let narrow = match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap(),
        _ => c,
    };
    let mut small = narrow.to_lowercase();
    match (small.next(), small.next()) {
        (Some(one), None) => one,
        _ => narrow,
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// A plain text, and for each of its bytes, and its end, the place in the original.
#[derive(Default)]
struct Plain {
    text: String,
    origins: Vec<u32>,
}

impl Plain {
    fn fill(&mut self, original: &str, table: &Table) {
        self.text.clear();
        self.origins.clear();
        for (place, c) in original.char_indices() {
            if is_invisible(c) {
                continue;
            }
            self.text.push(table.of(c));
            self.origins.resize(self.text.len(), u32::try_from(place).unwrap());
        }
        self.origins.push(u32::try_from(original.len()).unwrap());
    }

    fn original(&self, start: usize, end: usize) -> (usize, usize) {
        (self.origins[start] as usize, self.origins[end] as usize)
    }
}

pub fn two_passes(name: &str, words: &[String], table: &Table, longest: bool) -> Candidate {
    let mut plain = Plain::default();
    let mut folded = BTreeSet::new();
    for word in words {
        plain.fill(word, table);
        folded.insert(plain.text.clone());
    }
    folded.remove("");
    let table = table.clone();
    Candidate::new(
        name,
        || engine(&folded, longest),
        |engine| Some(engine.heap_bytes()),
        move |engine, line| {
            plain.fill(line, &table);
            if longest {
                let hits = engine.leftmost_find_iter(&plain.text);
                count(hits.map(|hit| plain.original(hit.start(), hit.end())))
            } else {
                let hits = engine.find_overlapping_iter(&plain.text);
                count(hits.map(|hit| plain.original(hit.start(), hit.end())))
            }
        },
    )
}

fn engine(words: &BTreeSet<String>, longest: bool) -> CharwiseDoubleArrayAhoCorasick<u32> {
    let kind = if longest { MatchKind::LeftmostLongest } else { MatchKind::Standard };
    CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(kind).build(words).unwrap()
}
