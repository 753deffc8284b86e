//! What MASK covers in each text, and what is shown there instead.

use super::{Matched, fields, text_of};
use umpire_model::{Action, ByteRange, Cover, FieldId, Mask, Message};
use umpire_text::Coverage;

/// Most places of one text that FIXED replaces, so that a short text does not become a
/// long one; the others are covered by FULL.
const MAX_FIXED: usize = 1_000;

/// What MASK covers in each text. Places that overlap or touch are one, under the cover
/// with the best [`Cover::precedence`]; between equals, under that of the match that
/// comes first in the verdict.
pub(super) fn masks(message: &Message<'_>, matched: &[Matched<'_>]) -> Vec<(FieldId, Vec<Mask>)> {
    let mut all = Vec::new();
    for field in fields(matched) {
        let Some(text) = text_of(message, field) else { continue };
        let mut layers = Layers::new(text.len());
        for entry in matched {
            let Some(cover) = cover_of(&entry.rule.actions) else { continue };
            for (_, hits) in entry.hits.iter().filter(|(found_in, _)| *found_in == field) {
                if let Some(coverage) = &hits.coverage {
                    layers.merge(&cover, coverage);
                }
            }
            let across = entry.across.filter(|_| field == FieldId::Text && !entry.rule.shadow);
            if let Some(hit) = across {
                layers.layer(&cover).add(&(0..hit.end));
            }
        }
        let masks = layers.masks();
        if !masks.is_empty() {
            all.push((field, masks));
        }
    }
    all
}

/// How a rule masks; of several actions the one with the best precedence counts.
fn cover_of(actions: &[Action]) -> Option<Cover> {
    actions.iter().filter_map(Action::cover).min_by_key(Cover::precedence)
}

/// What is covered in one text: one layer for each different cover, in the order of the
/// verdict.
struct Layers {
    text_len: usize,
    layers: Vec<(Cover, Coverage)>,
}

impl Layers {
    fn new(text_len: usize) -> Self {
        Self { text_len, layers: Vec::new() }
    }

    fn layer(&mut self, cover: &Cover) -> &mut Coverage {
        let known = self.layers.iter().position(|(other, _)| other == cover);
        let place = known.unwrap_or_else(|| {
            self.layers.push((cover.clone(), Coverage::new(self.text_len)));
            self.layers.len() - 1
        });
        &mut self.layers[place].1
    }

    fn merge(&mut self, cover: &Cover, coverage: &Coverage) {
        self.layer(cover).merge(coverage);
    }

    /// The places of all layers, ascending and apart.
    fn masks(mut self) -> Vec<Mask> {
        let mut union = Coverage::new(self.text_len);
        self.layers.iter().for_each(|(_, coverage)| union.merge(coverage));
        let mut masks: Vec<_> = union.ranges().into_iter().map(Mask::full).collect();
        // The best is laid last, over the others; the sort keeps the verdict's order.
        self.layers.sort_by_key(|(cover, _)| cover.precedence());
        for (cover, coverage) in self.layers.iter().rev() {
            lay(cover, &coverage.ranges(), &mut masks);
        }
        bound_fixed(&mut masks);
        masks
    }
}

/// Lays a cover over the places that hold one of its ranges.
fn lay(cover: &Cover, ranges: &[ByteRange], masks: &mut [Mask]) {
    let mut place = 0;
    for range in ranges {
        // Every range of a layer lies inside a place of the union.
        while masks.get(place).is_some_and(|mask| mask.range.end < range.end) {
            place += 1;
        }
        if let Some(mask) = masks.get_mut(place) {
            mask.cover = cover.clone();
        }
    }
}

fn bound_fixed(masks: &mut [Mask]) {
    let fixed = masks.iter_mut().filter(|mask| matches!(mask.cover, Cover::Fixed(_)));
    fixed.skip(MAX_FIXED).for_each(|mask| mask.cover = Cover::Full);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fixed(text: &str) -> Cover {
        Cover::Fixed(text.into())
    }

    fn laid(layers: &[(Cover, ByteRange)], text_len: usize) -> Vec<Mask> {
        let mut all = Layers::new(text_len);
        for (cover, range) in layers {
            all.layer(cover).add(range);
        }
        all.masks()
    }

    fn check(layers: &[(Cover, ByteRange)], expected: &[(Cover, ByteRange)]) {
        let laid = laid(layers, 100);
        let laid: Vec<_> = laid.into_iter().map(|mask| (mask.cover, mask.range)).collect();
        assert_eq!(laid, expected, "{layers:?}");
    }

    #[test]
    fn where_covers_meet_the_one_that_hides_more_wins() {
        use Cover::{Full, Grawlix, KeepEnds};
        check(&[(KeepEnds, 0..4), (Grawlix, 6..8)], &[(KeepEnds, 0..4), (Grawlix, 6..8)]);
        check(&[(KeepEnds, 0..4), (Full, 2..6)], &[(Full, 0..6)]);
        check(&[(KeepEnds, 0..4), (Grawlix, 4..6)], &[(Grawlix, 0..6)]);
        check(&[(Grawlix, 0..9), (fixed("x"), 2..3)], &[(fixed("x"), 0..9)]);
        check(
            &[(fixed("x"), 0..9), (Full, 2..3), (KeepEnds, 20..21)],
            &[(Full, 0..9), (KeepEnds, 20..21)],
        );
    }

    #[test]
    fn of_two_texts_the_first_in_the_verdict_wins() {
        check(&[(fixed("x"), 5..9), (fixed("y"), 0..6)], &[(fixed("x"), 0..9)]);
        check(&[(fixed("y"), 0..6), (fixed("x"), 5..9)], &[(fixed("y"), 0..9)]);
    }

    #[test]
    fn replacements_are_bounded() {
        let many: Vec<_> =
            (0..2_000).map(|at| (fixed("a long text"), at * 2..at * 2 + 1)).collect();
        let masks = laid(&many, 4_000);
        let fixed = masks.iter().filter(|mask| mask.cover != Cover::Full).count();
        assert_eq!((masks.len(), fixed), (2_000, MAX_FIXED));
    }

    #[test]
    fn of_several_actions_one_counts() {
        use umpire_model::{ActionKind, MaskStrategy};
        let masking = |mask| Action { mask, ..Action::plain(ActionKind::Mask) };
        assert_eq!(cover_of(&[Action::plain(ActionKind::Log)]), None);
        assert_eq!(cover_of(&[masking(Some(MaskStrategy::KeepEnds))]), Some(Cover::KeepEnds));
        let both = [masking(Some(MaskStrategy::KeepEnds)), masking(None)];
        assert_eq!(cover_of(&both), Some(Cover::Full));
    }

    proptest! {
        #[test]
        fn every_byte_of_every_layer_is_covered_once(
            layers in prop::collection::vec((0..4_usize, 0..60_usize, 1..9_usize), 0..20)
        ) {
            let covers = [Cover::Full, Cover::KeepEnds, Cover::Grawlix, fixed("x")];
            let layers: Vec<_> = layers
                .into_iter()
                .map(|(cover, start, len)| (covers[cover].clone(), start..start + len))
                .collect();
            let masks = laid(&layers, 80);
            prop_assert!(masks.windows(2).all(|pair| pair[0].range.end < pair[1].range.start));
            for byte in 0..80 {
                let wanted = layers.iter().any(|(_, range)| range.contains(&byte));
                let covering = masks.iter().filter(|mask| mask.range.contains(&byte)).count();
                prop_assert_eq!(covering, usize::from(wanted));
            }
            for (cover, range) in &layers {
                let over = masks.iter().find(|mask| mask.range.contains(&range.start));
                prop_assert!(over.is_some_and(|mask| mask.cover.precedence() <= cover.precedence()));
            }
        }
    }
}
