use crate::chain::Hash;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};
use umpire_model::{FieldId, Mask, Message, Verdict};
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
    /// matched replaced, one `*` a character whatever the rule's strategy: what KEEP_ENDS
    /// leaves for a chat to see has no place in a log that is kept for years.
    #[must_use]
    pub fn masked(message: &Message<'_>, verdict: &Verdict) -> Self {
        let masked = message.texts().map(|(field, text)| {
            let mut coverage = Coverage::new(text.len());
            verdict.mask_of(field).iter().for_each(|mask| coverage.add(&mask.range));
            find_all(text, &ALWAYS_MASKED, |range| coverage.add(&range));
            (field, starred(text, &coverage))
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
    starred(name, &coverage)
}

/// The text with one `*` for each character that is covered.
fn starred(text: &str, coverage: &Coverage) -> String {
    mask(text, &coverage.ranges().into_iter().map(Mask::full).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::Cover;

    #[test]
    fn personal_data_and_masked_matches_are_replaced() {
        let message = Message {
            text: "打13800138000或a@b.com，卡4111111111111111，秘密",
            ..<_>::default()
        };
        let mut verdict = Verdict::pass(1, "test".into());
        let secret = message.text.find("秘密").expect("there");
        let expected = format!("打{}或{}，卡{}，**", "*".repeat(11), "*".repeat(7), "*".repeat(16));
        for cover in [Cover::Full, Cover::KeepEnds, Cover::Grawlix, Cover::Fixed("秘密".into())] {
            verdict.masks = vec![(FieldId::Text, vec![Mask { range: secret..secret + 6, cover }])];
            let contents = Contents::masked(&message, &verdict);
            assert_eq!(contents.text(FieldId::Text), expected);
        }
    }
}
