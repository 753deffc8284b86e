//! Built-in detectors: a pattern finds candidates, validation keeps the real ones.
//!
//! Each stands in a file of its own with `find`: candidates in, valid ranges out, by
//! ascending end. It is given the canonical text, so full-width digits count, or, with
//! nothing switched on, the text as sent.

use crate::{canonical::Canonical, symbols::Entry};
use umpire_model::ByteRange;

mod bank_card;
mod cn_id_card;
mod contact_solicitation;
mod digits;
mod email;
mod ip_address;
mod mobile_phone;
mod url;

/// A built-in detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detector {
    /// Mainland resident identity number, GB 11643: region, date, checksum.
    CnIdCard,
    /// Payment card number: issuer prefix, length for the issuer, Luhn.
    BankCard,
    /// Mainland mobile number: assigned prefix, 11 digits.
    MobilePhone,
    /// Email address.
    Email,
    /// Web address, with or without scheme.
    Url,
    /// IPv4 or IPv6 address.
    IpAddress,
    /// An invitation to WeChat or QQ with an account.
    ContactSolicitation,
}

impl Detector {
    /// Every detector, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::CnIdCard,
        Self::BankCard,
        Self::MobilePhone,
        Self::Email,
        Self::Url,
        Self::IpAddress,
        Self::ContactSolicitation,
    ];

    /// The name rules use.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::CnIdCard => "cn_id_card",
            Self::BankCard => "bank_card",
            Self::MobilePhone => "mobile_phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::IpAddress => "ip_address",
            Self::ContactSolicitation => "contact_solicitation",
        }
    }

    /// The detector with this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|detector| detector.id() == id)
    }

    /// Flags of which a text has one where it may find something.
    pub(crate) fn needs(self) -> u32 {
        match self {
            Self::CnIdCard | Self::BankCard | Self::MobilePhone => Entry::DIGIT,
            Self::Email | Self::Url | Self::IpAddress => Entry::JOINT,
            Self::ContactSolicitation => Entry::DIGIT | Entry::JOINT,
        }
    }

    /// Calls `found` for each valid range of a canonical text.
    pub(crate) fn find(self, text: &str, found: impl FnMut(ByteRange)) {
        match self {
            Self::CnIdCard => cn_id_card::find(text, found),
            Self::BankCard => bank_card::find(text, found),
            Self::MobilePhone => mobile_phone::find(text, found),
            Self::Email => email::find(text, found),
            Self::Url => url::find(text, found),
            Self::IpAddress => ip_address::find(text, found),
            Self::ContactSolicitation => contact_solicitation::find(text, found),
        }
    }
}

/// The ranges of `text` any of `detectors` finds.
pub fn find_all(text: &str, detectors: &[Detector], mut found: impl FnMut(ByteRange)) {
    let canonical = Canonical::of(text);
    for detector in detectors {
        detector.find(canonical.text(), |range| found(canonical.to_original(range)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `marked` holds the expected hits in 【】.
    pub(super) fn check(detector: Detector, marked: &str) {
        let text = marked.replace(['【', '】'], "");
        let mut result = String::new();
        let mut at = 0;
        find_all(&text, &[detector], |range| {
            result += &format!("{}【{}】", &text[at..range.start], &text[range.clone()]);
            at = range.end;
        });
        result += &text[at..];
        assert_eq!(result, marked, "{}", detector.id());
    }

    #[test]
    fn full_width_digits_are_found_at_their_place() {
        check(Detector::MobilePhone, "电话【１３８００１３８０００】谢谢");
    }

    #[test]
    fn ids_round_trip() {
        for detector in Detector::ALL {
            assert_eq!(Detector::from_id(detector.id()), Some(detector));
        }
        assert_eq!(Detector::from_id("nope"), None);
    }
}
