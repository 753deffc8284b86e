//! How much text each channel takes. Whole requests are measured by the channels, which
//! know what stands around a text.

use super::clean::clip;
use crate::ChannelKind;

/// Characters of a title.
const TITLE_MAX: usize = 200;

/// A measure of text.
#[derive(Debug, Clone, Copy)]
enum Measure {
    Bytes(usize),
    Chars(usize),
}

impl Measure {
    /// Most text of a body.
    fn of(channel: ChannelKind) -> Self {
        use ChannelKind as C;
        match channel {
            C::WecomApp => Self::Bytes(2_048),
            C::WecomRobot => Self::Bytes(4_096),
            // As JSON in 20,000 bytes.
            C::Dingtalk | C::Feishu => Self::Bytes(15_000),
            C::Teams => Self::Bytes(20_000),
            C::Slack => Self::Chars(3_000),
            C::Telegram => Self::Chars(4_096),
            C::Email | C::Jira => Self::Chars(30_000),
            // One segment.
            C::Sms => Self::Chars(70),
            C::Voice => Self::Chars(200),
            C::Pagerduty | C::Webhook | C::Alertmanager => Self::Bytes(8_192),
            C::Zabbix => Self::Bytes(2_048),
            // A datagram with all that stands before the text.
            C::Syslog => Self::Bytes(1_024),
        }
    }

    fn most(self) -> usize {
        match self {
            Self::Bytes(most) | Self::Chars(most) => most,
        }
    }

    fn size(self, text: &str) -> usize {
        match self {
            Self::Bytes(_) => text.len(),
            Self::Chars(_) => text.chars().count(),
        }
    }

    fn size_of(self, c: char) -> usize {
        match self {
            Self::Bytes(_) => c.len_utf8(),
            Self::Chars(_) => 1,
        }
    }
}

/// Whether a body is as short as it must be.
pub(super) fn fits(channel: ChannelKind, body: &str) -> bool {
    let measure = Measure::of(channel);
    measure.size(body) <= measure.most()
}

/// A body with `marker` at its end if it was cut: between lines, so that markup that ends in
/// its line stays whole, or within the first line if there is no other way.
pub(super) fn cut(channel: ChannelKind, body: String, marker: &str) -> String {
    if fits(channel, &body) {
        return body;
    }
    let measure = Measure::of(channel);
    let room = measure.most().saturating_sub(measure.size(marker) + 1);
    let mut size = 0;
    let within = |(_, c): &(usize, char)| {
        size += measure.size_of(*c);
        size <= room
    };
    let end = body.char_indices().take_while(within).last().map_or(0, |(at, c)| at + c.len_utf8());
    match body[..end].rfind('\n') {
        Some(line) => format!("{}\n{marker}", body[..line].trim_end()),
        None => format!("{}{marker}", &body[..end]),
    }
}

/// One line of at most 200 characters.
pub(super) fn title(text: &str) -> String {
    clip(text.trim(), TITLE_MAX)
}

/// A body without blank lines at its ends; of channels that show one line, as one line.
pub(super) fn lines_of(channel: ChannelKind, body: &str) -> String {
    use ChannelKind as C;
    match channel {
        C::Sms | C::Voice | C::Zabbix | C::Syslog => flat(body),
        _ => body.replace("\r\n", "\n").trim().to_owned(),
    }
}

fn flat(body: &str) -> String {
    let words = body.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChannelKind::{Dingtalk, Sms, WecomApp, WecomRobot, Zabbix};

    #[test]
    fn bodies_are_cut_between_lines() {
        let line = "> 数据泄露\n";
        for channel in [WecomApp, WecomRobot, Dingtalk, Zabbix] {
            let body = cut(channel, line.repeat(3_000), "…");
            assert!(fits(channel, &body) && body.ends_with("> 数据泄露\n…"), "{channel:?}");
            assert!(body.len() + line.len() * 2 > Measure::of(channel).most(), "{channel:?}");
        }
    }

    #[test]
    fn a_single_line_is_cut_within() {
        let body = cut(Sms, "数".repeat(100), "…");
        assert!(fits(Sms, &body) && body.ends_with("数…") && !body.contains('\n'));
        assert_eq!(cut(Sms, "数".repeat(70), "…"), "数".repeat(70));
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(lines_of(Zabbix, " a\r\n\n b\tc@\u{200b}all\u{7}\n"), "a b c@\u{200b}all");
        assert_eq!(lines_of(Dingtalk, "\r\na\r\nb\n"), "a\nb");
    }
}
