/// A half-open range of bytes.
pub type ByteRange = std::ops::Range<usize>;

/// A half-open range of the original text, in bytes of UTF-8 and in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Span {
    /// First byte.
    #[n(0)]
    pub byte_start: u32,
    /// One past the last byte.
    #[n(1)]
    pub byte_end: u32,
    /// First UTF-16 unit.
    #[n(2)]
    pub utf16_start: u32,
    /// One past the last UTF-16 unit.
    #[n(3)]
    pub utf16_end: u32,
}

/// A span of a text that the same sender wrote before this one.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct EarlierSpan {
    /// The caller's id of that message; never empty.
    #[n(0)]
    pub message_id: String,
    /// Where, in that message's text.
    #[n(1)]
    pub span: Span,
}
