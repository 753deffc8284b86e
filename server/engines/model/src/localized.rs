use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text for people in several languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalizedText {
    /// By BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_locale: BTreeMap<String, String>,
    /// When no locale fits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fallback: String,
}

impl LocalizedText {
    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_locale.is_empty() && self.fallback.is_empty()
    }

    /// The text for a locale: its own, else its language's, else the fallback.
    #[must_use]
    pub fn for_locale(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        [locale, language].iter().find_map(|tag| self.by_locale.get(*tag)).unwrap_or(&self.fallback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_fall_back_to_the_language_and_then_to_the_fallback() {
        let by_locale = [("zh-CN", "简"), ("en", "plain")];
        let text = LocalizedText {
            by_locale: by_locale.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            fallback: "fallback".into(),
        };
        for (locale, expected) in
            [("zh-CN", "简"), ("zh-TW", "fallback"), ("en-GB", "plain"), ("", "fallback")]
        {
            assert_eq!(text.for_locale(locale), expected, "{locale}");
        }
    }
}
