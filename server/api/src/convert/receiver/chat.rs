//! Channels that people chat on.

use super::secret::{Set, kept, kept_url};
use umpire_notify::{Channel, Dingtalk, Feishu, Slack, Teams, Telegram, WecomApp, WecomRobot};
use umpire_proto::v1::receiver::{self as pb, Channel as Shown};

pub(super) fn wecom_app(it: &pb::WecomApp, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::WecomApp(now)) => Some(now),
        _ => None,
    };
    Channel::WecomApp(WecomApp {
        base_url: it.base_url.clone(),
        corp_id: it.corp_id.clone(),
        secret: kept(&it.secret, now.map(|now| &now.secret)),
        agent_id: it.agent_id,
        to_users: it.to_users.clone(),
        to_parties: it.to_parties.clone(),
        to_tags: it.to_tags.clone(),
    })
}

pub(super) fn show_wecom_app(it: &WecomApp, set: &mut Set) -> Shown {
    Shown::WecomApp(pb::WecomApp {
        base_url: it.base_url.clone(),
        corp_id: it.corp_id.clone(),
        secret: set.hide("secret", &it.secret),
        agent_id: it.agent_id,
        to_users: it.to_users.clone(),
        to_parties: it.to_parties.clone(),
        to_tags: it.to_tags.clone(),
    })
}

pub(super) fn wecom_robot(it: &pb::WecomRobot, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::WecomRobot(now)) => Some(now),
        _ => None,
    };
    Channel::WecomRobot(WecomRobot {
        url: it.url.clone(),
        key: kept(&it.key, now.map(|now| &now.key)),
        mention_users: it.mention_users.clone(),
        mention_mobiles: it.mention_mobiles.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn show_wecom_robot(it: &WecomRobot, set: &mut Set) -> Shown {
    Shown::WecomRobot(pb::WecomRobot {
        url: it.url.clone(),
        key: set.hide("key", &it.key),
        mention_users: it.mention_users.clone(),
        mention_mobiles: it.mention_mobiles.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn dingtalk(it: &pb::Dingtalk, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Dingtalk(now)) => Some(now),
        _ => None,
    };
    Channel::Dingtalk(Dingtalk {
        url: kept_url(&it.url, now.map(|now| &now.url)),
        access_token: kept(&it.access_token, now.map(|now| &now.access_token)),
        secret: kept(&it.secret, now.map(|now| &now.secret)),
        keyword: it.keyword.clone(),
        at_mobiles: it.at_mobiles.clone(),
        at_user_ids: it.at_user_ids.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn show_dingtalk(it: &Dingtalk, set: &mut Set) -> Shown {
    Shown::Dingtalk(pb::Dingtalk {
        url: set.hide_url("url", &it.url),
        access_token: set.hide("access_token", &it.access_token),
        secret: set.hide("secret", &it.secret),
        keyword: it.keyword.clone(),
        at_mobiles: it.at_mobiles.clone(),
        at_user_ids: it.at_user_ids.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn feishu(it: &pb::Feishu, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Feishu(now)) => Some(now),
        _ => None,
    };
    Channel::Feishu(Feishu {
        url: kept_url(&it.url, now.map(|now| &now.url)),
        secret: kept(&it.secret, now.map(|now| &now.secret)),
        at_user_ids: it.at_user_ids.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn show_feishu(it: &Feishu, set: &mut Set) -> Shown {
    Shown::Feishu(pb::Feishu {
        url: set.hide_url("url", &it.url),
        secret: set.hide("secret", &it.secret),
        at_user_ids: it.at_user_ids.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn slack(it: &pb::Slack, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Slack(now)) => Some(now),
        _ => None,
    };
    Channel::Slack(Slack {
        url: kept_url(&it.url, now.map(|now| &now.url)),
        token: kept(&it.token, now.map(|now| &now.token)),
        channel: it.channel.clone(),
        mentions: it.mentions.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn show_slack(it: &Slack, set: &mut Set) -> Shown {
    Shown::Slack(pb::Slack {
        url: set.hide_url("url", &it.url),
        token: set.hide("token", &it.token),
        channel: it.channel.clone(),
        mentions: it.mentions.clone(),
        at_all: it.at_all,
    })
}

pub(super) fn teams(it: &pb::Teams, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Teams(now)) => Some(now),
        _ => None,
    };
    Channel::Teams(Teams { url: kept_url(&it.url, now.map(|now| &now.url)) })
}

pub(super) fn show_teams(it: &Teams, set: &mut Set) -> Shown {
    Shown::Teams(pb::Teams { url: set.hide_url("url", &it.url) })
}

pub(super) fn telegram(it: &pb::Telegram, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Telegram(now)) => Some(now),
        _ => None,
    };
    Channel::Telegram(Telegram {
        base_url: it.base_url.clone(),
        token: kept(&it.token, now.map(|now| &now.token)),
        chat_id: it.chat_id.clone(),
        message_thread_id: it.message_thread_id,
    })
}

pub(super) fn show_telegram(it: &Telegram, set: &mut Set) -> Shown {
    Shown::Telegram(pb::Telegram {
        base_url: it.base_url.clone(),
        token: set.hide("token", &it.token),
        chat_id: it.chat_id.clone(),
        message_thread_id: it.message_thread_id,
    })
}
