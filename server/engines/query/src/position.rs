/// How far a reader has come in what one or several writers wrote: for each writer's
/// journal the sequence of the last entry that was seen.
///
/// Under the seal of a [`PageToken`](crate::PageToken) it is what streams are resumed by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    /// Names of journals, without a zero byte, each with a sequence.
    pub writers: Vec<(String, u64)>,
}

impl Position {
    /// A position in one journal.
    pub fn of(journal: impl Into<String>, sequence: u64) -> Self {
        Self { writers: vec![(journal.into(), sequence)] }
    }

    /// How far it is in a journal; `None` when it says nothing of that one.
    #[must_use]
    pub fn sequence(&self, journal: &str) -> Option<u64> {
        let known = self.writers.iter().find(|(name, _)| name == journal);
        known.map(|(_, sequence)| *sequence)
    }

    /// Its bytes: each name, a zero byte, and the sequence, the highest byte first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, sequence) in &self.writers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(0);
            bytes.extend_from_slice(&sequence.to_be_bytes());
        }
        bytes
    }

    /// The position in these bytes; `None` when they hold none.
    #[must_use]
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut writers = Vec::new();
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == 0)?;
            let (name, rest) = (&bytes[..end], &bytes[end + 1..]);
            let (sequence, rest) = rest.split_first_chunk::<8>()?;
            let name = std::str::from_utf8(name).ok()?;
            writers.push((name.to_owned(), u64::from_be_bytes(*sequence)));
            bytes = rest;
        }
        Some(Self { writers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PageToken;

    #[test]
    fn positions_round_trip() {
        for writers in [&[][..], &[("a", 0)], &[("a", 7), ("b", u64::MAX)], &[("", 1)]] {
            let writers = writers.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
            let position = Position { writers };
            assert_eq!(Position::decode(&position.encode()), Some(position));
        }
    }

    #[test]
    fn what_is_cut_off_is_no_position() {
        let bytes = Position { writers: vec![("a".into(), 7), ("b".into(), 8)] }.encode();
        let first = bytes.len() / 2;
        for end in (1..bytes.len()).filter(|end| *end != first) {
            assert_eq!(Position::decode(&bytes[..end]), None, "{end}");
        }
        assert_eq!(Position::decode(b"\xff\x00\x00\x00\x00\x00\x00\x00\x00\x01"), None);
    }

    #[test]
    fn a_position_knows_its_journals() {
        let position = Position::of("mine", 7);
        assert_eq!(position.sequence("mine"), Some(7));
        assert_eq!(position.sequence("yours"), None);
    }

    #[test]
    fn a_sealed_position_is_good_for_its_stream_alone() {
        let mine = PageToken::of(&["Watch", "secret", "tenant", "me"]);
        let token = mine.encode(Some(&Position::of("journal", 7).encode()));
        let cursor = mine.decode(&token).expect("its own").expect("not empty");
        assert_eq!(Position::decode(&cursor), Some(Position::of("journal", 7)));
        assert!(PageToken::of(&["Watch", "secret", "tenant", "you"]).decode(&token).is_err());
        assert!(PageToken::of(&["Watch", "guess", "tenant", "me"]).decode(&token).is_err());
    }
}
