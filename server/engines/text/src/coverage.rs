use umpire_model::ByteRange;

/// Which bytes of a text are covered by hits: one bit a byte, so that any number
/// of hits takes the same memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    bits: Vec<u64>,
    len: usize,
}

impl Coverage {
    /// No byte of a text of `len` bytes.
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { bits: vec![0; len.div_ceil(64)], len }
    }

    /// Adds a range of the text.
    pub fn add(&mut self, range: &ByteRange) {
        for byte in range.start..range.end.min(self.len) {
            self.bits[byte / 64] |= 1 << (byte % 64);
        }
    }

    /// Adds everything `other`, of the same text, covers.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *mine |= theirs;
        }
    }

    /// The covered ranges, ascending and apart.
    #[must_use]
    pub fn ranges(&self) -> Vec<ByteRange> {
        let mut ranges: Vec<ByteRange> = Vec::new();
        for byte in (0..self.len).filter(|byte| self.bits[byte / 64] >> (byte % 64) & 1 == 1) {
            match ranges.last_mut() {
                Some(last) if last.end == byte => last.end += 1,
                _ => ranges.push(byte..byte + 1),
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_and_overlapping_ranges_become_one() {
        let mut coverage = Coverage::new(200);
        for range in [0..3, 60..70, 65..130, 130..131, 199..200] {
            coverage.add(&range);
        }
        assert_eq!(coverage.ranges(), [0..3, 60..131, 199..200]);
    }
}
