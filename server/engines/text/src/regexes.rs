//! Regular expressions of all sources, tried together before any alone.

use crate::{canonical::Canonical, collector::MAX_HITS_PER_SOURCE, source::BuildError};
use regex::{Regex, RegexBuilder};
use regex_automata::{
    Input, MatchKind, PatternSet, meta::Regex as MetaRegex, nfa::thompson::WhichCaptures,
    util::syntax::Config as SyntaxConfig,
};
use regex_syntax::{ParserBuilder, hir::literal::Extractor};
use std::borrow::Cow;
use umpire_model::ByteRange;

/// Longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 4_096;
/// Biggest compiled pattern, in bytes. A search is linear in the text with the
/// compiled size as its factor in the worst case, and a pattern is searched for
/// at most about a thousand times in one text.
pub const MAX_REGEX_BYTES: usize = 4 << 20;
/// Patterns tried together. Bigger sets outgrow the lazy DFA's cache.
const SET_SIZE: usize = 128;
/// Bytes of lazy DFA a set may cache in each thread.
const SET_CACHE_BYTES: usize = 8 << 20;

/// Compiles one pattern.
pub(crate) fn compile(pattern: &str, fold_case: bool) -> Result<Regex, BuildError> {
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(BuildError::RegexTooLong { limit: MAX_PATTERN_BYTES });
    }
    let regex = RegexBuilder::new(pattern)
        .case_insensitive(fold_case)
        .size_limit(MAX_REGEX_BYTES)
        .nest_limit(64)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => BuildError::RegexTooBig { limit },
            other => BuildError::RegexSyntax(other.to_string()),
        })?;
    if regex.is_match("") {
        return Err(BuildError::RegexMatchesEmpty);
    }
    Ok(regex)
}

/// A pattern in the form of the text it will meet: full-width forms narrow, those
/// that would then mean something escaped, the rest composed.
fn canonical_pattern(pattern: &str) -> Cow<'_, str> {
    if pattern.is_ascii() {
        return Cow::Borrowed(pattern);
    }
    let mut escaped = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        let punctuation = matches!(c, '\u{3000}' | '\u{ff01}'..='\u{ff5e}')
            && !Canonical::of(c.encode_utf8(&mut [0; 4])).text().chars().all(char::is_alphanumeric);
        match (punctuation, c) {
            (true, '\u{3000}') => escaped.push_str(r"\x20"),
            (true, c) => escaped.extend(['\\', c]),
            (false, c) => escaped.push(c),
        }
    }
    Cow::Owned(Canonical::of(&escaped).text().clone().into_owned())
}

/// Longest key of a pattern, in characters.
const MAX_KEY_CHARS: usize = 16;

/// Words of which one stands wherever a pattern matches: what it starts with. `None`
/// when that may be anything, or too short to tell texts apart.
pub(crate) fn keys(pattern: &str) -> Option<Vec<String>> {
    let hir = ParserBuilder::new().build().parse(pattern).ok()?;
    let sequence = Extractor::new().extract(&hir);
    let keys = sequence.literals()?.iter().map(|literal| key(literal.as_bytes()));
    keys.collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty())
}

/// The part of a literal that folds to the same symbols in every case.
fn key(literal: &[u8]) -> Option<String> {
    let valid = match std::str::from_utf8(literal) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&literal[..error.valid_up_to()]).ok()?,
    };
    let is_cased = |c: char| !c.is_ascii() && (c.is_lowercase() || c.is_uppercase());
    let key: String = valid.chars().take_while(|c| !is_cased(*c)).take(MAX_KEY_CHARS).collect();
    let visible = key.chars().filter(|c| c.is_alphanumeric()).count();
    (visible >= 2).then_some(key)
}

/// Collects the patterns of one channel.
#[derive(Default)]
pub(crate) struct RegexesBuilder {
    entries: Vec<(u32, Regex)>,
    keyed: Vec<(u32, Regex)>,
}

impl RegexesBuilder {
    /// Adds a pattern. Gives its number and its keys, where there are some: it is then
    /// sought only where one of them stands.
    pub fn add(
        &mut self,
        pattern: &str,
        fold_case: bool,
        source: u32,
    ) -> Result<Option<(u32, Vec<String>)>, BuildError> {
        let pattern = if fold_case { canonical_pattern(pattern) } else { Cow::Borrowed(pattern) };
        let regex = compile(&pattern, fold_case)?;
        match keys(&pattern).filter(|_| fold_case) {
            Some(keys) => {
                self.keyed.push((source, regex));
                Ok(Some((self.keyed.len() as u32 - 1, keys)))
            }
            None => {
                self.entries.push((source, regex));
                Ok(None)
            }
        }
    }

    pub fn build(self, fold_case: bool) -> Result<Regexes, BuildError> {
        let mut entries = self.entries.into_iter();
        let mut chunks = Vec::new();
        loop {
            let members: Vec<_> = entries.by_ref().take(SET_SIZE).collect();
            if members.is_empty() {
                return Ok(Regexes { chunks, keyed: self.keyed });
            }
            chunks.push(Chunk::new(members, fold_case)?);
        }
    }
}

/// Patterns that are tried together.
struct Chunk {
    any: MetaRegex,
    members: Vec<(u32, Regex)>,
}

impl Chunk {
    fn new(members: Vec<(u32, Regex)>, fold_case: bool) -> Result<Self, BuildError> {
        let patterns: Vec<_> = members.iter().map(|(_, regex)| regex.as_str()).collect();
        // The lazy DFA over all patterns is quicker than a prefilter over their
        // literals would be: measured, four times.
        let config = MetaRegex::config()
            .match_kind(MatchKind::All)
            .which_captures(WhichCaptures::None)
            .auto_prefilter(false)
            .nfa_size_limit(Some(SET_SIZE * MAX_REGEX_BYTES))
            .hybrid_cache_capacity(SET_CACHE_BYTES);
        let any = MetaRegex::builder()
            .configure(config)
            .syntax(SyntaxConfig::new().case_insensitive(fold_case))
            .build_many(&patterns)
            .map_err(|error| BuildError::TooBig(error.to_string()))?;
        Ok(Self { any, members })
    }

    fn find(&self, text: &str, found: &mut impl FnMut(u32, ByteRange)) {
        if !self.any.is_match(text) {
            return;
        }
        let mut matched = PatternSet::new(self.members.len());
        self.any.which_overlapping_matches(&Input::new(text), &mut matched);
        for pattern in matched.iter() {
            find_alone(&self.members[pattern.as_usize()], text, found);
        }
    }
}

fn find_alone((source, regex): &(u32, Regex), text: &str, found: &mut impl FnMut(u32, ByteRange)) {
    let hits = regex.find_iter(text).filter(|hit| !hit.is_empty());
    for (count, hit) in hits.enumerate() {
        if count == MAX_HITS_PER_SOURCE {
            // Each further search may walk to the end of the text; the rest counts as
            // one hit, so that masking covers it.
            return found(*source, hit.start()..text.len());
        }
        found(*source, hit.range());
    }
}

/// Finds the non-overlapping matches of every pattern.
pub(crate) struct Regexes {
    chunks: Vec<Chunk>,
    /// Those that are sought only where a key of theirs stands.
    keyed: Vec<(u32, Regex)>,
}

impl Regexes {
    /// Whether every pattern has keys.
    pub fn are_keyed(&self) -> bool {
        self.chunks.is_empty()
    }

    /// As [`Self::find`], for one pattern whose key was found.
    pub fn find_keyed(&self, pattern: u32, text: &str, mut found: impl FnMut(u32, ByteRange)) {
        find_alone(&self.keyed[pattern as usize], text, &mut found);
    }

    /// Calls `found` with the source and range of each match of a pattern without
    /// keys, by ascending end for each source.
    pub fn find(&self, text: &str, mut found: impl FnMut(u32, ByteRange)) {
        for chunk in &self.chunks {
            chunk.find(text, &mut found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_keys_where_they_start_with_words() {
        let table: [(&str, Option<&[&str]>); 7] = [
            ("微信.{0,3}群", Some(&["微信"])),
            (r"(?:代练|金币)\s*\d+", Some(&["代练", "金币"])),
            ("(?:私服){1,3}", Some(&["私服"])),
            (r"\d{11}", None),
            ("a.b", None),
            (".*x", None),
            ("[a-z]+@", None),
        ];
        for (pattern, expected) in table {
            let found = keys(pattern);
            let found: Option<Vec<&str>> =
                found.as_ref().map(|keys| keys.iter().map(String::as_str).collect());
            assert_eq!(found.as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn bad_patterns_have_clear_errors() {
        let syntax = compile("a(b", true).expect_err("unclosed group");
        assert!(syntax.to_string().contains("unclosed group"), "{syntax}");
        let big = compile(r"(\w{1,100}){1,100}", true).expect_err("too big");
        assert_eq!(big, BuildError::RegexTooBig { limit: MAX_REGEX_BYTES });
        assert_eq!(compile("a*", true).err(), Some(BuildError::RegexMatchesEmpty));
        assert!(compile("(?=x)", true).is_err(), "look-around is refused");
        assert!(compile(r"\d{6,12}", true).is_ok());
        assert!(compile(r"\w{1,16}@\w{1,16}", true).is_ok());
    }
}
