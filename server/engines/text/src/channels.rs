//! One text through its three channels, each made when it is first asked for.

use crate::{canonical::Canonical, case, profile::Profile};
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
    /// `None` when the folded form is the canonical one.
    folded: Option<&'t str>,
    aligned: bool,
    /// For each byte of `folded`, where its character starts in `canonical`.
    /// Made with the first hit of a text whose folding moved offsets.
    starts: OnceCell<Vec<u32>>,
}

impl<'t> Channels<'t> {
    /// `buffer` keeps the folded form where it is one of its own.
    pub fn new(original: &'t str, buffer: &'t mut String) -> Self {
        let profile = Profile::of(original);
        let canonical = Canonical::with_profile(original, profile);
        if profile.is_folded() {
            return Self {
                original,
                canonical,
                folded: None,
                aligned: true,
                starts: OnceCell::new(),
            };
        }
        buffer.clear();
        let aligned = if profile.cased || profile.composes {
            case::fold_into(&canonical.text, buffer)
        } else {
            buffer.push_str(&canonical.text);
            buffer.make_ascii_lowercase();
            true
        };
        Self { original, canonical, folded: Some(buffer), aligned, starts: OnceCell::new() }
    }

    pub fn text(&self, channel: Channel) -> &str {
        match (channel, self.folded) {
            (Channel::Original, _) => self.original,
            (Channel::Folded, Some(folded)) => folded,
            (Channel::Canonical, _) | (Channel::Folded, None) => &self.canonical.text,
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
        let channels = Channels::new("aȺＢ", &mut buffer);
        assert_eq!(channels.text(Channel::Folded), "aⱥb");
        assert_eq!(channels.to_original(Channel::Folded, 1..4), 1..3);
        assert_eq!(channels.to_original(Channel::Folded, 1..5), 1..6);
    }
}
