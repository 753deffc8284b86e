//! Who is told of which level while a tenant has no route, and what a chat shows of it.

use crate::office::Office;
use umpire_fakes::{FakeVendor, dingtalk::Robot, jira, pagerduty, telegram};
use umpire_proto::v1::{
    Conversation, CreateReceiverRequest,
    Level::{P0, P1, P2, P3},
    Message, Sender,
    receiver::{Channel, Dingtalk, Jira, Pagerduty, Telegram},
};
use umpire_testkit::{check, delivered, deliveries, dingtalk_receiver, fates, message, receiver};

const MOBILE: &str = "13800000000";
const ROUTING_KEY: &str = "0123456789abcdef0123456789abcdef";

/// A signed robot in a group, the receiver `group`; with a person and perhaps everybody to
/// mention.
pub(super) async fn robot(office: &Office, mentions: bool) -> FakeVendor {
    let fake = office.vendor(Robot::new("token-1").signed_with("SECgroup")).await;
    let mut request = dingtalk_receiver("group", &fake.url("/robot/send"), "token-1", "SECgroup");
    let channel = request.receiver.as_mut().unwrap().channel.as_mut();
    let Some(Channel::Dingtalk(Dingtalk { at_mobiles, at_all, .. })) = channel else { panic!() };
    if mentions {
        (*at_mobiles, *at_all) = (vec![MOBILE.into()], true);
    }
    create(office, request).await;
    fake
}

async fn create(office: &Office, request: CreateReceiverRequest) {
    office.clients.alerts.clone().create_receiver(request).await.unwrap();
}

/// Receivers `person`, `pager` and `tickets`.
async fn hire(office: &Office) -> [FakeVendor; 3] {
    let person = office.vendor(telegram::Telegram::new("123:abc", -100)).await;
    let (base_url, token, chat_id) = (person.url(""), "123:abc".into(), "-100".into());
    let chat = Telegram { base_url, token, chat_id, ..<_>::default() };
    create(office, receiver("person", Channel::Telegram(chat))).await;

    let pager = office.vendor(pagerduty::Pagerduty::new(ROUTING_KEY)).await;
    let (url, routing_key) = (pager.url("/v2/enqueue"), ROUTING_KEY.into());
    let service = Pagerduty { url, routing_key, ..<_>::default() };
    create(office, receiver("pager", Channel::Pagerduty(service))).await;

    let tickets = office.vendor(jira::Jira::data_center("Bearer token-1", "SEC")).await;
    let (base_url, token, project) = (tickets.url(""), "token-1".into(), "SEC".into());
    let site = Jira { base_url, token, project, ..<_>::default() };
    create(office, receiver("tickets", Channel::Jira(site))).await;
    [person, pager, tickets]
}

#[tokio::test]
async fn without_a_route_the_level_says_who_is_told() {
    let office = Office::start(&["machine"]).await;
    let group = robot(&office, true).await;
    let [person, pager, tickets] = hire(&office).await;
    let mut done = 0;
    for (word, level, expected) in [
        ("fire", P0, "group machine pager person"),
        ("leak", P1, "group machine person"),
        ("slur", P2, "group"),
    ] {
        office.rule(word, level).await;
        office.say("room", word).await;
        done += expected.split(' ').count();
        delivered(&office.clients, done).await;
        assert_eq!(told_of(&office, word).await, expected, "{level:?}");
    }
    office.rule("hint", P3).await;
    office.say("room", "hint").await;
    let recorded = office.alert("rule = hint").await;
    assert_eq!(recorded.suppressed_by, "RECORDED_ONLY");
    assert_eq!(fates(&recorded), [("RECORDED_ONLY", 1)]);
    assert_eq!(deliveries(&office.clients).await.len(), done);
    let mentions: Vec<_> = group.messages().iter().map(|shown| shown.mentions.join(" ")).collect();
    assert_eq!(mentions, [&*format!("{MOBILE} @all"), MOBILE, ""]);
    assert_eq!((person.messages().len(), pager.messages().len()), (2, 1));
    assert!(tickets.calls().is_empty());
}

/// Ids of those who heard of what a rule found.
async fn told_of(office: &Office, rule: &str) -> String {
    let alert = office.alert(&format!("rule = {rule}")).await;
    let mut ids: Vec<_> =
        alert.receivers.iter().map(|name| name.rsplit('/').next().unwrap()).collect();
    ids.sort_unstable();
    ids.join(" ")
}

/// Each would do something in a chat.
const HOSTILE: [&str; 7] = [
    "@all",
    "<@all> <at id=all></at>",
    "[x](http://a.b)",
    "![x](http://a.b/x.png)",
    "a\r\n# x\n> y",
    "**x** `y`",
    "{{ excerpt }} {% raw %}",
];
/// What is left when it does.
const TRACES: [&str; 9] = ["@all", "<@", "<at", "](", "://", "\n# x", "\n> y", "**x**", "`y`"];

#[tokio::test]
async fn what_users_say_does_nothing_in_a_chat() {
    let office = Office::start(&[]).await;
    let group = robot(&office, true).await;
    office.rule("leak", P2).await;
    let calm = shown(&office, &group, 1, "calm").await;
    let lines = |text: &str| text.lines().count();
    for (number, hostile) in HOSTILE.into_iter().enumerate() {
        let text = shown(&office, &group, number + 2, hostile).await;
        assert_eq!(lines(&text), lines(&calm), "{text}");
        for trace in TRACES {
            assert!(!text.contains(trace), "{trace} is in {text}");
        }
    }
    assert!(group.messages().iter().all(|shown| shown.mentions.is_empty()));
    for call in group.calls() {
        let at = call.json().unwrap()["at"].clone();
        assert!(at["isAtAll"] == false && at["atUserIds"].as_array().unwrap().is_empty(), "{at}");
    }
}

/// What the group sees, as its so many-th message, of somebody of such a name who says so in a
/// room of that name.
async fn shown(office: &Office, group: &FakeVendor, number: usize, said: &str) -> String {
    let id = format!("room{number}");
    let conversation = Conversation { id, name: said.into(), ..<_>::default() };
    let sender = Sender {
        user_id: "u-1".into(),
        display_name: said.into(),
        department: said.into(),
        ..<_>::default()
    };
    let message = Message {
        conversation: Some(conversation),
        sender: Some(sender),
        ..message(&format!("leak {said}"))
    };
    check(&office.clients, message).await.unwrap();
    group.wait_for(number).await[number - 1].text.clone()
}

#[tokio::test]
async fn p0_and_p1_look_more_urgent_than_p2() {
    let office = Office::start(&[]).await;
    let group = robot(&office, true).await;
    let mut titles = Vec::new();
    for (word, level) in [("fire", P0), ("leak", P1), ("slur", P2)] {
        office.rule(word, level).await;
        office.say("room", word).await;
        let call = group.wait_for_calls(titles.len() + 1).await.pop().unwrap();
        let title = call.json().unwrap()["markdown"]["title"].as_str().unwrap().to_owned();
        let name = level.as_str_name().replace("LEVEL_", "");
        assert!(title.contains(&name) && title.contains(word), "{title}");
        titles.push(title.chars().next().unwrap());
    }
    assert_eq!(titles, ['🚨', '⚠', '🔔']);
}
