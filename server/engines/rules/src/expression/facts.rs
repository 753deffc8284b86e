//! The declared facts: what expressions can ask about, and of which type it is.

use super::kind::Kind;
use umpire_model::{ConversationKind, Match, Message};

/// Most matches an expression sees, the first in the order of verdicts.
pub(super) const MAX_MATCHES: usize = 100;
/// Most labels of a match: a rule's, and the category of a word.
const MAX_LABELS: u64 = 33;
/// Most texts of attachments.
const MAX_ATTACHMENT_TEXTS: u64 = 64;
/// Longest text of a message or an attachment that costs are estimated for: the
/// default limit of a server, in bytes.
const LONG: u64 = 64 << 10;
/// Longest of the strings that are no content, in bytes.
const SHORT: u64 = 1_024;

/// A thing with members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    Message,
    Sender,
    Conversation,
    Match,
}

/// A member's type, and whether a message can lack it.
pub(super) struct Member {
    pub kind: Kind,
    pub can_be_absent: bool,
}

/// A text of a message.
pub(super) type Text = for<'x, 'm> fn(&'x Message<'m>) -> &'x str;
/// A number of a message.
pub(super) type Number = fn(&Message<'_>) -> Option<i64>;
/// A text of a match.
pub(super) type MatchText = fn(&Match) -> &str;

/// The names expressions start from.
pub(super) const ROOTS: [&str; 5] = ["message", "sender", "conversation", "matches", "scores"];

/// The type of what a name stands for.
pub(super) fn root(name: &str) -> Option<Kind> {
    Some(match name {
        "message" => Kind::Record(Record::Message),
        "sender" => Kind::Record(Record::Sender),
        "conversation" => Kind::Record(Record::Conversation),
        "matches" => Kind::list(Kind::Record(Record::Match), MAX_MATCHES as u64),
        "scores" => Kind::Map(Box::new(Kind::Double)),
        _ => return None,
    })
}

impl Record {
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Sender => "sender",
            Self::Conversation => "conversation",
            Self::Match => "match",
        }
    }

    /// Of a name that stands for it.
    pub fn of_root(name: &str) -> Option<Self> {
        [Self::Message, Self::Sender, Self::Conversation].into_iter().find(|it| it.name() == name)
    }

    /// What its members are called.
    pub fn members(self) -> &'static [&'static str] {
        match self {
            Self::Message => {
                &["text", "length", "id", "scene", "locale", "attachments", "hour", "weekday"]
            }
            Self::Sender => &[
                "user_id",
                "display_name",
                "role_id",
                "role_name",
                "server_id",
                "server_name",
                "channel",
                "product_category",
                "level",
                "total_recharge",
                "ip",
                "device_id",
                "department",
                "attributes",
            ],
            Self::Conversation => &["id", "name", "kind"],
            Self::Match => &["rule", "word", "labels", "level", "shadow"],
        }
    }

    /// The type of a member.
    pub fn member(self, name: &str) -> Option<Member> {
        let always = |kind| Some(Member { kind, can_be_absent: false });
        let is_text = match self {
            Self::Match => match_text(name).is_some(),
            _ => text(self, name).is_some(),
        };
        match (self, name) {
            (Self::Message, "text") => always(Kind::String(LONG)),
            _ if is_text => always(Kind::String(SHORT)),
            (Self::Message, "attachments") => {
                always(Kind::list(Kind::String(LONG), MAX_ATTACHMENT_TEXTS))
            }
            (Self::Message, "length" | "hour" | "weekday") => always(Kind::Int),
            (Self::Sender, "attributes") => always(Kind::Map(Box::new(Kind::String(SHORT)))),
            (Self::Sender, _) if number(self, name).is_some() => {
                Some(Member { kind: Kind::Int, can_be_absent: true })
            }
            (Self::Match, "labels") => always(Kind::list(Kind::String(SHORT), MAX_LABELS)),
            (Self::Match, "shadow") => always(Kind::Bool),
            _ => None,
        }
    }
}

/// How a text of a message is read; not given ones are empty.
pub(super) fn text(record: Record, name: &str) -> Option<Text> {
    Some(match (record, name) {
        (Record::Message, "text") => |m| m.text,
        (Record::Message, "id") => |m| m.message_id,
        (Record::Message, "scene") => |m| m.scene,
        (Record::Message, "locale") => |m| m.locale,
        (Record::Sender, "user_id") => |m| m.sender.user_id,
        (Record::Sender, "display_name") => |m| m.sender.display_name,
        (Record::Sender, "role_id") => |m| m.sender.role_id,
        (Record::Sender, "role_name") => |m| m.sender.role_name,
        (Record::Sender, "server_id") => |m| m.sender.server_id,
        (Record::Sender, "server_name") => |m| m.sender.server_name,
        (Record::Sender, "channel") => |m| m.sender.channel,
        (Record::Sender, "product_category") => |m| m.sender.category,
        (Record::Sender, "ip") => |m| m.sender.ip,
        (Record::Sender, "device_id") => |m| m.sender.device_id,
        (Record::Sender, "department") => |m| m.sender.department,
        (Record::Conversation, "id") => |m| m.conversation.id,
        (Record::Conversation, "name") => |m| m.conversation.name,
        (Record::Conversation, "kind") => |m| conversation_kind(m.conversation.kind),
        _ => return None,
    })
}

/// How a number of a message is read.
pub(super) fn number(record: Record, name: &str) -> Option<Number> {
    Some(match (record, name) {
        (Record::Message, "length") => |m| i64::try_from(m.text.chars().count()).ok(),
        (Record::Sender, "level") => |m| m.sender.level.map(i64::from),
        (Record::Sender, "total_recharge") => |m| m.sender.total_recharge,
        _ => return None,
    })
}

/// How a text of a match is read.
pub(super) fn match_text(name: &str) -> Option<MatchText> {
    Some(match name {
        "rule" => |found| found.rule.rsplit('/').next().unwrap_or_default(),
        "word" => |found| &found.word,
        "level" => |found| found.level.name(),
        _ => return None,
    })
}

fn conversation_kind(kind: Option<ConversationKind>) -> &'static str {
    match kind {
        Some(ConversationKind::Group) => "GROUP",
        Some(ConversationKind::Direct) => "DIRECT",
        Some(ConversationKind::World) => "WORLD",
        None => "",
    }
}
