//! What is undone before words are sought: a set, and switches against it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use umpire_model::{Transformation, Transformations};

/// A set of transformations by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NormalizationSet {
    /// [`Transformations::NONE`].
    None,
    /// [`Transformations::SAFE`].
    #[default]
    Safe,
    /// [`Transformations::AGGRESSIVE`].
    Aggressive,
}

impl NormalizationSet {
    /// What is in it.
    #[must_use]
    pub fn transformations(self) -> Transformations {
        match self {
            Self::None => Transformations::NONE,
            Self::Safe => Transformations::SAFE,
            Self::Aggressive => Transformations::AGGRESSIVE,
        }
    }
}

/// Transformations that are switched on or off whatever the set says. Documents write
/// them as a map: `{SHUFFLE: true, LEETSPEAK: false}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Name, bool>", into = "BTreeMap<Name, bool>")]
pub struct Overrides(BTreeMap<Transformation, bool>);

impl Overrides {
    /// Whether there is no switch.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Switches one on or off; `false` if there was a switch for it before.
    pub fn switch(&mut self, one: Transformation, enabled: bool) -> bool {
        self.0.insert(one, enabled).is_none()
    }

    /// Each switch, in the order of the contract.
    pub fn iter(&self) -> impl Iterator<Item = (Transformation, bool)> + '_ {
        self.0.iter().map(|(one, enabled)| (*one, *enabled))
    }

    /// What becomes of a set.
    #[must_use]
    pub fn over(&self, set: Transformations) -> Transformations {
        self.iter()
            .fold(set, |set, (one, enabled)| if enabled { set.with(one) } else { set.without(one) })
    }
}

/// A transformation as documents name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Name(Transformation);

/// No transformation has this name.
#[derive(Debug, thiserror::Error)]
#[error("unknown transformation `{0}`, expected one of {names}", names = NAMES.join(", "))]
struct UnknownName(String);

/// In the order of [`Transformation::ALL`]; those of the contract.
const NAMES: [&str; Transformation::ALL.len()] = [
    "CASE",
    "WIDTH",
    "CANONICAL",
    "COMPATIBILITY",
    "SIMPLIFIED",
    "INVISIBLE",
    "MARKS",
    "HOMOGLYPH",
    "LEETSPEAK",
    "REPEATS",
    "NUMBER_STYLE",
    "LETTER_GAPS",
    "DECORATION",
    "CHARACTER_GAPS",
    "SPACED_LETTERS",
    "RUN_TOGETHER",
    "SPLIT_CHARACTERS",
    "PINYIN",
    "INITIALS",
    "HOMOPHONE",
    "LOOKALIKE",
    "EMOJI",
    "SHUFFLE",
    "SHORT_HOMOPHONE",
    "SHORT_INITIALS",
    "SHORT_LOOKALIKE",
];

impl TryFrom<String> for Name {
    type Error = UnknownName;

    fn try_from(name: String) -> Result<Self, UnknownName> {
        let place = NAMES.iter().position(|known| *known == name);
        place.map(|place| Self(Transformation::ALL[place])).ok_or(UnknownName(name))
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        NAMES[name.0 as usize].into()
    }
}

impl From<BTreeMap<Name, bool>> for Overrides {
    fn from(named: BTreeMap<Name, bool>) -> Self {
        Self(named.into_iter().map(|(name, enabled)| (name.0, enabled)).collect())
    }
}

impl From<Overrides> for BTreeMap<Name, bool> {
    fn from(overrides: Overrides) -> Self {
        overrides.0.into_iter().map(|(one, enabled)| (Name(one), enabled)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_variants() {
        for one in Transformation::ALL {
            let name = String::from(Name(one));
            let plain = name.replace('_', "").to_lowercase();
            assert_eq!(plain, format!("{one:?}").to_lowercase());
            assert!(Name::try_from(name).is_ok_and(|name| name.0 == one));
        }
    }

    #[test]
    fn switches_go_over_the_set() {
        let read = |text: &str| serde_json::from_str::<Overrides>(text);
        let overrides = read(r#"{"SHUFFLE": true, "LEETSPEAK": false}"#).expect("known names");
        let set = overrides.over(NormalizationSet::Aggressive.transformations());
        assert!(set.contains(Transformation::Shuffle) && set.contains(Transformation::Emoji));
        assert!(!set.contains(Transformation::Leetspeak));
        let written = serde_json::to_string(&overrides).expect("text");
        assert_eq!(written, r#"{"LEETSPEAK":false,"SHUFFLE":true}"#);
        let error = read(r#"{"SHUFLE": true}"#).expect_err("a misspelt name").to_string();
        assert!(error.contains("`SHUFLE`") && error.contains("SHUFFLE,"), "{error}");
    }
}
