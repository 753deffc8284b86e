use minicbor::{Decode, Encode, bytes::ByteArray};
use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// A record's place in its writer's chain. Each writer numbers its records 1, 2,
/// 3, ... without gaps, and each link holds the leaf hash of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Link {
    /// Which chain.
    #[n(0)]
    pub writer: String,
    /// The place in it, from 1.
    #[n(1)]
    pub sequence: u64,
    /// Leaf hash of the record before; zeroes for the first.
    #[n(2)]
    pub previous: ByteArray<32>,
}

impl Link {
    /// What the first record of a chain has before it.
    pub const ORIGIN: Hash = [0; 32];

    /// The leaf hash, as in RFC 6962: SHA-256 over a zero byte, this link in
    /// canonical CBOR, and the record's canonical bytes.
    #[must_use]
    pub fn leaf(&self, record: &[u8]) -> Hash {
        let mut hash = Sha256::new_with_prefix([0]);
        hash.update(minicbor::to_vec(self).unwrap_or_default());
        hash.update(record);
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    #[test]
    fn the_leaf_is_fixed_for_ever() {
        let link = Link { writer: "w".into(), sequence: 1, previous: Link::ORIGIN.into() };
        // sha256(00 ‖ a3 00 6177 01 01 02 5820 00…00 ‖ "record")
        let expected = "538e7d4a44c4571aedaf7bc4c7d880c88195b991e2a00537ecfb379ec1e07ea6";
        assert_eq!(HEXLOWER.encode(&link.leaf(b"record")), expected);
    }

    #[test]
    fn every_part_changes_the_leaf() {
        let link = Link { writer: "w".into(), sequence: 1, previous: Link::ORIGIN.into() };
        let leaf = link.leaf(b"record");
        assert_ne!(leaf, link.leaf(b"recorD"));
        assert_ne!(leaf, Link { sequence: 2, ..link.clone() }.leaf(b"record"));
        assert_ne!(leaf, Link { previous: [1; 32].into(), ..link }.leaf(b"record"));
    }
}
