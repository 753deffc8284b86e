//! How documents write a tree: a word alone, or an object with one key.

use super::WordTree;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
    ser::SerializeMap,
};
use std::fmt;

const KINDS: &[&str] = &["word", "all", "any", "none", "within"];
const ONE_KIND: &str = "exactly one of `word`, `all`, `any`, `none` and `within` must be set";

impl Serialize for WordTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Word(word) => serializer.serialize_str(word),
            Self::All(nodes) => only(serializer, "all", nodes),
            Self::Any(nodes) => only(serializer, "any", nodes),
            Self::None(nodes) => only(serializer, "none", nodes),
            Self::Within(within) => only(serializer, "within", within),
        }
    }
}

/// An object with one key.
fn only<S: Serializer>(
    serializer: S,
    key: &str,
    value: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for WordTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Node)
    }
}

struct Node;

impl<'de> Visitor<'de> for Node {
    type Value = WordTree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, or an object with `word`, `all`, `any`, `none` or `within`")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<WordTree, E> {
        Ok(WordTree::Word(word.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WordTree, A::Error> {
        let Some(kind) = map.next_key::<String>()? else {
            return Err(A::Error::custom(ONE_KIND));
        };
        let node = match kind.as_str() {
            "word" => WordTree::Word(map.next_value()?),
            "all" => WordTree::All(map.next_value()?),
            "any" => WordTree::Any(map.next_value()?),
            "none" => WordTree::None(map.next_value()?),
            "within" => WordTree::Within(map.next_value()?),
            _ => return Err(A::Error::unknown_field(&kind, KINDS)),
        };
        match map.next_key::<String>()? {
            None => Ok(node),
            Some(_) => Err(A::Error::custom(ONE_KIND)),
        }
    }
}
