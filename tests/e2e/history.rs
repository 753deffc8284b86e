//! History: compared, gone back to, followed.

use tonic::Code;
use umpire_proto::v1::{
    ActionKind::Intercept,
    DeleteRuleRequest, DeleteWordListRequest, DiffRevisionsRequest, GetRevisionRequest,
    ImportWordListRequest, RollbackToRevisionRequest, UndeleteWordListRequest,
    WatchRevisionsRequest, WatchRevisionsResponse,
    revision::{Change, ChangeKind},
    watch_revisions_response::Event,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, violated, word_rule};

async fn import(clients: &Clients, words: &[&str]) -> i64 {
    let request = ImportWordListRequest {
        word_list_id: "l".into(),
        content: words.join("\n").into_bytes().into(),
        replace: true,
        ..<_>::default()
    };
    clients.rules.clone().import_word_list(request).await.unwrap().into_inner().revision
}

async fn diff(clients: &Clients, from: i64, to: i64) -> Vec<Change> {
    let request = DiffRevisionsRequest { from_revision: from, to_revision: to, ..<_>::default() };
    clients.rules.clone().diff_revisions(request).await.unwrap().into_inner().changes
}

fn rollback(number: i64) -> RollbackToRevisionRequest {
    RollbackToRevisionRequest {
        name: format!("tenants/default/revisions/{number}"),
        reason: "too strict".into(),
        ..<_>::default()
    }
}

/// Five revisions: rule a, list of three, rule b, list of two others, rule a gone.
async fn history(clients: &Clients) {
    let mut rules = clients.rules.clone();
    rules.create_rule(word_rule("a", &["first"], &[Intercept])).await.unwrap();
    assert_eq!(import(clients, &["x", "y", "z"]).await, 2);
    rules.create_rule(word_rule("b", &["second"], &[])).await.unwrap();
    assert_eq!(import(clients, &["y", "w"]).await, 4);
    let name = "tenants/default/rules/a".into();
    rules.delete_rule(DeleteRuleRequest { name, ..<_>::default() }).await.unwrap();
}

/// Kind of each rule's change, and words of the list's that came and went.
fn summary(changes: &[Change]) -> (Vec<(&str, ChangeKind)>, Vec<&str>, Vec<&str>) {
    let rules = changes.iter().filter(|change| !change.rule.is_empty());
    let rules = rules.map(|change| (change.rule.rsplit('/').next().unwrap(), change.kind()));
    let entries = changes.iter().flat_map(|change| &change.entries);
    let entries: Vec<_> = entries.flat_map(|entries| &entries.changes).collect();
    let came = entries.iter().filter(|change| change.before.is_none());
    let went = entries.iter().filter(|change| change.after.is_none());
    (
        rules.collect(),
        came.map(|change| &*change.after.as_ref().unwrap().word).collect(),
        went.map(|change| &*change.before.as_ref().unwrap().word).collect(),
    )
}

#[tokio::test]
async fn revisions_are_deltas_and_compare_both_ways() {
    let mut server = TestServer::start().await;
    history(&server.clients()).await;
    server.restart().await;
    let clients = server.clients();
    let get = GetRevisionRequest { name: "tenants/default/revisions/4".into() };
    let fourth = clients.rules.clone().get_revision(get).await.unwrap().into_inner();
    let changes = fourth.revision.unwrap().changes;
    assert_eq!(summary(&changes), (vec![], vec!["w"], vec!["x", "z"]), "the delta alone");
    let counts = changes[0].entries.as_ref().unwrap();
    assert_eq!((counts.added, counts.updated, counts.removed), (1, 0, 2));

    use ChangeKind::{Created, Deleted};
    assert_eq!(
        summary(&diff(&clients, 0, 0).await),
        (vec![("b", Created)], vec!["w", "y"], vec![])
    );
    assert_eq!(
        summary(&diff(&clients, 1, 5).await),
        (vec![("a", Deleted), ("b", Created)], vec!["w", "y"], vec![])
    );
    assert_eq!(
        summary(&diff(&clients, 5, 2).await),
        (vec![("a", Created), ("b", Deleted)], vec!["x", "z"], vec!["w"])
    );
    assert_eq!(diff(&clients, 3, 3).await, []);
    let request = DiffRevisionsRequest { from_revision: 9, ..<_>::default() };
    let missing = clients.rules.clone().diff_revisions(request).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
}

#[tokio::test]
async fn rolling_back_is_a_revision_with_author_and_reason() {
    let mut server = TestServer::start().await;
    history(&server.clients()).await;
    let clients = server.clients();
    let mut rules = clients.rules.clone();
    assert!(check(&clients, message("first")).await.unwrap().matches.is_empty());
    let without = RollbackToRevisionRequest { reason: " ".into(), ..rollback(2) };
    assert_eq!(violated(&rules.rollback_to_revision(without).await.unwrap_err()), ["reason"]);
    for name in ["tenants/default/revisions/9", "tenants/default/revisions/0"] {
        let request = RollbackToRevisionRequest { name: name.into(), ..rollback(2) };
        assert_eq!(reason(&rules.rollback_to_revision(request).await.unwrap_err()), "NOT_FOUND");
    }
    let dry = RollbackToRevisionRequest { validate_only: true, ..rollback(2) };
    let dry = rules.rollback_to_revision(dry).await.unwrap().into_inner().revision.unwrap();
    assert_eq!(dry.number, 5, "nothing happened");

    let made = rules.rollback_to_revision(rollback(2)).await.unwrap().into_inner();
    let made = made.revision.unwrap();
    assert_eq!((made.number, &*made.author, &*made.reason), (6, "local", "too strict"));
    use ChangeKind::{Deleted, Undeleted};
    assert_eq!(
        summary(&made.changes),
        (vec![("a", Undeleted), ("b", Deleted)], vec!["x", "z"], vec!["w"])
    );
    server.restart().await;
    let clients = server.clients();
    assert_eq!(check(&clients, message("first")).await.unwrap().matches.len(), 1);
    assert_eq!(diff(&clients, 2, 6).await, [], "as it was");
    // Going back to what is changes nothing; going back from going back works.
    let same = clients.rules.clone().rollback_to_revision(rollback(2)).await.unwrap();
    assert_eq!(same.into_inner().revision.unwrap().number, 6);
    clients.rules.clone().rollback_to_revision(rollback(5)).await.unwrap();
    assert_eq!(diff(&clients, 5, 7).await, []);
}

#[tokio::test]
async fn a_list_comes_and_goes_with_all_its_entries() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut rules = clients.rules.clone();
    rules.create_rule(word_rule("a", &["first"], &[])).await.unwrap();
    import(&clients, &["x", "y"]).await;
    import(&clients, &["y", "z"]).await;
    let name = "tenants/default/wordLists/l".to_owned();
    let delete = DeleteWordListRequest { name: name.clone(), ..<_>::default() };
    rules.delete_word_list(delete).await.unwrap();
    assert_eq!(summary(&diff(&clients, 1, 3).await), (vec![], vec!["y", "z"], vec![]));
    assert_eq!(summary(&diff(&clients, 2, 4).await), (vec![], vec![], vec!["x", "y"]));
    assert_eq!(summary(&diff(&clients, 4, 2).await), (vec![], vec!["x", "y"], vec![]));
    assert_eq!(diff(&clients, 1, 4).await, []);
    // Going back to before the list was made hides it with its entries.
    let back = UndeleteWordListRequest { name: name.clone(), ..<_>::default() };
    rules.undelete_word_list(back.clone()).await.unwrap();
    rules.rollback_to_revision(rollback(1)).await.unwrap();
    let back = rules.undelete_word_list(back).await.unwrap().into_inner().word_list.unwrap();
    assert_eq!(back.entry_count, 2);
}

async fn next(events: &mut tonic::Streaming<WatchRevisionsResponse>) -> (String, Event) {
    let event = events.message().await.unwrap().unwrap();
    (event.resume_token, event.event.unwrap())
}

#[tokio::test]
async fn revisions_are_followed_without_gap_or_repeat() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(word_rule("a", &["x"], &[])).await.unwrap();
    let watch = async |clients: &Clients, resume_token: &str| {
        let request = WatchRevisionsRequest { resume_token: resume_token.into(), ..<_>::default() };
        clients.rules.clone().watch_revisions(request).await
    };
    let mut events = watch(&clients, "").await.unwrap().into_inner();
    let (first, event) = next(&mut events).await;
    assert!(matches!(event, Event::Checkpoint(at) if at.revision == 1), "from now on");
    for id in ["b", "c", "d"] {
        clients.rules.clone().create_rule(word_rule(id, &["x"], &[])).await.unwrap();
    }
    let (second, event) = next(&mut events).await;
    assert!(matches!(event, Event::Revision(revision) if revision.number == 2));
    drop(events);
    server.restart().await;
    let clients = server.clients();
    for (token, numbers) in [(&first, 2..=4), (&second, 3..=4)] {
        let mut events = watch(&clients, token).await.unwrap().into_inner();
        assert!(matches!(next(&mut events).await.1, Event::Checkpoint(_)));
        for number in numbers {
            let (_, event) = next(&mut events).await;
            assert!(matches!(event, Event::Revision(revision) if revision.number == number));
        }
    }
    let broken = watch(&clients, "damaged").await.unwrap_err();
    assert_eq!(reason(&broken), "INVALID_RESUME_TOKEN");
}
