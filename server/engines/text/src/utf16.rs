use umpire_model::{ByteRange, Span};

/// Bytes between two remembered positions.
const STRIDE: usize = 256;

/// Turns byte offsets of a text into UTF-16 offsets, each in bounded time.
pub struct Utf16Index<'t> {
    text: &'t str,
    /// (byte, UTF-16 unit) of a character at or after every `STRIDE` bytes.
    /// Empty for ASCII, where both are the same.
    marks: Vec<(usize, usize)>,
}

impl<'t> Utf16Index<'t> {
    /// Walks the text once.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut marks = Vec::new();
        if !text.is_ascii() {
            let (mut units, mut due) = (0, 0);
            for (byte, c) in text.char_indices() {
                if byte >= due {
                    marks.push((byte, units));
                    due = (byte / STRIDE + 1) * STRIDE;
                }
                units += c.len_utf16();
            }
        }
        Self { text, marks }
    }

    /// The span of a range that lies on character boundaries.
    #[must_use]
    pub fn span(&self, range: &ByteRange) -> Span {
        let narrow = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            byte_start: narrow(range.start),
            byte_end: narrow(range.end),
            utf16_start: narrow(self.units(range.start)),
            utf16_end: narrow(self.units(range.end)),
        }
    }

    fn units(&self, byte: usize) -> usize {
        let after = self.marks.partition_point(|&(mark, _)| mark <= byte);
        match after.checked_sub(1) {
            None => byte,
            Some(index) => {
                let (mark, units) = self.marks[index];
                units + self.text[mark..byte].chars().map(char::len_utf16).sum::<usize>()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_encoding_the_prefix() {
        let text = "a加😀é".repeat(200);
        let index = Utf16Index::new(&text);
        for (byte, _) in text.char_indices() {
            let expected = text[..byte].encode_utf16().count();
            assert_eq!(index.units(byte), expected);
        }
        assert_eq!(index.units(text.len()), text.encode_utf16().count());
    }
}
