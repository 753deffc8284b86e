//! What a vendor would take for markup, a mention or a link, made mere characters.
//!
//! What chats read is documented badly, and backslashes work in some and show in others. So
//! nothing relies on their cooperation: a character that would begin something is followed
//! by a zero-width space, or a wide one that looks alike stands in for it.

use super::clean::{ZWSP, one_line};
use crate::ChannelKind;

/// How a channel reads text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// The subsets of Markdown of WeCom, DingTalk, Feishu and Teams.
    Markdown,
    /// Slack's.
    Mrkdwn,
    /// Telegram's and e-mail's.
    Html,
    /// Jira Data Center's.
    Wiki,
    /// Text, that somebody behind the channel may still read as something else.
    Plain,
    /// Text messages and calls.
    Phone,
    /// One line that stands in headers, subjects and cards of any kind.
    Title,
    /// As it is: what is escaped as a whole afterwards.
    Raw,
}

impl Dialect {
    /// All of them.
    const ALL: [Self; 8] = [
        Self::Markdown,
        Self::Mrkdwn,
        Self::Html,
        Self::Wiki,
        Self::Plain,
        Self::Phone,
        Self::Title,
        Self::Raw,
    ];

    /// Of bodies.
    pub fn of_body(channel: ChannelKind) -> Self {
        use ChannelKind as C;
        match channel {
            C::WecomApp | C::WecomRobot | C::Dingtalk | C::Feishu | C::Teams => Self::Markdown,
            C::Slack => Self::Mrkdwn,
            C::Telegram | C::Email => Self::Html,
            C::Jira => Self::Wiki,
            C::Sms | C::Voice => Self::Phone,
            C::Pagerduty | C::Webhook | C::Alertmanager | C::Zabbix | C::Syslog => Self::Plain,
        }
    }

    /// Of titles.
    pub fn of_title(channel: ChannelKind) -> Self {
        match Self::of_body(channel) {
            Self::Phone => Self::Phone,
            _ => Self::Title,
        }
    }

    /// What the engine calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Mrkdwn => "mrkdwn",
            Self::Html => "html",
            Self::Wiki => "wiki",
            Self::Plain => "plain",
            Self::Phone => "phone",
            Self::Title => "title",
            Self::Raw => "raw",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// A text of users, in one line that begins and ends nothing.
    pub fn escape(self, text: &str) -> String {
        let text = one_line(text);
        let mut out = String::with_capacity(text.len() + text.len() / 4);
        if self.has_blocks() && begins_a_block(&text) {
            out.push(ZWSP);
        }
        let mut before = None;
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            match self.instead(c, before, rest) {
                Some(instead) => out.push_str(instead),
                None => out.push(c),
            }
            before = Some(c);
        }
        out
    }

    /// Whether the beginning of a line can mean something.
    fn has_blocks(self) -> bool {
        matches!(self, Self::Markdown | Self::Mrkdwn | Self::Wiki | Self::Title)
    }

    fn instead(self, c: char, before: Option<char>, rest: &str) -> Option<&'static str> {
        match c {
            ':' if rest.starts_with("//") => self.scheme(),
            // Within words, as in ids, it emphasises nothing.
            '_' if before.is_some_and(char::is_alphanumeric)
                && rest.starts_with(char::is_alphanumeric) =>
            {
                None
            }
            _ => self.always(c),
        }
    }

    /// So that a bare address is not made a link.
    fn scheme(self) -> Option<&'static str> {
        match self {
            Self::Raw => None,
            Self::Phone => Some("："),
            _ => Some(":\u{200b}"),
        }
    }

    fn always(self, c: char) -> Option<&'static str> {
        match self {
            Self::Markdown => markdown(c),
            Self::Mrkdwn => mrkdwn(c).or_else(|| markdown(c)),
            Self::Html => html(c),
            Self::Wiki => wiki(c).or_else(|| markdown(c)),
            Self::Plain => plain(c),
            Self::Phone => phone(c),
            Self::Title => title(c).or_else(|| markdown(c)),
            Self::Raw => None,
        }
    }
}

/// Headings, quotes, lists, rules, tables, and what may join with a `]` before it.
fn begins_a_block(text: &str) -> bool {
    let after_digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let point = after_digits.strip_prefix(['.', ')']);
    let numbered = after_digits.len() < text.len()
        && point.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    numbered || text.starts_with(['#', '>', '-', '+', '=', '(', '[', ':', '!', '{', '|'])
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '@' => "@\u{200b}",
        '<' => "<\u{200b}",
        ']' => "]\u{200b}",
        _ => return None,
    })
}

fn markdown(c: char) -> Option<&'static str> {
    Some(match c {
        '`' => "ˋ",
        '*' => "＊",
        '_' => "＿",
        '~' => "～",
        '|' => "｜",
        '\\' => "＼",
        '&' => "&\u{200b}",
        _ => return plain(c),
    })
}

fn mrkdwn(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;\u{200b}",
        '>' => "&gt;",
        _ => return None,
    })
}

fn html(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '@' => "@\u{200b}",
        _ => return None,
    })
}

fn wiki(c: char) -> Option<&'static str> {
    Some(match c {
        '[' => "［",
        ']' => "］",
        '{' => "｛",
        '}' => "｝",
        '!' => "！",
        _ => return None,
    })
}

/// The brackets stand around the signature of who sends a text message.
fn phone(c: char) -> Option<&'static str> {
    Some(match c {
        '@' => "＠",
        '<' => "＜",
        '>' => "＞",
        '&' => "＆",
        '【' => "[",
        '】' => "]",
        _ => return None,
    })
}

fn title(c: char) -> Option<&'static str> {
    Some(match c {
        '<' => "＜",
        '>' => "＞",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_what_a_channel_understands() {
        use Dialect::{Html, Markdown, Mrkdwn, Phone, Plain, Raw, Title, Wiki};
        for (dialect, text, expected) in [
            (Markdown, "@all", "@\u{200b}all"),
            (Markdown, "<at id=all></at>", "<\u{200b}at id=all><\u{200b}/at>"),
            (Markdown, "<@U1>", "<\u{200b}@\u{200b}U1>"),
            (Markdown, "a [b](c)", "a [b]\u{200b}(c)"),
            (Markdown, "![b](c)", "\u{200b}![b]\u{200b}(c)"),
            (Markdown, "**b** `c`", "＊＊b＊＊ ˋcˋ"),
            (Markdown, "# a", "\u{200b}# a"),
            (Markdown, " \n# a", "\u{200b}# a"),
            (Markdown, "12. a", "\u{200b}12. a"),
            (Markdown, "12.5 a", "12.5 a"),
            (Markdown, "user_1_a _b_", "user_1_a ＿b＿"),
            (Markdown, "&lt;at&gt;", "&\u{200b}lt;at&\u{200b}gt;"),
            (Markdown, "a|b\\c~d", "a｜b＼c～d"),
            (Markdown, "see https://a.example", "see https:\u{200b}//a.example"),
            (Markdown, "{{ a }} {% b %}", "\u{200b}{{ a }} {% b %}"),
            (Mrkdwn, "<!channel> & >", "&lt;\u{200b}!channel&gt; &amp; &gt;"),
            (Mrkdwn, "> a", "\u{200b}&gt; a"),
            (Html, "<b a='1'>\"&", "&lt;b a=&#39;1&#39;&gt;&quot;&amp;"),
            (Wiki, "[~a] {code} !b!", "\u{200b}［～a］ ｛code｝ ！b！"),
            (Plain, "@a <b> [c](d) `e`", "@\u{200b}a <\u{200b}b> [c]\u{200b}(d) `e`"),
            (Phone, "【a】@b <c> http://d", "[a]＠b ＜c＞ http：//d"),
            (Title, "<b>@a</b> *c*\r\nd", "＜b＞@\u{200b}a＜/b＞ ＊c＊ d"),
            (Raw, "<b>@a</b>\nhttp://c", "<b>@a</b> http://c"),
        ] {
            assert_eq!(dialect.escape(text), expected, "{dialect:?} {text}");
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for dialect in Dialect::ALL {
            for text in ["数据泄露，138 1234；A-1 (ok) 9:30", "🚨 P0 ×3", "", "12 a"] {
                assert_eq!(dialect.escape(text), text, "{dialect:?}");
            }
        }
    }

    #[test]
    fn dialects_are_found_by_name() {
        for dialect in Dialect::ALL {
            assert_eq!(Dialect::from_name(dialect.name()), Some(dialect));
        }
        assert_eq!(Dialect::from_name("html.j2"), None);
    }
}
