//! Consoles see what happens to alerts, in order, each at its own pace.

use crate::{
    callers::{make_key, make_tenant},
    office::{Office, said_in},
};
use tonic::{Code, transport::Endpoint};
use tonic_types::StatusExt;
use umpire::config::AuthMode;
use umpire_fakes::Fault;
use umpire_proto::v1::{
    AlertState, AssignAlertRequest, BatchCheckMessagesRequest,
    Level::{P0, P1, P2},
    Role,
};
use umpire_testkit::{
    Clients, Console, acknowledge_alert, alerting_rule, check, deliveries_with, eventually, reason,
    resolve_alert,
};

/// Stands for a day on the server.
const DAY: i64 = 86_400;

async fn watch(office: &Office, filter: &str) -> Console {
    Console::open(&office.clients, filter, "").await.unwrap()
}

#[tokio::test]
async fn a_console_sees_what_happens_and_why() {
    let office = Office::start(&["duty"]).await;
    office.rule("leak", P2).await;
    let mut console = watch(&office, "").await;
    office.say("room", "leak").await;
    assert_eq!(console.told().await, "CREATED leak/room 1");
    office.say("room", "leak").await;
    let told = console.told_all(2).await;
    assert_eq!(told, ["REPEATED leak/room 2", "SUPPRESSED leak/room 2 DEDUPLICATED"]);
    office.set_level("leak", P0).await;
    office.say("room", "leak").await;
    let told = console.told_all(2).await;
    assert_eq!(told, ["REPEATED leak/room 3", "ESCALATED leak/room 3 event"]);
    let name = office.alert("").await.name;
    acknowledge_alert(&office.clients, &name, 60).await.unwrap();
    assert_eq!(console.told().await, "ACKNOWLEDGED leak/room 3 local");
    let assign =
        AssignAlertRequest { name: name.clone(), assignee: "zhang".into(), ..<_>::default() };
    office.clients.alerts.clone().assign_alert(assign).await.unwrap();
    let event = console.event().await.unwrap();
    assert_eq!(event.alert.unwrap().assignee, "zhang");
    office.pass(61).await;
    let event = console.event().await.unwrap();
    assert_eq!(event.alert.unwrap().state(), AlertState::Open, "the acknowledgement ended");
    resolve_alert(&office.clients, &name).await.unwrap();
    let event = console.event().await.unwrap();
    assert!(event.time.is_some() && event.cause == "local");
    assert_eq!(event.alert, Some(office.alert("").await), "as it was right after");
    office.say("room", "leak").await;
    assert_eq!(console.told().await, "CREATED leak/room 1");
}

#[tokio::test]
async fn a_console_sees_that_a_delivery_failed() {
    let office = Office::start(&["duty"]).await;
    office.rule("leak", P2).await;
    let mut console = watch(&office, "").await;
    office.sink.fail_next([Fault::Status(404, Vec::new(), "nobody lives here".into())]);
    office.say("room", "leak").await;
    let told = console.told_all(3).await;
    let failed = deliveries_with(&office.clients, "state = DEAD_LETTERED").await;
    assert_eq!(failed.len(), 1);
    let expected = [
        "CREATED leak/room 1".to_owned(),
        format!("DELIVERY_FAILED leak/room 1 {}", failed[0].name),
        "CREATED receiver/duty 1".to_owned(),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_filter_is_over_the_alert_as_it_is_then() {
    let office = Office::start(&[]).await;
    for (rule, level) in [("leak", P2), ("slur", P1)] {
        office.rule(rule, level).await;
    }
    let mut urgent = watch(&office, "level >= P1").await;
    let mut hall = watch(&office, "conversation = hall").await;
    for (room, text) in [("room", "leak"), ("hall", "leak"), ("room", "slur")] {
        office.say(room, text).await;
    }
    assert_eq!(urgent.told().await, "CREATED slur/room 1");
    office.set_level("leak", P1).await;
    office.say("hall", "leak").await;
    let risen = ["REPEATED leak/hall 2", "ESCALATED leak/hall 2 event"];
    assert_eq!(urgent.told_all(2).await, risen);
    assert_eq!(hall.told().await, "CREATED leak/hall 1");
    assert_eq!(hall.told_all(2).await, risen);
    let refused = Console::open(&office.clients, "colour = red", "").await.err().unwrap();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::InvalidArgument, "INVALID_FILTER"));
}

#[tokio::test]
async fn who_comes_back_with_a_token_misses_nothing_and_sees_nothing_twice() {
    let mut office = Office::start(&[]).await;
    office.rule("leak", P2).await;
    let mut console = watch(&office, "").await;
    let start = console.token.clone();
    for room in 0..5 {
        office.say(&room.to_string(), "leak").await;
    }
    let told = |rooms: std::ops::Range<i32>| -> Vec<String> {
        rooms.map(|room| format!("CREATED leak/{room} 1")).collect()
    };
    assert_eq!(console.told_all(2).await, told(0..2));
    let token = console.token.clone();
    assert_eq!(console.told_all(3).await, told(2..5));
    office.restart().await;
    let end = console.event().await.unwrap_err();
    assert_eq!((end.code(), &*reason(&end)), (Code::Unavailable, "SHUTTING_DOWN"));
    for room in 5..8 {
        office.say(&room.to_string(), "leak").await;
    }
    // The same token gives the same, as often as it is used.
    for _ in 0..2 {
        let mut again = Console::open(&office.clients, "", &token).await.unwrap();
        assert_eq!(again.told_all(6).await, told(2..8));
    }
    // The first checkpoint's is one, too, and so is that of every event.
    let mut again = Console::open(&office.clients, "", &start).await.unwrap();
    for expected in told(0..8) {
        assert_eq!(again.told().await, expected);
        again = Console::open(&office.clients, "", &again.token.clone()).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_that_were_not_given_are_refused() {
    let office = Office::start(&[]).await;
    office.rule("leak", P2).await;
    let mut console = watch(&office, "").await;
    office.say("room", "leak").await;
    console.told().await;
    let token = console.token.clone();
    let flipped: String = token.chars().rev().collect();
    let elsewhere = Office::start(&[]).await;
    for (clients, filter, token) in [
        (&office.clients, "", "x"),
        (&office.clients, "", &*flipped),
        (&office.clients, "", &token[1..]),
        (&office.clients, "level >= P1", &*token),
        (&elsewhere.clients, "", &*token),
    ] {
        let refused = Console::open(clients, filter, token).await.err().expect("refused");
        assert_eq!(
            (refused.code(), &*reason(&refused)),
            (Code::InvalidArgument, "INVALID_RESUME_TOKEN")
        );
    }
}

#[tokio::test]
async fn what_is_forgotten_is_said_to_be() {
    let mut office = Office::start_with(&[], |config| config.alerts.keep_days = 1).await;
    office.rule("leak", P2).await;
    let mut console = watch(&office, "").await;
    for room in ["a", "b"] {
        office.say(room, "leak").await;
    }
    console.told().await;
    let token = console.token.clone();
    console.told().await;
    // A server forgets when it starts, and every hour.
    office.server.restart_after(|clock, _| clock.advance_seconds(2 * DAY)).await;
    office.clients = office.server.clients();
    let refused = eventually("the token is too old", async || {
        Console::open(&office.clients, "", &token).await.err()
    });
    let refused = refused.await;
    assert_eq!((refused.code(), &*reason(&refused)), (Code::OutOfRange, "RESUME_TOKEN_EXPIRED"));
    let details = refused.get_error_details();
    let oldest: u64 = details.error_info().unwrap().metadata["oldest"].parse().unwrap();
    assert!(oldest > 2, "{oldest}");
}

/// Alerts that a console reads at once, or does not; more than such a window of bytes holds.
const MANY: usize = 300;
const WINDOW: u32 = 65_535;

#[tokio::test]
async fn a_console_that_is_stuck_slows_nobody() {
    let office = Office::start(&["duty"]).await;
    office.route("fires", "rule = fire", &["duty"], |_| {}).await;
    for (rule, level) in [("leak", P2), ("fire", P0)] {
        office.rule(rule, level).await;
    }
    // It takes the first checkpoint and then no more than its window holds.
    let narrow = Endpoint::from_shared(format!("http://{}", office.server.grpc())).unwrap();
    let narrow = narrow.initial_stream_window_size(WINDOW).initial_connection_window_size(WINDOW);
    let clients = Clients::over(narrow.connect_lazy(), None);
    let mut stuck = Console::open(&clients, "", "").await.unwrap();
    let mut others = Vec::new();
    for _ in 0..9 {
        others.push(Console::open(&office.server.clients(), "", "").await.unwrap());
    }
    let padding = "x".repeat(1_000);
    let messages = (0..MANY).map(|room| said_in(&format!("{room}-{padding}"), "leak")).collect();
    let request = BatchCheckMessagesRequest { messages, ..<_>::default() };
    office.clients.moderation.clone().batch_check_messages(request).await.unwrap();
    let mut seen = others[0].told_all(MANY).await;
    for other in &mut others[1..] {
        assert_eq!(other.told_all(MANY).await, seen);
    }
    office.say("room", "fire").await;
    assert_eq!(office.heard(1).await, ["duty P0 FIRST 1 fire"], "the engine goes on");
    seen.push("CREATED fire/room 1".into());
    for other in &mut others {
        assert_eq!(&other.told().await, seen.last().unwrap());
    }
    assert_eq!(stuck.told_all(MANY + 1).await, seen, "it missed nothing");
}

#[tokio::test]
async fn tenants_see_nothing_of_each_other() {
    let office = Office::start_with(&[], |config| {
        config.auth.mode = AuthMode::Keys;
        config.auth.admin_key = "operator key of the tests".into();
    })
    .await;
    let operator = office.server.operator();
    let mut tenants = Vec::new();
    for tenant in ["one", "two"] {
        make_tenant(&operator, tenant).await;
        let key = make_key(&operator, tenant, "k", Role::Admin).await;
        let clients = office.server.clients_with(&key);
        let rule = alerting_rule("leak", &["leak"], P2);
        clients.rules.clone().create_rule(rule).await.unwrap();
        tenants.push((Console::open(&clients, "", "").await.unwrap(), clients));
    }
    let [(mut mine, one), (mut theirs, two)] = <[_; 2]>::try_from(tenants).ok().unwrap();
    let foreign = Console::open(&two, "", &mine.token).await.err().expect("refused");
    assert_eq!(reason(&foreign), "INVALID_RESUME_TOKEN");
    check(&two, said_in("theirs", "leak")).await.unwrap();
    assert_eq!(theirs.told().await, "CREATED leak/theirs 1");
    check(&one, said_in("mine", "leak")).await.unwrap();
    assert_eq!(mine.told().await, "CREATED leak/mine 1");
}
