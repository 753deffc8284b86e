//! What is seen through: sets, single switches, wildcards and compounds.

use std::collections::BTreeMap;
use tonic::Code;
use umpire_proto::v1::{
    ActionKind::Log,
    ApplyRuleSetRequest, CreateRuleRequest, ExportRuleSetRequest, ImportWordListRequest, MatchMode,
    NormalizationSet, TextCondition,
    Transformation::{self, Case, CharacterGaps, Leetspeak, Shuffle, Simplified},
    TransformationSwitch,
    rule::Condition,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, rule_ids, violated, word_rule};

/// A rule for words, with this done to its condition.
fn rule(id: &str, words: &[&str], edit: impl FnOnce(&mut TextCondition)) -> CreateRuleRequest {
    let mut request = word_rule(id, words, &[Log]);
    let Some(Condition::Text(text)) = &mut request.rule.as_mut().unwrap().condition else {
        panic!()
    };
    edit(text);
    request
}

fn switch(transformation: Transformation, enabled: bool) -> TransformationSwitch {
    TransformationSwitch { transformation: transformation as i32, enabled }
}

async fn create(clients: &Clients, rules: Vec<CreateRuleRequest>) {
    for rule in rules {
        clients.rules.clone().create_rule(rule).await.unwrap();
    }
}

/// What each rule had to undo.
async fn undone(clients: &Clients, text: &str) -> BTreeMap<String, Vec<Transformation>> {
    let verdict = check(clients, message(text)).await.unwrap();
    let ids = rule_ids(&verdict).into_iter().map(str::to_owned);
    ids.zip(verdict.matches.iter().map(|found| found.transformations().collect())).collect()
}

/// That these rules match, and that each of them undid this.
async fn check_each(clients: &Clients, text: &str, ids: &[&str], taken: &[Transformation]) {
    let expected: BTreeMap<_, _> = ids.iter().map(|&id| (id.to_owned(), taken.to_vec())).collect();
    assert_eq!(undone(clients, text).await, expected, "{text}");
}

#[tokio::test]
async fn sets_and_switches_say_what_is_seen_through() {
    let mut server = TestServer::start().await;
    let words = ["外挂代练", "wallhack", "内幕"];
    create(
        &server.clients(),
        vec![
            rule("safe", &words, |_| {}),
            rule("none", &words, |text| text.normalize = NormalizationSet::None as i32),
            rule("aggressive", &words, |text| {
                text.normalize = NormalizationSet::Aggressive as i32;
            }),
            rule("milder", &words, |text| text.transformations = vec![switch(Leetspeak, false)]),
            rule("harder", &words, |text| text.transformations = vec![switch(Shuffle, true)]),
            rule("single", &words, |text| {
                text.normalize = NormalizationSet::None as i32;
                text.transformations = vec![switch(Simplified, true)];
            }),
        ],
    )
    .await;
    for _ in 0..2 {
        let clients = server.clients();
        let all = ["aggressive", "harder", "milder", "none", "safe", "single"];
        check_each(&clients, "卖外挂代练", &all, &[]).await;
        check_each(&clients, "外 挂 代 练", &["aggressive"], &[CharacterGaps]).await;
        check_each(&clients, "代练外挂", &["harder"], &[Shuffle]).await;
        let seeing = ["aggressive", "harder", "milder", "safe", "single"];
        check_each(&clients, "內幕", &seeing, &[Simplified]).await;
        check_each(&clients, "a w4llhack", &["aggressive", "harder", "safe"], &[Leetspeak]).await;
        let seeing = ["aggressive", "harder", "milder", "safe"];
        check_each(&clients, "a WallHack", &seeing, &[Case]).await;
        server.restart().await;
    }
}

#[tokio::test]
async fn rules_look_for_one_list_in_different_ways() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let request = ImportWordListRequest {
        word_list_id: "cheats".into(),
        content: "外挂\nWallHack\n".into(),
        ..<_>::default()
    };
    clients.rules.clone().import_word_list(request).await.unwrap();
    let list_rule = |id: &str, set: NormalizationSet| {
        rule(id, &[], |text| {
            text.word_list = "tenants/default/wordLists/cheats".into();
            text.normalize = set as i32;
        })
    };
    let safe = list_rule("safe", NormalizationSet::Safe);
    create(&clients, vec![safe, list_rule("aggressive", NormalizationSet::Aggressive)]).await;
    create(&clients, vec![list_rule("none", NormalizationSet::None)]).await;
    check_each(&clients, "外 挂", &["aggressive"], &[CharacterGaps]).await;
    check_each(&clients, "wallhack", &["aggressive", "safe"], &[Case]).await;
    check_each(&clients, "WallHack", &["aggressive", "none", "safe"], &[]).await;
}

async fn found(clients: &Clients, text: &str) -> Vec<String> {
    let verdict = check(clients, message(text)).await.unwrap();
    verdict.matches.into_iter().map(|found| found.word).collect()
}

#[tokio::test]
async fn words_say_themselves_where_they_stand() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let word_mode = |text: &mut TextCondition| text.r#match = MatchMode::Word as i32;
    let words = ["cat*", "*dog", "*fish*", r"yes\*"];
    create(&clients, vec![rule("r", &words, word_mode)]).await;
    for (text, expected) in [
        ("two cats", &["cat*"][..]),
        ("a cat", &["cat*"]),
        ("a bobcat", &[]),
        ("a bulldog", &["*dog"]),
        ("the doghouse", &[]),
        ("some selfishness", &["*fish*"]),
        ("fish", &["*fish*"]),
        ("yes* please", &[r"yes\*"]),
        ("yes please", &[]),
    ] {
        assert_eq!(found(&clients, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn compounds_are_found_in_made_up_words_only() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let compound = |text: &mut TextCondition| text.r#match = MatchMode::Compound as i32;
    create(&clients, vec![rule("r", &["cock"], compound)]).await;
    for (text, expected) in
        [("cock", &["cock"][..]), ("a COCKhead", &["cock"]), ("a cocktail", &[]), ("peacock", &[])]
    {
        assert_eq!(found(&clients, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn switches_that_make_no_sense_are_refused() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let switched = |switches: &[TransformationSwitch]| {
        rule("r", &["x"], |text| text.transformations = switches.to_vec())
    };
    let pattern = |edit: fn(&mut TextCondition)| {
        rule("r", &[], |text| {
            text.regex = "x".into();
            edit(text);
        })
    };
    let twice = [switch(Shuffle, true), switch(Leetspeak, false), switch(Shuffle, false)];
    let unknown = TransformationSwitch { transformation: 77, enabled: true };
    for (request, expected, field) in [
        (switched(&twice), "INVALID_FIELD", "transformations[2]"),
        (
            switched(&[switch(Transformation::Unspecified, true)]),
            "INVALID_FIELD",
            "transformations[0]",
        ),
        (switched(&[unknown]), "UNSUPPORTED", "transformations[0]"),
        (
            pattern(|text| text.normalize = NormalizationSet::Aggressive as i32),
            "INVALID_FIELD",
            "normalize",
        ),
        (
            pattern(|text| text.transformations = vec![switch(Shuffle, true)]),
            "INVALID_FIELD",
            "transformations",
        ),
    ] {
        let status = clients.rules.clone().create_rule(request).await.unwrap_err();
        assert_eq!((status.code(), &*reason(&status)), (Code::InvalidArgument, expected));
        assert_eq!(violated(&status)[0], format!("rule.text.{field}"));
    }
    create(&clients, vec![pattern(|text| text.normalize = NormalizationSet::None as i32)]).await;
}

const DOCUMENT: &str = "api_version: umpire/v1
rules:
  - id: r
    text:
      words: [外挂代练, wallhack]
      normalize: AGGRESSIVE
      transformations: {SHUFFLE: true, LEETSPEAK: false}
";

#[tokio::test]
async fn documents_write_sets_and_switches() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let apply = async |document: &str| {
        let request = ApplyRuleSetRequest { document: document.into(), ..<_>::default() };
        clients.rules.clone().apply_rule_set(request).await
    };
    apply(DOCUMENT).await.unwrap();
    check_each(&clients, "代练外挂", &["r"], &[Shuffle]).await;
    check_each(&clients, "外 挂 代 练", &["r"], &[CharacterGaps]).await;
    check_each(&clients, "w4llhack", &[], &[]).await;
    let request = ExportRuleSetRequest::default();
    let exported = clients.rules.clone().export_rule_set(request).await.unwrap().into_inner();
    let again = apply(&exported.document).await.unwrap().into_inner();
    assert_eq!(again.changes, [], "{}", exported.document);
    let status = apply(&DOCUMENT.replace("SHUFFLE", "SHUFLE")).await.unwrap_err();
    assert_eq!((reason(&status).as_str(), &*violated(&status)[0]), ("INVALID_FIELD", "document"));
    assert!(format!("{status:?}").contains("SHUFLE"), "{status:?}");
}

/// Switch, words and disguises of each row of the table in `docs/policy.md`.
fn documented() -> Vec<(Transformation, Vec<String>, Vec<String>)> {
    let quoted = |cell: &str| {
        let pieces = cell.split('`').skip(1).step_by(2);
        pieces.map(str::to_owned).collect::<Vec<_>>()
    };
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [switch, _, words, disguises] = cells[..] else { return None };
        let name = switch.strip_prefix("| `")?.strip_suffix('`')?;
        let switch = Transformation::from_str_name(&format!("TRANSFORMATION_{name}"))?;
        let disguises = match switch {
            Transformation::Canonical => vec!["cafe\u{301}".to_owned()],
            Transformation::Invisible => vec!["go\u{200b}ld".to_owned()],
            _ => quoted(disguises),
        };
        Some((switch, quoted(words), disguises))
    };
    include_str!("../../docs/policy.md").lines().filter_map(row).collect()
}

#[tokio::test]
async fn every_documented_example_holds() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let rows = documented();
    assert_eq!(rows.len(), 26, "a row for each switch");
    for (index, (one, words, disguises)) in rows.into_iter().enumerate() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let id = format!("r-{index}");
        let request = rule(&id, &words, |text| {
            text.normalize = NormalizationSet::None as i32;
            text.transformations = vec![switch(one, true)];
            if one == Transformation::Emoji {
                text.transformations.push(switch(Transformation::Homophone, true));
            }
            if one == Transformation::RunTogether {
                text.r#match = MatchMode::Word as i32;
            }
        });
        create(&clients, vec![request]).await;
        for disguise in disguises {
            let verdict = check(&clients, message(&disguise)).await.unwrap();
            assert!(rule_ids(&verdict).contains(&id.as_str()), "{one:?}: {disguise}");
        }
    }
}
