//! Conversions between the contract and the engines' nouns: one file a noun.

pub(crate) mod audit;
pub(crate) mod enums;
pub(crate) mod message;
pub(crate) mod policy_test;
pub(crate) mod revision;
pub(crate) mod rule;
pub(crate) mod tenant;
mod text_condition;
mod time;
pub(crate) mod verdict;
pub(crate) mod word_list;
