//! Lists of rules, word lists, entries and revisions: filter, order, pages.

mod revisions;
mod word_lists;

pub use revisions::RevisionField;
pub use word_lists::{EntryField, EntryQuery, ListField, ListQuery};

use crate::rule::{RuleMode, StoredRule};
use std::{convert::Infallible, sync::Arc};
use umpire_model::{ActionKind, RiskClass};
use umpire_query::{Choices, Direction, Expr, Field, Kind, LEVELS, Order, Page, Term, urgency};

/// What rules can be filtered and ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RuleField {
    Id,
    DisplayName,
    Level,
    RiskClass,
    Mode,
    Priority,
    Label,
    Action,
    Word,
    CreateTime,
    UpdateTime,
    Author,
}

const CLASSES: Choices = &[("SENSITIVE", 0), ("HIGH_RISK", 1), ("FATAL", 2)];
const MODES: Choices = &[("OFF", 0), ("SHADOW", 1), ("ENFORCED", 2)];

impl RuleField {
    /// Fields a list can be ordered by.
    pub const ORDERS: [(&'static str, Self); 5] = [
        ("id", Self::Id),
        ("priority", Self::Priority),
        ("level", Self::Level),
        ("create_time", Self::CreateTime),
        ("update_time", Self::UpdateTime),
    ];
}

impl Field for RuleField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "id" => Self::Id,
            "display_name" => Self::DisplayName,
            "level" => Self::Level,
            "risk_class" => Self::RiskClass,
            "mode" => Self::Mode,
            "priority" => Self::Priority,
            "label" => Self::Label,
            "action" => Self::Action,
            "word" => Self::Word,
            "create_time" => Self::CreateTime,
            "update_time" => Self::UpdateTime,
            "author" => Self::Author,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Id | Self::DisplayName | Self::Author => Kind::Text,
            Self::Label | Self::Word => Kind::Texts,
            Self::Action => Kind::Names(&ACTIONS),
            Self::Level => Kind::Choice(LEVELS),
            Self::RiskClass => Kind::Choice(CLASSES),
            Self::Mode => Kind::Choice(MODES),
            Self::Priority => Kind::Number,
            Self::CreateTime | Self::UpdateTime => Kind::Time,
        }
    }
}

/// Which rules, in which order, from where on.
pub struct RuleQuery {
    /// What they must meet.
    pub filter: Expr<RuleField>,
    /// By id when `None`.
    pub order: Option<Order<RuleField>>,
    /// Deleted ones too.
    pub show_deleted: bool,
    /// Most entries.
    pub size: usize,
    /// `next` of the page before.
    pub cursor: Option<Vec<u8>>,
}

impl RuleQuery {
    /// The page of `rules` this asks for.
    #[must_use]
    pub fn page<'r>(
        &self,
        rules: impl Iterator<Item = &'r Arc<StoredRule>>,
    ) -> Page<Arc<StoredRule>> {
        let mut found: Vec<_> = rules
            .filter(|stored| self.show_deleted || stored.delete_time.is_none())
            .filter(|stored| self.filter.matches(&|term| test(stored, term)))
            .map(|stored| (self.key(stored), stored))
            .filter(|(key, _)| self.cursor.as_ref().is_none_or(|cursor| key > cursor))
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        let entries = found.into_iter().map(|(_, stored)| Ok::<_, Infallible>(stored.clone()));
        let page = Page::gather(
            entries,
            self.size,
            |stored: &Arc<StoredRule>| stored.weight(),
            |stored| self.key(stored),
        );
        match page {
            Ok(page) => page,
            Err(never) => match never {},
        }
    }

    /// Bytes that sort as the list does: the ordered field, then the id.
    fn key(&self, stored: &StoredRule) -> Vec<u8> {
        let rule = &stored.rule;
        let number = match self.order.map(|order| order.field) {
            Some(RuleField::Priority) => i64::from(rule.priority),
            Some(RuleField::Level) => urgency(rule.level),
            Some(RuleField::CreateTime) => stored.create_time.0,
            Some(RuleField::UpdateTime) => stored.update_time.0,
            _ => 0,
        };
        // Flipping the sign bit makes two's complement sort as bytes.
        let mut key = (number as u64 ^ (1 << 63)).to_be_bytes().to_vec();
        key.extend_from_slice(rule.id.as_str().as_bytes());
        if self.order.is_some_and(|order| order.direction == Direction::Descending) {
            // Ids are ASCII without 0xff, so the end marker keeps prefixes apart.
            key.push(0);
            key.iter_mut().for_each(|byte| *byte = !*byte);
        }
        key
    }
}

fn test(stored: &StoredRule, term: &Term<RuleField>) -> bool {
    let rule = &stored.rule;
    match term.field {
        RuleField::Id => term.test_text(rule.id.as_str()),
        RuleField::DisplayName => term.test_text(&rule.display_name),
        RuleField::Author => term.test_text(&stored.author),
        RuleField::Level => term.test_number(urgency(rule.level)),
        RuleField::RiskClass => term.test_number(rule.risk_class.map_or(-1, class_rank)),
        RuleField::Mode => term.test_number(match rule.mode {
            RuleMode::Off => 0,
            RuleMode::Shadow => 1,
            RuleMode::Enforced => 2,
        }),
        RuleField::Priority => term.test_number(rule.priority.into()),
        RuleField::Label => term.test_texts(rule.labels.iter().map(|label| &**label)),
        RuleField::Action => {
            let kinds: Vec<_> =
                rule.actions.iter().map(|action| action_name(action.kind)).collect();
            term.test_texts(kinds.into_iter())
        }
        RuleField::Word => term.test_texts(rule.condition.words().map(|word| &**word)),
        RuleField::CreateTime => term.test_number(stored.create_time.0),
        RuleField::UpdateTime => term.test_number(stored.update_time.0),
    }
}

fn class_rank(class: RiskClass) -> i64 {
    class as i64
}

/// In the order of [`ActionKind`].
const ACTIONS: [&str; 9] =
    ["LOG", "ALERT", "MASK", "REVIEW", "INTERCEPT", "REPLY", "MENTION", "TICKET", "ROUTE"];

fn action_name(kind: ActionKind) -> &'static str {
    ACTIONS[kind as usize]
}
