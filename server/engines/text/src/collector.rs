//! What a scan found, bounded whatever the text.

use crate::coverage::Coverage;
use std::cmp::Reverse;
use umpire_model::{ByteRange, Transformations};

/// Most hits kept for one source in one text.
pub const MAX_HITS_PER_SOURCE: usize = 1_000;
/// Most hits kept for one text; every source that hit keeps at least one.
pub const MAX_HITS: usize = 20_000;

/// One place where a source was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Number of the word within its source; 0 for patterns and detectors.
    pub word: u32,
    /// Bytes of the original text.
    pub range: ByteRange,
    /// What had to be undone.
    pub transformations: Transformations,
}

/// Everything one source found in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHits {
    /// Number of the source, in the order of [`crate::ScannerBuilder::add`].
    pub source: u32,
    /// Leftmost-longest, ascending; empty when exceptions cancelled them all.
    pub hits: Vec<Hit>,
    /// More was found than is kept.
    pub truncated: bool,
    /// All hits, also those over the limits; for sources with `cover`.
    pub coverage: Option<Coverage>,
    /// How many disguised hits were kept before they were put among the others.
    disguised: usize,
    /// Tags of all words of a lexicon that were found, also where another word was
    /// kept or the limits were reached: a bit each, the first 64 and all others.
    first_tags: u64,
    more_tags: Vec<u64>,
}

impl SourceHits {
    /// Tags of all words that were found, ascending.
    pub fn tags(&self) -> impl Iterator<Item = u32> + '_ {
        let bits = std::iter::once(&self.first_tags).chain(&self.more_tags).zip(0_u32..);
        bits.flat_map(|(&word, place)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 64 + bit)
        })
    }
}

/// Everything found in one text, a source each, in the order of first hits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// At most one entry for each source.
    pub sources: Vec<SourceHits>,
}

/// Gathers raw hits, in any order of sources but for each source by ascending start.
pub(crate) struct Collector<'s> {
    pub hits: Hits,
    kept: usize,
    text_len: usize,
    /// For each source, its place in `hits.sources` plus one. All zero between
    /// scans; grown on the first hit.
    slots: &'s mut Vec<u32>,
    source_count: usize,
    /// Hits that were disguised, in any order, with the place of their entry.
    disguised: Vec<(u32, Hit)>,
}

impl<'s> Collector<'s> {
    pub fn new(text_len: usize, source_count: usize, slots: &'s mut Vec<u32>) -> Self {
        Self {
            hits: Hits::default(),
            kept: 0,
            text_len,
            slots,
            source_count,
            disguised: Vec::new(),
        }
    }

    /// Notes that `source` was found, even if every hit ends up cancelled.
    pub fn entry(&mut self, source: u32, cover: bool) -> usize {
        if self.slots.len() < self.source_count {
            self.slots.resize(self.source_count, 0);
        }
        let slot = &mut self.slots[source as usize];
        if *slot == 0 {
            let coverage = cover.then(|| Coverage::new(self.text_len));
            self.hits.sources.push(SourceHits {
                source,
                hits: Vec::new(),
                truncated: false,
                coverage,
                disguised: 0,
                first_tags: 0,
                more_tags: Vec::new(),
            });
            *slot = u32::try_from(self.hits.sources.len()).unwrap_or(u32::MAX);
        }
        *slot as usize - 1
    }

    /// Notes the tag, one of `count`, of a hit of the entry `at`.
    pub fn tag(&mut self, at: usize, tag: u32, count: u32) {
        let entry = &mut self.hits.sources[at];
        let Some(tag) = tag.checked_sub(64) else {
            entry.first_tags |= 1 << tag;
            return;
        };
        if entry.more_tags.is_empty() {
            entry.more_tags.resize((count as usize).div_ceil(64), 0);
        }
        if let Some(bits) = entry.more_tags.get_mut(tag as usize / 64) {
            *bits |= 1 << (tag % 64);
        }
    }

    /// Adds a hit to the entry `at`; undisguised ones by ascending start. Of overlapping
    /// hits the leftmost stays, of those that start together the longest, of those in
    /// the same place the first. A disguised hit never takes the place of another one
    /// that it does not contain.
    pub fn push(&mut self, at: usize, word: u32, range: ByteRange, taken: Transformations) {
        let entry = &mut self.hits.sources[at];
        if let Some(coverage) = &mut entry.coverage {
            coverage.add(&range);
        }
        let hit = Hit { word, range, transformations: taken };
        if taken.is_empty() {
            place(entry, hit, &mut self.kept);
            return;
        }
        // The first one is always kept: a flood of others hides no source.
        let fits = entry.disguised < MAX_HITS_PER_SOURCE && self.disguised.len() < MAX_HITS;
        if fits || entry.disguised == 0 {
            entry.disguised += 1;
            self.disguised.push((at as u32, hit));
        } else {
            entry.truncated = true;
        }
    }

    /// Leaves the slots clean for the next text.
    pub fn finish(mut self) -> Hits {
        self.merge();
        for entry in &self.hits.sources {
            self.slots[entry.source as usize] = 0;
        }
        self.hits
    }

    /// Puts the disguised hits among the others.
    fn merge(&mut self) {
        let mut disguised = std::mem::take(&mut self.disguised);
        disguised.sort_by_key(|(at, hit)| (*at, hit.range.start, Reverse(hit.range.end)));
        for hits in disguised.chunk_by(|(a, _), (b, _)| a == b) {
            let entry = &mut self.hits.sources[hits[0].0 as usize];
            let plain = std::mem::take(&mut entry.hits);
            self.kept -= plain.len();
            let hits = hits.iter().map(|(_, hit)| hit);
            let mut all: Vec<Hit> = hits.filter(|hit| !cuts(&plain, &hit.range)).cloned().collect();
            all.extend(plain);
            all.sort_by_key(|hit| {
                (hit.range.start, Reverse(hit.range.end), !hit.transformations.is_empty())
            });
            all.into_iter().for_each(|hit| place(entry, hit, &mut self.kept));
        }
    }
}

/// Adds a hit behind the last one, or in its place.
fn place(entry: &mut SourceHits, hit: Hit, kept: &mut usize) {
    let range = &hit.range;
    if let Some(last) = entry.hits.last_mut().filter(|last| range.start < last.range.end) {
        if last.range.start == range.start && last.range.end < range.end {
            *last = hit;
        }
        return;
    }
    let full = entry.hits.len() >= MAX_HITS_PER_SOURCE || *kept >= MAX_HITS;
    if full && !entry.hits.is_empty() {
        entry.truncated = true;
        return;
    }
    entry.hits.push(hit);
    *kept += 1;
}

/// Whether a range overlaps one of some ascending hits without containing it.
fn cuts(hits: &[Hit], range: &ByteRange) -> bool {
    let first = hits.partition_point(|hit| hit.range.end <= range.start);
    let touched = hits[first..].iter().take_while(|hit| hit.range.start < range.end);
    touched.into_iter().any(|hit| hit.range.start < range.start || hit.range.end > range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &[ByteRange], kept: &[ByteRange]) {
        let mut slots = Vec::new();
        let mut collector = Collector::new(100, 1, &mut slots);
        let at = collector.entry(0, false);
        for range in raw {
            collector.push(at, 0, range.clone(), Transformations::NONE);
        }
        let hits = collector.finish();
        let ranges: Vec<_> = hits.sources[0].hits.iter().map(|hit| hit.range.clone()).collect();
        assert_eq!(ranges, kept);
    }

    #[test]
    fn leftmost_longest() {
        check(&[0..2, 0..6, 1..5], &[0..6]);
        check(&[0..2, 1..5], &[0..2]);
        check(&[1..9, 2..4, 5..7], &[1..9]);
        check(&[0..3, 1..10, 2..4, 4..6], &[0..3, 4..6]);
        check(&[0..6, 0..2], &[0..6]);
        check(&[0..1, 1..2], &[0..1, 1..2]);
    }

    #[test]
    fn disguised_hits_give_way_unless_they_contain_the_other() {
        let taken = Transformations::SAFE;
        let table: [(&[ByteRange], &[ByteRange], &[ByteRange]); 4] = [
            (&[1..3], &[0..2], &[1..3]),
            (&[1..3], &[0..4], &[0..4]),
            (&[1..3], &[3..5, 2..4], &[1..3, 3..5]),
            (&[], &[5..6, 0..2, 1..4], &[0..2, 5..6]),
        ];
        for (plain, disguised, kept) in table {
            let mut slots = Vec::new();
            let mut collector = Collector::new(100, 1, &mut slots);
            let at = collector.entry(0, false);
            disguised.iter().for_each(|range| collector.push(at, 0, range.clone(), taken));
            for range in plain {
                collector.push(at, 0, range.clone(), Transformations::NONE);
            }
            let hits = collector.finish();
            let ranges: Vec<_> = hits.sources[0].hits.iter().map(|hit| hit.range.clone()).collect();
            assert_eq!(ranges, kept);
        }
    }

    #[test]
    fn a_flood_of_disguised_hits_hides_no_source() {
        let mut slots = Vec::new();
        let mut collector = Collector::new(100_000, 2, &mut slots);
        let (flood, other) = (collector.entry(0, false), collector.entry(1, false));
        for start in 0..50_000 {
            collector.push(flood, 0, start..start + 1, Transformations::SAFE);
        }
        collector.push(other, 0, 60_000..60_004, Transformations::SAFE);
        let hits = collector.finish();
        assert_eq!(hits.sources[0].hits.len(), MAX_HITS_PER_SOURCE);
        assert!(hits.sources[0].truncated);
        assert_eq!(hits.sources[1].hits.len(), 1);
    }

    #[test]
    fn memory_is_bounded() {
        let mut slots = Vec::new();
        let mut collector = Collector::new(100_000, 1, &mut slots);
        let at = collector.entry(0, true);
        for start in 0..50_000 {
            collector.push(at, 0, start..start + 1, Transformations::NONE);
        }
        let hits = collector.finish();
        assert_eq!(hits.sources[0].hits.len(), MAX_HITS_PER_SOURCE);
        assert!(hits.sources[0].truncated);
        let covered = hits.sources[0].coverage.as_ref().expect("asked for").ranges();
        assert_eq!(covered, [0..50_000]);
    }
}
