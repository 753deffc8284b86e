use super::{MAX_MENTIONS, NO_PHONE};
use crate::{
    Dingtalk, Feishu, Slack, Teams, Telegram, WecomApp, WecomRobot,
    validate::{faults::Faults, plausible::is_phone_number},
};

/// Most members that one message goes to.
const MAX_MEMBERS: usize = 1_000;
/// Most departments or tags that one message goes to.
const MAX_PARTIES: usize = 100;
/// Longest word of a robot's keyword mode, in characters.
const MAX_KEYWORD_CHARS: usize = 64;

impl WecomApp {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.check_url("base_url", &self.base_url);
        found.require_name("corp_id", &self.corp_id);
        found.require_secret("secret", &self.secret);
        if self.agent_id <= 0 {
            found.invalid("agent_id", "must be positive");
        }
        if self.to_parties.is_empty() && self.to_tags.is_empty() {
            found.require_some("to_users", &self.to_users);
        }
        let lists = [
            ("to_users", &self.to_users, MAX_MEMBERS),
            ("to_parties", &self.to_parties, MAX_PARTIES),
            ("to_tags", &self.to_tags, MAX_PARTIES),
        ];
        for (field, ids, most) in lists {
            let message = "must have 1 to 64 bytes without spaces and `|`";
            found.check_each(field, ids, most, is_wecom_id, message);
        }
    }
}

/// The vendor joins ids with `|`.
fn is_wecom_id(text: &str) -> bool {
    let apart = |c: char| c == '|' || c.is_whitespace() || c.is_control();
    (1..=64).contains(&text.len()) && !text.contains(apart)
}

impl WecomRobot {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.check_url("url", &self.url);
        found.require_secret("key", &self.key);
        found.check_names("mention_users", &self.mention_users, MAX_MENTIONS);
        let mobiles = &self.mention_mobiles;
        found.check_each("mention_mobiles", mobiles, MAX_MENTIONS, is_phone_number, NO_PHONE);
    }
}

impl Dingtalk {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.check_url("url", self.url.reveal());
        if carries_token(self.url.reveal()) {
            found.check_secret("access_token", &self.access_token);
        } else {
            found.require_secret("access_token", &self.access_token);
        }
        found.check_secret("secret", &self.secret);
        found.check_line("keyword", &self.keyword, MAX_KEYWORD_CHARS);
        let mobiles = &self.at_mobiles;
        found.check_each("at_mobiles", mobiles, MAX_MENTIONS, is_phone_number, NO_PHONE);
        found.check_names("at_user_ids", &self.at_user_ids, MAX_MENTIONS);
    }
}

/// Whether the query of a URL has an access token.
fn carries_token(url: &str) -> bool {
    let address = url.split('#').next().unwrap_or_default();
    let Some((_, query)) = address.split_once('?') else { return false };
    let value = |pair: &str| pair.strip_prefix("access_token=").map(str::len);
    query.split('&').any(|pair| value(pair).is_some_and(|length| length > 0))
}

impl Feishu {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.require_url("url", self.url.reveal());
        found.check_secret("secret", &self.secret);
        found.check_names("at_user_ids", &self.at_user_ids, MAX_MENTIONS);
    }
}

impl Slack {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.check_secret("token", &self.token);
        if self.token.is_empty() {
            found.require_url("url", self.url.reveal());
            found.check_name("channel", &self.channel);
        } else {
            found.check_url("url", self.url.reveal());
            found.require_name("channel", &self.channel);
        }
        let message = "must be written as `<@U123>` or `<!subteam^S1>`";
        found.check_each("mentions", &self.mentions, MAX_MENTIONS, is_slack_mention, message);
    }
}

fn is_slack_mention(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    let id = inner.and_then(|inner| inner.strip_prefix(['@', '!'])).unwrap_or_default();
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"^_-".contains(&byte);
    (1..=64).contains(&id.len()) && id.bytes().all(is_sound)
}

impl Teams {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.require_url("url", self.url.reveal());
    }
}

impl Telegram {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.check_url("base_url", &self.base_url);
        found.require_secret("token", &self.token);
        // It becomes a part of the path.
        let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b":_-".contains(&byte);
        if !self.token.reveal().bytes().all(is_sound) {
            found.invalid("token", "must be letters, digits, `:`, `_` and `-`");
        }
        found.require_name("chat_id", &self.chat_id);
        if self.message_thread_id < 0 {
            found.invalid("message_thread_id", "must not be negative");
        }
    }
}
