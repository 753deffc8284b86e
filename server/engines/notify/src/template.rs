use crate::{AlertKind, ChannelKind, Language, Reason};
use serde::{Deserialize, Serialize};
use umpire_model::Level;

/// How notices are worded, as its author wrote it. The most particular template that fits
/// is taken; the built-in ones fit everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Template`
pub struct Template {
    pub display_name: String,
    /// Which notices; `None`: all.
    pub channel: Option<ChannelKind>,
    pub level: Option<Level>,
    pub kind: Option<AlertKind>,
    pub language: Option<Language>,
    pub reason: Option<Reason>,
    /// For the urgent look, for the other one, or for both.
    pub urgent: Option<bool>,
    /// minijinja; the built-in title when empty.
    pub title: String,
    /// minijinja; required.
    pub body: String,
}
