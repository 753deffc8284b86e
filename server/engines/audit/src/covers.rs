//! How masked places were shown, so that a replayed verdict shows them so again.

use minicbor::{Decode, Encode};
use umpire_model::{Cover, FieldId, Mask, MaskStrategy};

/// The covers of a record's masks. Each is written once, and named by its number where
/// it was laid.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordedCovers {
    /// Those that were used.
    #[n(0)]
    pub covers: Vec<RecordedCover>,
    /// For each text of `Record::masks`, for each of its places, the number of its cover.
    #[n(1)]
    pub places: Vec<Vec<u32>>,
}

/// One way of masking.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
#[allow(missing_docs)]
pub struct RecordedCover {
    #[n(0)]
    pub strategy: MaskStrategy,
    /// What FIXED shows.
    #[n(1)]
    pub text: Option<String>,
}

impl RecordedCovers {
    /// The covers of a verdict's masks; `None` where all are FULL.
    pub fn of(masks: &[(FieldId, Vec<Mask>)]) -> Option<Self> {
        if masks.iter().flat_map(|(_, masks)| masks).all(|mask| mask.cover == Cover::Full) {
            return None;
        }
        let mut covers: Vec<RecordedCover> = Vec::new();
        let mut number = |mask: &Mask| {
            let cover = RecordedCover::of(&mask.cover);
            let place = covers.iter().position(|known| *known == cover).unwrap_or_else(|| {
                covers.push(cover);
                covers.len() - 1
            });
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        let places: Vec<Vec<u32>> =
            masks.iter().map(|(_, masks)| masks.iter().map(&mut number).collect()).collect();
        Some(Self { covers, places })
    }

    /// The cover of a place of a text, by their numbers; FULL where none is recorded.
    pub fn cover(&self, text: usize, place: usize) -> Cover {
        let number = self.places.get(text).and_then(|places| places.get(place));
        let cover = number.and_then(|&number| self.covers.get(number as usize));
        cover.map(RecordedCover::restored).unwrap_or_default()
    }
}

impl RecordedCover {
    fn of(cover: &Cover) -> Self {
        let text = match cover {
            Cover::Fixed(text) => Some(text.as_ref().to_owned()),
            Cover::Full | Cover::KeepEnds | Cover::Grawlix => None,
        };
        Self { strategy: cover.strategy(), text }
    }

    fn restored(&self) -> Cover {
        Cover::of(self.strategy, self.text.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_come_back_from_bytes() {
        let used = [
            Cover::Full,
            Cover::Fixed("[…]".into()),
            Cover::KeepEnds,
            Cover::Fixed("[…]".into()),
            Cover::Grawlix,
        ];
        let places = used.iter().cloned().zip(0..);
        let masks = places.map(|(cover, at)| Mask { range: at * 2..at * 2 + 1, cover }).collect();
        let recorded = RecordedCovers::of(&[(FieldId::Text, masks)]).expect("not all are FULL");
        assert_eq!(recorded.covers.len(), 4, "the same text is written once");
        let bytes = minicbor::to_vec(&recorded).expect("in memory");
        let read: RecordedCovers = minicbor::decode(&bytes).expect("readable");
        for (place, cover) in used.iter().enumerate() {
            assert_eq!(read.cover(0, place), *cover);
        }
        assert_eq!(read.cover(1, 0), Cover::Full);
    }

    #[test]
    fn full_takes_no_bytes() {
        let masks = vec![(FieldId::Text, vec![Mask::full(0..1)])];
        assert_eq!(RecordedCovers::of(&masks), None);
        assert_eq!(RecordedCovers::of(&[]), None);
    }
}
