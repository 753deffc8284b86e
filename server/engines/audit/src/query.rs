use umpire_model::TenantId;
use umpire_query::{Choices, Expr, Field, Kind, LEVELS};

/// What audit records can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum AuditField {
    Scene,
    ConversationId,
    SenderUserId,
    ReceiveTime,
    Rule,
    Level,
    Label,
    Decision,
    Text,
    Kind,
    MessageId,
}

const DECISIONS: Choices = &[("PASS", 0), ("REVIEW", 1), ("BLOCK", 2)];
const KINDS: Choices = &[("MESSAGE", 0)];

impl Field for AuditField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "scene" => Self::Scene,
            "conversation.id" => Self::ConversationId,
            "sender.user_id" => Self::SenderUserId,
            "receive_time" => Self::ReceiveTime,
            "rule" => Self::Rule,
            "level" => Self::Level,
            "label" => Self::Label,
            "decision" => Self::Decision,
            "text" => Self::Text,
            "kind" => Self::Kind,
            "message_id" => Self::MessageId,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Scene | Self::ConversationId | Self::SenderUserId | Self::MessageId => Kind::Text,
            Self::Rule | Self::Label | Self::Text => Kind::Texts,
            Self::ReceiveTime => Kind::Time,
            Self::Level => Kind::Choice(LEVELS),
            Self::Decision => Kind::Choice(DECISIONS),
            Self::Kind => Kind::Choice(KINDS),
        }
    }
}

/// Which records, in which order, from where on.
#[derive(Debug, Clone)]
pub struct RecordQuery {
    /// Whose.
    pub tenant: TenantId,
    /// What they must meet. For the texts, `=` and `:` both ask whether a text
    /// holds the value.
    pub filter: Expr<AuditField>,
    /// Newest first.
    pub descending: bool,
    /// Most entries.
    pub size: usize,
    /// `next` of the page before.
    pub cursor: Option<Vec<u8>>,
}
