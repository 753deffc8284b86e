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
            if mark == 0 && looks_like_utf_16(content) {
                return Err(FileError::NoMark);
            }
            let text = std::str::from_utf8(&content[mark..]);
            let text = text.map_err(|error| FileError::NotUtf8(mark + error.valid_up_to()))?;
            Ok(Cow::Borrowed(text))
        }
    }
}

/// Whether line ends, or a good part of all bytes, have a zero beside them.
fn looks_like_utf_16(content: &[u8]) -> bool {
    let zeroes = content.iter().filter(|&&byte| byte == 0).count();
    if zeroes == 0 {
        return false;
    }
    let is_zero = |at: Option<usize>| at.and_then(|at| content.get(at)) == Some(&0);
    let mut ends = (0..content.len()).filter(|&at| content[at] == b'\n').peekable();
    let has_lines = ends.peek().is_some();
    let wide = ends.all(|at| is_zero(at.checked_add(1)) || is_zero(at.checked_sub(1)));
    zeroes * 4 > content.len() || (has_lines && wide)
}
