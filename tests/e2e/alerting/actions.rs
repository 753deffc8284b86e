//! What the actions of a rule say: whom to tell, whom to mention, that a ticket is wanted.

use super::chats::robot;
use crate::office::{Office, said_in};
use umpire_fakes::{FakeVendor, jira};
use umpire_proto::v1::{
    Action,
    ActionKind::{self, Alert, Mention, Ticket},
    Message, Sender,
    receiver::{Channel, Jira},
};
use umpire_testkit::{check, delivered, receiver, receiver_name, word_rule};

/// A rule at P2 that finds its own id, and has these actions with their targets.
async fn rule(office: &Office, id: &str, actions: &[(ActionKind, &str)]) {
    let mut request = word_rule(id, &[id], &[]);
    let action = |&(kind, target): &(ActionKind, &str)| Action {
        kind: kind as i32,
        target: target.into(),
        ..<_>::default()
    };
    request.rule.as_mut().unwrap().actions = actions.iter().map(action).collect();
    office.clients.rules.clone().create_rule(request).await.unwrap();
}

#[tokio::test]
async fn who_is_the_target_of_an_alert_is_told_beside_the_routes() {
    let office = Office::start(&["duty", "night"]).await;
    office.route("all", "", &["duty"], |_| {}).await;
    rule(&office, "leak", &[(Alert, "night")]).await;
    rule(&office, "slur", &[(Alert, &*receiver_name("night"))]).await;
    rule(&office, "spam", &[(Alert, "nobody")]).await;
    rule(&office, "rant", &[(Alert, "duty")]).await;
    for word in ["leak", "slur", "spam", "rant"] {
        office.say("room", word).await;
    }
    delivered(&office.clients, 6).await;
    assert_eq!(
        office.heard_by_all(6).await,
        [
            "duty P2 FIRST 1 leak",
            "duty P2 FIRST 1 rant",
            "duty P2 FIRST 1 slur",
            "duty P2 FIRST 1 spam",
            "night P2 FIRST 1 leak",
            "night P2 FIRST 1 slur",
        ]
    );
}

#[tokio::test]
async fn who_is_to_be_mentioned_is_mentioned_in_what_is_told() {
    let office = Office::start(&[]).await;
    let group = robot(&office, false).await;
    rule(&office, "leak", &[(Alert, ""), (Mention, "zhang3")]).await;
    // The sender; routes are followed though nothing else is asked for.
    rule(&office, "slur", &[(Mention, "")]).await;
    office.say("room", "leak").await;
    office.say("room", "slur").await;
    for (number, user) in ["all", "@all", "u 1"].into_iter().enumerate() {
        let sender = Sender { user_id: user.into(), ..<_>::default() };
        let said = said_in(&format!("room{number}"), "slur");
        check(&office.clients, Message { sender: Some(sender), ..said }).await.unwrap();
    }
    let shown = group.wait_for(5).await;
    let mentions: Vec<_> = shown.iter().map(|shown| shown.mentions.join(" ")).collect();
    assert_eq!(mentions, ["zhang3", "u-1", "", "", ""]);
}

#[tokio::test]
async fn a_ticket_is_opened_where_it_is_asked_for_and_nobody_else_is_told() {
    let office = Office::start(&["duty"]).await;
    let (first, second) = (tracker(&office, "first").await, tracker(&office, "second").await);
    rule(&office, "leak", &[(Ticket, "")]).await;
    rule(&office, "slur", &[(Alert, ""), (Ticket, "second")]).await;
    office.say("room", "leak").await;
    delivered(&office.clients, 2).await;
    let told = office.alert("rule = leak").await;
    assert_eq!(told.receivers, [receiver_name("first"), receiver_name("second")]);
    office.say("room", "slur").await;
    delivered(&office.clients, 4).await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 1 slur"]);
    for (tracker, words) in [(&first, &["leak"][..]), (&second, &["leak", "slur"])] {
        let issues = tracker.messages();
        assert_eq!(issues.len(), words.len(), "{issues:?}");
        for (number, (issue, word)) in issues.iter().zip(words).enumerate() {
            assert_eq!(issue.to, format!("SEC-{}", number + 1));
            assert!(issue.text.contains(word), "{}", issue.text);
        }
    }
}

/// A Jira with a project.
async fn tracker(office: &Office, id: &str) -> FakeVendor {
    let fake = office.vendor(jira::Jira::data_center("Bearer token-1", "SEC")).await;
    let (base_url, token, project) = (fake.url(""), "token-1".into(), "SEC".into());
    let channel = Channel::Jira(Jira { base_url, token, project, ..<_>::default() });
    office.clients.alerts.clone().create_receiver(receiver(id, channel)).await.unwrap();
    fake
}
