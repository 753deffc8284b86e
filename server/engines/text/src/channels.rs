//! One text through its three channels, each made when it is first asked for.

use crate::{canonical::Canonical, case};
use std::cell::OnceCell;
use umpire_model::ByteRange;

/// Which form of a text a pattern looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Original,
    Canonical,
    Folded,
}

/// The forms of one text and the way from each back to the original.
pub(crate) struct Channels<'t> {
    original: &'t str,
    canonical: Canonical<'t>,
    /// Empty unless asked for.
    folded: &'t str,
    aligned: bool,
    /// For each byte of `folded`, where its character starts in `canonical`.
    /// Made with the first hit of a text whose folding moved offsets.
    starts: OnceCell<Vec<u32>>,
}

impl<'t> Channels<'t> {
    /// `buffer` keeps the folded form; it is overwritten.
    pub fn new(original: &'t str, buffer: &'t mut String, with_folded: bool) -> Self {
        let canonical = Canonical::of(original);
        buffer.clear();
        let aligned = !with_folded || case::fold_into(&canonical.text, buffer);
        Self { original, canonical, folded: buffer, aligned, starts: OnceCell::new() }
    }

    pub fn text(&self, channel: Channel) -> &str {
        match channel {
            Channel::Original => self.original,
            Channel::Canonical => &self.canonical.text,
            Channel::Folded => self.folded,
        }
    }

    /// The original range of a range of `channel`, not empty.
    pub fn to_original(&self, channel: Channel, range: ByteRange) -> ByteRange {
        match channel {
            Channel::Original => range,
            Channel::Canonical => self.canonical.to_original(range),
            Channel::Folded => {
                let range = self.folded_to_canonical(range);
                self.canonical.to_original(range)
            }
        }
    }

    fn folded_to_canonical(&self, range: ByteRange) -> ByteRange {
        if self.aligned {
            return range;
        }
        let canonical = &self.canonical.text;
        let starts = self.starts.get_or_init(|| folded_starts(canonical));
        starts[range.start] as usize..starts[range.end] as usize
    }
}

/// Where the character of each folded byte starts in `canonical`, and the end.
fn folded_starts(canonical: &str) -> Vec<u32> {
    let mut starts = Vec::with_capacity(canonical.len() + 1);
    for (at, c) in canonical.char_indices() {
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        starts.resize(starts.len() + case::fold_char(c).len_utf8(), start);
    }
    starts.push(u32::try_from(canonical.len()).unwrap_or(u32::MAX));
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_that_changes_lengths_keeps_origins() {
        // `Ⱥ` takes two bytes, its lower case three.
        let mut buffer = String::new();
        let channels = Channels::new("aȺＢ", &mut buffer, true);
        assert_eq!(channels.folded, "aⱥb");
        assert_eq!(channels.to_original(Channel::Folded, 1..4), 1..3);
        assert_eq!(channels.to_original(Channel::Folded, 1..5), 1..6);
    }
}
