//! The facts of one message as values of CEL. They borrow: no text is copied.

use super::facts::{self, MAX_MATCHES, Record};
use cel::{
    ExecutionError,
    common::{
        traits::{Container, Indexer, Sizer},
        types::{CelBool, CelInt, CelList, CelMap, CelString, Type},
        value::{CowVal, Val},
    },
};
use std::{collections::BTreeMap, sync::OnceLock};
use umpire_model::{Match, Message, WallTime};

/// What an expression is asked about.
pub(crate) struct Facts<'a> {
    message: &'a Message<'a>,
    matches: Vec<&'a Match>,
    wall: WallTime,
    /// `matches` as a value, made when the first expression asks for it.
    listed: OnceLock<CelList<'a>>,
}

impl<'a> Facts<'a> {
    /// Of a message, what text rules found in it, and what the tenant's wall shows.
    pub fn new(
        message: &'a Message<'a>,
        matches: impl IntoIterator<Item = &'a Match>,
        wall: WallTime,
    ) -> Self {
        let matches = matches.into_iter().take(MAX_MATCHES).collect();
        Self { message, matches, wall, listed: OnceLock::new() }
    }

    /// The matches expressions see.
    pub fn matches(&self) -> &[&'a Match] {
        &self.matches
    }

    /// What a name stands for.
    pub(super) fn root(&self, name: &str) -> Option<CowVal<'_, 'a>> {
        match name {
            "matches" => Some(CowVal::Borrowed(self.listed.get_or_init(|| self.list()))),
            // There are no classifiers yet.
            "scores" => Some(CowVal::owned(CelMap::default())),
            _ => Record::of_root(name).map(|record| CowVal::owned(self.thing(record))),
        }
    }

    fn thing(&self, record: Record) -> Thing<'a> {
        Thing::Part { message: self.message, wall: self.wall, record }
    }

    fn list(&self) -> CelList<'a> {
        let boxed = |found: &&'a Match| Box::new(Thing::Match(found)) as Box<dyn Val + 'a>;
        self.matches.iter().map(boxed).collect::<Vec<_>>().into()
    }
}

/// A record as a value.
#[derive(Debug, Clone, Copy)]
enum Thing<'a> {
    Part { message: &'a Message<'a>, wall: WallTime, record: Record },
    Match(&'a Match),
}

static THING: Type = Type::new_unspecified_type("record");

impl<'a> Thing<'a> {
    fn member<'b>(&self, name: &str) -> Option<CowVal<'b, 'a>> {
        match *self {
            Self::Match(found) => match_member(found, name),
            Self::Part { message, wall, record } => match (record, name) {
                (Record::Message, "hour") => Some(int(i64::from(wall.minute / 60))),
                (Record::Message, "weekday") => Some(int(i64::from(wall.weekday))),
                (Record::Message, "attachments") => Some(attachments(message)),
                (Record::Sender, "attributes") => {
                    Some(CowVal::owned(Attributes(message.sender.attributes)))
                }
                _ => match facts::text(record, name) {
                    Some(read) => Some(string(read(message))),
                    None => facts::number(record, name)?(message).map(int),
                },
            },
        }
    }
}

fn match_member<'b, 'a>(found: &'a Match, name: &str) -> Option<CowVal<'b, 'a>> {
    match name {
        "shadow" => Some(CowVal::owned(CelBool::from(found.shadow))),
        "labels" => Some(strings(found.labels.iter().map(AsRef::as_ref))),
        _ => facts::match_text(name).map(|read| string(read(found))),
    }
}

fn attachments<'b, 'a>(message: &'a Message<'a>) -> CowVal<'b, 'a> {
    let texts = message.attachments.iter().flat_map(|it| [it.text, it.title]);
    strings(texts.filter(|text| !text.is_empty()))
}

fn strings<'b, 'a>(texts: impl Iterator<Item = &'a str>) -> CowVal<'b, 'a> {
    let boxed = texts.map(|text| Box::new(CelString::from(text)) as Box<dyn Val + 'a>);
    CowVal::owned(CelList::from(boxed.collect::<Vec<_>>()))
}

fn string<'b, 'a>(text: &'a str) -> CowVal<'b, 'a> {
    CowVal::owned(CelString::from(text))
}

fn int<'b, 'a>(number: i64) -> CowVal<'b, 'a> {
    CowVal::owned(CelInt::from(number))
}

/// The key of a lookup; types were checked, so it is one.
fn key(idx: &dyn Val) -> Result<&str, ExecutionError> {
    let key = idx.downcast_ref::<CelString>().map(CelString::inner);
    key.ok_or_else(|| ExecutionError::no_such_key("not a string"))
}

impl Val for Thing<'_> {
    fn get_type(&self) -> &Type {
        &THING
    }

    fn cel_type() -> &'static Type {
        &THING
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Indexer for Thing<'_> {
    fn get<'b, 'v>(&'b self, idx: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key(idx)?;
        self.member(name).ok_or_else(|| ExecutionError::no_such_key(name))
    }

    fn steal<'v>(self: Box<Self>, idx: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(idx).map(CowVal::into_owned)
    }
}

/// A sender's attributes as a value.
#[derive(Debug, Clone, Copy)]
struct Attributes<'a>(Option<&'a BTreeMap<String, String>>);

impl<'a> Attributes<'a> {
    fn find(self, name: &str) -> Option<&'a str> {
        self.0?.get(name).map(String::as_str)
    }
}

impl Val for Attributes<'_> {
    fn get_type(&self) -> &Type {
        CelMap::cel_type()
    }

    fn cel_type() -> &'static Type {
        CelMap::cel_type()
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Container for Attributes<'_> {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        Ok(self.find(key(value)?).is_some())
    }
}

impl Indexer for Attributes<'_> {
    fn get<'b, 'v>(&'b self, idx: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key(idx)?;
        self.find(name).map(string).ok_or_else(|| ExecutionError::no_such_key(name))
    }

    fn steal<'v>(self: Box<Self>, idx: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(idx).map(CowVal::into_owned)
    }
}

impl Sizer for Attributes<'_> {
    fn size(&self) -> CelInt {
        let size = self.0.map_or(0, BTreeMap::len);
        i64::try_from(size).unwrap_or(i64::MAX).into()
    }
}
