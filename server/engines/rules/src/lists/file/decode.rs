//! Bytes to text.

use super::FileError;
use std::borrow::Cow;

/// The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
pub(super) fn decode(content: &[u8]) -> Result<Cow<'_, str>, FileError> {
    use encoding_rs::{Encoding, UTF_8};
    match Encoding::for_bom(content) {
        Some((encoding, mark)) if encoding != UTF_8 => {
            let (text, malformed) = encoding.decode_without_bom_handling(&content[mark..]);
            if malformed { Err(FileError::NotUtf16) } else { Ok(text) }
        }
        found => {
            let mark = found.map_or(0, |(_, mark)| mark);
            let text = std::str::from_utf8(&content[mark..]);
            let text = text.map_err(|error| FileError::NotUtf8(mark + error.valid_up_to()))?;
            Ok(Cow::Borrowed(text))
        }
    }
}
