use crate::revision::Revision;
use umpire_query::{Expr, Field, Kind, Term, Value};

/// What revisions can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RevisionField {
    Number,
    Author,
    Reason,
    CreateTime,
    Rule,
    WordList,
}

impl Field for RevisionField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "number" => Self::Number,
            "author" => Self::Author,
            "reason" => Self::Reason,
            "create_time" => Self::CreateTime,
            "rule" => Self::Rule,
            "word_list" => Self::WordList,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Number => Kind::Number,
            Self::Author | Self::Reason => Kind::Text,
            Self::CreateTime => Kind::Time,
            Self::Rule | Self::WordList => Kind::Texts,
        }
    }
}

impl Revision {
    /// Whether this revision meets a filter; `rule` and `word_list` compare with ids.
    #[must_use]
    pub fn meets(&self, filter: &Expr<RevisionField>) -> bool {
        let (rules, lists) = (&self.changes.rules, &self.changes.lists);
        filter.matches(&|term| match term.field {
            RevisionField::Number => {
                term.test_number(i64::try_from(self.number).unwrap_or(i64::MAX))
            }
            RevisionField::Author => term.test_text(&self.author),
            RevisionField::Reason => term.test_text(&self.reason),
            RevisionField::CreateTime => term.test_number(self.time.0),
            RevisionField::Rule => touches(term, rules.iter().map(|c| c.after.rule.id.as_str())),
            RevisionField::WordList => {
                touches(term, lists.iter().map(|c| c.after.list.id.as_str()))
            }
        })
    }
}

fn touches<'i>(term: &Term<RevisionField>, ids: impl Iterator<Item = &'i str>) -> bool {
    let mut by_id = term.clone();
    if let Value::Text(name) = &term.value {
        by_id.value = Value::Text(name.rsplit('/').next().unwrap_or_default().to_owned());
    }
    by_id.test_texts(ids)
}
