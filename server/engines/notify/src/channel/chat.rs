use serde::{Deserialize, Serialize};
use umpire_model::Secret;

/// A WeCom application: messages to single people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct WecomApp {
    /// `https://qyapi.weixin.qq.com` when empty.
    pub base_url: String,
    pub corp_id: String,
    pub secret: Secret,
    pub agent_id: i64,
    /// User ids, or `@all`.
    pub to_users: Vec<String>,
    pub to_parties: Vec<String>,
    pub to_tags: Vec<String>,
}

/// A robot in a WeCom group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct WecomRobot {
    /// `https://qyapi.weixin.qq.com/cgi-bin/webhook/send` when empty.
    pub url: String,
    /// The robot's key, sent as `key`.
    pub key: Secret,
    /// User ids.
    pub mention_users: Vec<String>,
    pub mention_mobiles: Vec<String>,
    /// A P0 mentions everybody.
    pub at_all: bool,
}

/// A custom robot in a DingTalk group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Dingtalk {
    /// `https://oapi.dingtalk.com/robot/send` when empty. A URL that carries `access_token`
    /// itself is a secret, too.
    pub url: Secret,
    /// Sent as `access_token` unless the URL carries one.
    pub access_token: Secret,
    /// `SEC...`; requests are signed with it. Empty: they are not.
    pub secret: Secret,
    /// A word the robot's keyword mode asks for; put into the title. Empty: none.
    pub keyword: String,
    pub at_mobiles: Vec<String>,
    pub at_user_ids: Vec<String>,
    /// A P0 mentions everybody.
    pub at_all: bool,
}

/// A custom bot in a Feishu or Lark group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Feishu {
    /// The bot's webhook, `https://open.feishu.cn/open-apis/bot/v2/hook/...`.
    pub url: Secret,
    /// Requests are signed with it. Empty: they are not.
    pub secret: Secret,
    /// Open ids.
    pub at_user_ids: Vec<String>,
    /// A P0 mentions everybody.
    pub at_all: bool,
}

/// A Slack channel: an incoming webhook, or a bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Slack {
    /// Incoming webhook; with a `token` the Web API, `https://slack.com/api` when empty.
    pub url: Secret,
    /// A bot's `xoxb-...`.
    pub token: Secret,
    /// With a token: the channel's id.
    pub channel: String,
    /// What a P1 mentions: `<@U123>`, `<!subteam^S1>`.
    pub mentions: Vec<String>,
    /// A P0 mentions `<!channel>`.
    pub at_all: bool,
}

/// A Microsoft Teams channel, by a Power Automate workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Teams {
    pub url: Secret,
}

/// A Telegram chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Telegram {
    /// `https://api.telegram.org` when empty.
    pub base_url: String,
    pub token: Secret,
    pub chat_id: String,
    /// Of a forum; 0: none.
    pub message_thread_id: i64,
}
