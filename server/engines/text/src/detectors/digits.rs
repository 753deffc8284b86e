//! Runs of digits that people split with blanks or hyphens.

use umpire_model::ByteRange;

/// Digits of one number and where each stands.
pub(super) struct Run {
    pub digits: Vec<u8>,
    pub at: Vec<usize>,
    /// A separator stood before this digit.
    pub gaps: Vec<bool>,
}

impl Run {
    /// The text from digit `from` to digit `to`, exclusive.
    pub fn range(&self, from: usize, to: usize) -> ByteRange {
        self.at[from]..self.at[to - 1] + 1
    }

    fn drop_first_group(&mut self) {
        let end = self.gaps.iter().position(|&gap| gap).unwrap_or(self.gaps.len());
        self.digits.drain(..end);
        self.at.drain(..end);
        self.gaps.drain(..end);
    }

    fn drop_last_group(&mut self) {
        let start = self.gaps.iter().rposition(|&gap| gap).unwrap_or(0);
        self.digits.truncate(start);
        self.at.truncate(start);
        self.gaps.truncate(start);
    }
}

/// Whether a text has at least `count` ASCII digits: nearly all have none.
pub(super) fn has(text: &str, count: usize) -> bool {
    text.bytes().filter(u8::is_ascii_digit).take(count).count() == count
}

/// Every maximal run of ASCII digits, single blanks and hyphens inside it
/// allowed. Groups at its ends that are glued to a Latin letter or `_` are part of
/// an identifier and left out.
pub(super) fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        at += bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
        let mut run = take(bytes, at);
        let start = at;
        at = run.at.last().map_or(at, |last| last + 1);
        if glued(bytes, Some(at)) {
            run.drop_last_group();
        }
        if glued(bytes, start.checked_sub(1)) {
            run.drop_first_group();
        }
        Some(run)
    })
}

fn take(bytes: &[u8], start: usize) -> Run {
    let mut run = Run { digits: Vec::new(), at: Vec::new(), gaps: Vec::new() };
    let (mut at, mut gap) = (start, false);
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            run.digits.push(byte - b'0');
            run.at.push(at);
            run.gaps.push(gap);
            gap = false;
        } else if matches!(byte, b' ' | b'-') && !gap {
            gap = true;
        } else {
            break;
        }
        at += 1;
    }
    run
}

/// Letters make an identifier of the number; `X` is left to the ID card's check digit.
fn glued(bytes: &[u8], at: Option<usize>) -> bool {
    at.and_then(|at| bytes.get(at)).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
}
