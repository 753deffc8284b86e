//! The command line keeps its promises: forms of output and exit codes among them.

use crate::callers::make_key;
use std::{
    env, fs,
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;
use umpire_proto::v1::{ActionKind::Intercept, ApiKey, CreateApiKeyRequest, Role, rule::Condition};
use umpire_testkit::{TestServer, word_rule};

const GOLD: &str = "\
id: gold
text:
  words: [cheap gold]
level: P1
labels: [advert]
actions:
  - kind: INTERCEPT
";

const POLICY: &str = "\
api_version: umpire/v1
rules:
  - id: gold
    text:
      words: [cheap gold]
    level: P1
    labels: [advert]
    actions:
      - kind: INTERCEPT
tests:
  - id: gold-is-blocked
    message:
      text: buy cheap gold
    decision: BLOCK
    labels: [advert]
";

const EMPTY: &str = "api_version: umpire/v1\nrules: []\ntests: []\n";

/// How a run ended.
pub(crate) struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The binary, beside the folder of test binaries.
fn binary() -> PathBuf {
    let tests = env::current_exe().unwrap();
    let path = tests.ancestors().nth(2).unwrap().join("umpirectl");
    assert!(path.is_file(), "{} is missing: run `cargo build -p umpire-cli` first", path.display());
    path
}

pub(crate) fn command(endpoint: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    for name in ["UMPIRE_API_KEY", "UMPIRE_TENANT", "UMPIRE_CA_CERTIFICATE", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.args(arguments).env("UMPIRE_ENDPOINT", endpoint);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs to the end. On a thread of its own: the server answers on this one.
pub(crate) async fn finish(mut command: Command, input: impl AsRef<[u8]>) -> Ran {
    let input = input.as_ref().to_vec();
    let run = move || {
        let mut child = command.spawn().unwrap();
        // Commands that read nothing may be gone already.
        let _unread = child.stdin.take().unwrap().write_all(&input);
        child.wait_with_output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    Ran {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn run(server: &TestServer, arguments: &[&str]) -> Ran {
    run_with(server, arguments, "").await
}

async fn run_with(server: &TestServer, arguments: &[&str], input: &str) -> Ran {
    finish(command(&server.grpc().to_string(), arguments), input).await
}

/// Runs what must end with this code, and gives standard output.
async fn expect(server: &TestServer, code: i32, arguments: &[&str]) -> String {
    let ran = run(server, arguments).await;
    assert_eq!(ran.code, code, "{arguments:?}\n{}\n{}", ran.out, ran.err);
    ran.out
}

/// Runs with nobody to read standard output, and gives the exit code.
async fn unread(server: &TestServer, arguments: &[&str], input: &str) -> i32 {
    let mut command = command(&server.grpc().to_string(), arguments);
    let (reader, writer) = std::io::pipe().unwrap();
    command.stdout(writer);
    drop(reader);
    let ran = finish(command, input).await;
    assert!(!ran.err.contains("umpirectl: "), "{arguments:?}: {}", ran.err);
    ran.code
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    reader.records().map(|record| cells(record.unwrap())).collect()
}

fn write(folder: &TempDir, name: &str, text: &str) -> String {
    let path: &Path = &folder.path().join(name);
    fs::write(path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_check_answers_in_every_form() {
    let server = TestServer::start().await;
    let rule = word_rule("bad", &["bad"], &[Intercept]);
    server.clients().rules.create_rule(rule).await.unwrap();
    let shown = expect(&server, 0, &["check", "so bad", "--scene", "world"]).await;
    assert!(shown.starts_with("BLOCK  P2") && shown.contains("text 3..6 \"bad\""), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colours in a pipe");
    let coloured = expect(&server, 0, &["--color", "always", "check", "so bad"]).await;
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    let verdict = json(&expect(&server, 0, &["check", "so bad", "-o", "json", "--dry-run"]).await);
    assert_eq!(verdict["decision"], "DECISION_BLOCK");
    assert_eq!(verdict["matches"][0]["spans"][0]["byteStart"], 3);
    let table = records(&expect(&server, 0, &["check", "so bad", "--output", "csv"]).await);
    assert_eq!((table[0][0].as_str(), table[1][0].as_str()), ("decision", "BLOCK"));
    expect(&server, 1, &["check", "so bad", "--exit-code"]).await;
    expect(&server, 0, &["check", "so good", "--exit-code"]).await;
}

#[tokio::test]
async fn lines_are_checked_in_their_order() {
    let server = TestServer::start().await;
    let rule = word_rule("bad", &["bad"], &[Intercept]);
    server.clients().rules.create_rule(rule).await.unwrap();
    let input = "good\n\nbad \u{1b}[31m\n好\n";
    let ran = run_with(&server, &["check", "-o", "json", "--exit-code"], input).await;
    assert_eq!(ran.code, 1, "{}", ran.err);
    let answers: Vec<_> = ran.out.lines().map(json).collect();
    let lines: Vec<_> = answers.iter().map(|answer| answer["clientSeq"].clone()).collect();
    assert_eq!(lines, ["1", "3", "4"], "blank lines are passed over");
    assert_eq!(answers[1]["verdict"]["decision"], "DECISION_BLOCK");
    let ran = run_with(&server, &["check", "-"], input).await;
    assert!(ran.code == 0 && ran.out.contains("bad \\u{1b}[31m"), "{}", ran.out);
    let ran = run_with(&server, &["check", "--output", "csv"], input).await;
    assert_eq!(records(&ran.out)[2][..2], ["3", "BLOCK"]);
    expect(&server, 2, &["check", "--message-id", "m"]).await;
}

#[tokio::test]
async fn a_file_of_words_is_imported_and_kept() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let file = write(&folder, "boost.csv", "word,category\nboosting,service\n代练,service\n");
    let shown = expect(&server, 0, &["lists", "import", &file, "--reason", "trial"]).await;
    assert!(shown.contains("word list boost: 2 added"), "{shown}");
    let found = expect(&server, 0, &["lists", "entries", "boost", "--search", "代"]).await;
    assert!(found.contains("代练") && !found.contains("boosting"), "{found}");
    expect(&server, 0, &["lists", "add", "boost", "=cmd", "carry", "--level", "p1"]).await;
    let until = ["lists", "expire", "boost", "carry", "--at", "2027-01-01T00:00:00Z"];
    expect(&server, 0, &until).await;
    let entries = json(&expect(&server, 0, &["lists", "entries", "boost", "-o", "json"]).await);
    let entries = entries.as_array().unwrap();
    let carry = entries.iter().find(|entry| entry["word"] == "carry").unwrap();
    assert_eq!(carry["level"], "LEVEL_P1", "what was said of it stays");
    assert_eq!(carry["endTime"], "2027-01-01T00:00:00Z");
    let table = records(&expect(&server, 0, &["lists", "entries", "boost", "-o", "csv"]).await);
    assert_eq!(table.len(), 5);
    assert!(table.iter().all(|row| !row[0].starts_with('=')), "no formulas: {table:?}");
    expect(&server, 0, &["lists", "remove", "boost", "carry"]).await;
    expect(&server, 1, &["lists", "remove", "boost", "carry"]).await;
    let plain = expect(&server, 0, &["lists", "export", "boost", "--format", "plain"]).await;
    assert!(plain.contains("boosting\n") && !plain.contains("carry"), "{plain}");
    let bad = write(&folder, "bad.json", r#"["fine", {"word": "x", "level": "P9"}]"#);
    expect(&server, 2, &["lists", "import", &bad, "--strict"]).await;
    expect(&server, 1, &["lists", "import", &bad, "--dry-run"]).await;
    expect(&server, 2, &["lists", "get", "bad"]).await;
    expect(&server, 0, &["lists", "delete", "boost"]).await;
    expect(&server, 0, &["lists", "undelete", "boost"]).await;
    let lists = json(&expect(&server, 0, &["lists", "list", "-o", "json"]).await);
    assert_eq!(lists.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_document_is_compared_applied_and_rolled_back() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let (policy, empty) = (write(&folder, "p.yaml", POLICY), write(&folder, "e.yaml", EMPTY));
    let shown = expect(&server, 1, &["diff", &policy]).await;
    assert!(shown.contains("rule gold (new)") && shown.contains("\n+ "), "{shown}");
    expect(&server, 0, &["apply", &policy, "--dry-run"]).await;
    expect(&server, 1, &["diff", &policy, "-o", "csv"]).await;
    expect(&server, 0, &["apply", &policy, "--reason", "first"]).await;
    assert_eq!(expect(&server, 0, &["diff", &policy]).await, "");
    expect(&server, 2, &["diff", "there-is-no-such-file.yaml"]).await;
    let exported = expect(&server, 0, &["export", "-f", "json"]).await;
    assert_eq!(json(&exported)["api_version"], "umpire/v1");
    expect(&server, 0, &["diff", &write(&folder, "again.json", &exported)]).await;

    let refused = run(&server, &["apply", &empty]).await;
    let question = "delete 2 things: say so with --yes";
    assert!(refused.code == 2 && refused.err.contains(question), "{}", refused.err);
    let applied = expect(&server, 0, &["apply", &empty, "--yes", "-o", "json"]).await;
    assert_eq!(json(&applied)["changes"].as_array().unwrap().len(), 2);
    expect(&server, 1, &["history", "diff", "1", "0"]).await;
    let shown = expect(&server, 0, &["history", "rollback", "1", "--reason", "too bold"]).await;
    assert!(shown.starts_with("revision 3") && shown.contains("too bold"), "{shown}");
    expect(&server, 0, &["history", "diff", "1", "3"]).await;
    let idle = run(&server, &["history", "rollback", "1", "--reason", "again"]).await;
    assert!(idle.code == 0 && idle.out.is_empty(), "{}", idle.out);
    assert!(idle.err.contains("nothing differs"), "{}", idle.err);
    let dry = ["history", "rollback", "2", "--reason", "again", "--dry-run"];
    let shown = expect(&server, 0, &dry).await;
    assert!(shown.contains("rule gold (deleted)"), "{shown}");
    let revisions = records(&expect(&server, 0, &["history", "list", "-o", "csv"]).await);
    let numbers: Vec<_> = revisions[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers, ["3", "2", "1"]);
    let first = json(&expect(&server, 0, &["history", "show", "1", "-o", "json"]).await);
    assert_eq!(first["reason"], "first");
}

#[tokio::test]
async fn test_cases_are_run() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let policy = write(&folder, "p.yaml", POLICY);
    let broken = write(&folder, "b.yaml", &POLICY.replace("[cheap gold]", "[silver]"));
    let shown = expect(&server, 0, &["test", &policy]).await;
    assert_eq!(shown, "ok     gold-is-blocked\n");
    let shown = expect(&server, 1, &["test", &broken]).await;
    assert!(shown.contains("FAILED gold-is-blocked\n       expected BLOCK [advert]"), "{shown}");
    assert_eq!(expect(&server, 0, &["test"]).await, "", "nothing is kept yet");
    expect(&server, 1, &["apply", &broken]).await;
    expect(&server, 0, &["apply", &policy]).await;
    let results = json(&expect(&server, 0, &["test", "--output", "json"]).await);
    assert_eq!(results[0]["passed"], true);
}

#[tokio::test]
async fn rules_are_written_from_files() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let gold = write(&folder, "gold.yaml", GOLD);
    let stricter = write(&folder, "strict.yaml", &GOLD.replace("P1", "P0"));
    let missing = run(&server, &["rules", "update", "-f", &gold]).await;
    let told = "gold is not there: use `rules create`";
    assert!(missing.code == 2 && missing.err.contains(told), "{}", missing.err);
    let shown = expect(&server, 0, &["rules", "create", "-f", &gold, "--reason", "trial"]).await;
    assert!(shown.contains("rule gold (new)") && shown.ends_with("\nrevision 1\n"), "{shown}");
    let there = run(&server, &["rules", "create", "-f", &stricter]).await;
    let told = "gold exists already: use `rules update`";
    assert!(there.code == 2 && there.err.contains(told), "{}", there.err);
    let changed = expect(&server, 0, &["rules", "update", "-f", &stricter, "-o", "json"]).await;
    assert_eq!(json(&changed)[0]["level"], "LEVEL_P0");
    let shown = expect(&server, 0, &["rules", "set-mode", "gold", "shadow"]).await;
    assert!(shown.contains("changed rule gold (SHADOW)"), "{shown}");
    let idle = run(&server, &["rules", "set-mode", "gold", "shadow"]).await;
    assert!(idle.code == 0 && idle.out.is_empty(), "{}", idle.out);
    assert!(idle.err.contains("nothing differs"), "{}", idle.err);
    let shown = expect(&server, 0, &["rules", "get", "gold"]).await;
    assert!(shown.starts_with("name: tenants/default/rules/gold\n"), "{shown}");
    expect(&server, 0, &["rules", "delete", "gold"]).await;
    expect(&server, 2, &["rules", "delete", "gold"]).await;
    assert_eq!(json(&expect(&server, 0, &["rules", "list", "-o", "json"]).await), json("[]"));
    expect(&server, 0, &["rules", "undelete", "gold"]).await;
    let listed = expect(&server, 0, &["rules", "list", "--filter", "level = P0"]).await;
    assert!(listed.starts_with("ID") && listed.contains("cheap gold"), "{listed}");
    let wrong = run(&server, &["rules", "list", "--filter", "nonsense = 1"]).await;
    assert!(wrong.code == 2 && wrong.err.starts_with("umpirectl: filter: "), "{}", wrong.err);
    assert_eq!(wrong.err.lines().count(), 1, "nothing is told twice: {}", wrong.err);
}

#[tokio::test]
async fn records_are_read() {
    let server = TestServer::start().await;
    let rule = word_rule("bad", &["bad"], &[Intercept]);
    server.clients().rules.create_rule(rule).await.unwrap();
    expect(&server, 0, &["check", "so bad"]).await;
    let since = ["audit", "list", "--since", "2026-01-01", "--filter", "rule = bad", "-o", "json"];
    let records = json(&expect(&server, 0, &since).await);
    let name = records[0]["name"].as_str().unwrap();
    let id = name.rsplit('/').next().unwrap();
    let record = json(&expect(&server, 0, &["audit", "get", id, "-o", "json"]).await);
    assert_eq!(record["content"], "so bad");
    let shown = expect(&server, 0, &["info", "-q"]).await;
    assert!(shown.contains("store: embedded"), "{shown}");
}

#[tokio::test]
async fn keys_are_made_shown_once_and_revoked() {
    let server = TestServer::start().await;
    let made = run(&server, &["keys", "create", "backend", "--role", "service"]).await;
    assert!(made.code == 0 && made.out.starts_with("ump_"), "{}", made.err);
    assert_eq!(made.out.lines().count(), 1, "a script can take it from there");
    let listed = expect(&server, 0, &["keys", "list"]).await;
    assert!(listed.contains("backend") && !listed.contains("ump_"), "{listed}");
    expect(&server, 0, &["keys", "revoke", "backend"]).await;
    let keys = json(&expect(&server, 0, &["keys", "list", "--revoked", "-o", "json"]).await);
    assert!(keys[0]["revokeTime"].is_string());
}

#[tokio::test]
async fn failures_have_codes_of_their_own() {
    let server = TestServer::start_with_keys().await;
    let wrong = run(&server, &["rules", "list", "--api-key", "geheim"]).await;
    assert!(wrong.code == 3 && !wrong.err.contains("geheim"), "{}", wrong.err);
    expect(&server, 3, &["info"]).await;
    expect(&server, 2, &["no-such-command"]).await;
    expect(&server, 2, &["check", "hi", "--endpoint", "not an endpoint"]).await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = finish(command(&free.to_string(), &["check", "hi"]), "").await;
    assert!(away.code == 4 && away.err.starts_with("umpirectl: "), "{}", away.err);
}

#[tokio::test]
async fn completions_need_no_server_and_a_closed_pipe_is_no_failure() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = finish(command("http://127.0.0.1:1", &["completion", shell]), "").await;
        assert!(ran.code == 0 && ran.out.contains("umpirectl"), "{shell}: {}", ran.err);
    }
    let server = TestServer::start().await;
    assert_eq!(unread(&server, &["completion", "bash"], "").await, 0);
    for form in ["table", "json", "csv"] {
        assert_eq!(unread(&server, &["history", "list", "-o", form], "").await, 0, "{form}");
    }
}

#[tokio::test]
async fn who_stops_reading_changes_nothing_else() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let policy = write(&folder, "p.yaml", POLICY);
    let broken = write(&folder, "b.yaml", &POLICY.replace("[cheap gold]", "[silver]"));
    let empty = write(&folder, "e.yaml", EMPTY);
    assert_eq!(unread(&server, &["diff", &policy], "").await, 1);
    assert_eq!(unread(&server, &["test", &broken], "").await, 1);
    assert_eq!(unread(&server, &["apply", &broken, "--yes"], "").await, 1);
    assert_eq!(unread(&server, &["apply", &policy, "--yes"], "").await, 0);
    assert_eq!(expect(&server, 0, &["diff", &policy]).await, "", "it was applied");
    assert_eq!(unread(&server, &["check", "cheap gold", "--exit-code"], "").await, 1);
    let lines = "fine\ngood\ncheap gold\n";
    assert_eq!(unread(&server, &["check", "--exit-code"], lines).await, 1, "to the last line");
    assert_eq!(unread(&server, &["history", "diff", "0", "1"], "").await, 1);
    assert_eq!(unread(&server, &["apply", &empty, "--yes", "-o", "json"], "").await, 0);
    assert_eq!(expect(&server, 0, &["diff", &empty]).await, "");
}

#[tokio::test]
async fn no_change_of_a_word_is_lost() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let file = write(&folder, "boost.txt", "carry\n");
    let shown = expect(&server, 0, &["lists", "import", &file]).await;
    assert!(shown.contains("0 duplicates") && shown.contains("; 1 word, "), "{shown}");
    let expire = ["lists", "expire", "boost", "carry", "--at", "2027-01-01T00:00:00Z"];
    for note in ["first", "second", "third"] {
        let add = ["lists", "add", "boost", "carry", "--note", note];
        let (expired, added) = tokio::join!(run(&server, &expire), run(&server, &add));
        assert_eq!((expired.code, added.code), (0, 0), "{}{}", expired.err, added.err);
        let entries = json(&expect(&server, 0, &["lists", "entries", "boost", "-o", "json"]).await);
        assert_eq!(entries[0]["note"], note, "whichever came last");
    }
}

#[tokio::test]
async fn what_is_said_of_a_list_is_changed() {
    let server = TestServer::start().await;
    expect(&server, 0, &["lists", "create", "fine", "--purpose", "allow"]).await;
    let scenes = ["--scene", "world", "--scene", "guild"];
    let mut update =
        vec!["lists", "update", "fine", "--display-name", "Fine", "--all-rules", "true"];
    update.extend(scenes);
    let shown = expect(&server, 0, &update).await;
    assert!(shown.contains("changed word list fine: 0 words"), "{shown}");
    let list = json(&expect(&server, 0, &["lists", "get", "fine", "-o", "json"]).await);
    assert_eq!((&list["displayName"], &list["allRules"]), (&json("\"Fine\""), &json("true")));
    assert_eq!(list["scope"]["scenes"], json(r#"["world", "guild"]"#));
    expect(&server, 0, &["lists", "update", "fine", "--scene", "", "--all-rules", "false"]).await;
    let list = json(&expect(&server, 0, &["lists", "get", "fine", "-o", "json"]).await);
    assert!(list["scope"]["scenes"].is_null() && list["allRules"].is_null(), "{list}");
    assert_eq!(list["displayName"], "Fine", "what was not given stays");
    expect(&server, 2, &["lists", "update", "fine"]).await;
}

#[tokio::test]
async fn a_moderator_tries_a_text() {
    let server = TestServer::start_with_keys().await;
    let key = ApiKey { role: Role::Moderator as i32, ..<_>::default() };
    let request = CreateApiKeyRequest { api_key: Some(key), ..<_>::default() };
    let made = server.operator().admin.create_api_key(request).await.unwrap();
    let secret = made.into_inner().secret;
    let mut request = word_rule("bad", &["bad"], &[Intercept]);
    let condition = request.rule.as_mut().and_then(|rule| rule.condition.as_mut());
    let Some(Condition::Text(text)) = condition else { panic!() };
    text.exceptions = vec!["not bad".into()];
    server.clients_with(&secret).rules.create_rule(request).await.unwrap();
    let key = ["--api-key", secret.as_str()];
    let with_key = |arguments: &[&'static str]| [arguments, &key[..]].concat();
    expect(&server, 3, &with_key(&["check", "so bad"])).await;
    let shown = expect(&server, 0, &with_key(&["test", "--text", "so bad"])).await;
    assert!(shown.starts_with("BLOCK  P2") && !shown.contains("record:"), "{shown}");
    let passed = ["test", "--text", "not bad", "--scene", "world", "--sender", "p-1"];
    let shown = expect(&server, 0, &with_key(&passed)).await;
    let cancelled = "cancelled: bad by exception";
    assert!(shown.starts_with("PASS") && shown.contains(cancelled), "{shown}");
    let verdict = expect(&server, 0, &with_key(&["test", "--text", "so bad", "-o", "json"])).await;
    assert_eq!(json(&verdict)["decision"], "DECISION_BLOCK");
    expect(&server, 2, &with_key(&["test", "p.yaml", "--text", "so bad"])).await;
}

#[tokio::test]
async fn a_limit_does_not_pass() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let mut document = "api_version: umpire/v1\ntests:\n".to_owned();
    for number in 0..=10_000 {
        let message = "message: {text: hi}, decision: PASS";
        document.push_str(&format!("  - {{id: t-{number}, {message}}}\n"));
    }
    let ran = run(&server, &["apply", &write(&folder, "big.yaml", &document)]).await;
    assert!(ran.code == 2 && ran.err.contains("10000 test cases"), "{}: {}", ran.code, ran.err);
}

#[tokio::test]
async fn a_rule_that_fails_test_cases_is_a_no_and_bad_ones_are_where_they_are() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    expect(&server, 0, &["apply", &write(&folder, "p.yaml", POLICY)]).await;
    let changed = write(&folder, "silver.yaml", &GOLD.replace("cheap gold", "silver"));
    let refused = run(&server, &["rules", "update", "-f", &changed]).await;
    let told = "nothing was changed: 1 test case would fail";
    assert!(refused.code == 1 && refused.err.contains(told), "{}", refused.err);
    let broken = write(&folder, "b.yaml", &POLICY.replace("[cheap gold]", "[silver]"));
    let hinted = run(&server, &["diff", &broken, "--keep-unlisted"]).await;
    let hint = format!("see umpirectl test {broken} --keep-unlisted");
    assert!(hinted.code == 1 && hinted.err.contains(&hint), "{}", hinted.err);
    let bad = write(&folder, "bad.yaml", &GOLD.replace("labels", "lables"));
    let refused = run(&server, &["rules", "create", "-f", &bad]).await;
    assert!(refused.code == 2 && refused.err.contains("line 5"), "{}", refused.err);
}

#[tokio::test]
async fn a_line_that_is_no_text_is_an_error_of_its_own() {
    let server = TestServer::start().await;
    let input = b"\xEF\xBB\xBFfirst\r\nbad \xFF line\nthird\n\xFE\n";
    let endpoint = server.grpc().to_string();
    let ran = finish(command(&endpoint, &["check", "-o", "json"]), input).await;
    assert_eq!(ran.code, 2, "{}", ran.err);
    let answers: Vec<_> = ran.out.lines().map(json).collect();
    let lines: Vec<_> = answers.iter().map(|answer| answer["clientSeq"].clone()).collect();
    assert_eq!(lines, ["1", "2", "3", "4"]);
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["verdict"].is_null(), number % 2 == 1, "{answer}");
    }
    assert!(ran.err.contains("line 2: not UTF-8"), "{}", ran.err);
    let ran = finish(command(&endpoint, &["check", "-o", "csv"]), input).await;
    assert_eq!(records(&ran.out)[1][5], "first", "without the mark editors put there");
}

#[tokio::test]
async fn names_and_forms_of_files_are_guessed() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let shown =
        expect(&server, 0, &["lists", "import", &write(&folder, "my words.txt", "carry\n")]).await;
    assert!(shown.contains("word list my-words: 1 added"), "{shown}");
    let nameless = run(&server, &["lists", "import", "-"]).await;
    let told = "give the list an id with --id";
    assert!(nameless.code == 2 && nameless.err.contains(told), "{}", nameless.err);
    let exported = expect(&server, 0, &["lists", "export", "my-words", "-o", "json"]).await;
    assert!(json(&exported).is_array(), "{exported}");
    for form in [&["-o", "csv"][..], &[]] {
        let export = [&["lists", "export", "my-words"][..], form].concat();
        assert_eq!(records(&expect(&server, 0, &export).await)[0][0], "word", "{form:?}");
    }
}

fn keyed<'a>(key: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--api-key", key][..]].concat()
}

#[tokio::test]
async fn tenants_are_kept_and_included_rules_called_by_their_name() {
    let server = TestServer::start_with_keys().await;
    let operator = make_key(&server.operator(), "default", "cli", Role::Admin).await;
    let create = ["tenants", "create", "game", "--display-name", "Game"];
    let shown = expect(&server, 0, &keyed(&operator, &create)).await;
    assert_eq!(shown, "created tenant game\n");
    expect(&server, 0, &keyed(&operator, &["tenants", "create", "publisher"])).await;
    let include = ["tenants", "update", "game", "--include", "publisher"];
    let shown = expect(&server, 0, &keyed(&operator, &include)).await;
    assert_eq!(shown, "changed tenant game, including publisher\n");
    let get = ["tenants", "get", "game", "-o", "json"];
    let tenant = json(&expect(&server, 0, &keyed(&operator, &get)).await);
    assert_eq!(tenant["settings"]["includes"], json(r#"["tenants/publisher"]"#));
    assert_eq!(tenant["displayName"], "Game", "what was not given stays");

    let publisher = make_key(&server.operator(), "publisher", "k", Role::Admin).await;
    let shared = word_rule("shared", &["bad"], &[Intercept]);
    server.clients_with(&publisher).rules.create_rule(shared).await.unwrap();
    let game = make_key(&server.operator(), "game", "k", Role::Admin).await;
    let own = word_rule("own", &["worse"], &[Intercept]);
    server.clients_with(&game).rules.create_rule(own).await.unwrap();
    let both = ["tenants/publisher/rules/shared", "own"];
    for command in [&["check", "bad, worse"][..], &["test", "--text", "bad, worse"]] {
        let shown = expect(&server, 0, &keyed(&game, command)).await;
        assert!(both.iter().all(|rule| shown.contains(&format!("\n  {rule}  "))), "{shown}");
    }
    let list = ["audit", "list", "-o", "csv"];
    let table = records(&expect(&server, 0, &keyed(&game, &list)).await);
    assert_eq!(table[1][5], both.join(","));

    let clear = ["tenants", "update", "game", "--include", ""];
    assert_eq!(expect(&server, 0, &keyed(&operator, &clear)).await, "changed tenant game\n");
    expect(&server, 2, &keyed(&operator, &["tenants", "update", "game"])).await;
    expect(&server, 3, &keyed(&game, &["tenants", "list"])).await;
    expect(&server, 0, &keyed(&operator, &["tenants", "delete", "publisher"])).await;
    let list = ["tenants", "list", "--deleted", "-o", "csv"];
    let table = records(&expect(&server, 0, &keyed(&operator, &list)).await);
    let state = table.iter().find(|row| row[0] == "publisher").map(|row| row[4].as_str());
    assert_eq!(state, Some("DELETED"));
    expect(&server, 0, &keyed(&operator, &["tenants", "undelete", "publisher"])).await;
}
