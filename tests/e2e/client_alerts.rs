//! The Rust client keeps its promises about alerts.

use crate::client_sanctions::{Door, connect, next};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use umpire_client::{
    AlertEvent, Code, Error, Presence, Umpire, chat,
    v1::{
        Alert, AlertEventKind, AlertState, DeliveryState, ErrorReason, EscalationPolicy,
        Level::{self, P0, P1, P2},
        NoticeLanguage, NoticeReason, PreviewTemplateRequest, Receiver, Route, Silence, Template,
        escalation_policy::Step,
        preview_template_request::Subject,
        receiver::{Channel, Teams},
        test_routing_request::About,
        test_routing_response::Outcome,
    },
};
use umpire_fakes::{FakeVendor, Fault, Vendor, webhook_sink::WebhookSink};
use umpire_testkit::{
    Clock, TestServer, alerting_rule, eventually, receiver_name, seconds, the_alert,
    webhook_receiver,
};

/// `whsec_` and 24 bytes.
pub(crate) const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
/// As long, and another.
pub(crate) const OTHER: &str = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4";
const HALF_AN_HOUR: Duration = Duration::from_secs(1_800);

/// A server that may call this machine, and alerts at P1 where somebody says `gold`.
pub(crate) async fn server() -> TestServer {
    let server = TestServer::start_with(|config| config.outbound.allow_private = true).await;
    let rule = alerting_rule("gold", &["gold"], P1).rule.unwrap();
    connect(&server).await.rules().create("gold", rule).await.unwrap();
    server
}

/// A vendor whose clock shows what the server's does: otherwise it believes no signature.
pub(crate) async fn start(server: &TestServer, vendor: impl Vendor) -> FakeVendor {
    let vendor = FakeVendor::start(vendor).await;
    let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    vendor.shift_clock(server.clock.now().parts().0 - i64::try_from(real).unwrap());
    vendor
}

pub(crate) async fn sink(server: &TestServer) -> FakeVendor {
    start(server, WebhookSink::signed_with(SECRET)).await
}

fn webhook(sink: &FakeVendor) -> Receiver {
    webhook_receiver("", &sink.url("/hook"), SECRET).receiver.unwrap()
}

/// Raises an alert in a conversation, and gives it.
async fn alert(server: &TestServer, conversation: &str) -> Alert {
    let umpire = connect(server).await;
    umpire.check(chat("gold").conversation(conversation).sender("p-1")).await.unwrap();
    the_alert(&server.clients(), &format!("conversation = {conversation}")).await
}

fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

fn conversation(alert: &Alert) -> &str {
    alert.conversation.as_ref().map_or("", |room| &room.id)
}

#[tokio::test]
async fn an_alert_is_listed_looked_after_and_resolved() {
    let server = server().await;
    let alerts = connect(&server).await.alerts();
    for room in ["g-1", "g-2", "g-3"] {
        alert(&server, room).await;
    }
    let listed: Vec<_> = alerts.list("").page_size(2).stream().try_collect().await.unwrap();
    let rooms: Vec<_> = listed.iter().map(conversation).collect();
    assert_eq!(rooms, ["g-3", "g-2", "g-1"], "newest first, page after page");
    let found = alerts.list("level >= P1 AND NOT conversation = g-3").limit(1).all().await.unwrap();
    assert_eq!(found.iter().map(conversation).collect::<Vec<_>>(), ["g-2"]);
    let wrong = alerts.list("colour = red").all().await.unwrap_err();
    assert_eq!(wrong.reason(), ErrorReason::InvalidFilter);

    let alert = alerts.get(&listed[2].name).await.unwrap();
    let id = id_of(&alert.name);
    assert_eq!(alerts.get(id).await.unwrap(), alert);
    let acknowledge = alerts.acknowledge(id).for_(HALF_AN_HOUR).note("looking");
    let stale = acknowledge.clone().etag("another").await.unwrap_err();
    assert_eq!((stale.code(), stale.reason()), (Code::Aborted, ErrorReason::EtagMismatch));
    let acknowledge = acknowledge.etag(&alert.etag);
    let seen = acknowledge.clone().await.unwrap();
    assert_eq!(
        (seen.state(), acknowledge.await.unwrap()),
        (AlertState::Acknowledged, seen.clone())
    );
    let given = seen.acknowledgement.unwrap();
    let lasting = given.expire_time.unwrap().seconds - given.time.unwrap().seconds;
    assert_eq!(
        (lasting, given.note.as_str(), given.operator.as_str()),
        (1_800, "looking", "local")
    );
    assert_eq!(alerts.assign(id, "ann").await.unwrap().assignee, "ann");
    assert_eq!(alerts.assign(id, "").await.unwrap().assignee, "");

    let over = alerts.resolve(alert.name.as_str()).note("a bad list").await.unwrap();
    assert_eq!(
        (over.state(), over.resolution.unwrap().note.as_str()),
        (AlertState::Resolved, "a bad list")
    );
    let again = alerts.resolve(id).await.unwrap_err();
    assert_eq!((again.code(), again.reason()), (Code::FailedPrecondition, ErrorReason::AlertOver));
    assert_eq!(alerts.get("nothing").await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn receivers_are_kept_and_tried_and_their_secrets_never_shown() {
    let server = server().await;
    let (alerts, sink) = (connect(&server).await.alerts(), sink(&server).await);
    let create = alerts.create_receiver("ops", webhook(&sink));
    create.clone().validate_only(true).await.unwrap();
    assert!(alerts.receivers().all().await.unwrap().is_empty());
    let made = create.clone().await.unwrap();
    assert_eq!((create.await.unwrap().name, made.name.clone()), (made.name, receiver_name("ops")));
    let kept = alerts.receiver("ops").await.unwrap();
    assert_eq!(kept.secrets_set, ["webhook.url", "webhook.secret"]);
    let Some(Channel::Webhook(shown)) = &kept.channel else { panic!("{kept:?}") };
    assert_eq!((shown.url.as_str(), shown.secret.as_str()), (sink.url("/***").as_str(), ""));

    let renamed = Receiver { name: "ops".into(), display_name: "On duty".into(), ..<_>::default() };
    alerts.update_receiver(renamed).mask(["display_name"]).await.unwrap();
    let answer = alerts.send_test("ops", P0).await.unwrap();
    let attempt = answer.attempt.unwrap();
    assert!(answer.delivered && sink.messages().len() == 1, "{attempt:?}");
    assert_eq!((attempt.outcome.as_str(), attempt.http_status), ("DELIVERED", 204));
    let logged = alerts.delivery(&answer.delivery).await.unwrap();
    assert_eq!((logged.reason(), logged.level()), (NoticeReason::Test, P0));

    let url = sink.url("/hook");
    let other =
        Receiver { name: "ops".into(), ..webhook_receiver("", &url, OTHER).receiver.unwrap() };
    alerts.update_receiver(other).mask(["webhook"]).await.unwrap();
    let answer = alerts.send_test(&receiver_name("ops"), P2).await.unwrap();
    let attempt = answer.attempt.unwrap();
    assert_eq!((answer.delivered, attempt.http_status), (false, 401));
    assert!(attempt.detail.contains("no signature that fits"), "{}", attempt.detail);
    let missing = alerts.send_test("nobody", P2).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);

    let teams = Some(Channel::Teams(Teams { url: "https://teams.example/a".into() }));
    let changed = Receiver { name: "ops".into(), channel: teams, ..<_>::default() };
    let refused = alerts.update_receiver(changed).mask(["teams"]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "the kind of channel stays");
    let found = alerts.receivers().filter("channel = webhook").all().await.unwrap();
    assert_eq!((found.len(), found[0].display_name.as_str()), (1, "On duty"));
    let stale = alerts.delete_receiver("ops").etag("another").await.unwrap_err();
    assert_eq!(stale.reason(), ErrorReason::EtagMismatch);
    alerts.delete_receiver("ops").await.unwrap();
    assert_eq!(alerts.receiver("ops").await.unwrap_err().code(), Code::NotFound);
}

fn like(level: Level) -> About {
    About::Sample(Alert { level: level as i32, scene: "world".into(), ..Alert::default() })
}

/// The only route of an outcome.
fn only(mut routes: Vec<Outcome>) -> Outcome {
    assert_eq!(routes.len(), 1, "{routes:?}");
    routes.remove(0)
}

#[tokio::test]
async fn who_would_be_told_can_be_asked() {
    let server = server().await;
    let (alerts, sink) = (connect(&server).await.alerts(), sink(&server).await);
    for id in ["ops", "pager"] {
        alerts.create_receiver(id, webhook(&sink)).await.unwrap();
    }
    assert_eq!(only(alerts.test_routing(like(P2)).await.unwrap()).route, "(default)");
    let (urgent, ops, pager) = ("level >= P1".to_owned(), vec!["ops".into()], vec!["pager".into()]);
    let rest = Route { receivers: ops, ..Route::default() };
    alerts.create_route("a-rest", rest).await.unwrap();
    let duty = Route { r#match: urgent, receivers: pager.clone(), priority: 10, ..<_>::default() };
    alerts.create_route("duty", duty).await.unwrap();
    let routes = alerts.routes().page_size(1).all().await.unwrap();
    let ids: Vec<_> = routes.iter().map(|route| id_of(&route.name)).collect();
    assert_eq!(ids, ["duty", "a-rest"], "as they are tried");

    let step = Step { wait: seconds(600), receivers: pager, raise_to: P0 as i32 };
    let policy = EscalationPolicy { steps: vec![step], ..EscalationPolicy::default() };
    let policy = alerts.create_escalation_policy("night", policy).await.unwrap();
    assert_eq!(alerts.escalation_policy("night").await.unwrap(), policy);
    let duty = Route { name: "duty".into(), escalation_policy: "night".into(), ..<_>::default() };
    alerts.update_route(duty).mask(["escalation_policy"]).await.unwrap();
    let told = only(alerts.test_routing(like(P1)).await.unwrap());
    assert_eq!((id_of(&told.route), &told.receivers), ("duty", &vec![receiver_name("pager")]));
    assert_eq!((told.escalation_policy, told.suppressed_by.as_str()), (policy.name, ""));
    assert_eq!(
        only(alerts.test_routing(like(P2)).await.unwrap()).receivers,
        [receiver_name("ops")]
    );

    let now = server.clock.now().parts().0;
    let at = |seconds: i64| Some(prost_types::Timestamp { seconds: now + seconds, nanos: 0 });
    let (r#match, reason) = ("scene = world".to_owned(), "a big day".to_owned());
    let silence =
        Silence { r#match, reason, start_time: at(-60), end_time: at(3_600), ..<_>::default() };
    let silence = alerts.create_silence("event", silence).await.unwrap();
    let told = only(alerts.test_routing(like(P1)).await.unwrap());
    assert_eq!((&told.suppressed_by, silence.author.as_str()), (&silence.name, "local"));
    let ended = Silence { name: "event".into(), end_time: at(-1), ..Silence::default() };
    alerts.update_silence(ended).mask(["end_time"]).await.unwrap();
    assert_eq!(only(alerts.test_routing(like(P1)).await.unwrap()).suppressed_by, "");
    assert_eq!(alerts.silences().filter("author = local").all().await.unwrap().len(), 1);

    let alert = alert(&server, "g-1").await;
    for about in [id_of(&alert.name), &alert.name] {
        let told = only(alerts.test_routing(About::Alert(about.to_owned())).await.unwrap());
        assert_eq!(id_of(&told.route), "duty");
    }
    alerts.delete_route("duty").await.unwrap();
    alerts.delete_silence("event").await.unwrap();
    alerts.delete_escalation_policy("night").await.unwrap();
    assert!(alerts.escalation_policies().all().await.unwrap().is_empty());
}

#[tokio::test]
async fn templates_are_kept_and_previewed() {
    let server = server().await;
    let alerts = connect(&server).await.alerts();
    let body = |body: &str| Template {
        channel: "webhook".into(),
        body: body.into(),
        ..Template::default()
    };
    alerts.create_template("look", body("Somebody look.")).await.unwrap();
    let preview = |subject: Option<Subject>| PreviewTemplateRequest { subject, ..<_>::default() };
    let kept = preview(Some(Subject::Template("look".into())));
    assert!(alerts.preview(kept.clone()).await.unwrap().body.contains("Somebody look."));
    let alert = alert(&server, "g-1").await;
    for about in [id_of(&alert.name), &alert.name] {
        let filled = PreviewTemplateRequest { alert: about.to_owned(), ..kept.clone() };
        assert!(alerts.preview(filled).await.unwrap().body.contains("Somebody look."));
    }
    let draft = preview(Some(Subject::Draft(body("A draft."))));
    assert!(alerts.preview(draft).await.unwrap().body.contains("A draft."));
    let language = NoticeLanguage::En as i32;
    let built_in = PreviewTemplateRequest { channel: "dingtalk".into(), language, ..preview(None) };
    assert!(!alerts.preview(built_in).await.unwrap().body.is_empty());
    let aimless = alerts.preview(preview(None)).await.unwrap_err();
    assert_eq!(aimless.violations()[0].field, "channel");
    let changed = Template { name: "look".into(), ..body("Look.") };
    assert_eq!(alerts.update_template(changed).mask(["body"]).await.unwrap().body, "Look.");
    assert_eq!(alerts.templates().all().await.unwrap().len(), 1);
    alerts.delete_template("look").await.unwrap();
    assert_eq!(alerts.template("look").await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn what_was_not_delivered_is_tried_again_and_counted() {
    let server = server().await;
    let (alerts, sink) = (connect(&server).await.alerts(), sink(&server).await);
    alerts.create_receiver("ops", webhook(&sink)).await.unwrap();
    sink.fail_always(Some(Fault::Status(400, Vec::new(), "not today".into())));
    let alert = alert(&server, "g-1").await;
    let dead = eventually("a dead letter", async || {
        alerts.deliveries("state = DEAD_LETTERED").all().await.unwrap().pop()
    });
    let dead = dead.await;
    assert_eq!((dead.alerts.as_slice(), dead.level()), ([alert.name].as_slice(), P1));
    let last = dead.log.last().unwrap();
    assert_eq!((last.http_status, last.outcome.as_str()), (400, "PERMANENT"));
    assert!(last.detail.contains("not today"), "{}", last.detail);

    sink.fail_always(None);
    let retry = alerts.retry(id_of(&dead.name));
    assert_eq!(retry.clone().await.unwrap().state(), DeliveryState::Queued);
    let done = eventually("it is delivered", async || {
        let delivery = alerts.delivery(&dead.name).await.unwrap();
        (delivery.state() == DeliveryState::Delivered).then_some(delivery)
    });
    assert_eq!(done.await.log.len(), 2, "and what was said before is kept");
    assert_eq!(sink.messages().len(), 1);
    retry.await.expect("made once, told again");
    let lively = alerts.retry(dead.name).await.unwrap_err();
    assert_eq!(lively.reason(), ErrorReason::DeliveryNotDead);

    let counted = alerts.stats(None, None).await.unwrap();
    let row = counted.rows.iter().find(|row| row.level() == P1).expect("a row");
    assert_eq!((row.channel.as_str(), row.delivered, row.dead_lettered), ("webhook", 1, 0));
    assert_eq!((row.attempts, counted.delivered_rate), (2, 1.0));
    let (start, end) = (seconds_of(0), seconds_of(60));
    assert!(alerts.stats(start, end).await.unwrap().rows.is_empty(), "long ago");
    assert_eq!(alerts.stats(end, start).await.unwrap_err().code(), Code::InvalidArgument);
}

fn seconds_of(seconds: i64) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds, nanos: 0 })
}

/// Where alerts were raised, and the token to go on after that; read as it comes, also while
/// the test does something else.
struct Heard(UnboundedReceiver<(String, String)>);

impl Heard {
    fn of(mut events: BoxStream<'static, Result<AlertEvent, Error>>) -> Self {
        let (teller, heard) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let AlertEvent { kind, alert, resume_token, .. } = event.unwrap();
                if kind == AlertEventKind::Created {
                    // A test that is over hears nothing any more.
                    let _unheard = teller.send((conversation(&alert).to_owned(), resume_token));
                }
            }
        });
        Self(heard)
    }

    async fn expect(&mut self, room: &str) -> String {
        let (heard, token) = next(&mut self.0).await;
        assert_eq!(heard, room);
        token
    }
}

#[tokio::test]
async fn a_watch_outlives_the_server_and_nothing_is_lost_or_told_twice() {
    let mut server = server().await;
    let door = Door::before(&server).await;
    let alerts = Umpire::connect(door.address.to_string()).await.unwrap().alerts();
    let (noticed, mut notices) = unbounded_channel();
    let watch = alerts.watch("kind = TEXT").noticing(move |presence| {
        let _unheard = noticed.send(presence);
    });
    let mut heard = Heard::of(watch.start().await.unwrap());
    for round in 0..3 {
        let room = |which: &str| format!("{which}-{round}");
        alert(&server, &room("first")).await;
        heard.expect(&room("first")).await;
        // Whether this one is heard before the server goes is all the same.
        alert(&server, &room("second")).await;
        door.leads_to(None);
        server.restart().await;
        assert_eq!(next(&mut notices).await, Presence::Away);
        alert(&server, &room("third")).await;
        door.leads_to(Some(server.grpc()));
        assert_eq!(next(&mut notices).await, Presence::Back);
        for which in ["second", "third"] {
            heard.expect(&room(which)).await;
        }
    }
}

#[tokio::test]
async fn a_watch_goes_on_after_a_token_that_was_kept() {
    let server = server().await;
    let alerts = connect(&server).await.alerts();
    let mut heard = Heard::of(alerts.watch("").start().await.unwrap());
    alert(&server, "g-1").await;
    let kept = heard.expect("g-1").await;
    let second = alert(&server, "g-2").await;
    heard.expect("g-2").await;
    let resumed = alerts.watch("").resume(&*kept).start().await.unwrap();
    Heard::of(resumed).expect("g-2").await;

    let mut acknowledged = alerts.watch("state = ACKNOWLEDGED").start().await.unwrap();
    alerts.acknowledge(second.name).await.unwrap();
    let event = acknowledged.try_next().await.unwrap().unwrap();
    assert_eq!((event.kind, event.cause.as_str()), (AlertEventKind::Acknowledged, "local"));
    assert_eq!(conversation(&event.alert), "g-2");
    assert!(event.time.is_some());

    let refused = async |filter: &str, token: &str| {
        let opened = alerts.watch(filter).resume(token).start().await;
        opened.err().expect("it is refused").reason()
    };
    assert_eq!(refused("colour = red", "").await, ErrorReason::InvalidFilter);
    assert_eq!(refused("kind = TEXT", &kept).await, ErrorReason::InvalidResumeToken);
}
