use super::{alert, at, folder, open, other, put_alert, resolved, tenant};
use crate::EmbeddedStore;
use fastrand::Rng;
use umpire_model::Level;
use umpire_notify::{
    Alert, AlertField, AlertId, AlertKind, AlertQuery, AlertState, Alerts, Person, Place, meets,
};
use umpire_query::parse;

/// Every field, every kind of comparison, and what joins them.
const FILTERS: &[&str] = &[
    "",
    "tenant = games",
    "tenant != games OR tenant : \"FOR\"",
    "kind = SAFETY",
    "kind >= SANCTION AND kind != SYSTEM",
    "level = P0",
    "level >= P1 AND level < P0",
    "state = OPEN",
    "state != RESOLVED",
    "state <= ACKNOWLEDGED",
    "NOT state = OPEN",
    "state = OPEN OR state = RESOLVED",
    "key = \"Schlüssel 1\"",
    "key : \"SCHLÜSSEL\"",
    "key : \"ΣΊΣΥΦΟΣ\" OR key : \"%\"",
    "rule = spam",
    "rule != spam",
    "rule : \"PA\"",
    "rule = \"tenants/games/rules/spam\"",
    "rule : \"/rules/\"",
    "rule = \"\"",
    "label = ad",
    "labels : \"рек'лама\"",
    "label != ad",
    "NOT (label : ad AND label : \"a\")",
    "scene = room",
    "conversation = c1",
    "conversation.id : \"C\"",
    "sender != u1",
    "sender.user_id : \"Ü\"",
    "department : \"ВОСТОК\"",
    "sender.department = Восток",
    "camera = gate AND scene != room",
    "assignee = \"\" AND count > 5",
    "assignee : eve",
    "first_time < \"1970-01-01T00:00:10Z\"",
    "last_time >= \"1970-01-01T00:00:15.5Z\"",
    "count = 1 OR count > 9223372036854775806",
    "suppressed = true",
    "suppressed != true AND (level = P1 OR sender = u1) AND NOT label = ad",
];

fn pick<'a>(random: &mut Rng, values: &[&'a str]) -> &'a str {
    random.choice(values).copied().unwrap_or_default()
}

fn any_alert(random: &mut Rng) -> Alert {
    let rule = pick(random, &["", "tenants/games/rules/spam", "tenants/games/sanctionRules/Ad"]);
    let labels: &[&[&str]] = &[&[], &["ad"], &["a", "ad"], &["рек'лама"], &["Ad", "\"", ""]];
    let labels = random.choice(labels).copied().unwrap_or_default();
    let person = Person {
        user_id: pick(random, &["", "u1", "ünal"]).into(),
        department: pick(random, &["", "Восток", "east"]).into(),
        ..Person::default()
    };
    let place = Place {
        scene: pick(random, &["room", "", "Room"]).into(),
        conversation_id: pick(random, &["c1", "", "%"]).into(),
        camera: pick(random, &["gate", ""]).into(),
        ..Place::default()
    };
    let key = ["Schlüssel 1", "schlüssel", "Σίσυφος", "100%", "a\"b'c"];
    let states = [AlertState::Open, AlertState::Acknowledged, AlertState::Resolved];
    let kinds = [AlertKind::Text, AlertKind::Sanction, AlertKind::Safety, AlertKind::System];
    let levels = [Level::P0, Level::P1, Level::P2, Level::P3];
    let first = random.i64(0..20);
    Alert {
        state: states[random.usize(..3)],
        kind: kinds[random.usize(..4)],
        level: levels[random.usize(..4)],
        rule: rule.into(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        place,
        sender: person,
        assignee: pick(random, &["", "Eve", "eve"]).into(),
        first_time: at(first),
        last_time: at(first + random.i64(0..9)),
        count: [1, 7, u64::MAX][random.usize(..3)],
        suppressed_by: pick(random, &["", "SILENCED"]).into(),
        ..alert(pick(random, &key))
    }
}

async fn found(store: &EmbeddedStore, filter: &str, size: usize) -> Vec<AlertId> {
    let filter = parse(filter).expect("a filter");
    let mut query = AlertQuery { tenant: tenant(), filter, size, cursor: None };
    let mut found = Vec::new();
    loop {
        let page = store.alerts(query.clone()).await.expect("read");
        assert!(page.items.len() <= size);
        found.extend(page.items.iter().map(|alert| alert.id));
        query.cursor = page.next;
        if query.cursor.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn filters_find_what_meets_them_newest_first() {
    let folder = folder();
    let store = open(&folder);
    let mut random = Rng::with_seed(5);
    let mut alerts: Vec<_> = (0..80).map(|_| any_alert(&mut random)).collect();
    for alert in &alerts {
        put_alert(&store, alert, None).await;
        put_alert(&store, &Alert { tenant: other(), ..any_alert(&mut random) }, None).await;
    }
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.id));
    for text in FILTERS {
        let filter = parse::<AlertField>(text).expect("a filter");
        let met = alerts.iter().filter(|alert| meets(&filter, alert));
        let expected: Vec<_> = met.map(|alert| alert.id).collect();
        for size in [7, 200] {
            assert_eq!(found(&store, text, size).await, expected, "{text}, pages of {size}");
        }
    }
    store.close().await;
}

#[tokio::test]
async fn a_filter_sees_an_alert_as_it_is_now() {
    let folder = folder();
    let store = open(&folder);
    let before = alert("a");
    put_alert(&store, &before, None).await;
    let after = Alert {
        level: Level::P0,
        labels: vec!["new".into()],
        assignee: "eve".into(),
        count: 2,
        last_time: at(9),
        suppressed_by: "SILENCED".into(),
        ..resolved(&before, at(9))
    };
    put_alert(&store, &after, None).await;
    for (filter, expected) in [
        ("level = P0 AND state = RESOLVED AND label = new AND assignee = eve", 1),
        ("count = 2 AND last_time = \"1970-01-01T00:00:09Z\" AND suppressed = true", 1),
        ("label = ad OR state = OPEN OR level = P1 OR count = 1", 0),
    ] {
        assert_eq!(found(&store, filter, 9).await.len(), expected, "{filter}");
    }
    store.close().await;
}
