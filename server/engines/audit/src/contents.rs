use crate::chain::Hash;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};
use umpire_model::{FieldId, Message, Verdict};
use umpire_text::{Coverage, Detector, detectors::find_all, mask};

/// Personal data that is masked in every record, whatever the rules.
const ALWAYS_MASKED: [Detector; 4] =
    [Detector::CnIdCard, Detector::BankCard, Detector::MobilePhone, Detector::Email];

/// The texts of a record, masked. Kept apart from the record, so that they can be
/// erased while the chain still holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Contents {
    /// Every text that was checked.
    #[n(0)]
    pub texts: Vec<(FieldId, String)>,
}

impl Contents {
    /// The texts of a message with personal data and everything a rule with MASK
    /// matched replaced.
    #[must_use]
    pub fn masked(message: &Message<'_>, verdict: &Verdict) -> Self {
        let masked = message.texts().map(|(field, text)| {
            let mut coverage = Coverage::new(text.len());
            verdict.mask_of(field).iter().for_each(|range| coverage.add(range));
            find_all(text, &ALWAYS_MASKED, |range| coverage.add(&range));
            (field, mask(text, &coverage.ranges()))
        });
        Self { texts: masked.collect() }
    }

    /// The text of a field; empty when there is none.
    #[must_use]
    pub fn text(&self, field: FieldId) -> &str {
        let found = self.texts.iter().find(|(other, _)| *other == field);
        found.map_or("", |(_, text)| text)
    }

    /// What a record says of these contents, given as canonical bytes.
    #[must_use]
    pub fn commitment(salt: &[u8], bytes: &[u8]) -> Hash {
        Sha256::new_with_prefix(salt).chain_update(bytes).finalize().into()
    }
}

/// A name people choose, with personal data in it masked.
pub(crate) fn without_personal_data(name: &str) -> String {
    let mut coverage = Coverage::new(name.len());
    find_all(name, &ALWAYS_MASKED, |range| coverage.add(&range));
    mask(name, &coverage.ranges())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_and_masked_matches_are_replaced() {
        let message = Message {
            text: "打13800138000或a@b.com，卡4111111111111111，秘密",
            ..<_>::default()
        };
        let mut verdict = Verdict::pass(1, "test".into());
        let secret = message.text.find("秘密").expect("there");
        verdict.masks = vec![(FieldId::Text, vec![secret..secret + 6])];
        let contents = Contents::masked(&message, &verdict);
        let expected = format!("打{}或{}，卡{}，**", "*".repeat(11), "*".repeat(7), "*".repeat(16));
        assert_eq!(contents.text(FieldId::Text), expected);
    }
}
