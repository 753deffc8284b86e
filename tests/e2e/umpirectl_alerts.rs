//! The command line follows alerts, and keeps who is told of them.

use crate::{
    client_alerts::{OTHER, SECRET, server, sink, start},
    client_sanctions::connect,
    umpirectl::{self, Ran},
    umpirectl_sanctions::{
        Watch, command, done, expect, json, records, refused, run, run_with, write,
    },
};
use futures_util::TryStreamExt;
use std::time::SystemTime;
use tempfile::TempDir;
use umpire_fakes::{FakeVendor, Fault, dingtalk::Robot};
use umpire_proto::v1::{Alert, Message};
use umpire_testkit::{TestServer, check, eventually, said_by, the_alert};

/// What DingTalk signs with, and the robot's token.
const KEYS: [&str; 2] = ["SEC0123456789abcdef", "0123456789abcdef"];

/// Raises an alert in a conversation, and gives it.
async fn alert(server: &TestServer, room: &str) -> Alert {
    let mut said: Message = said_by("p-1", "gold");
    said.conversation.get_or_insert_default().id = room.into();
    check(&server.clients(), said).await.unwrap();
    the_alert(&server.clients(), &format!("conversation = {room}")).await
}

fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Runs with a secret in the environment.
async fn run_knowing(server: &TestServer, line: &str, secrets: &[(&str, &str)]) -> Ran {
    let mut command = command(server, line);
    command.envs(secrets.iter().copied());
    let ran = umpirectl::finish(command, "").await;
    let told = secrets.iter().any(|(_, key)| ran.out.contains(key) || ran.err.contains(key));
    assert!(!told, "{line}\n{}\n{}", ran.out, ran.err);
    ran
}

#[tokio::test]
async fn an_alert_is_listed_looked_after_and_resolved() {
    let server = server().await;
    let alert = alert(&server, "g-1").await;
    let (name, id) = (alert.name.as_str(), id_of(&alert.name));
    let listed = done(&server, "alerts list --state open --level P1 --rule gold -o csv").await;
    let row = records(&listed).remove(1);
    assert_eq!(row[..5], ["2026-11-22T03:00:00Z", "P1", "OPEN", "TEXT", "1"]);
    assert_eq!(row[6..], ["g-1", "", "RECORDED_ONLY", id]);
    let listed = done(&server, "alerts list --kind text --user p-1").await;
    assert!(listed.starts_with("LAST_TIME ") && listed.contains(&alert.title), "{listed}");
    for nothing in ["--level p0", "--state resolved", "--assignee ann", "--filter 'count > 1'"] {
        assert_eq!(done(&server, &format!("alerts list {nothing}")).await, "", "{nothing}");
    }
    refused(&server, "alerts list --filter 'colour = red'", "unknown field `colour`").await;
    let shown = done(&server, &format!("alerts show {id}")).await;
    assert!(shown.starts_with(&format!("name: {name}\n")), "{shown}");
    assert_eq!(json(&done(&server, &format!("alerts show {name} -o json")).await)["count"], "1");

    let ack = format!("alerts ack {id} --for 30m --note 'looking'");
    let shown = done(&server, &ack).await;
    assert!(shown.starts_with(&format!("acknowledged {id} ")), "{shown}");
    let told = "(P1, ACKNOWLEDGED, 1 event, until 2026-11-22T03:30:00Z)\n";
    assert!(shown.ends_with(told), "{shown}");
    let assigned = json(&done(&server, &format!("alerts assign {id} ann -o json")).await);
    assert_eq!(assigned["assignee"], "ann");
    assert_eq!(records(&done(&server, "alerts list --assignee ann -o csv").await).len(), 2);
    let shown = done(&server, &format!("alerts assign {id} ''")).await;
    assert!(shown.contains("ACKNOWLEDGED") && !shown.contains("ann"), "{shown}");
    let shown = done(&server, &format!("alerts resolve {name} --note 'a bad list'")).await;
    assert!(shown.starts_with(&format!("resolved {id} ")), "{shown}");
    refused(&server, &format!("alerts resolve {id}"), "is resolved").await;
    refused(&server, &ack, "is resolved").await;
    refused(&server, &format!("alerts ack {id} --for 30d"), "expire_after").await;
    refused(&server, "alerts show nothing", "not found").await;
}

/// A moment so far from now, by this machine's clock.
fn from_now(seconds: i64) -> String {
    let now = prost_types::Timestamp::from(SystemTime::now());
    prost_types::Timestamp { seconds: now.seconds + seconds, nanos: 0 }.to_string()
}

#[tokio::test]
async fn silences_are_made_listed_and_ended() {
    let server = server().await;
    let silence = "alerts silence 'rule = gold' --reason event";
    let event = format!("{silence} --id event --from 2026-11-22T02:00:00Z");
    let shown = done(&server, &format!("{event} --until 2026-11-22T05:00:00Z")).await;
    assert_eq!(shown, "silence event: rule = gold, until 2026-11-22T05:00:00Z\n");
    let table = records(&done(&server, "silences list --filter 'id = event' -o csv").await);
    let row = ["event", "rule = gold", "2026-11-22T02:00:00Z", "2026-11-22T05:00:00Z", "local"];
    assert_eq!(table[1][..5], row);
    let shown = done(&server, "silences show event").await;
    assert!(shown.starts_with("name: tenants/default/silences/event\n"), "{shown}");
    refused(&server, "alerts silence 'colour = red' --for 2h --reason x", "silence.match").await;
    refused(&server, silence, "--for").await;
    refused(&server, "alerts silence 'rule = gold' --for 2h", "--reason").await;

    // What follows goes by the clock of this machine.
    let begun = format!("{silence} --id begun --from {} --for 2h", from_now(-3_600));
    let later = format!("{silence} --id later --from {} --for 2h", from_now(3_600));
    for one in [&begun, &later] {
        done(&server, one).await;
    }
    let active = done(&server, "silences list --active --filter 'id = begun' -o json").await;
    assert_eq!(json(&active).as_array().map(Vec::len), Some(1));
    assert_eq!(done(&server, "silences end begun").await, "ended silence begun\n");
    assert_eq!(done(&server, "silences list --active --filter 'id = begun'").await, "");
    refused(&server, "silences end begun", "is over since").await;
    let shown = done(&server, "silences end tenants/default/silences/later").await;
    assert_eq!(shown, "deleted silence later, which had not begun\n");
    refused(&server, "silences end later", "not found").await;
}

#[tokio::test]
async fn a_tail_prints_what_happens_to_alerts() {
    let server = server().await;
    let mut watch = Watch::start(&server, "alerts tail --filter 'level >= P1' -o csv");
    assert!(watch.line().await.starts_with("time,event,cause,last_time,level,"));
    let mut events = connect(&server).await.alerts().watch("").start().await.unwrap();
    alert(&server, "g-1").await;
    let row = records(&watch.line().await).remove(0);
    assert_eq!((row[1].as_str(), row[4].as_str(), row[9].as_str()), ("CREATED", "P1", "g-1"));
    let token = events.try_next().await.unwrap().unwrap().resume_token;

    let second = alert(&server, "g-2").await;
    let tail = |form: &str| format!("alerts tail -o {form} --resume-token={token}");
    let mut resumed = Watch::start(&server, &tail("json"));
    let event = loop {
        let event = resumed.event().await;
        if event["kind"] == "ALERT_EVENT_KIND_CREATED" {
            break event;
        }
    };
    assert_eq!(event["alert"]["conversation"]["id"], "g-2");
    assert!(event["resumeToken"].is_string() && event["checkpoint"].is_null(), "{event}");
    let mut shown = Watch::start(&server, &format!("{} --color always", tail("table")));
    let line = loop {
        let line = shown.line().await;
        if line.contains("CREATED") {
            break line;
        }
    };
    let told = line.contains(&second.title) && line.contains("  OPEN") && line.contains("  g-2");
    assert!(told && line.contains("\u{1b}["), "{line}");

    // It goes on for as long as anybody reads it.
    watch.out = None;
    alert(&server, "g-3").await;
    let ended = eventually("the tail ends", async || watch.child.try_wait().unwrap()).await;
    assert_eq!(ended.code(), Some(0));
    refused(&server, "alerts tail --filter 'colour = red'", "unknown field `colour`").await;
    refused(&server, &format!("{} --filter 'count > 1'", tail("json")), "resume").await;
}

/// Two receivers, whose secrets stand elsewhere.
fn receivers(sink: &FakeVendor, robot: &FakeVendor) -> String {
    format!(
        "# who is told\n\
         id: ops\nlanguage: en\nrate: {{count: 10, window: 1m}}\nfailover: group\n\
         webhook:\n  url: {}\n  secret: env:HOOK_SECRET\n\
         ---\n\
         id: group\ndisplay_name: Group\n\
         dingtalk: {{url: '{}', access_token: env:ROBOT_TOKEN, secret: env:ROBOT_SECRET}}\n",
        sink.url("/hook"),
        robot.url("/robot/send"),
    )
}

#[tokio::test]
async fn receivers_are_set_from_a_file_and_tried() {
    let (server, folder) = (server().await, TempDir::new().unwrap());
    let [robot_secret, robot_token] = KEYS;
    let robot = Robot::new(robot_token).signed_with(robot_secret);
    let (sink, robot) = (sink(&server).await, start(&server, robot).await);
    let file = write(&folder, "receivers.yaml", &receivers(&sink, &robot));
    let set = format!("receivers set '{file}'");
    let ran = run_knowing(&server, &set, &[("ROBOT_TOKEN", robot_token)]).await;
    assert!(ran.code == 2 && ran.out.is_empty(), "{}", ran.out);
    let missing = "\"ops\": webhook: secret: `HOOK_SECRET` is not in the environment";
    assert!(ran.err.contains("receivers.yaml: ") && ran.err.contains(missing), "{}", ran.err);

    let mut secrets = [
        ("HOOK_SECRET", SECRET),
        ("ROBOT_TOKEN", robot_token),
        ("ROBOT_SECRET", "SECanother0123456789"),
    ];
    let shown = run_knowing(&server, &format!("{set} --dry-run"), &secrets).await;
    let told = "created receiver ops (not changed)\ncreated receiver group (not changed)\n";
    assert_eq!(shown.out, told, "{}", shown.err);
    refused(&server, "receivers show ops", "not found").await;
    let shown = run_knowing(&server, &set, &secrets).await;
    assert_eq!(shown.out, "created receiver ops\ncreated receiver group\n", "{}", shown.err);

    let shown = done(&server, "receivers test ops --level P0").await;
    assert!(shown.starts_with("delivered: DELIVERED, HTTP 204"), "{shown}");
    assert_eq!(sink.messages().len(), 1);
    let shown = expect(&server, 1, "receivers test group").await;
    assert!(shown.starts_with("not delivered: PERMANENT, HTTP 200, code 310000"), "{shown}");
    assert!(shown.contains("\nsign not match"), "{shown}");
    let answer = json(&expect(&server, 1, "receivers test group -o json").await);
    assert_eq!(answer["attempt"]["vendorCode"], "310000");
    secrets[2].1 = robot_secret;
    let shown = run_knowing(&server, &set, &secrets).await;
    assert_eq!(shown.out, "changed receiver ops\nchanged receiver group\n", "{}", shown.err);
    let table = records(&done(&server, "receivers test group -o csv").await);
    assert_eq!(table[1][..4], ["true", "DELIVERED", "200", "0"]);

    // What is shown can be written back, and the secrets stay.
    let kept = done(&server, "receivers show ops -o json").await;
    assert!(!kept.contains(SECRET) && kept.contains("\"webhook.secret\""), "{kept}");
    let kept = write(&folder, "kept.json", &kept);
    assert_eq!(done(&server, &format!("receivers set '{kept}'")).await, "changed receiver ops\n");
    done(&server, "receivers test tenants/default/receivers/ops").await;
    let table = records(&done(&server, "receivers list --filter 'channel = webhook' -o csv").await);
    assert_eq!(table[1][..6], ["ops", "webhook", "", "0", "0", "group"]);
    let listed = done(&server, "receivers list").await;
    assert!(listed.starts_with("ID ") && listed.contains("\ngroup  dingtalk "), "{listed}");
    assert_eq!(done(&server, "receivers delete group").await, "deleted receiver group\n");
    refused(&server, "receivers test group", "not found").await;
}

#[tokio::test]
async fn mistakes_in_a_file_are_told_with_their_place() {
    let (server, folder) = (server().await, TempDir::new().unwrap());
    let wrong = "id: fine\nteams: {url: 'https://teams.example/a'}\n---\n\
                 id: wrong\nteams: {url: 'https://teams.example/a'}\n\
                 rate: {count: 0, window: 1m}\ntest_interval: 1s\n";
    let file = write(&folder, "wrong.yaml", wrong);
    let ran = run(&server, &format!("receivers set '{file}'")).await;
    assert_eq!((ran.code, ran.out.as_str()), (2, "created receiver fine\n"), "{}", ran.err);
    assert!(ran.err.contains("wrong.yaml: wrong: "), "{}", ran.err);
    for field in ["receiver.rate", "receiver.test_interval"] {
        assert!(ran.err.contains(field), "{}", ran.err);
    }
    let typo = write(&folder, "typo.yaml", &format!("id: a\nwebhook: {{secrett: {OTHER}}}\n"));
    let ran = run(&server, &format!("receivers set '{typo}'")).await;
    assert!(ran.code == 2 && ran.err.contains("typo.yaml: \"a\": "), "{}", ran.err);
    assert!(ran.err.contains("secrett") && !ran.err.contains(OTHER), "{}", ran.err);
    refused(&server, &format!("receivers set '{file}' --id one"), "expected one Receiver").await;
    refused(&server, "receivers set no-such-file.yaml", "no-such-file.yaml: ").await;
    let nameless = run_with(&server, "routes set -", "match: level >= P1").await;
    assert!(nameless.code == 2 && nameless.err.contains("without `id`"), "{}", nameless.err);
}

const ROUTES: &str = "\
- id: duty
  match: level >= P1 AND scene = world
  receivers: [pager]
  escalation_policy: night
  group_by: [rule, GROUP_BY_CONVERSATION]
  dedupe_window: 0s
  priority: 10
- {id: a-rest, receivers: [ops]}
";

const NIGHT: &str = "\
steps:
  - {wait: 10m, receivers: [pager], raise_to: p0}
raises:
  - {count: 100, within: 1h, to: LEVEL_P0}
repeat: 2
";

/// A server with two receivers that are told nothing.
async fn routed() -> (TestServer, FakeVendor) {
    let server = server().await;
    let sink = sink(&server).await;
    let hook = format!("webhook: {{url: '{}', secret: {SECRET}}}", sink.url("/hook"));
    for id in ["ops", "pager"] {
        let ran = run_with(&server, &format!("receivers set - --id {id}"), &hook).await;
        assert_eq!((ran.code, ran.out), (0, format!("created receiver {id}\n")), "{}", ran.err);
    }
    (server, sink)
}

#[tokio::test]
async fn routes_and_escalations_are_set_and_tried() {
    let ((server, _sink), folder) = (routed().await, TempDir::new().unwrap());
    let ran = run_with(&server, "escalations set - --id night", NIGHT).await;
    assert_eq!(ran.out, "created escalation policy night\n", "{}", ran.err);
    let table = records(&done(&server, "escalations list -o csv").await);
    assert_eq!(table[1][..4], ["night", "10m pager to P0", "2", "100 in 1h to P0"]);
    let shown = done(&server, "escalations show night").await;
    assert!(shown.contains("\nsteps:\n  - raiseTo: LEVEL_P0\n"), "{shown}");

    let set = format!("routes set '{}'", write(&folder, "routes.yaml", ROUTES));
    assert_eq!(done(&server, &set).await, "created route duty\ncreated route a-rest\n");
    assert_eq!(done(&server, &set).await, "changed route duty\nchanged route a-rest\n");
    let table = records(&done(&server, "routes list -o csv").await);
    assert_eq!(table[1][..4], ["duty", "10", "level >= P1 AND scene = world", "pager"]);
    assert_eq!(table[1][4..7], ["night", "RULE,CONVERSATION", "0s"]);
    assert_eq!(table[2][0], "a-rest", "as they are tried");
    assert!(done(&server, "routes show duty").await.contains("\npriority: 10\n"));

    let tried = "routes test --level P1 --scene world --label fraud -o csv";
    let row = records(&done(&server, tried).await).remove(1);
    assert_eq!(row[..3], ["duty", "pager", "night"]);
    let tried = json(&done(&server, "routes test --level p2 --conversation g-1 -o json").await);
    assert_eq!(tried[0]["receivers"][0], "tenants/default/receivers/ops");
    let raised = alert(&server, "g-1").await;
    let tried = done(&server, &format!("routes test {}", id_of(&raised.name))).await;
    assert!(tried.starts_with("ROUTE ") && tried.contains("\na-rest  ops"), "{tried}");
    let silence = "alerts silence 'scene = world' --id event --from 2026-11-22T02:00:00Z \
                   --until 2026-11-22T05:00:00Z --reason event";
    done(&server, silence).await;
    let held = run(&server, "routes test --level p0 --scene world").await;
    assert!(held.code == 1 && held.out.contains("silences/event"), "{}", held.out);
    assert!(held.err.contains("nobody would be told"), "{}", held.err);
    refused(&server, "routes test --scene world", "--level").await;
    refused(&server, "routes test nothing", "not found").await;
    for deleted in ["routes delete duty", "escalations delete night"] {
        assert!(done(&server, deleted).await.starts_with("deleted "), "{deleted}");
        refused(&server, deleted, "not found").await;
    }
}

#[tokio::test]
async fn templates_are_set_and_previewed() {
    let (server, folder) = (server().await, TempDir::new().unwrap());
    let night = "channel: webhook\nlevel: P1\nreason: first\nbody: |\n  Somebody look.\n";
    let night = write(&folder, "night.yaml", night);
    let preview = |rest: &str| format!("templates preview {rest}");
    let shown = done(&server, &preview(&format!("--file '{night}'"))).await;
    assert!(shown.contains("\n\nSomebody look.\n"), "{shown}");
    refused(&server, "templates show night", "not found").await;
    let set = format!("templates set '{night}' --id night");
    assert_eq!(done(&server, &set).await, "created template night\n");
    let table = records(&done(&server, "templates list -o csv").await);
    assert_eq!(table[1][..6], ["night", "webhook", "P1", "", "", "FIRST"]);
    assert!(done(&server, "templates show night").await.contains("\nbody: Somebody look."));
    let raised = alert(&server, "g-1").await;
    let filled = preview(&format!("night --alert {} -o json", id_of(&raised.name)));
    let filled = json(&done(&server, &filled).await);
    assert!(filled["body"].as_str().is_some_and(|body| body.contains("Somebody look.")));
    let built_in = preview("--channel dingtalk --language en --level P0 --reason escalated");
    assert!(done(&server, &built_in).await.lines().count() > 2);
    refused(&server, "templates preview", "channel").await;
    refused(&server, &preview("night --channel pigeon"), "must be one of").await;
    let ran = run_with(&server, "templates set - --id bad", "body: '{{ colour }'").await;
    assert!(ran.code == 2 && ran.err.contains("-: bad: "), "{}", ran.err);
    assert!(ran.err.contains("template.body"), "{}", ran.err);
    assert_eq!(done(&server, "templates delete night").await, "deleted template night\n");
}

#[tokio::test]
async fn the_delivery_log_is_read_and_what_failed_is_tried_again() {
    let (server, sink) = routed().await;
    done(&server, "receivers delete pager").await;
    sink.fail_always(Some(Fault::Status(400, Vec::new(), "not today".into())));
    let raised = alert(&server, "g-1").await;
    let dead = eventually("a dead letter", async || {
        let listed = done(&server, "deliveries list --state dead-lettered -o csv").await;
        let mut rows = records(&listed);
        (rows.len() == 2).then(|| rows.remove(1))
    });
    let row = dead.await;
    assert_eq!(row[1..6], ["DEAD_LETTERED", "P1", "webhook", "ops", "FIRST"]);
    assert!(row[9].starts_with("PERMANENT ") && row[9].contains("not today"), "{}", row[9]);
    let id = row[10].as_str();
    let shown = done(&server, &format!("deliveries show {id}")).await;
    assert!(shown.contains("\nlog:\n") && shown.contains("httpStatus: 400"), "{shown}");
    let of = format!("deliveries list --alert {} --receiver ops --level p1", id_of(&raised.name));
    assert_eq!(records(&done(&server, &format!("{of} -o csv")).await).len(), 2);
    assert_eq!(done(&server, "deliveries list --channel sms").await, "");

    sink.fail_always(None);
    let shown = done(&server, &format!("deliveries retry {id}")).await;
    assert_eq!(shown, format!("queued {id} to ops again (QUEUED)\n"));
    eventually("it is delivered", async || {
        let listed = done(&server, &format!("{of} --state delivered -o csv")).await;
        (records(&listed).len() == 2).then_some(())
    })
    .await;
    refused(&server, &format!("deliveries retry {id}"), "neither dead-lettered nor expired").await;
    refused(&server, "deliveries show nothing", "not found").await;

    let stats = "deliveries stats --since 2026-11-22T00:00:00Z --until 2026-11-23T00:00:00Z";
    let shown = done(&server, stats).await;
    assert!(shown.starts_with("CHANNEL "), "{shown}");
    assert!(shown.ends_with("\n1 of 1 delivered (100.00 %)\n"), "{shown}");
    let table = records(&done(&server, &format!("{stats} -o csv")).await);
    assert_eq!(table[1][..8], ["webhook", "P1", "0", "1", "0", "0", "0", "2"]);
    let counted = json(&done(&server, &format!("{stats} -o json")).await);
    assert_eq!(counted["deliveredRate"], 1.0);
}
