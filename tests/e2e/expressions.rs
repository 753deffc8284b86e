//! Rules that are expressions in CEL.

use tonic::{Code, Status};
use umpire_proto::v1::{
    Action,
    ActionKind::{self, Intercept, Log, Mask, Review},
    ApplyRuleSetRequest, CheckMessageRequest, Conversation, ConversationKind, CreateRuleRequest,
    Decision, Exemption, ExportRuleSetRequest, ExpressionCondition, GetRuleRequest, Level,
    ListAuditRecordsRequest, Message, Rule, RuleMode, Scope, Sender, TestRulesRequest,
    UpdateRuleRequest, Verdict, VerdictView,
    exemption::Subject,
    rule::Condition,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, rule_ids, violated, word_rule};

fn expression(cel: &str) -> Option<Condition> {
    Some(Condition::Expression(ExpressionCondition { cel: cel.into() }))
}

fn expression_rule(id: &str, cel: &str, actions: &[ActionKind]) -> CreateRuleRequest {
    let request = word_rule(id, &[], actions);
    let rule = Rule { condition: expression(cel), ..request.rule.unwrap() };
    CreateRuleRequest { rule: Some(rule), ..request }
}

async fn create(clients: &Clients, request: CreateRuleRequest) -> Result<Rule, Status> {
    let created = clients.rules.clone().create_rule(request).await?;
    Ok(created.into_inner().rule.unwrap())
}

fn from(sender: Sender, text: &str) -> Message {
    Message { sender: Some(sender), ..message(text) }
}

fn beginner(text: &str) -> Message {
    from(Sender { total_recharge: Some(0), level: Some(1), ..<_>::default() }, text)
}

async fn judged(clients: &Clients, message: Message) -> (Decision, Vec<String>) {
    let verdict = check(clients, message).await.unwrap();
    (verdict.decision(), rule_ids(&verdict).into_iter().map(str::to_owned).collect())
}

#[tokio::test]
async fn an_expression_needs_no_text_rule() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let cel = "sender.total_recharge < 100 && sender.level <= 3 && message.text.contains('http')";
    create(&clients, expression_rule("beginner-links", cel, &[Review])).await.unwrap();
    let verdict = check(&clients, beginner("see http://x")).await.unwrap();
    assert_eq!((verdict.decision(), verdict.level()), (Decision::Review, Level::P2));
    let found = &verdict.matches[0];
    assert_eq!(
        (found.rule.as_str(), found.word.as_str(), found.field.as_str(), found.spans.len()),
        ("tenants/default/rules/beginner-links", "expression", "text", 0)
    );
    assert!(!verdict.audit_record.is_empty(), "what matched is recorded");
    for passing in [
        beginner("hello"),
        message("see http://x"),
        from(Sender { total_recharge: Some(5_000), level: Some(1), ..<_>::default() }, "http://x"),
    ] {
        assert_eq!(judged(&clients, passing).await, (Decision::Pass, vec![]));
    }
    let mut audit = clients.audit.clone();
    let listed = audit.list_audit_records(ListAuditRecordsRequest::default()).await.unwrap();
    assert_eq!(listed.into_inner().audit_records.len(), 1);
}

#[tokio::test]
async fn an_expression_sees_what_text_rules_found() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut ads = word_rule("ads", &["buy gold", "cheap"], &[Log]);
    ads.rule.as_mut().unwrap().labels = vec!["ad".into()];
    create(&clients, ads).await.unwrap();
    let mut contact = word_rule("contact", &["call me"], &[Log]);
    contact.rule.as_mut().unwrap().mode = RuleMode::Shadow as i32;
    create(&clients, contact).await.unwrap();
    let both =
        "matches.exists(m, 'ad' in m.labels) && matches.exists(m, m.rule == 'contact' && m.shadow)";
    create(&clients, expression_rule("ad-with-contact", both, &[Intercept])).await.unwrap();
    let many = "matches.filter(m, m.rule == 'ads').size() >= 2";
    create(&clients, expression_rule("many-ads", many, &[Review])).await.unwrap();
    // Expressions do not see one another.
    let others = "matches.exists(m, m.word == 'expression')";
    create(&clients, expression_rule("others", others, &[Intercept])).await.unwrap();
    for (text, decision, rules) in [
        ("hello", Decision::Pass, vec![]),
        ("buy gold", Decision::Pass, vec!["ads"]),
        ("call me", Decision::Pass, vec!["contact"]),
        ("buy gold cheap", Decision::Review, vec!["ads", "ads", "many-ads"]),
        ("call me, buy gold", Decision::Block, vec!["ad-with-contact", "ads", "contact"]),
    ] {
        let (got, mut matched) = judged(&clients, message(text)).await;
        matched.sort();
        assert_eq!(
            (got, matched),
            (decision, rules.into_iter().map(str::to_owned).collect()),
            "{text}"
        );
    }
}

#[tokio::test]
async fn facts_of_sender_and_conversation_count() {
    let server = TestServer::start().await;
    let clients = server.clients();
    for (id, cel) in [
        ("world", "conversation.kind == 'WORLD' && message.length > 20"),
        ("vip", "sender.attributes.tier == 'new' || 'banned' in sender.attributes"),
        ("attachment", r"message.attachments.exists(a, a.matches('(?i)\\.(exe|scr)$'))"),
    ] {
        create(&clients, expression_rule(id, cel, &[Log])).await.unwrap();
    }
    let conversation = Conversation { kind: ConversationKind::World as i32, ..<_>::default() };
    let long = Message { conversation: Some(conversation), ..message(&"哈".repeat(21)) };
    assert_eq!(judged(&clients, long).await.1, ["world"]);
    assert!(judged(&clients, message(&"哈".repeat(21))).await.1.is_empty());
    let with = |key: &str, value: &str| {
        let attributes = [(key.to_owned(), value.to_owned())].into();
        from(Sender { attributes, ..<_>::default() }, "hi")
    };
    assert_eq!(judged(&clients, with("tier", "new")).await.1, ["vip"]);
    assert_eq!(judged(&clients, with("banned", "")).await.1, ["vip"]);
    assert!(judged(&clients, with("tier", "old")).await.1.is_empty());
    let file = umpire_proto::v1::attachment::File { name: "a.EXE".into(), ..<_>::default() };
    let content = Some(umpire_proto::v1::attachment::Content::File(file));
    let attachment = umpire_proto::v1::Attachment { content };
    let sent = Message { attachments: vec![attachment], ..<_>::default() };
    assert_eq!(judged(&clients, sent).await.1, ["attachment"]);
}

async fn traced(clients: &Clients, message: Message) -> Verdict {
    let request = CheckMessageRequest {
        message: Some(message),
        view: VerdictView::Trace as i32,
        ..<_>::default()
    };
    clients.moderation.clone().check_message(request).await.unwrap().into_inner().verdict.unwrap()
}

#[tokio::test]
async fn scope_exemptions_and_failures_let_messages_through() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut request = expression_rule("long", "message.length > 3", &[Intercept]);
    let rule = request.rule.as_mut().unwrap();
    rule.scope = Some(Scope { scenes: vec!["world".into()], ..<_>::default() });
    let subject = Some(Subject::Sender("gm".into()));
    rule.exemptions = vec![Exemption { subject, reason: "staff".into(), ..<_>::default() }];
    create(&clients, request).await.unwrap();
    let failing = "message.scene == 'arena' && sender.attributes.rank == 'x'";
    create(&clients, expression_rule("failing", failing, &[Intercept])).await.unwrap();
    let at = |scene: &str, message: Message| Message { scene: scene.into(), ..message };
    assert_eq!(judged(&clients, at("world", message("hello"))).await.0, Decision::Block);
    assert_eq!(judged(&clients, at("guild", message("hello"))).await.0, Decision::Pass);
    for (sent, cause) in [
        (
            at("world", from(Sender { user_id: "gm".into(), ..<_>::default() }, "hello")),
            "exemption",
        ),
        (at("arena", message("hello")), "failed"),
    ] {
        let verdict = traced(&clients, sent).await;
        assert_eq!((verdict.decision(), verdict.matches.len()), (Decision::Pass, 0));
        let cancelled = verdict.trace.unwrap().cancelled;
        assert_eq!(cancelled.len(), 1);
        assert_eq!(cancelled[0].cause, cause);
    }
}

#[tokio::test]
async fn refusals_name_the_field_and_the_place() {
    let server = TestServer::start().await;
    let clients = server.clients();
    for (cel, expected) in [
        ("", "must not be blank"),
        ("sender.name == 'x'", "line 1, column 7: `sender` has no `name`"),
        ("message.length", "must be a condition (bool), and is int"),
        ("message.length == 'x'", "`==` does not go with int and string"),
        ("sender.attributes.all(k, true)", "`all` goes through lists"),
        ("message.text.matches('(')", "the pattern cannot be used"),
        ("user == 1", "`user` is not known"),
    ] {
        let status = create(&clients, expression_rule("x", cel, &[Log])).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{cel}");
        assert_eq!(violated(&status), ["rule.expression.cel"], "{cel}");
        let details = tonic_types::StatusExt::get_error_details(&status);
        let told = &details.bad_request().unwrap().field_violations[0].description;
        assert!(told.contains(expected), "{cel}: {told}");
    }
    for hostile in [
        "(".repeat(4_000),
        "[".repeat(4_000),
        format!("{}1 == 1", "1 + ".repeat(1_000)),
        "a?".repeat(2_000),
    ] {
        let status = create(&clients, expression_rule("x", &hostile, &[Log])).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
    }
    let mask = create(&clients, expression_rule("x", "true", &[Mask])).await.unwrap_err();
    assert_eq!(violated(&mask), ["rule.actions[0].kind"]);
    let mut phrase = expression_rule("x", "true", &[Log]);
    let subject = Some(Subject::Phrase("x".into()));
    phrase.rule.as_mut().unwrap().exemptions =
        vec![Exemption { subject, reason: "none".into(), ..<_>::default() }];
    let phrase = create(&clients, phrase).await.unwrap_err();
    assert_eq!(violated(&phrase), ["rule.exemptions[0].phrase"]);
}

#[tokio::test]
async fn expressions_are_kept_changed_and_tried() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    let request = expression_rule("e", "message.length > 3", &[Intercept]);
    let rule = create(&clients, request).await.unwrap();
    server.restart().await;
    let mut clients = server.clients();
    let read = clients.rules.get_rule(GetRuleRequest { name: rule.name.clone() }).await.unwrap();
    assert_eq!(read.into_inner().rule.unwrap().condition, expression("message.length > 3"));
    assert_eq!(judged(&clients, message("four")).await.0, Decision::Block);
    let paths = vec!["expression".to_owned()];
    let change = UpdateRuleRequest {
        rule: Some(Rule { condition: expression("message.length > 4"), ..rule.clone() }),
        update_mask: Some(prost_types::FieldMask { paths }),
        ..<_>::default()
    };
    clients.rules.update_rule(change).await.unwrap();
    assert_eq!(judged(&clients, message("four")).await.0, Decision::Pass);

    let action = Action { kind: Review as i32, ..<_>::default() };
    let draft = Rule {
        condition: expression("matches.size() == 0 && message.scene == 'trial'"),
        actions: vec![action],
        ..<_>::default()
    };
    let mut tried = TestRulesRequest {
        rules: vec![draft],
        messages: vec![Message { scene: "trial".into(), ..message("hi") }, message("hi")],
        ..<_>::default()
    };
    let answer = clients.rules.test_rules(tried.clone()).await.unwrap().into_inner();
    let decisions: Vec<_> = answer.verdicts.iter().map(Verdict::decision).collect();
    assert_eq!(decisions, [Decision::Review, Decision::Pass]);
    tried.rules[0].condition = expression("1");
    let status = clients.rules.test_rules(tried).await.unwrap_err();
    assert_eq!(
        (reason(&status).as_str(), violated(&status)),
        ("INVALID_FIELD", vec!["rules[0].expression.cel".into()])
    );
}

#[tokio::test]
async fn documents_hold_expressions() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let document = |cel: &str| {
        format!(
            "api_version: umpire/v1
rules:
  - id: links
    expression: {{cel: \"{cel}\"}}
    actions: [{{kind: REVIEW}}]
tests:
  - id: link
    message: {{text: 'http://x', scene: world}}
    decision: REVIEW
  - id: none
    message: {{text: 'hello', scene: world}}
    decision: PASS
"
        )
    };
    let apply = |cel: &str| ApplyRuleSetRequest { document: document(cel), ..<_>::default() };
    clients.rules.apply_rule_set(apply("message.text.contains('http')")).await.unwrap();
    assert_eq!(judged(&clients, message("see http")).await.0, Decision::Review);
    let exported = clients.rules.export_rule_set(ExportRuleSetRequest::default()).await.unwrap();
    let exported = exported.into_inner().document;
    assert!(exported.contains("expression:") && exported.contains("cel:"), "{exported}");
    let again = ApplyRuleSetRequest { document: exported, ..<_>::default() };
    assert_eq!(clients.rules.apply_rule_set(again).await.unwrap().into_inner().changes, []);
    let failed = clients.rules.apply_rule_set(apply("message.text == ''")).await.unwrap_err();
    assert_eq!(reason(&failed), "TESTS_FAILED");
    let refused = clients.rules.apply_rule_set(apply("message.nothing")).await.unwrap_err();
    assert_eq!(violated(&refused), ["document.rules[0].expression.cel"]);
}
