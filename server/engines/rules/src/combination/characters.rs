use std::{cell::OnceCell, collections::BTreeMap};
use umpire_model::{FieldId, Message};

/// Bytes between two remembered counts.
const STRIDE: usize = 256;

/// The texts of a message, whose characters are counted when somebody asks.
pub(crate) struct Texts<'m> {
    message: &'m Message<'m>,
    counted: BTreeMap<FieldId, Characters<'m>>,
}

impl<'m> Texts<'m> {
    pub fn of(message: &'m Message<'m>) -> Self {
        Self { message, counted: BTreeMap::new() }
    }

    /// The characters of one of them.
    pub fn characters(&mut self, field: FieldId) -> &Characters<'m> {
        let message = self.message;
        self.counted.entry(field).or_insert_with(|| {
            let text = message.texts().find(|(found, _)| *found == field);
            Characters::of(text.map(|(_, text)| text).unwrap_or_default())
        })
    }
}

/// Turns places in bytes into places in characters, each in bounded time.
pub(crate) struct Characters<'t> {
    text: &'t [u8],
    /// Characters before every `STRIDE` bytes; made when first needed.
    marks: OnceCell<Vec<usize>>,
}

impl<'t> Characters<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { text: text.as_bytes(), marks: OnceCell::new() }
    }

    /// How many characters start before a byte.
    pub fn before(&self, byte: usize) -> usize {
        let marks = self.marks.get_or_init(|| {
            let counts = self.text.chunks(STRIDE).scan(0_usize, |count, chunk| {
                let before = *count;
                *count += starts(chunk);
                Some(before)
            });
            counts.collect()
        });
        let (block, end) = (byte / STRIDE, byte.min(self.text.len()));
        let Some(mark) = marks.get(block) else {
            // The end of a text that fills its last block, or of an empty one.
            return marks
                .last()
                .map_or(0, |last| last + starts(&self.text[(marks.len() - 1) * STRIDE..]));
        };
        mark + starts(&self.text[block * STRIDE..end])
    }
}

/// How many characters start in a part of a text.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_the_prefix() {
        for text in [String::new(), "a".repeat(512), "a加😀e\u{301}".repeat(200), "加".into()] {
            let characters = Characters::of(&text);
            let places = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
            for byte in places {
                assert_eq!(characters.before(byte), text[..byte].chars().count(), "{byte}");
            }
        }
    }
}
