use serde::{Deserialize, Serialize};

/// A notice as words, escaped for one channel and within its limits but for those of the
/// whole request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rendered {
    /// One line, without markup.
    pub title: String,
    /// The body in the channel's own markup.
    pub body: String,
    /// The body again without markup, where a channel needs both: e-mail, tickets.
    pub plain: String,
    /// The template failed, and this is the built-in plain one; why.
    pub fallback: Option<String>,
}

/// What a notice is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Simplified Chinese: `zh-CN`.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English: `en`.
    #[serde(rename = "en")]
    English,
}
