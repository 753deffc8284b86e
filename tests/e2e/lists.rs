//! Word lists: filled from files, used by rules, changed entry by entry.

use prost_types::Timestamp;
use std::collections::BTreeSet;
use tonic::{Code, Status};
use umpire_proto::v1::{
    ActionKind::Log, BatchUpdateWordListEntriesRequest, CreateRuleRequest, CreateWordListRequest,
    DeleteRuleRequest, DeleteWordListRequest, Exemption, ExportWordListRequest, GetWordListRequest,
    ImportWordListRequest, ImportWordListResponse, Level, ListRevisionsRequest,
    ListWordListEntriesRequest, ListWordListsRequest, MatchMode, Message, Rule, RuleMode, Scope,
    TextCondition, UndeleteRuleRequest, UndeleteWordListRequest, UpdateWordListRequest, WordList,
    WordListEntry, WordListFormat, WordListPurpose, exemption::Subject, rule::Condition,
};
use umpire_testkit::{
    Clients, ServerProcess, TestServer, check, message, reason, rule_ids, violated, word_rule,
};

fn list_name(id: &str) -> String {
    format!("tenants/default/wordLists/{id}")
}

async fn import(
    clients: &Clients,
    id: &str,
    format: WordListFormat,
    content: impl Into<Vec<u8>>,
) -> Result<ImportWordListResponse, Status> {
    let request = ImportWordListRequest {
        word_list_id: id.into(),
        format: format as i32,
        content: content.into().into(),
        ..<_>::default()
    };
    Ok(clients.rules.clone().import_word_list(request).await?.into_inner())
}

async fn replace(
    clients: &Clients,
    id: &str,
    content: Vec<u8>,
) -> Result<ImportWordListResponse, Status> {
    let request = ImportWordListRequest {
        word_list_id: id.into(),
        content: content.into(),
        replace: true,
        ..<_>::default()
    };
    Ok(clients.rules.clone().import_word_list(request).await?.into_inner())
}

/// A rule that looks for a list.
fn list_rule(id: &str, list: &str) -> CreateRuleRequest {
    let mut request = word_rule(id, &[], &[Log]);
    let text = TextCondition { word_list: list_name(list), ..<_>::default() };
    request.rule.as_mut().unwrap().condition = Some(Condition::Text(text));
    request
}

async fn make(clients: &Clients, request: CreateRuleRequest) -> Rule {
    clients.rules.clone().create_rule(request).await.unwrap().into_inner().rule.unwrap()
}

fn words(found: &[umpire_proto::v1::Match]) -> Vec<&str> {
    found.iter().map(|found| found.word.as_str()).collect()
}

async fn found(clients: &Clients, text: &str) -> Vec<String> {
    let verdict = check(clients, message(text)).await.unwrap();
    words(&verdict.matches).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_form_of_file_is_live_when_the_call_returns() {
    let server = TestServer::start().await;
    let clients = server.clients();
    for (id, format, content) in [
        ("plain", WordListFormat::Plain, "gold\r\n=gg\n"),
        ("tsv", WordListFormat::Tsv, "gold\tspam\n=gg\tnoise\n"),
        ("csv", WordListFormat::Csv, "word,match,category,level\ngold,,spam,P0\ngg,EXACT,,\n"),
        ("json", WordListFormat::Json, r#"[{"word": "gold", "category": "spam"}, "=gg"]"#),
    ] {
        let imported = import(&clients, id, format, content).await.unwrap();
        assert_eq!((imported.accepted, imported.duplicates), (2, 0), "{id}");
        assert_eq!(imported.word_list.unwrap().entry_count, 2);
        make(&clients, list_rule(id, id)).await;
    }
    let verdict = check(&clients, message("cheap GOLD gg")).await.unwrap();
    assert_eq!(rule_ids(&verdict), ["csv", "json", "plain", "tsv"], "P0 first");
    assert_eq!(verdict.level(), Level::P0);
    assert_eq!(verdict.labels, ["spam"]);
    let verdict = check(&clients, message(" GG ")).await.unwrap();
    assert_eq!(rule_ids(&verdict), ["csv", "json", "plain", "tsv"], "EXACT");
    assert_eq!(words(&verdict.matches), ["gg"; 4]);
}

#[tokio::test]
async fn bad_lines_are_told_and_the_rest_is_taken() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let content = format!("a\nb\u{7}c\n{}\n=\na\n d \n", "长".repeat(10_001));
    let imported = import(&clients, "l", WordListFormat::Plain, content.clone()).await.unwrap();
    let rejected: Vec<_> = imported.rejected.iter().map(|bad| bad.line).collect();
    assert_eq!((imported.accepted, imported.duplicates, imported.rejected_count), (2, 1, 3));
    assert_eq!(rejected, [2, 3, 4]);
    assert_eq!(imported.rejected[0].reason, "control character U+0007");
    // Again: everything is there already.
    let again = import(&clients, "l", WordListFormat::Plain, content.clone()).await.unwrap();
    assert_eq!((again.accepted, again.duplicates, again.revision), (0, 3, imported.revision));
    let strict = ImportWordListRequest {
        word_list_id: "strict".into(),
        content: content.into_bytes().into(),
        strict: true,
        ..<_>::default()
    };
    let refused = clients.rules.clone().import_word_list(strict).await.unwrap_err();
    assert_eq!((reason(&refused).as_str(), violated(&refused).len()), ("INVALID_FIELD", 3));
    let get = GetWordListRequest { name: list_name("strict") };
    assert_eq!(clients.rules.clone().get_word_list(get).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn files_that_cannot_be_read_change_nothing() {
    let server = TestServer::start().await;
    let clients = server.clients();
    import(&clients, "l", WordListFormat::Plain, "keep").await.unwrap();
    for (format, content) in [
        (WordListFormat::Plain, &b""[..]),
        (WordListFormat::Plain, b"\n\n"),
        (WordListFormat::Plain, b"caf\xe9"),
        (WordListFormat::Plain, b"\xff\xfea"),
        (WordListFormat::Csv, b"id,lang\n1,en\n"),
        (WordListFormat::Csv, b""),
        (WordListFormat::Json, b"{\"word\": \"x\"}"),
        (WordListFormat::Json, b"[\"x\""),
        (WordListFormat::Json, b"[]"),
    ] {
        let request = ImportWordListRequest {
            word_list_id: "l".into(),
            format: format as i32,
            content: content.to_vec().into(),
            replace: true,
            ..<_>::default()
        };
        let status = clients.rules.clone().import_word_list(request).await.unwrap_err();
        assert_eq!((status.code(), &*violated(&status)[0]), (Code::InvalidArgument, "content"));
    }
    let wrong = ImportWordListRequest {
        word_list_id: "l".into(),
        content: b"x".to_vec().into(),
        purpose: WordListPurpose::Allow as i32,
        ..<_>::default()
    };
    let status = clients.rules.clone().import_word_list(wrong).await.unwrap_err();
    assert_eq!(violated(&status), ["purpose"]);
    let listed = clients.rules.clone().list_revisions(ListRevisionsRequest::default()).await;
    assert_eq!(listed.unwrap().into_inner().revisions.len(), 1);
}

#[tokio::test]
async fn utf_16_with_a_mark_is_read() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let text = "\u{feff}外挂\r\n代练";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let imported = import(&clients, "l", WordListFormat::Plain, bytes).await.unwrap();
    assert_eq!(imported.accepted, 2);
    make(&clients, list_rule("r", "l")).await;
    assert_eq!(found(&clients, "找代练").await, ["代练"]);
}

/// Two lists take turns while messages are judged: each verdict must be that of one of
/// them whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sees_half_a_list() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let file = |stem: &str| {
        let words: String = (0..3_000).map(|number| format!("{stem}{number}\n")).collect();
        words.into_bytes()
    };
    let (alpha, beta) = (file("alpha"), file("beta"));
    replace(&clients, "l", alpha.clone()).await.unwrap();
    let mut rule = list_rule("r", "l");
    let Some(Condition::Text(text)) = &mut rule.rule.as_mut().unwrap().condition else { panic!() };
    text.r#match = MatchMode::Word as i32;
    make(&clients, rule).await;
    let text = "alpha0 beta0 alpha1500 beta1500 alpha2999 beta2999";
    let expected = [["alpha0", "alpha1500", "alpha2999"], ["beta0", "beta1500", "beta2999"]];
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let checkers: Vec<_> = (0..2)
        .map(|_| {
            let (clients, stopped) = (clients.clone(), stopped.clone());
            tokio::spawn(async move {
                let mut seen = BTreeSet::new();
                while !*stopped.borrow() {
                    let found = found(&clients, text).await;
                    let which = expected.iter().position(|whole| *whole == *found);
                    seen.insert(which.unwrap_or_else(|| panic!("half a list: {found:?}")));
                }
                seen
            })
        })
        .collect();
    for turn in 0..20 {
        let content = if turn % 2 == 0 { &beta } else { &alpha };
        let imported = replace(&clients, "l", content.clone()).await.unwrap();
        assert_eq!((imported.added, imported.removed), (3_000, 3_000));
        // Live when the call returns.
        let now = found(&clients, text).await;
        assert_eq!(now, expected[usize::from(turn % 2 == 0)]);
    }
    stop.send(true).unwrap();
    for checker in checkers {
        assert!(!checker.await.unwrap().is_empty());
    }
}

async fn entries(clients: &Clients, filter: &str) -> Vec<WordListEntry> {
    let mut request = ListWordListEntriesRequest {
        parent: list_name("l"),
        page_size: 2,
        filter: filter.into(),
        ..<_>::default()
    };
    let mut all = Vec::new();
    loop {
        let page = clients.rules.clone().list_word_list_entries(request.clone()).await;
        let page = page.unwrap().into_inner();
        all.extend(page.entries);
        if page.next_page_token.is_empty() {
            return all;
        }
        request.page_token = page.next_page_token;
    }
}

fn update(put: Vec<WordListEntry>, remove: &[&str]) -> BatchUpdateWordListEntriesRequest {
    BatchUpdateWordListEntriesRequest {
        parent: list_name("l"),
        entries: put,
        remove_words: remove.iter().map(|&word| word.to_owned()).collect(),
        ..<_>::default()
    }
}

fn entry(word: &str) -> WordListEntry {
    WordListEntry { word: word.into(), ..<_>::default() }
}

#[tokio::test]
async fn entries_are_listed_searched_added_expired_and_removed() {
    let server = TestServer::start().await;
    let clients = server.clients();
    import(&clients, "l", WordListFormat::Tsv, "外挂\t作弊\n代练\t作弊\n金币\t交易").await.unwrap();
    make(&clients, list_rule("r", "l")).await;
    let listed = |entries: &[WordListEntry]| -> Vec<String> {
        entries.iter().map(|entry| entry.word.clone()).collect()
    };
    assert_eq!(listed(&entries(&clients, "").await), ["代练", "外挂", "金币"]);
    assert_eq!(listed(&entries(&clients, "category = 作弊").await), ["代练", "外挂"]);
    assert_eq!(listed(&entries(&clients, "word:挂").await), ["外挂"]);

    // 03:00 on the server's clock.
    let noon = Timestamp { seconds: 1_795_348_800, nanos: 0 };
    let until = WordListEntry { end_time: Some(noon), level: Level::P0 as i32, ..entry("外挂") };
    let request = update(vec![until, entry("刷单")], &["金币", "没有"]);
    let updated = clients.rules.clone().batch_update_word_list_entries(request.clone()).await;
    let updated = updated.unwrap().into_inner();
    assert_eq!((updated.added, updated.updated, updated.removed), (1, 1, 1));
    assert_eq!(updated.unknown_words, ["没有"]);
    assert_eq!(updated.word_list.unwrap().entry_count, 3);
    assert_eq!(found(&clients, "外挂 刷单 金币").await, ["外挂", "刷单"], "P0 first");
    assert_eq!(listed(&entries(&clients, "level = P0").await), ["外挂"]);
    server.clock.advance_seconds(9 * 3_600);
    assert_eq!(found(&clients, "外挂 刷单 金币").await, ["刷单"], "expired");

    for (bad, path) in [
        (update(vec![entry("a"), entry(" a ")], &[]), "entries[1].word"),
        (update(vec![entry("a")], &["a"]), "entries[0].word"),
        (update(vec![entry(" ")], &[]), "entries[0]"),
        (update(vec![WordListEntry { level: 9, ..entry("a") }], &[]), "entries[0].level"),
        (update(vec![], &[]), "entries"),
    ] {
        let status = clients.rules.clone().batch_update_word_list_entries(bad).await.unwrap_err();
        assert_eq!(violated(&status), [path]);
    }
    let stale = BatchUpdateWordListEntriesRequest { etag: "l1".into(), ..request };
    let status = clients.rules.clone().batch_update_word_list_entries(stale).await.unwrap_err();
    assert_eq!(reason(&status), "ETAG_MISMATCH");
}

#[tokio::test]
async fn lists_in_use_stay_and_unknown_ones_are_refused() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut rules = clients.rules.clone();
    let unknown = rules.create_rule(list_rule("r", "l")).await.unwrap_err();
    assert_eq!(violated(&unknown), ["rule.text.word_list"]);
    import(&clients, "l", WordListFormat::Plain, "bad").await.unwrap();
    make(&clients, list_rule("r", "l")).await;
    let delete = DeleteWordListRequest { name: list_name("l"), ..<_>::default() };
    let refused = rules.delete_word_list(delete.clone()).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::FailedPrecondition, "IN_USE"));
    assert!(refused.message().contains("tenants/default/rules/r"), "{}", refused.message());

    let mut allows = word_rule("s", &["x"], &[]);
    let Some(Condition::Text(text)) = &mut allows.rule.as_mut().unwrap().condition else {
        panic!()
    };
    text.allow_lists = vec![list_name("l")];
    let wrong = rules.create_rule(allows.clone()).await.unwrap_err();
    assert_eq!(violated(&wrong), ["rule.text.allow_lists[0]"], "its purpose is MATCH");
    let Some(Condition::Text(text)) = &mut allows.rule.as_mut().unwrap().condition else {
        panic!()
    };
    text.allow_lists = vec!["tenants/other/wordLists/l".into()];
    let foreign = rules.create_rule(allows).await.unwrap_err();
    assert_eq!(violated(&foreign), ["rule.text.allow_lists[0]"]);

    let rule = "tenants/default/rules/r".to_owned();
    rules.delete_rule(DeleteRuleRequest { name: rule.clone(), ..<_>::default() }).await.unwrap();
    rules.delete_word_list(delete).await.unwrap();
    let undelete = UndeleteRuleRequest { name: rule, ..<_>::default() };
    let missing = rules.undelete_rule(undelete.clone()).await.unwrap_err();
    assert_eq!(violated(&missing), ["rule.text.word_list"]);
    let back = UndeleteWordListRequest { name: list_name("l"), ..<_>::default() };
    let back = rules.undelete_word_list(back).await.unwrap().into_inner().word_list.unwrap();
    assert_eq!(back.entry_count, 1, "entries and all");
    rules.undelete_rule(undelete).await.unwrap();
    assert_eq!(found(&clients, "so bad").await, ["bad"]);
}

#[tokio::test]
async fn allow_lists_cancel_what_lies_inside_and_nothing_else() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    let mut rules = clients.rules.clone();
    let allow = |id: &str, all_rules: bool, scenes: &[&str]| CreateWordListRequest {
        word_list_id: id.into(),
        word_list: Some(WordList {
            purpose: WordListPurpose::Allow as i32,
            all_rules,
            scope: Some(Scope {
                scenes: scenes.iter().map(|&scene| scene.to_owned()).collect(),
                ..<_>::default()
            }),
            ..<_>::default()
        }),
        ..<_>::default()
    };
    rules.create_word_list(allow("named", false, &[])).await.unwrap();
    rules.create_word_list(allow("everywhere", true, &["mail"])).await.unwrap();
    import(&clients, "named", WordListFormat::Plain, "路口交通").await.unwrap();
    import(&clients, "everywhere", WordListFormat::Plain, "Ｓcunthorpe").await.unwrap();
    let mut naming = word_rule("naming", &["口交", "cunt"], &[]);
    let Some(Condition::Text(text)) = &mut naming.rule.as_mut().unwrap().condition else {
        panic!()
    };
    text.allow_lists = vec![list_name("named")];
    make(&clients, naming).await;
    make(&clients, word_rule("other", &["口交", "cunt"], &[])).await;
    let by = async |clients: &Clients, scene: &str, text: &str| {
        let message = Message { scene: scene.into(), ..message(text) };
        let verdict = check(clients, message).await.unwrap();
        let spans = verdict.matches.iter().map(|found| {
            (found.rule.rsplit('/').next().unwrap().to_owned(), found.spans[0].byte_start)
        });
        spans.collect::<Vec<_>>()
    };
    let both = |at: i32| vec![("naming".to_owned(), at), ("other".to_owned(), at)];
    for _ in 0..2 {
        let clients = server.clients();
        // The phrase holds for the rule that names the list, and for the hit inside it alone.
        let expected = vec![("other".to_owned(), 3), ("naming".to_owned(), 13)];
        assert_eq!(by(&clients, "", "路口交通 口交").await, expected);
        assert_eq!(by(&clients, "mail", "scunthorpe").await, []);
        assert_eq!(by(&clients, "chat", "scunthorpe").await, both(1));
        assert_eq!(by(&clients, "mail", "scunthorpe cunt").await, both(11));
        // The same after a restart.
        server.restart().await;
    }
    let wrong = WordList {
        name: list_name("named"),
        purpose: WordListPurpose::Match as i32,
        ..<_>::default()
    };
    let request = UpdateWordListRequest {
        word_list: Some(wrong),
        update_mask: Some(prost_types::FieldMask { paths: vec!["purpose".into()] }),
        ..<_>::default()
    };
    let refused = server.clients().rules.update_word_list(request).await.unwrap_err();
    assert_eq!(violated(&refused), ["update_mask"]);
}

#[tokio::test]
async fn a_list_comes_out_as_it_went_in() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let content: String =
        (0..5_000).map(|number| format!("word{number:04}\tc{}\n", number % 7)).collect();
    import(&clients, "l", WordListFormat::Tsv, content.clone()).await.unwrap();
    let request =
        ExportWordListRequest { name: list_name("l"), format: WordListFormat::Tsv as i32 };
    let mut parts = clients.rules.clone().export_word_list(request).await.unwrap().into_inner();
    let (mut file, mut count) = (Vec::new(), 0);
    while let Some(part) = parts.message().await.unwrap() {
        file.extend(part.content);
        count += 1;
    }
    assert_eq!(String::from_utf8(file).unwrap(), content);
    assert!(count > 1, "in parts");
    let request = ListWordListsRequest { filter: "entry_count > 10".into(), ..<_>::default() };
    let listed = clients.rules.clone().list_word_lists(request).await.unwrap().into_inner();
    assert_eq!(listed.word_lists.len(), 1);
}

#[tokio::test]
async fn rules_that_are_off_may_not_name_unknown_lists_either() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut off = list_rule("r", "l");
    off.rule.as_mut().unwrap().mode = RuleMode::Off as i32;
    let refused = clients.rules.clone().create_rule(off).await.unwrap_err();
    assert_eq!(violated(&refused), ["rule.text.word_list"]);
    // A list that is not there has no etag.
    let etag = ImportWordListRequest {
        word_list_id: "l".into(),
        content: b"x".to_vec().into(),
        etag: "l7".into(),
        ..<_>::default()
    };
    let refused = clients.rules.clone().import_word_list(etag).await.unwrap_err();
    assert_eq!(reason(&refused), "ETAG_MISMATCH");
}

#[tokio::test]
async fn a_repeated_request_changes_nothing_even_if_the_first_did_not() {
    let server = TestServer::start().await;
    let clients = server.clients();
    import(&clients, "l", WordListFormat::Plain, "a\nb").await.unwrap();
    let same = ImportWordListRequest {
        word_list_id: "l".into(),
        content: b"a\nb".to_vec().into(),
        replace: true,
        request_id: "0194f6a0-0000-7000-8000-000000000001".into(),
        ..<_>::default()
    };
    let first = clients.rules.clone().import_word_list(same.clone()).await.unwrap().into_inner();
    let remove = BatchUpdateWordListEntriesRequest {
        request_id: "0194f6a0-0000-7000-8000-000000000002".into(),
        ..update(vec![entry("night")], &["b", "none"])
    };
    let mut rules = clients.rules.clone();
    let removed = rules.batch_update_word_list_entries(remove.clone()).await.unwrap().into_inner();
    let again = clients.rules.clone().import_word_list(same).await.unwrap().into_inner();
    assert_eq!(again, first);
    assert_eq!(entries(&clients, "").await.len(), 2, "a and night");
    let again = rules.batch_update_word_list_entries(remove).await.unwrap().into_inner();
    assert_eq!((&again, &again.unknown_words[..]), (&removed, &["none".to_owned()][..]));
}

#[tokio::test]
async fn a_time_that_cannot_be_written_is_not_taken() {
    let server = TestServer::start().await;
    let clients = server.clients();
    import(&clients, "l", WordListFormat::Plain, "x").await.unwrap();
    let forever = Timestamp { seconds: 253_402_300_799, nanos: 0 };
    let entry = WordListEntry { end_time: Some(forever), ..entry("x") };
    let mut rules = clients.rules.clone();
    let refused = rules.batch_update_word_list_entries(update(vec![entry], &[])).await.unwrap_err();
    assert_eq!(violated(&refused), ["entries[0].end_time"]);
    let mut exempting = word_rule("r", &["x"], &[]);
    exempting.rule.as_mut().unwrap().exemptions = vec![Exemption {
        subject: Some(Subject::Sender("gm".into())),
        reason: "staff".into(),
        end_time: Some(forever),
    }];
    let refused = rules.create_rule(exempting).await.unwrap_err();
    assert_eq!(violated(&refused), ["rule.exemptions[0].end_time"]);
}

/// A killed import is there whole or not at all.
#[tokio::test]
async fn a_kill_in_the_middle_leaves_the_list_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = |stem: &str, count: usize| -> Vec<u8> {
        let words = (0..count).map(|number| format!("{stem}{number}\n"));
        words.collect::<String>().into_bytes()
    };
    let server = ServerProcess::start(folder.path());
    replace(&server.clients(), "l", file("a", 100)).await.unwrap();
    server.kill();
    let mut count = 100;
    for round in 0..6 {
        let server = ServerProcess::start(folder.path());
        let clients = server.clients();
        let content = file(&format!("r{round}w"), 40_000);
        let importing = tokio::spawn(async move { replace(&clients, "l", content).await.is_ok() });
        // The kill comes somewhere in the import: after this many looks at the server.
        for _ in 0..round * 40 {
            let get = GetWordListRequest { name: list_name("l") };
            server.clients().rules.get_word_list(get).await.unwrap();
        }
        server.kill();
        let told = importing.await.unwrap();
        let server = ServerProcess::start(folder.path());
        let clients = server.clients();
        let arrived = !entries(&clients, &format!("word = r{round}w7")).await.is_empty();
        assert!(arrived || !told, "what was told is there");
        count = if arrived { 40_000 } else { count };
        let get = GetWordListRequest { name: list_name("l") };
        let list = clients.rules.clone().get_word_list(get).await.unwrap().into_inner();
        assert_eq!(list.word_list.unwrap().entry_count, count, "whole, or as before");
        server.kill();
    }
}

/// The list of the figures in BENCHMARKS.md, where it is at hand.
#[tokio::test]
async fn sixty_five_thousand_words() {
    let Some(root) = std::env::var_os("UMPIRE_TEST_DATA") else {
        return println!("UMPIRE_TEST_DATA is not set: no real list is imported.");
    };
    let path = std::path::Path::new(&root).join("data/words/zh/houbb_dict_v20240407.txt");
    let Ok(content) = std::fs::read(&path) else {
        return println!("{} is absent", path.display());
    };
    let mut server = TestServer::start().await;
    let clients = server.clients();
    let imported = import(&clients, "houbb", WordListFormat::Plain, content.clone()).await.unwrap();
    assert_eq!(imported.accepted + imported.rejected_count, 65_141);
    assert!(imported.rejected.iter().all(|bad| bad.reason.starts_with("control character")));
    make(&clients, list_rule("r", "houbb")).await;
    let text = String::from_utf8(content).unwrap();
    let sample: Vec<&str> =
        text.lines().filter(|word| !word.chars().any(char::is_control)).step_by(500).collect();
    server.restart().await;
    for word in sample {
        let verdict = check(&server.clients(), message(&format!("说{word}吗"))).await.unwrap();
        assert!(!verdict.matches.is_empty(), "{word}");
    }
}
