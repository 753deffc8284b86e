//! Conversions between the contract and the engines' nouns: one file a noun.

pub(crate) mod audit;
pub(crate) mod enforcer;
pub(crate) mod enums;
mod localized;
pub(crate) mod message;
pub(crate) mod policy_test;
pub(crate) mod revision;
pub(crate) mod rule;
pub(crate) mod safety;
pub(crate) mod sanction;
pub(crate) mod sanction_rule;
pub(crate) mod strike;
pub(crate) mod tenant;
mod text_condition;
pub(crate) mod time;
pub(crate) mod verdict;
pub(crate) mod word_list;
