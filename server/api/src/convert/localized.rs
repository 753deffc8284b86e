//! Texts in several languages.

use umpire_model::LocalizedText;
use umpire_proto::v1 as pb;

pub(super) fn from_proto(text: Option<&pb::LocalizedText>) -> LocalizedText {
    let given = |text: &pb::LocalizedText| LocalizedText {
        by_locale: text.by_locale.clone(),
        fallback: text.fallback.clone(),
    };
    text.map(given).unwrap_or_default()
}

/// `None` where there is no text at all.
pub(super) fn to_proto(text: &LocalizedText) -> Option<pb::LocalizedText> {
    (!text.is_empty()).then(|| pb::LocalizedText {
        by_locale: text.by_locale.clone(),
        fallback: text.fallback.clone(),
    })
}
