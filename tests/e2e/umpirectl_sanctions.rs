//! The command line keeps sanctions: by hand, by rules, in waves, held and let out.

mod kept;
mod waves;

use crate::umpirectl::{self, Ran};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command},
    time::Duration,
};
use tempfile::TempDir;
use umpire_proto::v1::{
    RiskClass::{HighRisk, Sensitive},
    SanctionKind::Mute,
    SanctionState,
};
use umpire_testkit::{
    Clients, TestServer, check, classed_rule, eventually, said_by, sanction_in, sanction_rule,
    so_many_sanctions,
};

/// How long a watch may take for a line before a test fails.
const PATIENCE: Duration = Duration::from_secs(120);

const ID: &str = "0193a7b2-5c1e-7cc0-8000-00000000000a";
const NAME: &str = "tenants/default/sanctions/0193a7b2-5c1e-7cc0-8000-00000000000a";

/// The words of a command line; what stands between quotes is one.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace()),
            _ => words.push(part),
        }
    }
    words
}

pub(crate) fn command(server: &TestServer, line: &str) -> Command {
    umpirectl::command(&server.grpc().to_string(), &words(line))
}

pub(crate) async fn run_with(server: &TestServer, line: &str, input: &str) -> Ran {
    umpirectl::finish(command(server, line), input).await
}

pub(crate) async fn run(server: &TestServer, line: &str) -> Ran {
    run_with(server, line, "").await
}

/// Runs what must end with this code, and gives standard output.
pub(crate) async fn expect(server: &TestServer, code: i32, line: &str) -> String {
    let ran = run(server, line).await;
    assert_eq!(ran.code, code, "{line}\n{}\n{}", ran.out, ran.err);
    ran.out
}

pub(crate) async fn done(server: &TestServer, line: &str) -> String {
    expect(server, 0, line).await
}

/// Runs what must be refused with these words.
pub(crate) async fn refused(server: &TestServer, line: &str, told: &str) {
    let ran = run(server, line).await;
    assert!(ran.code == 2 && ran.err.contains(told), "{line}\n{}: {}", ran.code, ran.err);
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(crate) fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    reader.records().map(|record| cells(record.unwrap())).collect()
}

pub(crate) fn write(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A server that mutes for an hour: at the third `bad`, and at the first `worse`.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    for (id, word, class, threshold) in
        [("spam", "bad", Sensitive, 3), ("fraud", "worse", HighRisk, 1)]
    {
        clients.rules.create_rule(classed_rule(id, &[word], class)).await.unwrap();
        let rule = sanction_rule(id, class, threshold, Mute);
        clients.sanctions.create_sanction_rule(rule).await.unwrap();
    }
    server
}

/// Says what a user is muted for, and gives the sanction's name.
async fn offend(clients: &Clients, user: &str) -> String {
    check(clients, said_by(user, "worse")).await.unwrap().sanctions.remove(0)
}

#[tokio::test]
async fn a_sanction_by_hand_is_made_shown_and_listed() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let create = format!("sanctions create mute p-1 --duration 1d --id {ID} --reason 'ticket 12'");
    let in_full = format!("{create} --message 'Please stop.' --remark seen --kick-online");
    let shown = done(&server, &in_full).await;
    assert!(shown.starts_with(&format!("created MUTE {ID} of p-1 (")), "{shown}");
    assert!(shown.ends_with("until 2026-11-23T03:00:00Z)\n"), "{shown}");
    refused(&server, &create, "exists already").await;
    sanction_in(&clients, NAME, SanctionState::Done).await;
    let shown = done(&server, &format!("sanctions show {ID}")).await;
    assert!(shown.starts_with(&format!("name: {NAME}\n")), "{shown}");
    let shown = json(&done(&server, &format!("sanctions get {NAME} -o json")).await);
    assert_eq!((shown["operator"].as_str(), &shown["kickOnline"]), (Some("local"), &json("true")));
    assert_eq!(shown["playerMessage"]["fallback"], "Please stop.");
    let row = records(&done(&server, &format!("sanctions show {ID} -o csv")).await).remove(1);
    assert_eq!(row[..4], ["2026-11-22T03:00:00Z", "MUTE", "DONE", "p-1"]);
    assert_eq!(row[4..], ["", "local", "2026-11-23T03:00:00Z", "ticket 12", ID]);

    let ban = "sanctions create login-ban p-1 --permanent --server s-1 --channel c --category k \
               --role r --reason x -o json";
    let subject = r#"{"category":"k","channel":"c","serverId":"s-1","userId":"p-1","roleId":"r"}"#;
    assert_eq!(json(&done(&server, ban).await)["subject"], json(subject));
    let warned = done(&server, "sanctions create warn p-2 --reason mind -o csv").await;
    assert_eq!(records(&warned)[1][1], "WARN");
    let until = "sanctions create mute p-1 --reason x --until";
    done(&server, &format!("{until} 2026-12-01T00:00:00Z")).await;
    refused(&server, &format!("{until} 2020-12-01T00:00:00Z"), "must lie in the future").await;
    refused(&server, "sanctions create mute p-1 --reason x", "sanction.end_time: needs").await;
    refused(&server, "sanctions create warn p-1", "--reason").await;

    so_many_sanctions(&clients, "state = DONE", 4).await;
    let listed = done(&server, "sanctions list --user p-1 --kind mute --state done -o csv").await;
    let ends: Vec<_> = records(&listed).into_iter().map(|mut row| row.remove(6)).collect();
    assert_eq!(ends, ["end_time", "2026-12-01T00:00:00Z", "2026-11-23T03:00:00Z"], "newest first");
    let listed = "sanctions list --filter 'permanent = true' --active --limit 1 -o json";
    assert_eq!(json(&done(&server, listed).await)[0]["kind"], "SANCTION_KIND_LOGIN_BAN");
    assert!(done(&server, "sanctions list --server s-1").await.starts_with("START_TIME"));
    assert_eq!(done(&server, "sanctions list --state held").await, "");
    refused(&server, "sanctions list --filter 'colour = red'", "unknown field `colour`").await;
    refused(&server, "sanctions show nothing", "not found").await;
}

#[tokio::test]
async fn what_holds_for_a_user_is_told() {
    let server = TestServer::start().await;
    let create = format!("sanctions create mute p-1 --duration 1d --id {ID} --server s-1");
    done(&server, &format!("{create} --reason 'ticket 12'")).await;
    // The memory may be a moment behind.
    let told = eventually("p-1 is muted", async || {
        let ran = run(&server, "sanctions check p-1 --server s-1 -o csv").await;
        (ran.code == 1).then_some(ran.out)
    });
    assert_eq!(records(&told.await)[1], ["MUTE", "2026-11-23T03:00:00Z", "ticket 12", ID]);
    let told = json(&expect(&server, 1, "sanctions check p-1 -o json").await);
    assert_eq!(told[0]["sanction"], NAME);
    for free in ["p-1 --server s-2", "p-2"] {
        let ran = run(&server, &format!("sanctions check {free}")).await;
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{free}");
        assert!(ran.err.contains("neither muted nor banned"), "{}", ran.err);
    }
    refused(&server, "sanctions check ''", "user_id: must be set").await;
}

#[tokio::test]
async fn an_end_is_moved_and_a_sanction_lifted() {
    let server = TestServer::start().await;
    let create = format!("sanctions create mute p-1 --duration 1d --id {ID} --reason x");
    done(&server, &create).await;
    sanction_in(&server.clients(), NAME, SanctionState::Done).await;
    let extend = |end: &str| format!("sanctions extend {ID} --reason again {end}");
    let shown = done(&server, &extend("--by 7d")).await;
    assert_eq!(shown, format!("extended MUTE {ID} of p-1 (DONE, until 2026-11-30T03:00:00Z)\n"));
    let moved = done(&server, &extend("--until 2026-11-23T00:00:00Z -o json")).await;
    assert_eq!(json(&moved)["endTime"], "2026-11-23T00:00:00Z", "nearer");
    refused(&server, &extend("--until 2020-11-23T00:00:00Z"), "must lie in the future").await;
    let shown = done(&server, &extend("--permanent")).await;
    assert_eq!(shown, format!("extended MUTE {ID} of p-1 (DONE, permanent)\n"));
    refused(&server, &extend("--by 7d"), "no end to add to").await;
    refused(&server, &extend(""), "--permanent").await;
    let lift = format!("sanctions lift {ID} --reason 'not him' --restore-strikes --grace 1d");
    let shown = done(&server, &lift).await;
    assert_eq!(shown, format!("lifted MUTE {ID} of p-1 (LIFTED, permanent)\n"));
    refused(&server, &lift, "is over").await;
    refused(&server, "sanctions lift nothing --reason x", "not found").await;
    refused(&server, &format!("sanctions lift {ID}"), "--reason").await;
    let shown = json(&done(&server, &format!("sanctions show {ID} -o json")).await);
    assert_eq!(
        shown["history"].as_array().unwrap().last().unwrap()["cause"],
        "lifted by local: not him"
    );
}

#[tokio::test]
async fn strikes_are_listed_and_forgotten() {
    let server = server().await;
    for (user, server_id) in [("p-1", "s-1"), ("p-1", "s-1"), ("p-1", "s-2"), ("p-2", "s-2")] {
        let mut said = said_by(user, "bad");
        said.sender.as_mut().unwrap().server_id = server_id.into();
        check(&server.clients(), said).await.unwrap();
    }
    let listed = records(&done(&server, "strikes list --user p-1 --server s-1 -o csv").await);
    assert_eq!(listed[1][..9], ["p-1", "s-1", "", "", "", "spam", "2", "3", "3d"]);
    assert_eq!(listed.len(), 2);
    let listed = json(&done(&server, "strikes list --rule spam -o json").await);
    assert_eq!(listed.as_array().unwrap().len(), 3, "{listed}");
    let shown = done(&server, "strikes list --filter 'sanction_rule = spam' --limit 1").await;
    assert!(shown.starts_with("USER ") && shown.lines().count() == 2, "{shown}");
    assert_eq!(done(&server, "strikes list --rule fraud").await, "");
    refused(&server, "strikes list --filter 'colour = red'", "unknown field `colour`").await;

    let reset = |rest: &str| format!("strikes reset p-1 --reason 'ticket 12' {rest}");
    let shown = expect(&server, 1, &reset("--rule fraud")).await;
    assert_eq!(shown, "forgot 0 strikes of p-1\n");
    assert_eq!(done(&server, &reset("--server s-2")).await, "forgot 1 strike of p-1\n");
    assert_eq!(json(&done(&server, &reset("--rule spam -o json")).await)["strikes"], 2);
    assert_eq!(records(&expect(&server, 1, &reset("-o csv")).await), [["strikes"], ["0"]]);
    refused(&server, "strikes reset p-2", "--reason").await;
    refused(&server, &reset("--rule nosuch"), "nosuch").await;
    let left = records(&done(&server, "strikes list -o csv").await);
    assert_eq!((left.len(), left[1][0].as_str()), (2, "p-2"), "of others");
}

/// A command that goes on until it is interrupted, killed when it is dropped.
pub(crate) struct Watch {
    pub child: Child,
    pub out: Option<BufReader<ChildStdout>>,
}

impl Watch {
    pub fn start(server: &TestServer, line: &str) -> Self {
        let mut child = command(server, line).spawn().unwrap();
        let out = child.stdout.take().map(BufReader::new);
        Self { child, out }
    }

    /// The next line. Waited for on a thread of its own, as in [`run_with`].
    pub async fn line(&mut self) -> String {
        let mut out = self.out.take().unwrap();
        let read = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            (out, line)
        });
        let read = tokio::time::timeout(PATIENCE, read).await.expect("a line in time");
        let (out, line) = read.unwrap();
        self.out = Some(out);
        line
    }

    /// The next event, checkpoints left out.
    pub async fn event(&mut self) -> Value {
        loop {
            let event = json(&self.line().await);
            if event["checkpoint"].is_null() {
                return event;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, which is as good.
        let _over = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[tokio::test]
async fn a_watch_prints_what_an_enforcer_is_told_and_acknowledges_it() {
    let server = server().await;
    let clients = server.clients();
    done(&server, "enforcers set game --stream").await;
    let first = offend(&clients, "p-1").await;
    sanction_in(&clients, &first, SanctionState::Executing).await;
    let mut watch = Watch::start(&server, "sanctions watch game --ack -o json");
    let told = watch.event().await;
    assert_eq!(
        (told["sanction"]["name"].as_str(), told["attempt"].as_i64()),
        (Some(&*first), Some(1))
    );
    assert!(watch.event().await["snapshotEnd"].is_object());
    sanction_in(&clients, &first, SanctionState::Done).await;

    let second = offend(&clients, "p-2").await;
    let told = watch.event().await;
    assert_eq!(told["sanction"]["name"], second.as_str());
    let token = told["resumeToken"].as_str().unwrap();
    sanction_in(&clients, &second, SanctionState::Done).await;
    done(&server, &format!("sanctions lift {second} --reason mistake")).await;
    assert_eq!(watch.event().await["lifted"]["state"], "SANCTION_STATE_LIFTED");
    // A token may begin with a hyphen.
    let resume = format!("sanctions watch game -o csv --resume-token={token}");
    let mut resumed = Watch::start(&server, &resume);
    assert!(resumed.line().await.starts_with("event,attempt,start_time,"));
    assert_eq!(records(&resumed.line().await)[0][..2], ["LIFTED", "1"]);
    let mut shown = Watch::start(&server, "sanctions watch game");
    let line = shown.line().await;
    assert!(line.starts_with("SANCTION  ") && line.contains("  MUTE  DONE  p-1  "), "{line}");

    // It goes on for as long as anybody reads it.
    watch.out = None;
    offend(&clients, "p-3").await;
    let ended = eventually("the watch ends", async || watch.child.try_wait().unwrap()).await;
    assert_eq!(ended.code(), Some(0));
    refused(&server, "sanctions watch nobody", "not found").await;
}
