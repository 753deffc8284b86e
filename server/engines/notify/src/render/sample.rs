use crate::{AlertId, AlertKind, Mention, Notice, Part, Person, Place, Reason};
use umpire_model::{Level, Timestamp};
use uuid::Uuid;

/// A notice that nothing led to, for tests of receivers and previews of templates. Its
/// reason is [`Reason::Test`], it mentions nobody, and its tenant is `sample` in UTC.
#[must_use]
pub fn sample_notice(kind: AlertKind, level: Level, now: Timestamp) -> Notice {
    let (title, place) = (title(kind).to_owned(), place(kind));
    let name = [&place.conversation_name, &place.camera].into_iter().find(|name| !name.is_empty());
    let part = Part {
        alert: AlertId(Uuid::nil()),
        level,
        title: title.clone(),
        place: name.cloned().unwrap_or_default(),
        stands_for: 1,
    };
    Notice {
        reason: Reason::Test,
        kind,
        level,
        previous_level: None,
        title,
        rule: "tenants/sample/rules/sample-rule".to_owned(),
        rule_name: "Sample rule".to_owned(),
        keyword: "sample".to_owned(),
        labels: vec!["sample-label".to_owned()],
        excerpt: "This is a sample, 138****0000".to_owned(),
        place,
        sender: sender(kind),
        confidence: Some(0.93),
        done: vec!["BLOCK".to_owned()],
        count: 1,
        stands_for: 1,
        first_time: now,
        last_time: now,
        mentions: Vec::new(),
        mention: Mention::Nobody,
        urgent: level == Level::P0,
        operator: String::new(),
        parts: vec![part],
        more_parts: 0,
        audit_records: vec!["tenants/sample/auditRecords/sample-record".to_owned()],
        thread: "sample".to_owned(),
        end_time: now.plus_seconds(1_800),
        time_zone: "UTC".to_owned(),
        tenant: "sample".to_owned(),
    }
}

fn title(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Text => "Sample rule",
        AlertKind::Frame => "Sample object seen",
        AlertKind::Sanction => "Sanction not carried out",
        AlertKind::Safety => "Safety switch is off",
        AlertKind::System => "Receiver sample failed",
    }
}

fn place(kind: AlertKind) -> Place {
    match kind {
        AlertKind::Text | AlertKind::Sanction => Place {
            scene: "chat".to_owned(),
            conversation_id: "sample-room".to_owned(),
            conversation_name: "Sample room".to_owned(),
            camera: String::new(),
        },
        AlertKind::Frame => Place { camera: "Sample camera".to_owned(), ..Place::default() },
        AlertKind::Safety | AlertKind::System => Place::default(),
    }
}

fn sender(kind: AlertKind) -> Person {
    match kind {
        AlertKind::Text | AlertKind::Sanction => Person {
            user_id: "user-12345".to_owned(),
            display_name: "Sample sender".to_owned(),
            department: "Sample department".to_owned(),
            server_id: String::new(),
        },
        AlertKind::Frame | AlertKind::Safety | AlertKind::System => Person::default(),
    }
}
