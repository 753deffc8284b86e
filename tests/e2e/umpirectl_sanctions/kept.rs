//! Sanction rules and enforcers, from flags and from files.

use super::{done, json, records, refused, run, run_with, write};
use tempfile::TempDir;
use umpire_testkit::TestServer;

const SPAM: &str = "\
id: spam
risk_class: SENSITIVE
labels: [advert]
threshold: 3
window: 3d
kind: MUTE
duration: 1d
player_message: Please stop.
ladder:
  memory: 30d
  steps:
    - duration: 1d
    - permanent: true
";

/// The second has a mistake.
const TWO: &str = "\
- {id: fine, risk_class: fatal, threshold: 1, kind: warn}
- {id: wrong, risk_class: fatal, threshold: 0, kind: warn}
";

/// What must never be printed: two secrets of webhooks, and one that is too short.
const KEYS: [&str; 3] =
    ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4", "c2hvcnQ="];

#[tokio::test]
async fn sanction_rules_are_set_from_flags() {
    let server = TestServer::start().await;
    let flags = "--class sensitive --label advert --threshold 3 --window 3d --kind mute \
                 --duration 1d --mode shadow --message Stop.";
    let set = |rest: &str| format!("sanctions rules set spam {rest}");
    let shown = done(&server, &set(&format!("{flags} --dry-run"))).await;
    assert_eq!(shown, "created sanction rule spam (SHADOW) (not changed)\n");
    assert_eq!(json(&done(&server, "sanctions rules list -o json").await), json("[]"));
    assert_eq!(done(&server, &set(flags)).await, "created sanction rule spam (SHADOW)\n");
    let shown = done(&server, &set("--mode enforced --charge 100.. --priority -3")).await;
    assert_eq!(shown, "changed sanction rule spam (ENFORCED)\n");
    let table = records(&done(&server, "sanctions rules show spam -o csv").await);
    assert_eq!(table[1][..5], ["spam", "ENFORCED", "SENSITIVE", "advert", "100.."]);
    assert_eq!(table[1][5..], ["3", "3d", "MUTE", "1d", "", "'-3", ""], "and no formula");
    let cleared = done(&server, &set("--label '' --charge .. --permanent -o json")).await;
    let (cleared, gone) = (json(&cleared), ["labels", "chargeFrom", "duration"]);
    assert!(gone.iter().all(|&field| cleared[field].is_null()), "{cleared}");
    assert_eq!(cleared["playerMessage"]["fallback"], "Stop.", "what was not given stays");

    let shown = done(&server, "sanctions rules order").await;
    assert!(shown.contains("\nNO_SOURCE spam: no rule in force gives"), "{shown}");
    let order = json(&done(&server, "sanctions rules order -o json").await);
    assert_eq!(order["findings"][0]["kind"], "KIND_NO_SOURCE");
    let order = run(&server, "sanctions rules order -o csv").await;
    assert_eq!((order.code, records(&order.out).len()), (0, 2));
    assert!(order.err.starts_with("NO_SOURCE spam: "), "{}", order.err);
    let listed = done(&server, "sanctions rules list --filter 'kind = MUTE'").await;
    assert!(listed.starts_with("ID ") && listed.contains("\nspam  ENFORCED"), "{listed}");

    refused(&server, &set(""), "required").await;
    refused(&server, &set("--charge 5"), "expected a range").await;
    let bare = "sanctions rules set new --threshold 3";
    refused(&server, bare, "umpirectl: sanction_rule.risk_class: ").await;
    refused(&server, bare, "\n  sanction_rule.kind: ").await;
    let deleted = done(&server, "sanctions rules delete spam").await;
    assert_eq!(deleted, "deleted sanction rule spam\n");
    refused(&server, "sanctions rules delete spam", "not found").await;
    refused(&server, "sanctions rules show spam", "not found").await;
}

#[tokio::test]
async fn sanction_rules_are_set_from_a_file() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let set = |file: &str| format!("sanctions rules set --file '{file}'");
    let spam = write(&folder, "spam.yaml", SPAM);
    let shown = done(&server, &format!("{} --dry-run", set(&spam))).await;
    assert_eq!(shown, "created sanction rule spam (ENFORCED) (not changed)\n");
    refused(&server, "sanctions rules show spam", "not found").await;
    assert_eq!(done(&server, &set(&spam)).await, "created sanction rule spam (ENFORCED)\n");
    let remark = "sanctions rules set spam --remark said --display-name Spam";
    done(&server, remark).await;
    let again = run_with(&server, &format!("{} -o json", set("-")), SPAM).await;
    assert_eq!(again.code, 0, "{}", again.err);
    let written = json(&again.out);
    assert_eq!(written[0]["ladder"]["steps"][1]["permanent"], true);
    assert!(written[0]["remark"].is_null(), "what a file does not say is cleared: {written}");

    // What is shown can be written back, for as long as nobody was faster.
    let kept = done(&server, "sanctions rules show spam -o json").await;
    let kept = write(&folder, "kept.json", &kept);
    let table = records(&done(&server, &format!("{} -o csv", set(&kept))).await);
    assert_eq!((table.len(), table[1][0].as_str()), (2, "spam"));
    done(&server, remark).await;
    refused(&server, &set(&kept), "changed since").await;
    let ran = run(&server, &set(&write(&folder, "two.yaml", TWO))).await;
    assert_eq!((ran.code, ran.out.as_str()), (2, "created sanction rule fine (ENFORCED)\n"));
    assert!(ran.err.contains("sanction_rule.threshold"), "{}", ran.err);
    let typo = write(&folder, "typo.yaml", &SPAM.replace("threshold", "treshold"));
    refused(&server, &set(&typo), "treshold").await;
    refused(&server, &set("no-such-file.yaml"), "no-such-file.yaml: ").await;
}

/// Runs what must end with this code and tell no secret, and gives standard output.
async fn discreet(server: &TestServer, code: i32, line: &str, input: &str) -> String {
    let ran = run_with(server, line, input).await;
    assert_eq!(ran.code, code, "{line}\n{}\n{}", ran.out, ran.err);
    let told = KEYS.iter().any(|&key| ran.out.contains(key) || ran.err.contains(key));
    assert!(!told, "{line}\n{}\n{}", ran.out, ran.err);
    ran.out
}

#[tokio::test]
async fn webhooks_are_kept_and_their_secrets_never_printed() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let [key, other, short] = KEYS;
    let ends = async |code: i32, line: &str| discreet(&server, code, line, "").await;
    let file = write(&folder, "secret", &format!("whsec_{key}\n"));
    let set = format!(
        "enforcers set shop --url https://shop.example/a --secret-file '{file}' --server s-1 \
         --category c"
    );
    let shown = ends(0, &format!("{set} --dry-run")).await;
    assert_eq!(shown, "created enforcer shop (not changed)\n");
    ends(2, "enforcers show shop").await;
    assert_eq!(json(&ends(0, &format!("{set} -o json")).await)["webhook"]["secretSet"], true);
    // Without another secret it keeps the one it has.
    let moved = ends(0, "enforcers set shop --url https://shop.example/b -o csv").await;
    let row = ["shop", "WEBHOOK", "https://shop.example/b", "s-1", "c", "30s", ""];
    assert_eq!(records(&moved)[1], row);
    let stdin = "enforcers set shop --secret-file - --server '' --display-name Shop";
    let shown = discreet(&server, 0, stdin, &format!("whsec_{other}")).await;
    assert_eq!(shown, "changed enforcer shop\n");
    let shown = ends(0, "enforcers show shop").await;
    assert!(shown.contains("\n  secretSet: true\n"), "{shown}");
    let short = write(&folder, "short", &format!("whsec_{short}"));
    ends(2, &format!("enforcers set shop --secret-file '{short}'")).await;
    ends(2, "enforcers set shop --secret-file no-such-file").await;
    let typo =
        format!("id: shop\nwebhook:\n  url: https://shop.example/a\n  secrett: whsec_{key}\n");
    let typo = write(&folder, "typo.yaml", &typo);
    ends(2, &format!("enforcers set --file '{typo}'")).await;
    refused(&server, "sanctions watch shop", "of another kind").await;
    assert_eq!(ends(0, "enforcers delete shop").await, "deleted enforcer shop\n");
    ends(2, "enforcers delete shop").await;
}

#[tokio::test]
async fn enforcers_are_set_from_flags_and_from_a_file() {
    let (server, folder) = (TestServer::start().await, TempDir::new().unwrap());
    let shown = done(&server, "enforcers set game --stream --display-name Game").await;
    assert_eq!(shown, "created enforcer game\n");
    done(&server, "enforcers set game --ack-deadline 45s").await;
    let game = json(&done(&server, "enforcers get game -o json").await);
    assert_eq!((&game["ackDeadline"], &game["displayName"]), (&json("\"45s\""), &json("\"Game\"")));
    let both = format!(
        "- {{id: game, stream: {{}}, ack_deadline: 90s}}\n\
         - {{id: shop, webhook: {{url: 'https://shop.example/a', secret: whsec_{}}}}}\n",
        KEYS[0]
    );
    let set = format!("enforcers set --file '{}'", write(&folder, "both.yaml", &both));
    let shown = discreet(&server, 0, &format!("{set} --dry-run"), "").await;
    let told = "changed enforcer game (not changed)\ncreated enforcer shop (not changed)\n";
    assert_eq!(shown, told);
    refused(&server, "enforcers show shop", "not found").await;
    let written = json(&discreet(&server, 0, &format!("{set} -o json"), "").await);
    assert!(written[0]["displayName"].is_null(), "what a file does not say is cleared: {written}");
    let listed = done(&server, "enforcers list").await;
    assert!(listed.contains("\ngame  STREAM ") && listed.contains("  90s"), "{listed}");
    let listed = json(&done(&server, "enforcers list -o json").await);
    assert_eq!(listed, written, "in the order of ids");
    let found = records(&done(&server, "enforcers list --filter 'id = shop' -o csv").await);
    assert_eq!((found.len(), found[1][2].as_str()), (2, "https://shop.example/a"));
    refused(&server, "enforcers set game", "required").await;
    let both = "enforcers set game --stream --url https://shop.example/a";
    refused(&server, both, "cannot be used with").await;
    refused(&server, "enforcers set bare --server s-1", "either a `webhook` or a `stream`").await;
    let changed = "enforcers set game --url https://shop.example/a";
    refused(&server, changed, "enforcer.kind: the kind stays").await;
    let gone = json(&done(&server, "enforcers delete game -o json").await);
    assert!(gone["stream"].is_object(), "{gone}");
}
