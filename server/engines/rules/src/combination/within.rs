//! Words near one another.

use super::{Found, characters::Characters, stands};
use std::cmp::Reverse;

/// Leaves that must stand near one another, each as often as it is listed.
pub(super) struct Within {
    needed: Box<[Needed]>,
    /// In characters.
    distance: usize,
}

struct Needed {
    leaf: usize,
    times: usize,
}

/// Where one of the words stands, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
    /// Its place among those that are needed.
    word: usize,
}

impl Within {
    pub fn new(leaves: impl Iterator<Item = usize>, distance: u32) -> Self {
        let mut needed: Vec<Needed> = Vec::new();
        for leaf in leaves {
            match needed.iter_mut().find(|one| one.leaf == leaf) {
                Some(one) => one.times += 1,
                None => needed.push(Needed { leaf, times: 1 }),
            }
        }
        Self { needed: needed.into(), distance: distance as usize }
    }

    pub fn leaves(&self) -> impl Iterator<Item = usize> + '_ {
        self.needed.iter().map(|one| one.leaf)
    }

    /// Whether they stand near one another. Takes time in the number of hits, which the
    /// scanner bounds, and its logarithm.
    pub fn holds(&self, found: &Found<'_>, text: &Characters<'_>) -> bool {
        let mut places = Vec::new();
        for (word, one) in self.needed.iter().enumerate() {
            let hits = found[one.leaf].map_or(&[][..], |entry| entry.hits.as_slice());
            if hits.len() < one.times {
                return false;
            }
            places.extend(hits.iter().map(|hit| {
                let (start, end) = (text.before(hit.range.start), text.before(hit.range.end));
                Place { start, end, word }
            }));
        }
        let times: Vec<_> = self.needed.iter().map(|one| one.times).collect();
        are_near(&mut places, &times, self.distance)
    }

    /// Whether they might if no hit had been allowed. Where those were is not known, so
    /// that one of them is enough.
    pub fn might_hold(&self, found: &Found<'_>, text: &Characters<'_>) -> bool {
        if self.leaves().all(|leaf| stands(found[leaf])) {
            return self.holds(found, text);
        }
        self.leaves().all(|leaf| found[leaf].is_some())
    }
}

/// Whether there are as many places of each word as `times` says, between whose first and
/// last there are at most `distance` characters. The first is the one that starts first, and
/// of those that start together the longest.
fn are_near(places: &mut [Place], times: &[usize], distance: usize) -> bool {
    places.sort_unstable_by_key(|place| (place.start, Reverse(place.end)));
    let mut counts = vec![0; times.len()];
    let (mut missing, mut rest) = (times.len(), places.iter());
    let mut last_start = 0;
    for first in &*places {
        // The fewest places from `first` on that hold every word.
        while missing > 0 {
            let Some(next) = rest.next() else { return false };
            counts[next.word] += 1;
            missing -= usize::from(counts[next.word] == times[next.word]);
            last_start = next.start;
        }
        if last_start.saturating_sub(first.end) <= distance {
            return true;
        }
        missing += usize::from(counts[first.word] == times[first.word]);
        counts[first.word] -= 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the contract says it: some choice of different places.
    fn naive(places: &[Place], wanted: &[usize], chosen: &mut Vec<usize>, distance: usize) -> bool {
        let Some((word, rest)) = wanted.split_first() else {
            let chosen: Vec<Place> = chosen.iter().map(|&index| places[index]).collect();
            let first = chosen.iter().min_by_key(|place| (place.start, Reverse(place.end)));
            let last = chosen.iter().map(|place| place.start).max();
            let gap = last.unwrap_or(0).saturating_sub(first.map_or(0, |first| first.end));
            return gap <= distance;
        };
        (0..places.len()).any(|index| {
            if places[index].word != *word || chosen.contains(&index) {
                return false;
            }
            chosen.push(index);
            let holds = naive(places, rest, chosen, distance);
            chosen.pop();
            holds
        })
    }

    fn place((start, length, word): (usize, usize, usize)) -> Place {
        Place { start, end: start + length, word }
    }

    proptest! {
        #[test]
        fn agrees_with_trying_everything(
            places in prop::collection::vec((0..30_usize, 1..6_usize, 0..3_usize), 0..12),
            wanted in prop::collection::vec(0..3_usize, 2..5),
            distance in 0..20_usize,
        ) {
            let places: Vec<_> = places.into_iter().map(place).collect();
            let expected = naive(&places, &wanted, &mut Vec::new(), distance);
            let within = Within::new(wanted.iter().copied(), 0);
            let times: Vec<_> = within.needed.iter().map(|one| one.times).collect();
            let number = |word| within.needed.iter().position(|one| one.leaf == word);
            let mut sorted: Vec<_> = places
                .iter()
                .filter_map(|place| Some(Place { word: number(place.word)?, ..*place }))
                .collect();
            prop_assert_eq!(are_near(&mut sorted, &times, distance), expected);
        }
    }

    #[test]
    fn many_places_take_little_time() {
        let mut places: Vec<_> = (0..20_000).map(|start| place((start, 1, 0))).collect();
        assert!(!are_near(&mut places, &[1, 1], 1_000));
        places.push(place((30_000, 1, 1)));
        assert!(!are_near(&mut places, &[1, 1], 1_000));
        assert!(are_near(&mut places, &[1, 1], 10_000));
    }
}
