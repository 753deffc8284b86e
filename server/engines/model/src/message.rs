use crate::Timestamp;
use std::{collections::BTreeMap, fmt};

/// A chat message, borrowed from the request that carries it.
#[derive(Debug, Clone, Default)]
pub struct Message<'a> {
    /// The caller's id, unique within a scene; empty means no idempotency.
    pub message_id: &'a str,
    /// Where the content appears.
    pub scene: &'a str,
    /// The room, group or direct chat.
    pub conversation: Conversation<'a>,
    /// Who sent it.
    pub sender: Sender<'a>,
    /// The text itself.
    pub text: &'a str,
    /// What was sent beside the text.
    pub attachments: Vec<Attachment<'a>>,
    /// When it was sent.
    pub send_time: Option<Timestamp>,
    /// Sent by the calling bot.
    pub from_self: bool,
    /// BCP 47 tag that chooses reply texts.
    pub locale: &'a str,
    /// Given back in the verdict.
    pub callback_info: &'a str,
}

/// What kind of conversation a message belongs to.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
pub enum ConversationKind {
    /// Several members.
    #[n(0)]
    Group,
    /// Two members.
    #[n(1)]
    Direct,
    /// Everybody on a server.
    #[n(2)]
    World,
}

/// A room, group or direct chat.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conversation<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name, as people see it.
    pub name: &'a str,
    /// Its kind, when the caller told.
    pub kind: Option<ConversationKind>,
}

/// The player, employee or customer who sent a message.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Sender`
pub struct Sender<'a> {
    pub user_id: &'a str,
    pub display_name: &'a str,
    pub role_id: &'a str,
    pub role_name: &'a str,
    pub server_id: &'a str,
    pub server_name: &'a str,
    pub channel: &'a str,
    pub category: &'a str,
    pub level: Option<i32>,
    pub total_recharge: Option<i64>,
    pub ip: &'a str,
    pub device_id: &'a str,
    pub department: &'a str,
    /// `None` as good as none.
    pub attributes: Option<&'a BTreeMap<String, String>>,
}

/// The texts of one attachment; a picture has none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attachment<'a> {
    /// Transcript, file name, URL, note or name: field `attachments/N`.
    pub text: &'a str,
    /// A second text, a link's title: field `attachments/N/title`.
    pub title: &'a str,
    /// What tells two attachments without text apart: an address, or the bytes.
    pub identity: &'a [u8],
}

/// A text of a message that rules look at.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode,
)]
pub enum FieldId {
    /// The message's own text.
    #[n(0)]
    Text,
    /// One of an attachment's texts.
    #[n(1)]
    Attachment(#[n(0)] u32, #[n(1)] AttachmentText),
}

/// Which text of an attachment.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode,
)]
#[cbor(index_only)]
pub enum AttachmentText {
    /// `attachments/N`
    #[n(0)]
    Main,
    /// `attachments/N/title`
    #[n(1)]
    Title,
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Attachment(index, AttachmentText::Main) => write!(f, "attachments/{index}"),
            Self::Attachment(index, AttachmentText::Title) => {
                write!(f, "attachments/{index}/title")
            }
        }
    }
}

impl<'a> Message<'a> {
    /// Every text that is not empty, the message's own first.
    pub fn texts(&self) -> impl Iterator<Item = (FieldId, &'a str)> + '_ {
        let of_attachments = self.attachments.iter().zip(0..).flat_map(|(attachment, index)| {
            [
                (FieldId::Attachment(index, AttachmentText::Main), attachment.text),
                (FieldId::Attachment(index, AttachmentText::Title), attachment.title),
            ]
        });
        std::iter::once((FieldId::Text, self.text))
            .chain(of_attachments)
            .filter(|(_, text)| !text.is_empty())
    }
}
