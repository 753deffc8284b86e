//! The Rust client keeps its promises about sanctions.

use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};
use umpire_client::{
    Code, Error, Presence, SanctionEvent, SanctionExt, Umpire, VerdictExt, chat, subject,
    v1::{
        DrainMode, ErrorReason,
        RiskClass::{self, HighRisk, Sensitive},
        SafetyState, Sanction,
        SanctionKind::Mute,
        SanctionState, StrikeCounter, WatchSanctionsResponse,
        extend_sanction_request::End,
        watch_sanctions_response::Event,
    },
};
use umpire_testkit::{
    TestServer, classed_rule, eventually, sanction_in, sanction_rule, seconds, so_many_sanctions,
    stream_enforcer,
};

/// How long an event may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(120);
const DAY: Duration = Duration::from_secs(86_400);
const ID: &str = "0193a7b2-5c1e-7cc0-8000-00000000000a";

pub(crate) async fn connect(server: &TestServer) -> Umpire {
    Umpire::connect(server.grpc().to_string()).await.unwrap()
}

/// Whoever says the word so often is muted for an hour.
async fn mutes(umpire: &Umpire, id: &str, word: &str, class: RiskClass, threshold: i32) {
    let rule = classed_rule(id, &[word], class).rule.unwrap();
    umpire.rules().create(id, rule).await.unwrap();
    let rule = sanction_rule(id, class, threshold, Mute).sanction_rule.unwrap();
    umpire.sanctions().create_rule(id, rule).await.unwrap();
}

/// A mute by hand.
fn mute(user: &str) -> Sanction {
    let (subject, reason) = (Some(subject(user)), "insults".to_owned());
    Sanction { subject, kind: Mute as i32, reason, ..<_>::default() }
}

/// Mutes a user by hand, and gives the sanction.
async fn muted(umpire: &Umpire, user: &str) -> Sanction {
    umpire.sanctions().create(mute(user)).duration(DAY).await.unwrap()
}

fn user(sanction: &Sanction) -> &str {
    sanction.subject.as_ref().map_or("", |subject| &subject.user_id)
}

#[tokio::test]
async fn a_sanction_is_made_listed_moved_and_lifted() {
    let server = TestServer::start().await;
    let (umpire, clients) = (connect(&server).await, server.clients());
    let sanctions = umpire.sanctions();
    let create = sanctions.create(mute("p-1")).duration(DAY).id(ID);
    let tried = create.clone().validate_only(true).await.unwrap();
    assert!(tried.name.ends_with(ID) && sanctions.list().all().await.unwrap().is_empty());
    let made = create.clone().await.unwrap();
    assert_eq!(create.await.unwrap().name, made.name, "made once");
    let taken = sanctions.create(mute("p-1")).duration(DAY).id(ID).await.unwrap_err();
    assert_eq!(taken.reason(), ErrorReason::AlreadyExists);
    let endless = sanctions.create(mute("p-1")).await.unwrap_err();
    let fields: Vec<_> = endless.violations().into_iter().map(|wrong| wrong.field).collect();
    assert_eq!(fields, ["sanction.end_time"]);
    for user in ["p-2", "p-3", "p-4"] {
        muted(&umpire, user).await;
    }
    let listed = sanctions.list().page_size(2).stream();
    let listed: Vec<_> = listed.try_collect().await.unwrap();
    let users: Vec<_> = listed.iter().map(user).collect();
    assert_eq!(users, ["p-4", "p-3", "p-2", "p-1"], "newest first, page after page");
    let found = sanctions.list().filter("subject.user_id != p-4").limit(1).all().await.unwrap();
    assert_eq!(found.iter().map(user).collect::<Vec<_>>(), ["p-3"]);

    let done = sanction_in(&clients, &made.name, SanctionState::Done).await;
    assert_eq!(sanctions.get(ID).await.unwrap(), done);
    assert_eq!(sanctions.get(&done.name).await.unwrap().id(), ID);
    let stale = sanctions.lift(ID, "a mistake").etag("another").await.unwrap_err();
    assert_eq!((stale.code(), stale.reason()), (Code::Aborted, ErrorReason::EtagMismatch));
    let longer = End::ExtendBy(seconds(600).unwrap());
    let longer = sanctions.extend(ID, longer, "again").etag(&done.etag).await.unwrap();
    let ends = |sanction: &Sanction| sanction.end_time.map(|end| end.seconds);
    assert_eq!(ends(&longer), ends(&done).map(|end| end + 600));
    let forever = sanctions.extend(ID, End::Permanent(true), "for good").await.unwrap();
    assert!(forever.permanent && forever.end_time.is_none());
    let lift = sanctions.lift(made.name, "a mistake").restore_strikes(true).grace(DAY);
    assert_eq!(lift.await.unwrap().state(), SanctionState::Lifted);
    let over = sanctions.lift(ID, "a mistake").await.unwrap_err();
    assert_eq!((over.code(), over.reason()), (Code::FailedPrecondition, ErrorReason::SanctionOver));
    assert_eq!(sanctions.get("nothing").await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn what_holds_is_told_for_one_and_for_many() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let sanctions = umpire.sanctions();
    let muted = [muted(&umpire, "p-7").await, muted(&umpire, "p-1200").await];
    // More than one call holds. The memory may be a moment behind.
    let subjects: Vec<_> = (0..1_234).map(|number| subject(format!("p-{number}"))).collect();
    let told = eventually("two are muted", async || {
        let answers = sanctions.check_subjects(subjects.clone()).await.unwrap();
        assert_eq!(answers.len(), 1_234);
        let told = answers.into_iter().enumerate().flat_map(|(number, answer)| {
            answer.restrictions.into_iter().map(move |one| (number, one.sanction))
        });
        let told: Vec<_> = told.collect();
        (told.len() == 2).then_some(told)
    });
    let expected = [(7, muted[0].name.clone()), (1_200, muted[1].name.clone())];
    assert_eq!(told.await, expected, "one answer each, in order");
    let answer = sanctions.check_subject(subject("p-7")).await.unwrap();
    assert_eq!((answer.restrictions[0].kind(), answer.restrictions.len()), (Mute, 1));
    assert!(sanctions.check_subject(subject("p-8")).await.unwrap().restrictions.is_empty());
    let nobody = sanctions.check_subject(subject("")).await.unwrap_err();
    assert_eq!(nobody.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_wave_is_lifted_and_tells_how_far_it_is() {
    let server = TestServer::start().await;
    let (umpire, clients) = (connect(&server).await, server.clients());
    let sanctions = umpire.sanctions();
    mutes(&umpire, "fraud", "worse", HighRisk, 1).await;
    let switch = sanctions.set_safety("a big day").budget(500).await.unwrap();
    assert_eq!((switch.budget_per_minute, switch.state()), (500, SafetyState::On));
    let said = (0..150).map(|number| chat("worse").sender(format!("p-{number}"))).collect();
    let verdicts = umpire.check_all(said).await;
    assert!(verdicts.iter().all(|verdict| verdict.as_ref().unwrap().is_sanctioned()));
    so_many_sanctions(&clients, "state = DONE", 150).await;

    let wave = sanctions.lift_all("sanction_rule = fraud", "a bad list").grace(DAY);
    let planned = wave.preview().await.unwrap();
    assert_eq!((planned.count, planned.sample.len(), planned.payers), (150, 10, 0));
    assert!(sanctions.list().filter("state = LIFTED").all().await.unwrap().is_empty());
    let answers: Vec<_> = wave.clone().stream().try_collect().await.unwrap();
    let [before @ .., last] = &answers[..] else { panic!("an answer") };
    assert!(!before.is_empty() && before.iter().all(|answer| answer.result.is_none()));
    assert!(answers.is_sorted_by_key(|answer| answer.done));
    assert!(answers.iter().all(|answer| answer.total == 150));
    assert_eq!((last.done, last.result.as_ref().map(|lifted| lifted.count)), (150, Some(150)));
    assert_eq!(wave.run().await.unwrap().count, 0, "none is left");
    let lifted = sanctions.list().filter("state = LIFTED").all().await.unwrap();
    assert_eq!(lifted.len(), 150);
    let wrong = sanctions.lift_all("colour = red", "x").preview().await.unwrap_err();
    assert_eq!(wrong.reason(), ErrorReason::InvalidFilter);
    assert!(sanctions.lift_all("", "x").run().await.is_err(), "not everything by mistake");
}

#[tokio::test]
async fn what_is_held_is_shown_and_decided() {
    let server = TestServer::start().await;
    let (umpire, clients) = (connect(&server).await, server.clients());
    let sanctions = umpire.sanctions();
    mutes(&umpire, "fraud", "worse", HighRisk, 1).await;
    let before = sanctions.safety().await.unwrap();
    let held = sanctions.set_safety("a look").state(SafetyState::Hold).etag(&before.etag);
    let held = held.await.unwrap();
    assert_eq!((held.state(), held.reason.as_str()), (SafetyState::Hold, "a look"));
    let stale = sanctions.set_safety("late").budget(5).etag(before.etag).await.unwrap_err();
    assert_eq!(stale.reason(), ErrorReason::EtagMismatch);
    let mut names = Vec::new();
    for user in ["p-1", "p-2", "p-3"] {
        let verdict = umpire.check(chat("worse").sender(user)).await.unwrap();
        names.extend(verdict.sanctions);
    }
    so_many_sanctions(&clients, "state = HELD", 3).await;

    let sample = sanctions.drain(DrainMode::Sample, "a try").sample_size(1);
    let planned = sample.preview().await.unwrap();
    assert_eq!((planned.count, user(&planned.sample[0])), (1, "p-1"), "the oldest");
    assert_eq!(sanctions.safety().await.unwrap().held, 3, "it was only shown");
    assert_eq!(sample.run().await.unwrap().count, 1);
    sanction_in(&clients, &names[0], SanctionState::Done).await;
    let mistaken = sanctions.drain(DrainMode::Drop, "a mistake").filter("subject.user_id = p-2");
    assert_eq!(mistaken.run().await.unwrap().count, 1);
    sanction_in(&clients, &names[1], SanctionState::Lifted).await;
    let rest = sanctions.drain(DrainMode::Apply, "deserved");
    assert_eq!(rest.run().await.unwrap().count, 1);
    sanction_in(&clients, &names[2], SanctionState::Done).await;
    let unreasoned = sanctions.drain(DrainMode::Apply, "").run().await.unwrap_err();
    assert_eq!(unreasoned.code(), Code::InvalidArgument);
    let armed = sanctions.set_safety("calm").state(SafetyState::On).probe(2).await.unwrap();
    assert_eq!((armed.state(), armed.probe_left, armed.held), (SafetyState::On, Some(2), 0));
}

#[tokio::test]
async fn strikes_are_listed_and_forgotten() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let sanctions = umpire.sanctions();
    mutes(&umpire, "spam", "bad", Sensitive, 5).await;
    mutes(&umpire, "fraud", "worse", HighRisk, 5).await;
    for (user, text) in [("p-1", "bad"), ("p-1", "bad"), ("p-1", "worse"), ("p-2", "bad")] {
        umpire.check(chat(text).sender(user)).await.unwrap();
    }
    let strikes = async |filter: &str| {
        let counters = sanctions.strikes().filter(filter).page_size(1).all().await.unwrap();
        let short = |one: &StrikeCounter| {
            let rule = one.sanction_rule.rsplit('/').next().unwrap_or_default();
            format!("{rule} {}/{}", one.count, one.threshold)
        };
        let mut short: Vec<_> = counters.iter().map(short).collect();
        short.sort();
        short
    };
    assert_eq!(strikes("subject.user_id = p-1").await, ["fraud 1/5", "spam 2/5"]);
    let reset = sanctions.reset_strikes(subject("p-1"), "ticket 12").rule("spam");
    assert_eq!(reset.clone().await.unwrap().strikes, 2);
    assert_eq!(reset.await.unwrap().strikes, 2, "made once, told again");
    assert_eq!(strikes("subject.user_id = p-1").await, ["fraud 1/5"]);
    let unreasoned = sanctions.reset_strikes(subject("p-1"), "");
    let error = unreasoned.clone().await.unwrap_err();
    assert_eq!(error.violations()[0].field, "reason");
    assert_eq!(unreasoned.reason("ticket 12").await.unwrap().strikes, 1);
    assert_eq!(strikes("").await, ["spam 1/5"], "of p-2");
}

/// An event in short, and the token to go on after it: `snapshot`, `sanction p 1` (user and
/// telling), `lifted p`, `expired p`, `end`; nothing for a checkpoint.
fn short(event: SanctionEvent) -> Option<(String, String)> {
    let SanctionEvent::Told(told) = event else {
        return Some(("snapshot".into(), String::new()));
    };
    let WatchSanctionsResponse { resume_token, event, attempt, .. } = *told;
    let short = match event? {
        Event::Sanction(about) => format!("sanction {} {attempt}", user(&about)),
        Event::Lifted(about) => format!("lifted {}", user(&about)),
        Event::Expired(about) => format!("expired {}", user(&about)),
        Event::SnapshotEnd(_) => "end".into(),
        Event::Checkpoint(_) => return None,
    };
    Some((short, resume_token))
}

/// What a watch tells, read as it comes, also while the test does something else.
struct Heard(UnboundedReceiver<(String, String)>);

impl Heard {
    fn of(mut events: BoxStream<'static, Result<SanctionEvent, Error>>) -> Self {
        let (teller, heard) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                // A test that is over hears nothing any more.
                let _unheard = short(event.unwrap()).map(|told| teller.send(told));
            }
        });
        Self(heard)
    }

    /// The next event, and its token.
    async fn event(&mut self) -> (String, String) {
        next(&mut self.0).await
    }

    async fn expect(&mut self, expected: &[String]) {
        for expected in expected {
            assert_eq!(&self.event().await.0, expected);
        }
    }
}

pub(crate) async fn next<T>(told: &mut UnboundedReceiver<T>) -> T {
    let told = tokio::time::timeout(PATIENCE, told.recv()).await;
    told.expect("in time").expect("the watch goes on")
}

/// A server with a stream enforcer.
async fn game() -> TestServer {
    let server = TestServer::start().await;
    let enforcer = stream_enforcer("game").enforcer.unwrap();
    connect(&server).await.sanctions().create_enforcer("game", enforcer).await.unwrap();
    server
}

/// An address that stays while the server behind it comes and goes.
pub(crate) struct Door {
    pub address: SocketAddr,
    leads_to: Arc<Mutex<Option<SocketAddr>>>,
}

impl Door {
    pub async fn before(server: &TestServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let leads_to = Arc::new(Mutex::new(Some(server.grpc())));
        let behind = leads_to.clone();
        tokio::spawn(async move {
            while let Ok((mut outer, _)) = listener.accept().await {
                // Whoever comes while it is shut is sent away.
                let Some(inner) = *behind.lock().unwrap() else { continue };
                tokio::spawn(async move {
                    let mut inner = TcpStream::connect(inner).await?;
                    tokio::io::copy_bidirectional(&mut outer, &mut inner).await
                });
            }
        });
        Self { address, leads_to }
    }

    pub fn leads_to(&self, server: Option<SocketAddr>) {
        *self.leads_to.lock().unwrap() = server;
    }
}

#[tokio::test]
async fn a_watch_outlives_the_server_and_nothing_is_lost_or_told_twice() {
    let mut server = game().await;
    let door = Door::before(&server).await;
    let sanctions = Umpire::connect(door.address.to_string()).await.unwrap().sanctions();
    let (noticed, mut notices) = unbounded_channel();
    let notice = move |presence: Presence| {
        let _unheard = noticed.send(presence);
    };
    let mut heard = Heard::of(sanctions.watch_noticing("game", "", notice));
    heard.expect(&["snapshot".to_owned(), "end".to_owned()]).await;
    for round in 0..3 {
        let named = |who: &str| format!("{who}-{round}");
        let umpire = connect(&server).await;
        let first = muted(&umpire, &named("first")).await;
        heard.expect(&[format!("sanction first-{round} 1")]).await;
        // Whether this one is heard before the server goes is all the same.
        let second = muted(&umpire, &named("second")).await;
        sanction_in(&server.clients(), &second.name, SanctionState::Executing).await;
        door.leads_to(None);
        server.restart().await;
        assert_eq!(next(&mut notices).await, Presence::Away);
        let umpire = connect(&server).await;
        let third = muted(&umpire, &named("third")).await;
        sanction_in(&server.clients(), &third.name, SanctionState::Executing).await;
        umpire.sanctions().lift(first.name, "a mistake").await.unwrap();
        door.leads_to(Some(server.grpc()));
        assert_eq!(next(&mut notices).await, Presence::Back);
        let told = [
            format!("sanction second-{round} 1"),
            format!("sanction third-{round} 1"),
            format!("lifted first-{round}"),
        ];
        heard.expect(&told).await;
    }
    // It goes on as before, and answers are taken.
    let last = muted(&connect(&server).await, "last").await;
    heard.expect(&["sanction last 1".to_owned()]).await;
    sanctions.ack("game", vec![last.applied()]).await.unwrap();
    sanction_in(&server.clients(), &last.name, SanctionState::Done).await;
}

#[tokio::test]
async fn a_watch_goes_on_after_a_token_that_was_kept() {
    let server = game().await;
    let (umpire, clients) = (connect(&server).await, server.clients());
    let sanctions = umpire.sanctions();
    let mut heard = Heard::of(sanctions.watch("game", ""));
    heard.expect(&["snapshot".to_owned(), "end".to_owned()]).await;
    let (known, unknown) = (muted(&umpire, "known").await, muted(&umpire, "unknown").await);
    let (told, kept) = heard.event().await;
    assert_eq!(told, "sanction known 1");
    let rest = ["sanction unknown 1".to_owned()];
    heard.expect(&rest).await;
    Heard::of(sanctions.watch("game", kept)).expect(&rest).await;
    sanctions.ack("game", vec![known.applied(), unknown.unknown_subject()]).await.unwrap();
    sanction_in(&clients, &known.name, SanctionState::Done).await;
    sanction_in(&clients, &unknown.name, SanctionState::Failed).await;

    // A token that means nothing to the server: it begins anew, and says so.
    let mut anew = Heard::of(sanctions.watch("game", "of another server"));
    assert_eq!(anew.event().await.0, "snapshot");
    let mut users = [anew.event().await.0, anew.event().await.0];
    users.sort();
    assert_eq!(users, ["sanction known 1", "sanction unknown 1"]);
    anew.expect(&["end".to_owned()]).await;
    let mut nobody = sanctions.watch("nobody", "");
    let error = nobody.next().await.unwrap().unwrap_err();
    assert_eq!((error.code(), nobody.next().await.is_none()), (Code::NotFound, true));
}
