use crate::cut::cut_chars;
use umpire_notify::{Notice, Parcel};

/// Most characters of a message.
const MAX_CHARS: usize = 4_096;
/// Most people that are mentioned.
const MAX_MENTIONS: usize = 50;

/// The message in HTML; nothing when it is too long, because markup cannot be cut.
pub(super) fn html(parcel: &Parcel<'_>) -> Option<String> {
    let body = &parcel.rendered.body;
    let text = with_mentions(body.clone(), parcel.notice);
    let fits = text.chars().nth(MAX_CHARS).is_none() && !body.trim().is_empty();
    fits.then_some(text)
}

/// The message without markup, as much of it as fits.
pub(super) fn plain(parcel: &Parcel<'_>) -> String {
    let texts = [&*parcel.rendered.plain, &parcel.rendered.title, &parcel.notice.title];
    let text = texts.into_iter().find(|text| !text.trim().is_empty()).unwrap_or("Umpire");
    let mentions = with_mentions(String::new(), parcel.notice);
    let room = MAX_CHARS.saturating_sub(mentions.chars().count());
    format!("{}{mentions}", cut_chars(text, room, "…"))
}

/// Names of users that a rule asks for notify them where they stand in the text, with or
/// without markup.
fn with_mentions(mut text: String, notice: &Notice) -> String {
    let names = notice.mentions.iter().filter(|name| is_user_name(name)).take(MAX_MENTIONS);
    for (number, name) in names.enumerate() {
        text.push(if number == 0 { '\n' } else { ' ' });
        text.push_str(name);
    }
    text
}

/// `@` and 5 to 32 letters, digits or underscores.
fn is_user_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.strip_prefix('@')
        .is_some_and(|name| (5..=32).contains(&name.len()) && name.bytes().all(plain))
}
