//! Messages: checked, then borrowed.

use super::{enums, time};
use crate::moderation::Limits;
use umpire_model::{Attachment, Conversation, Message, Sender, Violation, ViolationKind};
use umpire_proto::v1::{self as pb, attachment::Content};

/// Longest of the strings that are no content, in bytes.
const MAX_STRING: usize = 1_024;
/// Most attachments.
const MAX_ATTACHMENTS: usize = 32;
/// Most attributes of a message or a sender.
const MAX_ATTRIBUTES: usize = 64;

/// The message, borrowed; `path` is its field in the request.
///
/// The first thing wrong with it is the error.
pub(crate) fn from_proto<'a>(
    message: &'a pb::Message,
    limits: &Limits,
    path: &str,
) -> Result<Message<'a>, Violation> {
    check(message, limits).map_err(|violation| Violation {
        path: format!("{path}.{}", violation.path),
        ..violation
    })?;
    let conversation = message.conversation.as_ref();
    Ok(Message {
        message_id: &message.message_id,
        scene: &message.scene,
        conversation: conversation.map(conversation_of).unwrap_or_default(),
        sender: message.sender.as_ref().map(sender_of).unwrap_or_default(),
        text: &message.text,
        attachments: message.attachments.iter().map(attachment_of).collect(),
        send_time: send_time(message)?,
        from_self: message.from_self,
        locale: &message.locale,
        callback_info: &message.callback_info,
    })
}

fn send_time(message: &pb::Message) -> Result<Option<umpire_model::Timestamp>, Violation> {
    message.send_time.as_ref().map(|sent| time::from_proto(sent, "send_time")).transpose()
}

fn check(message: &pb::Message, limits: &Limits) -> Result<(), Violation> {
    if message.text.is_empty() && message.attachments.is_empty() {
        let text = "a message needs a text or an attachment".into();
        return Err(Violation { path: "text".into(), message: text, kind: ViolationKind::Empty });
    }
    if message.text.len() > limits.max_text_bytes {
        return Err(Violation::too_large("text", format!("{} bytes", limits.max_text_bytes)));
    }
    if message.attachments.len() > MAX_ATTACHMENTS {
        return Err(Violation::too_large("attachments", MAX_ATTACHMENTS));
    }
    for (index, attachment) in message.attachments.iter().enumerate() {
        let parts = attachment_of(attachment);
        if parts.text.len() > limits.max_text_bytes || parts.title.len() > limits.max_text_bytes {
            let path = format!("attachments[{index}]");
            return Err(Violation::too_large(path, format!("{} bytes", limits.max_text_bytes)));
        }
    }
    short("message_id", &message.message_id)?;
    short("scene", &message.scene)?;
    short("locale", &message.locale)?;
    short("reply_to", &message.reply_to)?;
    short("source", &message.source)?;
    short("callback_info", &message.callback_info)?;
    few("attributes", &message.attributes)?;
    if let Some(conversation) = &message.conversation {
        short("conversation.id", &conversation.id)?;
        short("conversation.name", &conversation.name)?;
        enums::conversation_kind_from(conversation.kind)
            .map_err(|unknown| unknown.at("conversation.kind"))?;
    }
    for (path, sender) in [("sender", &message.sender), ("receiver", &message.receiver)] {
        sender.as_ref().map_or(Ok(()), |sender| check_sender(path, sender))?;
    }
    send_time(message).map(drop)
}

fn check_sender(path: &str, sender: &pb::Sender) -> Result<(), Violation> {
    let strings = [
        &sender.user_id,
        &sender.display_name,
        &sender.role_id,
        &sender.role_name,
        &sender.server_id,
        &sender.server_name,
        &sender.channel,
        &sender.category,
        &sender.ip,
        &sender.device_id,
        &sender.department,
    ];
    if strings.iter().any(|text| text.len() > MAX_STRING) {
        return Err(Violation::too_large(path, format!("{MAX_STRING} bytes for each string")));
    }
    few(path, &sender.attributes)
}

fn short(path: &str, text: &str) -> Result<(), Violation> {
    if text.len() <= MAX_STRING {
        return Ok(());
    }
    Err(Violation::too_large(path, format!("{MAX_STRING} bytes")))
}

fn few(
    path: &str,
    attributes: &std::collections::BTreeMap<String, String>,
) -> Result<(), Violation> {
    let long = |(key, value): (&String, &String)| key.len() + value.len() > MAX_STRING;
    if attributes.len() <= MAX_ATTRIBUTES && !attributes.iter().any(long) {
        return Ok(());
    }
    let limit = format!("{MAX_ATTRIBUTES} attributes of {MAX_STRING} bytes");
    Err(Violation::too_large(path, limit))
}

fn conversation_of(conversation: &pb::Conversation) -> Conversation<'_> {
    Conversation {
        id: &conversation.id,
        name: &conversation.name,
        // An unknown kind was refused by `check`.
        kind: enums::conversation_kind_from(conversation.kind).unwrap_or_default(),
    }
}

fn sender_of(sender: &pb::Sender) -> Sender<'_> {
    Sender {
        user_id: &sender.user_id,
        display_name: &sender.display_name,
        role_id: &sender.role_id,
        role_name: &sender.role_name,
        server_id: &sender.server_id,
        server_name: &sender.server_name,
        channel: &sender.channel,
        category: &sender.category,
        level: sender.level,
        total_recharge: sender.total_recharge,
        ip: &sender.ip,
        device_id: &sender.device_id,
        department: &sender.department,
        attributes: Some(&sender.attributes),
    }
}

fn attachment_of(attachment: &pb::Attachment) -> Attachment<'_> {
    fn of<'a>(text: &'a str, title: &'a str, identity: &'a str) -> Attachment<'a> {
        Attachment { text, title, identity: identity.as_bytes() }
    }
    match &attachment.content {
        None => Attachment::default(),
        Some(Content::Image(image)) if image.url.is_empty() => {
            Attachment { identity: &image.data, ..Attachment::default() }
        }
        Some(Content::Image(image)) => of("", "", image.url.as_str()),
        Some(Content::Audio(audio)) => of(audio.transcript.as_str(), "", audio.url.as_str()),
        Some(Content::File(file)) => of(file.name.as_str(), "", file.url.as_str()),
        Some(Content::Link(link)) => of(link.url.as_str(), link.title.as_str(), ""),
        Some(Content::Location(location)) => of(location.name.as_str(), "", ""),
        Some(Content::Payment(payment)) => of(payment.note.as_str(), "", ""),
        Some(Content::Contact(contact)) => of(contact.name.as_str(), "", contact.user_id.as_str()),
    }
}
