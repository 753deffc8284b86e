use super::{
    check, names,
    vendors::{self as full, WHSEC, parameters},
};
use crate::{
    Alertmanager, Channel, ChannelKind, Dingtalk, Email, Feishu, Jira, Pagerduty, Receiver, Slack,
    Sms,
    SmsProvider::{Aliyun, Tencent},
    Syslog, Teams, Telegram, Voice, WebhookChannel, WecomApp, WecomRobot, Zabbix,
    samples::receiver,
};
use serde_json::Value;
use umpire_catalog::Item;
use umpire_model::Secret;

fn with(channel: Channel) -> Receiver {
    Receiver { channel, ..receiver() }
}

/// Exactly this field of the channel is wrong.
#[track_caller]
fn refused(channel: Channel, field: &str) {
    let path = format!("receiver.{}.{field}", channel.kind().name());
    check(&with(channel), &[path.as_str()]);
}

#[track_caller]
fn taken(channel: Channel) {
    check(&with(channel), &[]);
}

/// The same with no text, no entry and no number in it; of enumerations the one it has.
fn emptied(channel: &Channel) -> Channel {
    let mut json = serde_json::to_value(channel).expect("JSON");
    let Value::Object(fields) = &mut json[channel.kind().name()] else { panic!("{channel:?}") };
    for (name, value) in fields {
        match value {
            Value::String(_)
                if ["provider", "security", "transport", "format"].contains(&&**name) => {}
            Value::String(text) => text.clear(),
            Value::Array(list) => list.clear(),
            Value::Object(map) => map.clear(),
            Value::Number(_) => *value = Value::from(0),
            Value::Bool(_) | Value::Null => {}
        }
    }
    serde_json::from_value(json).expect("the same form")
}

#[test]
fn every_vendor_takes_everything_it_can_be_told() {
    let kinds: Vec<_> = full::full().iter().map(Channel::kind).collect();
    assert_eq!(kinds, ChannelKind::ALL);
    full::full().into_iter().for_each(taken);
}

#[test]
fn what_a_vendor_cannot_do_without_is_named() {
    let needs: [&[&str]; 16] = [
        &["corp_id", "secret", "agent_id", "to_users"],
        &["key"],
        &["access_token"],
        &["url"],
        &["url"],
        &["url"],
        &["token", "chat_id"],
        &["host", "from", "to"],
        &["key_id", "key_secret", "phone_numbers", "template_code", "app_id", "sign_name"],
        &["key_id", "key_secret", "phone_numbers", "template_code"],
        &["routing_key"],
        &["url", "secret"],
        &["urls"],
        &["host", "item_host", "item_key"],
        &["host"],
        &["base_url", "token", "project"],
    ];
    for (channel, fields) in full::full().iter().zip(needs) {
        let name = channel.kind().name();
        let paths: Vec<_> = fields.iter().map(|field| format!("receiver.{name}.{field}")).collect();
        let paths: Vec<_> = paths.iter().map(String::as_str).collect();
        check(&with(emptied(channel)), &paths);
    }
}

/// Without any secret, and without what stands for one.
fn bared(mut receiver: Receiver) -> Receiver {
    for secret in receiver.channel.secrets_mut() {
        *secret = Secret::default();
    }
    receiver
}

#[test]
fn nothing_that_is_secret_is_shown_or_kept_for_repeated_requests() {
    for mut channel in full::full() {
        let shown = format!("{channel:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        let count = shown.matches("(secret)").count();
        assert_eq!(channel.secrets_mut().len(), count, "every one of them is known: {shown}");
        let kept = with(channel.clone()).without_secrets();
        let json = serde_json::to_string(&kept).expect("JSON");
        for secret in channel.secrets_mut() {
            assert!(!json.contains(secret.reveal()), "{json}");
        }
        assert_eq!(format!("{:?}", kept.channel), shown, "it says which of them were there");
        assert_eq!(bared(kept), bared(with(channel)), "and nothing else is left out");
    }
}

#[test]
fn of_a_secret_address_its_host_is_kept_for_repeated_requests() {
    for (url, kept) in [
        ("", ""),
        ("https://a.example:8443/hook?key=hunter2", "https://a.example:8443/***"),
        ("https://a.example?key=hunter2", "https://a.example/***"),
        ("hunter2", "not kept here"),
        ("https://me:hunter2@a.example/", "not kept here"),
    ] {
        let teams = with(Channel::Teams(Teams { url: url.into() }));
        let expected = with(Channel::Teams(Teams { url: kept.into() }));
        assert_eq!(teams.without_secrets(), expected, "{url}");
    }
}

#[test]
fn what_is_wrong_is_not_quoted() {
    let mut receivers = vec![
        with(Channel::Teams(Teams { url: "https://hunter2@teams.example".into() })),
        with(Channel::Email(Email { to: vec!["hunter2".into()], ..full::email() })),
    ];
    for mut channel in full::full() {
        for secret in channel.secrets_mut() {
            *secret = "hunter2\n".into();
        }
        receivers.push(with(channel));
    }
    for receiver in receivers {
        let found = receiver.violations();
        assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
        let has_secrets = !receiver.channel.clone().secrets_mut().is_empty();
        assert_eq!(!found.is_empty(), has_secrets, "{receiver:?}");
    }
}

#[test]
fn addresses_of_the_web_are_those_of_http() {
    let long = format!("https://a.example/{}", "x".repeat(2_048));
    for bad in ["gateway.example", "ftp://gateway.example", "https://me@gateway.example", &long] {
        let (url, hidden) = (bad.to_owned(), Secret::from(bad));
        refused(Channel::Teams(Teams { url: hidden.clone() }), "url");
        refused(Channel::Feishu(Feishu { url: hidden.clone(), ..full::feishu() }), "url");
        refused(Channel::Slack(Slack { url: hidden.clone(), ..full::slack() }), "url");
        refused(Channel::Dingtalk(Dingtalk { url: hidden.clone(), ..full::dingtalk() }), "url");
        refused(Channel::Webhook(WebhookChannel { url: hidden, ..full::webhook() }), "url");
        let urls = vec!["http://am-1:9093".into(), url.clone()];
        let cluster = Alertmanager { urls, ..full::alertmanager() };
        refused(Channel::Alertmanager(cluster), "urls[1]");
        let app = WecomApp { base_url: url.clone(), ..full::wecom_app() };
        refused(Channel::WecomApp(app), "base_url");
        refused(Channel::Jira(Jira { base_url: url.clone(), ..full::jira() }), "base_url");
        let pager = Pagerduty { client_url: url, ..full::pagerduty() };
        refused(Channel::Pagerduty(pager), "client_url");
    }
}

#[test]
fn a_token_may_stand_in_the_address_of_a_robot() {
    let robot = |url: &str| {
        let (url, access_token) = (url.into(), Secret::default());
        Channel::Dingtalk(Dingtalk { url, access_token, ..full::dingtalk() })
    };
    taken(robot("https://a.example/robot/send?access_token=x"));
    taken(robot("https://a.example/robot/send?a=b&access_token=x#c"));
    for without in ["", "https://a.example", "https://a.example?access_token=&a=b"] {
        refused(robot(without), "access_token");
    }
    refused(robot("https://a.example#?access_token=x"), "access_token");
}

#[test]
fn slack_wants_a_webhook_or_a_bot_with_a_channel() {
    let slack = |url: &str, token: &str, channel: &str| {
        let (url, token, channel) = (url.into(), token.into(), channel.into());
        Channel::Slack(Slack { url, token, channel, ..full::slack() })
    };
    taken(slack("https://hooks.slack.com/services/T/B/X", "", ""));
    taken(slack("", "xoxb-1", "C1"));
    refused(slack("", "", "C1"), "url");
    refused(slack("", "xoxb-1", ""), "channel");
    for mention in ["", "@U123", "<U123>", "<@U123", "<@U1> <!channel>", "<@>"] {
        let mentions = vec![mention.to_owned()];
        let slack = Slack { mentions, ..full::slack() };
        refused(Channel::Slack(slack), "mentions[0]");
    }
}

#[test]
fn people_of_chats_are_bounded() {
    let app = |to_users| Channel::WecomApp(WecomApp { to_users, ..full::wecom_app() });
    taken(app(names(1_000)));
    refused(app(names(1_001)), "to_users");
    for bad in ["", "a|b", "a b", "a\n", &"x".repeat(65)] {
        refused(app(vec![bad.to_owned()]), "to_users[0]");
    }
    let mentioned = |mention_mobiles: Vec<String>| {
        Channel::WecomRobot(WecomRobot { mention_mobiles, ..full::wecom_robot() })
    };
    refused(mentioned(vec!["13800000000".into(), "ann".into()]), "mention_mobiles[1]");
    refused(mentioned(vec!["13800000000".into(); 101]), "mention_mobiles");
    let at = |at_user_ids| Channel::Feishu(Feishu { at_user_ids, ..full::feishu() });
    refused(at(names(101)), "at_user_ids");
    refused(at(vec![" ".into()]), "at_user_ids[0]");
}

#[test]
fn a_bot_of_telegram_has_a_token_that_fits_into_a_path() {
    for bad in ["110201543:AA/../x", "110201543:AA x", "110201543:AA?x"] {
        let telegram = Telegram { token: bad.into(), ..full::telegram() };
        refused(Channel::Telegram(telegram), "token");
    }
    let telegram = Telegram { message_thread_id: -1, ..full::telegram() };
    refused(Channel::Telegram(telegram), "message_thread_id");
}

#[test]
fn mail_goes_to_addresses_from_an_address() {
    let email = |change: &dyn Fn(&mut Email)| {
        let mut email = full::email();
        change(&mut email);
        Channel::Email(email)
    };
    taken(email(&|email| email.from = "umpire@example.com".into()));
    taken(email(&|email| email.to = vec!["ops@example.com".into(); 50]));
    refused(email(&|email| email.to = vec!["ops@example.com".into(); 51]), "to");
    for bad in ["ops", "Ops <ops@example.com>", "ops@example.com\r\nBcc: all@example.com", ""] {
        refused(email(&|email| email.to.push(bad.into())), "to[1]");
    }
    for bad in ["umpire", "\"A, B\" <a@example.com>", "A\r\nBcc: <a@example.com>"] {
        refused(email(&|email| email.from = bad.into()), "from");
    }
    for bad in ["mail example", "mail.example:25", "-", "smtp://mail.example"] {
        refused(email(&|email| email.host = bad.into()), "host");
    }
    refused(email(&|email| email.password = Secret::default()), "password");
    for bad in ["none".to_owned(), format!("-----BEGIN CERTIFICATE-----{}", "x".repeat(65_536))] {
        refused(email(&|email| email.ca_certificate.clone_from(&bad)), "ca_certificate");
    }
}

#[test]
fn phones_have_numbers_and_templates_variables() {
    let sms = |provider, pairs: &[(&str, &str)]| {
        let parameters = parameters(pairs);
        Channel::Sms(Sms { provider, parameters, ..full::sms() })
    };
    taken(sms(Tencent, &[("1", "level"), ("2", "count")]));
    taken(sms(Aliyun, &[("level", "level"), ("p2", "count")]));
    for pairs in [
        &[("0", "level")][..],
        &[("2", "level")],
        &[("1", "level"), ("3", "count")],
        &[("level", "level")],
        &[("1", "")],
        &[("1", "{{ level }}")],
    ] {
        refused(sms(Tencent, pairs), "parameters");
    }
    refused(sms(Aliyun, &[("a b", "level")]), "parameters");
    let numbers = |phone_numbers| Channel::Sms(Sms { phone_numbers, ..full::sms() });
    refused(numbers(vec!["13800000000".into(), "ann".into()]), "phone_numbers[1]");
    refused(numbers(vec!["13800000000".into(); 101]), "phone_numbers");
    let called = |change: &dyn Fn(&mut Voice)| {
        let mut voice = full::voice();
        change(&mut voice);
        Channel::Voice(voice)
    };
    refused(called(&|voice| voice.phone_numbers = vec!["13800000000".into(); 21]), "phone_numbers");
    refused(called(&|voice| voice.play_times = 4), "play_times");
    refused(called(&|voice| voice.show_number = "pool".into()), "show_number");
    let by_another = called(&|voice| {
        voice.provider = Tencent;
        voice.parameters.clear();
    });
    refused(by_another, "app_id");
}

#[test]
fn machines_have_hosts_and_secrets_of_their_form() {
    let hook = |secret: &str, previous: &str| {
        let (secret, previous_secret) = (secret.into(), previous.into());
        Channel::Webhook(WebhookChannel { secret, previous_secret, ..full::webhook() })
    };
    taken(hook(WHSEC, ""));
    refused(hook("hunter2", ""), "secret");
    refused(hook(WHSEC, "hunter2"), "previous_secret");
    let cluster = |urls, token: &str| {
        let token = token.into();
        Channel::Alertmanager(Alertmanager { urls, token, ..full::alertmanager() })
    };
    refused(cluster(vec!["http://am:9093".into(); 11], "hunter2"), "urls");
    refused(cluster(vec!["http://am:9093".into()], ""), "token");
    let log = |facility, sd_id: &str| {
        Channel::Syslog(Syslog { facility, sd_id: sd_id.into(), ..full::syslog() })
    };
    refused(log(24, ""), "facility");
    for bad in ["a b", "a=b", "a]b", "a\"b", "名", &"x".repeat(33)] {
        refused(log(0, bad), "sd_id");
    }
    let zabbix = Zabbix { host: "http://zabbix".into(), ..full::zabbix() };
    refused(Channel::Zabbix(zabbix), "host");
}

#[test]
fn tickets_have_a_project_and_four_priorities() {
    let jira = |change: &dyn Fn(&mut Jira)| {
        let mut jira = full::jira();
        change(&mut jira);
        Channel::Jira(jira)
    };
    taken(jira(&|jira| jira.priorities.clear()));
    taken(jira(&|jira| jira.username.clear()));
    refused(jira(&|jira| jira.priorities.truncate(3)), "priorities");
    refused(jira(&|jira| jira.priorities.push("Lowest".into())), "priorities");
    refused(jira(&|jira| jira.priorities[3].clear()), "priorities[3]");
    refused(jira(&|jira| jira.project = "SEC\" or project = \"HR".into()), "project");
    refused(jira(&|jira| jira.labels = vec!["two words".into()]), "labels[0]");
    refused(jira(&|jira| jira.labels = names(33)), "labels");
}
