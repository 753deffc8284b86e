//! Conversions between the contract and the engines' nouns: one file a noun.

pub(crate) mod alert;
pub(crate) mod audit;
pub(crate) mod delivery;
pub(crate) mod enforcer;
pub(crate) mod enums;
pub(crate) mod escalation;
mod localized;
pub(crate) mod message;
pub(crate) mod policy_test;
pub(crate) mod receiver;
pub(crate) mod revision;
pub(crate) mod route;
pub(crate) mod rule;
pub(crate) mod safety;
pub(crate) mod sanction;
pub(crate) mod sanction_rule;
pub(crate) mod silence;
pub(crate) mod strike;
pub(crate) mod template;
pub(crate) mod tenant;
mod text_condition;
pub(crate) mod time;
pub(crate) mod verdict;
pub(crate) mod window;
pub(crate) mod word_list;
