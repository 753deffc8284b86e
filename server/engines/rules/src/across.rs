//! Words written in pieces, one message after another.
//!
//! The rules that look for them stand in a scanner of their own, which is shown what the
//! sender wrote before together with what is checked. Whatever lies in one message alone
//! is left to the scan of that message.

use crate::{
    compile::{CompileError, RuleSet, Scanned, add_allow_lists, add_rule, too_big},
    evaluate::{Moment, cancelling},
    policy::Policy,
    rule::Rule,
};
use std::sync::Arc;
use umpire_model::{EarlierSpan, Message, Timestamp, Transformation};
use umpire_text::{Facts, Hit, Outer, Scanner, ScannerBuilder, Scratch, Utf16Index};

/// What a sender wrote before a message, joined with nothing between.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preceding {
    /// The texts, oldest first.
    pub text: String,
    /// Which part of it comes from which message, in the order of the text.
    pub pieces: Vec<Piece>,
}

/// The part of one message in [`Preceding`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The caller's id of the message; may be empty.
    pub message_id: Arc<str>,
    /// Where it starts in the joined text; it ends where the next one starts.
    pub at: usize,
    /// Where it starts in the message's own text, in bytes.
    pub byte_offset: usize,
    /// The same in UTF-16 units.
    pub utf16_offset: usize,
}

/// The rules of a part that look across messages.
pub(crate) struct Across {
    scanner: Scanner,
    /// The place in the part's rules of the rule each source belongs to.
    owners: Box<[u32]>,
}

/// What a rule found in several messages, the one that is checked the last of them.
pub(crate) struct AcrossHit {
    /// The part's place in the set.
    pub part: usize,
    /// The rule's place in the part.
    pub rule: u32,
    /// The word, and its number in the rule's list.
    pub word: Arc<str>,
    pub number: u32,
    /// It covers this message's text up to here.
    pub end: usize,
    pub earlier: Vec<EarlierSpan>,
    pub transformations: Vec<Transformation>,
}

impl Across {
    /// The scanner of those of a part's rules that look across messages, `None` when
    /// none does. Allow-lists have the numbers they have in the part's own scanner.
    pub fn compile(
        policy: &Policy,
        rules: &[(Arc<str>, &Rule)],
    ) -> Result<Option<Self>, CompileError> {
        let looks = |rule: &Rule| rule.condition.text().is_some_and(|text| text.across_messages);
        if !rules.iter().any(|(_, rule)| looks(rule)) {
            return Ok(None);
        }
        let mut builder = ScannerBuilder::default();
        let (allow_lists, _) = add_allow_lists(&mut builder, policy, rules)?;
        let mut owners = Vec::new();
        for ((_, rule), number) in rules.iter().zip(0_u32..).filter(|((_, rule), _)| looks(rule)) {
            let added = add_rule(&mut builder, policy, &allow_lists, rule)?;
            owners.resize(owners.len() + added.sources, number);
        }
        let scanner = builder.build().map_err(too_big)?;
        Ok(Some(Self { scanner, owners: owners.into_boxed_slice() }))
    }

    /// The hits that begin in an earlier message and end in this one.
    fn find(
        &self,
        part: usize,
        joined: &Joined<'_>,
        facts: &Facts<'_>,
        scratch: &mut Scratch,
    ) -> Vec<AcrossHit> {
        let hits = self.scanner.scan(&joined.text, facts, scratch);
        let mut found = Vec::new();
        for entry in &hits.sources {
            for hit in entry.hits.iter().filter(|hit| joined.is_crossing(hit)) {
                found.push(AcrossHit {
                    part,
                    rule: self.owners[entry.source as usize],
                    word: self.scanner.word(entry.source, hit.word).clone(),
                    number: hit.word,
                    end: hit.range.end - joined.start,
                    earlier: joined.earlier(hit),
                    transformations: hit.transformations.iter().collect(),
                });
            }
        }
        found
    }
}

/// A message's text after what its sender wrote before.
struct Joined<'p> {
    text: String,
    /// Where the message's own text starts.
    start: usize,
    pieces: &'p [Piece],
}

impl<'p> Joined<'p> {
    fn new(preceding: &'p Preceding, text: &str) -> Self {
        let start = preceding.text.len();
        let text = [preceding.text.as_str(), text].concat();
        Self { text, start, pieces: &preceding.pieces }
    }

    fn is_crossing(&self, hit: &Hit) -> bool {
        hit.range.start < self.start && self.start < hit.range.end
    }

    /// The spans of a hit in the earlier messages that have an id.
    fn earlier(&self, hit: &Hit) -> Vec<EarlierSpan> {
        let ends = self.pieces.iter().skip(1).map(|next| next.at).chain([self.start]);
        let hit_pieces = self.pieces.iter().zip(ends).filter(|(_, end)| hit.range.start < *end);
        let named = hit_pieces.filter(|(piece, _)| !piece.message_id.is_empty());
        named.map(|(piece, end)| self.span(piece, hit.range.start.max(piece.at), end)).collect()
    }

    /// The span of a piece's message that the bytes from `start` to `end` of the joined
    /// text stand for.
    fn span(&self, piece: &Piece, start: usize, end: usize) -> EarlierSpan {
        let own = &self.text[piece.at..end];
        let mut span = Utf16Index::new(own).span(&(start - piece.at..own.len()));
        let (bytes, units) = (narrow(piece.byte_offset), narrow(piece.utf16_offset));
        span.byte_start += bytes;
        span.byte_end += bytes;
        span.utf16_start += units;
        span.utf16_end += units;
        EarlierSpan { message_id: piece.message_id.as_ref().into(), span }
    }
}

/// Texts are smaller than 4 GiB.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or_default()
}

impl RuleSet {
    /// Whether a rule looks across messages.
    #[must_use]
    pub fn looks_across(&self) -> bool {
        self.parts.iter().any(|part| part.across.is_some())
    }

    /// Adds what rules find that look across messages, in a message's own text after what
    /// its sender wrote before.
    pub fn scan_across(
        &self,
        message: &Message<'_>,
        preceding: &Preceding,
        now: Timestamp,
        scratch: &mut Scratch,
        scanned: &mut Scanned,
    ) {
        let Some(own) = self.parts.first() else { return };
        let joined = Joined::new(preceding, message.text);
        let is_active = |list| own.allows(list, message);
        let outer = Outer { scanner: &own.scanner, is_active: &is_active };
        for (number, part) in self.parts.iter().enumerate() {
            let Some(across) = &part.across else { continue };
            let is_foreign = number > 0 && own.scanner.allows_everywhere();
            let facts = Facts {
                now,
                is_active: &|list| part.allows(list, message),
                outer: is_foreign.then_some(outer),
                crossing: Some(joined.start),
            };
            scanned.across.extend(across.find(number, &joined, &facts, scratch));
        }
    }

    /// Up to where a message's text belongs to what was found across messages, by rules
    /// in force; `None` when there is no such rule. Shadow rules have no effect, on what is
    /// found next neither.
    #[must_use]
    pub fn used_across(
        &self,
        message: &Message<'_>,
        scanned: &Scanned,
        moment: &Moment,
    ) -> Option<usize> {
        let counts = |hit: &&AcrossHit| {
            let rule = &self.parts[hit.part].rules[hit.rule as usize];
            !rule.shadow && cancelling(rule, message, moment, false).is_none()
        };
        scanned.across.iter().filter(counts).map(|hit| hit.end).max()
    }
}

#[cfg(test)]
mod tests;
