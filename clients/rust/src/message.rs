use crate::v1;
use prost::Message as _;
use prost_types::Timestamp;
use std::time::SystemTime;

/// A chat message to be checked. Made from a text, by [`chat`], or from the contract's
/// own message where more fields are needed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message(v1::Message);

/// A message with this text.
#[must_use]
pub fn chat(text: impl Into<String>) -> Message {
    Message(v1::Message { text: text.into(), ..v1::Message::default() })
}

impl Message {
    /// The caller's id of the message, unique within its scene. With it a check can be
    /// repeated for 24 hours, and is when it fails.
    #[must_use]
    pub fn message_id(mut self, id: impl Into<String>) -> Self {
        self.0.message_id = id.into();
        self
    }

    /// Where it appears: `world-chat`, `nickname`.
    #[must_use]
    pub fn scene(mut self, scene: impl Into<String>) -> Self {
        self.0.scene = scene.into();
        self
    }

    /// User id of the sender. What else is known of one goes into [`Message::from`].
    #[must_use]
    pub fn sender(mut self, user_id: impl Into<String>) -> Self {
        self.0.sender.get_or_insert_default().user_id = user_id.into();
        self
    }

    /// Id of the room, group or direct chat.
    #[must_use]
    pub fn conversation(mut self, id: impl Into<String>) -> Self {
        self.0.conversation.get_or_insert_default().id = id.into();
        self
    }

    /// The conversation's language (BCP 47); chooses reply texts.
    #[must_use]
    pub fn locale(mut self, tag: impl Into<String>) -> Self {
        self.0.locale = tag.into();
        self
    }

    /// When it was sent.
    #[must_use]
    pub fn send_time(mut self, time: SystemTime) -> Self {
        self.0.send_time = Some(Timestamp::from(time));
        self
    }

    /// Given back unchanged in the verdict.
    #[must_use]
    pub fn callback_info(mut self, info: impl Into<String>) -> Self {
        self.0.callback_info = info.into();
        self
    }

    /// Adds something sent beside the text; its texts are checked too.
    #[must_use]
    pub fn attachment(mut self, content: v1::attachment::Content) -> Self {
        self.0.attachments.push(v1::Attachment { content: Some(content) });
        self
    }

    pub(crate) fn has_id(&self) -> bool {
        !self.0.message_id.is_empty()
    }

    /// Bytes it takes on the wire.
    pub(crate) fn size(&self) -> usize {
        self.0.encoded_len()
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        chat(text)
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        chat(text)
    }
}

impl From<v1::Message> for Message {
    fn from(message: v1::Message) -> Self {
        Self(message)
    }
}

impl From<Message> for v1::Message {
    fn from(message: Message) -> Self {
        message.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_is_sent() {
        let built = chat("hi").scene("world").sender("p-1").conversation("g-1").message_id("m");
        assert!(built.has_id() && !Message::from("hi").has_id());
        let sent = v1::Message::from(built);
        assert_eq!((sent.text.as_str(), sent.scene.as_str()), ("hi", "world"));
        assert_eq!(sent.sender.map(|sender| sender.user_id).as_deref(), Some("p-1"));
        assert_eq!(sent.conversation.map(|room| room.id).as_deref(), Some("g-1"));
    }
}
