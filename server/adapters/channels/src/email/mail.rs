use crate::cut::cut_chars;
use data_encoding::HEXLOWER;
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, Mailboxes, MessageBuilder, MultiPart,
        header::{HeaderName, HeaderValue, To},
    },
};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};
use umpire_model::{Level, Timestamp};
use umpire_notify::{Email, Parcel};

/// Longest subject, in characters.
const MAX_SUBJECT: usize = 200;
/// Longest thread that stands in an id as it is, in bytes.
const MAX_THREAD: usize = 64;
/// The end of 9999, beyond which no date can be written; in microseconds.
const LAST_DATE: i64 = 253_402_300_799_000_000;

/// A mail cannot be written the way its receiver is configured.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadMail {
    /// Who sends it.
    #[error("`from` is neither an address nor `Name <address>`")]
    From,
    /// Who gets it; counted from 0.
    #[error("`to[{0}]` is neither an address nor `Name <address>`")]
    To(usize),
    /// The library's reason.
    #[error("the mail cannot be written: {0}")]
    Format(#[from] lettre::error::Error),
}

/// A mail, written out.
#[derive(Debug)]
pub(super) struct Mail {
    /// The same for every attempt, so that mailboxes can tell a second copy.
    pub id: String,
    pub from: Address,
    pub to: Vec<Address>,
    pub bytes: Vec<u8>,
}

impl Mail {
    /// What tells the recipients of this notice.
    ///
    /// # Errors
    /// [`BadMail`].
    pub(super) fn of(config: &Email, parcel: &Parcel<'_>) -> Result<Self, BadMail> {
        let from = mailbox(&config.from).ok_or(BadMail::From)?;
        let to = config.to.iter().enumerate();
        let to = to.map(|(index, text)| mailbox(text).ok_or(BadMail::To(index)));
        let to: Vec<Mailbox> = to.collect::<Result<_, _>>()?;
        let addresses: Vec<_> = to.iter().map(|to| to.email.clone()).collect();
        let envelope = Envelope::new(Some(from.email.clone()), addresses.clone())?;
        let ids = Ids::of(&from.email, parcel);
        let head = head(&from, to, parcel, &ids).envelope(envelope);
        let bytes = head.multipart(body(parcel))?.formatted();
        Ok(Self { id: ids.own, from: from.email, to: addresses, bytes })
    }
}

fn head(from: &Mailbox, to: Vec<Mailbox>, parcel: &Parcel<'_>, ids: &Ids) -> MessageBuilder {
    let head = Message::builder()
        .from(from.clone())
        .mailbox(To::from(Mailboxes::from(to)))
        .subject(subject(&parcel.rendered.title))
        .date(system_time(parcel.time))
        .message_id(Some(ids.own.clone()))
        .in_reply_to(ids.thread.clone())
        .references(ids.thread.clone());
    marks(parcel.level()).fold(head, |head, (name, value)| {
        let name = HeaderName::new_from_ascii_str(name);
        head.raw_header(HeaderValue::new(name, value.to_owned()))
    })
}

/// Headers for programs: robots do not answer, and filters see how urgent it is.
fn marks(level: Level) -> impl Iterator<Item = (&'static str, &'static str)> {
    let always = [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Alert-Level", level.name()),
    ];
    let urgent = [("Importance", "high"), ("X-Priority", "1")];
    let urgent = urgent.into_iter().filter(move |_| level == Level::P0);
    always.into_iter().chain(urgent)
}

fn body(parcel: &Parcel<'_>) -> MultiPart {
    let rendered = parcel.rendered;
    let plain = if rendered.plain.is_empty() { &rendered.title } else { &rendered.plain };
    MultiPart::alternative_plain_html(plain.clone(), rendered.body.clone())
}

/// One line: what breaks lines would start other headers.
fn subject(title: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let line: String = title.chars().map(|c| if breaks(c) { ' ' } else { c }).collect();
    cut_chars(line.trim(), MAX_SUBJECT, "…").into_owned()
}

/// Names of this mail, and of the mail that all of its thread seem to answer.
struct Ids {
    own: String,
    thread: String,
}

impl Ids {
    fn of(from: &Address, parcel: &Parcel<'_>) -> Self {
        let thread = name(&parcel.notice.thread);
        let domain = if from.domain().is_ascii() { from.domain() } else { "umpire.invalid" };
        Self {
            own: format!("<{thread}.{}@{domain}>", parcel.id),
            thread: format!("<{thread}@{domain}>"),
        }
    }
}

/// A thread as part of an id, hashed if it could not stand there.
fn name(thread: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !thread.is_empty() && thread.len() <= MAX_THREAD && thread.bytes().all(safe) {
        return thread.to_owned();
    }
    HEXLOWER.encode(&Sha256::digest(thread.as_bytes()))
}

/// An address, or `Name <address>`.
fn mailbox(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    let Some((name, address)) = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'))
    else {
        return Some(Mailbox::new(None, text.parse().ok()?));
    };
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim().trim_matches('"');
    let name = (!name.is_empty()).then(|| name.to_owned());
    Some(Mailbox::new(name, address.trim().parse().ok()?))
}

fn system_time(time: Timestamp) -> SystemTime {
    let since = u64::try_from(time.0.min(LAST_DATE)).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_micros(since)
}

#[cfg(test)]
mod tests;
