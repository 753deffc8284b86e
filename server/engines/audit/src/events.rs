//! What people are to be told of a message.

use crate::contents::without_personal_data;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use umpire_model::{Action, ActionKind, Message, Raised, ResourceId, TenantId, Timestamp, Verdict};
use umpire_notify::{AlertKind, Call, Event, Person, Place};

/// Longest key, in bytes.
const MAX_KEY_BYTES: usize = 512;
/// Longest excerpt, in characters.
const MAX_EXCERPT_CHARS: usize = 100;
/// Most rules of one message that people are told of; the most urgent come first.
const MAX_EVENTS: usize = 16;

/// A message that was judged.
pub(crate) struct About<'a> {
    pub tenant: &'a TenantId,
    pub time: Timestamp,
    pub message: &'a Message<'a>,
    pub verdict: &'a Verdict,
    /// Id of its record.
    pub record: &'a str,
}

/// One event for each rule that wants people to be told. `said` is the masked text.
pub(crate) fn events(about: &About<'_>, said: &str) -> Vec<Event> {
    let raised = about.verdict.raised.iter().take(MAX_EVENTS);
    raised.map(|raised| event(about, raised, said)).collect()
}

fn event(about: &About<'_>, raised: &Raised, said: &str) -> Event {
    let About { tenant, time, message, .. } = about;
    let names = |labels: &[std::sync::Arc<str>]| labels.iter().map(|l| l.to_string()).collect();
    Event {
        id: umpire_model::new_uuid(),
        tenant: (*tenant).clone(),
        time: *time,
        kind: AlertKind::Text,
        level: raised.level,
        key: key(tenant, &raised.rule, message.conversation.id),
        rule: raised.rule.to_string(),
        rule_name: raised.rule_name.to_string(),
        labels: names(&raised.labels),
        title: title(raised),
        keyword: raised.word.to_string(),
        excerpt: said.chars().take(MAX_EXCERPT_CHARS).collect(),
        audit_record: format!("tenants/{tenant}/auditRecords/{}", about.record),
        place: place(message),
        sender: person(message),
        confidence: None,
        done: done(about.verdict),
        call: call(&raised.actions),
        not_to: Vec::new(),
    }
}

/// Rule and conversation. A rule of an included set keeps its whole name.
fn key(tenant: &TenantId, rule: &str, conversation: &str) -> String {
    let own = format!("tenants/{tenant}/rules/");
    let key = format!("{}/{conversation}", rule.strip_prefix(&own).unwrap_or(rule));
    if key.len() <= MAX_KEY_BYTES { key } else { HEXLOWER.encode(&Sha256::digest(key)) }
}

/// What the rule says, if it says something; else what it is called.
fn title(raised: &Raised) -> String {
    let mut alerts = raised.actions.iter().filter(|action| action.kind == ActionKind::Alert);
    let words = alerts.find_map(|action| (!action.text.is_empty()).then_some(&*action.text));
    words.unwrap_or(&raised.rule_name).to_owned()
}

fn place(message: &Message<'_>) -> Place {
    Place {
        scene: message.scene.to_owned(),
        conversation_id: message.conversation.id.to_owned(),
        conversation_name: without_personal_data(message.conversation.name),
        camera: String::new(),
    }
}

fn person(message: &Message<'_>) -> Person {
    let sender = &message.sender;
    Person {
        user_id: sender.user_id.to_owned(),
        display_name: without_personal_data(sender.display_name),
        department: sender.department.to_owned(),
        server_id: sender.server_id.to_owned(),
    }
}

/// The decision, and what was done beside telling people.
fn done(verdict: &Verdict) -> Vec<String> {
    let decision = match verdict.decision {
        umpire_model::Decision::Pass => "PASS",
        umpire_model::Decision::Review => "REVIEW",
        umpire_model::Decision::Block => "BLOCK",
    };
    let masks = verdict.actions.iter().any(|action| action.kind == ActionKind::Mask);
    [Some(decision), masks.then_some("MASK")].into_iter().flatten().map(str::to_owned).collect()
}

fn call(actions: &[Action]) -> Call {
    let of = |kind| actions.iter().filter(move |action| action.kind == kind);
    let named = of(ActionKind::Alert).chain(of(ActionKind::Ticket));
    // A target that is no id of a receiver names nobody; routes still apply.
    let receivers = named.filter_map(|action| receiver(&action.target)).collect();
    let mentions = of(ActionKind::Mention).map(|action| action.target.clone()).collect();
    let ticket = of(ActionKind::Ticket).next().is_some();
    Call { receivers, mentions, ticket, alert: of(ActionKind::Alert).next().is_some() }
}

/// A receiver by its id, or by its name.
fn receiver(target: &str) -> Option<ResourceId> {
    ResourceId::new(target.rsplit('/').next().unwrap_or_default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::{Conversation, Level, Sender};

    fn raised(actions: Vec<Action>) -> Raised {
        Raised {
            rule: "tenants/default/rules/leak".into(),
            rule_name: "Leaks".into(),
            level: Level::P0,
            labels: vec!["secret".into()],
            word: "confidential".into(),
            actions,
        }
    }

    fn action(kind: ActionKind, target: &str, text: &str) -> Action {
        Action { target: target.into(), text: text.into(), ..Action::plain(kind) }
    }

    fn of(message: &Message<'_>, raised: Raised) -> Event {
        let verdict = Verdict { raised: vec![raised], ..Verdict::pass(1, "test".into()) };
        let tenant = TenantId::operator();
        let (time, record) = (Timestamp(7), "r");
        let about = About { tenant: &tenant, time, message, verdict: &verdict, record };
        events(&about, "confidential: ***").remove(0)
    }

    fn message() -> Message<'static> {
        Message {
            scene: "guild",
            conversation: Conversation { id: "g-1", name: "Guild", ..<_>::default() },
            sender: Sender { user_id: "u-1", display_name: "call 13800138000", ..<_>::default() },
            ..Message::default()
        }
    }

    #[test]
    fn an_event_says_what_happened_and_nothing_private() {
        let event = of(&message(), raised(vec![Action::plain(ActionKind::Alert)]));
        assert_eq!((event.key.as_str(), event.title.as_str()), ("leak/g-1", "Leaks"));
        assert_eq!(event.audit_record, "tenants/default/auditRecords/r");
        assert_eq!(event.sender.display_name, "call ***********");
        assert_eq!(event.done, ["PASS"]);
        assert!(event.call.alert && !event.call.ticket);
    }

    #[test]
    fn actions_name_whom_to_tell() {
        let actions = vec![
            action(ActionKind::Alert, "tenants/default/receivers/duty", "Look at this"),
            action(ActionKind::Mention, "u-9", ""),
            action(ActionKind::Ticket, "jira", ""),
            action(ActionKind::Ticket, "not an id", ""),
        ];
        let event = of(&message(), raised(actions));
        let named: Vec<_> = event.call.receivers.iter().map(ResourceId::as_str).collect();
        assert_eq!(named, ["duty", "jira"]);
        assert_eq!(event.call.mentions, ["u-9"]);
        assert_eq!(event.title, "Look at this");
        assert!(event.call.ticket);
    }

    #[test]
    fn keys_are_bounded_and_keep_tenants_apart() {
        let tenant = TenantId::operator();
        assert_eq!(
            key(&tenant, "tenants/publisher/rules/leak", "c"),
            "tenants/publisher/rules/leak/c"
        );
        let long = key(&tenant, "tenants/default/rules/leak", &"x".repeat(1_024));
        assert_eq!(long.len(), 64);
        assert_ne!(long, key(&tenant, "tenants/default/rules/leak", &"y".repeat(1_024)));
    }
}
