//! No call reaches another tenant: every method is tried with a foreign parent,
//! foreign names and foreign page tokens.

mod alerts;
mod sanctions;

use crate::callers::{make_key, make_tenant};
use alerts::on_alerts;
use sanctions::on_sanctions;
use std::collections::BTreeSet;
use tonic::{Code, Status};
use umpire_api::layers::METHODS;
use umpire_proto::v1::{self as pb, Role};
use umpire_testkit::{Clients, TestServer, check, message, reason, word_rule};

/// What tenant `victim` has, as the intruder might know it.
struct Victim {
    record: String,
    rule_token: String,
    record_token: String,
    revision_token: String,
    key_token: String,
    tenant_token: String,
}

async fn victim(server: &TestServer) -> Victim {
    let operator = server.operator();
    make_tenant(&operator, "victim").await;
    make_tenant(&operator, "intruder").await;
    let key = make_key(&operator, "victim", "k", Role::Admin).await;
    make_key(&operator, "victim", "k2", Role::Admin).await;
    let clients = server.clients_with(&key);
    let mut record = String::new();
    for id in ["a", "b"] {
        clients.rules.clone().create_rule(word_rule(id, &["bad"], &[])).await.unwrap();
        record = check(&clients, message("bad secret of the victim")).await.unwrap().audit_record;
    }
    let rules = pb::ListRulesRequest { page_size: 1, ..<_>::default() };
    let records = pb::ListAuditRecordsRequest { page_size: 1, ..<_>::default() };
    let revisions = pb::ListRevisionsRequest { page_size: 1, ..<_>::default() };
    let keys = pb::ListApiKeysRequest { page_size: 1, ..<_>::default() };
    let tenants = pb::ListTenantsRequest { page_size: 1, ..<_>::default() };
    let Clients { rules: mut rule_client, mut audit, mut admin, .. } = clients;
    let mut operator = operator.admin;
    Victim {
        record,
        rule_token: rule_client.list_rules(rules).await.unwrap().into_inner().next_page_token,
        record_token: audit.list_audit_records(records).await.unwrap().into_inner().next_page_token,
        revision_token: rule_client
            .list_revisions(revisions)
            .await
            .unwrap()
            .into_inner()
            .next_page_token,
        key_token: admin.list_api_keys(keys).await.unwrap().into_inner().next_page_token,
        tenant_token: operator.list_tenants(tenants).await.unwrap().into_inner().next_page_token,
    }
}

/// How an attempt ended: refused with a reason, or answered.
type Attempt = (&'static str, Result<(), Status>);

macro_rules! attempt {
    ($method:literal, $client:expr, $call:ident, $request:expr) => {
        ($method, $client.clone().$call($request).await.map(drop))
    };
}
use attempt;

const PARENT: &str = "tenants/victim";
const RULE: &str = "tenants/victim/rules/a";

async fn on_messages(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.moderation;
    let parent = || PARENT.to_owned();
    let one = pb::CheckMessageRequest {
        parent: parent(),
        message: Some(message("bad")),
        ..<_>::default()
    };
    let batch = pb::BatchCheckMessagesRequest {
        parent: parent(),
        messages: vec![message("bad")],
        ..<_>::default()
    };
    let asked = pb::StreamMessagesRequest { client_seq: 1, check: Some(one.clone()) };
    let mut answers =
        client.clone().stream_messages(tokio_stream::iter([asked])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().result.unwrap();
    let streamed = match answer {
        pb::stream_messages_response::Result::Verdict(_) => Ok(()),
        pb::stream_messages_response::Result::Status(status) => Err(from_rpc(&status)),
    };
    vec![
        attempt!("CheckMessage", client, check_message, one),
        attempt!("BatchCheckMessages", client, batch_check_messages, batch),
        ("StreamMessages", streamed),
    ]
}

fn from_rpc(status: &tonic_types::Status) -> Status {
    use prost::Message;
    let details = status.encode_to_vec().into();
    Status::with_details(Code::from_i32(status.code), status.message.clone(), details)
}

async fn on_rules(intruder: &Clients, victim: &Victim) -> Vec<Attempt> {
    let client = &intruder.rules;
    let (parent, name) = (|| PARENT.to_owned(), || RULE.to_owned());
    let rule = pb::Rule { name: name(), priority: 9, ..<_>::default() };
    let draft = pb::Rule { name: name(), ..word_rule("", &["x"], &[]).rule.unwrap() };
    let create = pb::CreateRuleRequest { parent: parent(), ..word_rule("mine", &["x"], &[]) };
    let list = pb::ListRulesRequest { parent: parent(), ..<_>::default() };
    let list_on = pb::ListRulesRequest {
        page_token: victim.rule_token.clone(),
        page_size: 1,
        ..<_>::default()
    };
    let revisions = pb::ListRevisionsRequest { parent: parent(), ..<_>::default() };
    let revisions_on = pb::ListRevisionsRequest {
        page_token: victim.revision_token.clone(),
        page_size: 1,
        ..<_>::default()
    };
    let revision = pb::GetRevisionRequest { name: "tenants/victim/revisions/1".into() };
    let test = pb::TestRulesRequest { parent: parent(), include_live: true, ..<_>::default() };
    let test_name =
        pb::TestRulesRequest { rules: vec![draft], messages: vec![message("x")], ..<_>::default() };
    vec![
        attempt!("CreateRule", client, create_rule, create),
        attempt!("GetRule", client, get_rule, pb::GetRuleRequest { name: name() }),
        attempt!("ListRules", client, list_rules, list),
        attempt!("ListRules", client, list_rules, list_on),
        attempt!(
            "UpdateRule",
            client,
            update_rule,
            pb::UpdateRuleRequest { rule: Some(rule), ..<_>::default() }
        ),
        attempt!(
            "DeleteRule",
            client,
            delete_rule,
            pb::DeleteRuleRequest { name: name(), ..<_>::default() }
        ),
        attempt!(
            "UndeleteRule",
            client,
            undelete_rule,
            pb::UndeleteRuleRequest { name: name(), ..<_>::default() }
        ),
        attempt!("ListRevisions", client, list_revisions, revisions),
        attempt!("ListRevisions", client, list_revisions, revisions_on),
        attempt!("GetRevision", client, get_revision, revision),
        attempt!("TestRules", client, test_rules, test),
        attempt!("TestRules", client, test_rules, test_name),
    ]
}

async fn on_policies(intruder: &Clients) -> Vec<Attempt> {
    let client = &intruder.rules;
    let (parent, list) = (|| PARENT.to_owned(), || "tenants/victim/wordLists/l".to_owned());
    let of = pb::WordList { name: list(), display_name: "mine".into(), ..<_>::default() };
    let create = pb::CreateWordListRequest {
        parent: parent(),
        word_list: Some(<_>::default()),
        ..<_>::default()
    };
    let import = pb::ImportWordListRequest {
        parent: parent(),
        word_list_id: "l".into(),
        content: b"x".to_vec().into(),
        ..<_>::default()
    };
    let entries = pb::ListWordListEntriesRequest { parent: list(), ..<_>::default() };
    let change = pb::BatchUpdateWordListEntriesRequest {
        parent: list(),
        remove_words: vec!["x".into()],
        ..<_>::default()
    };
    let rollback = pb::RollbackToRevisionRequest {
        name: "tenants/victim/revisions/1".into(),
        reason: "mine".into(),
        ..<_>::default()
    };
    let apply = pb::ApplyRuleSetRequest {
        parent: parent(),
        document: "api_version: umpire/v1\nrules: []".into(),
        ..<_>::default()
    };
    let update = pb::UpdateWordListRequest { word_list: Some(of), ..<_>::default() };
    let lists = pb::ListWordListsRequest { parent: parent(), ..<_>::default() };
    let delete = pb::DeleteWordListRequest { name: list(), ..<_>::default() };
    let undelete = pb::UndeleteWordListRequest { name: list(), ..<_>::default() };
    let export = pb::ExportWordListRequest { name: list(), ..<_>::default() };
    let diff = pb::DiffRevisionsRequest { parent: parent(), ..<_>::default() };
    let watch = pb::WatchRevisionsRequest { parent: parent(), ..<_>::default() };
    let document = pb::ExportRuleSetRequest { parent: parent(), ..<_>::default() };
    vec![
        attempt!("CreateWordList", client, create_word_list, create),
        attempt!("GetWordList", client, get_word_list, pb::GetWordListRequest { name: list() }),
        attempt!("ListWordLists", client, list_word_lists, lists),
        attempt!("UpdateWordList", client, update_word_list, update),
        attempt!("DeleteWordList", client, delete_word_list, delete),
        attempt!("UndeleteWordList", client, undelete_word_list, undelete),
        attempt!("ImportWordList", client, import_word_list, import),
        attempt!("ExportWordList", client, export_word_list, export),
        attempt!("ListWordListEntries", client, list_word_list_entries, entries),
        attempt!("BatchUpdateWordListEntries", client, batch_update_word_list_entries, change),
        attempt!("DiffRevisions", client, diff_revisions, diff),
        attempt!("RollbackToRevision", client, rollback_to_revision, rollback),
        attempt!("WatchRevisions", client, watch_revisions, watch),
        attempt!("ExportRuleSet", client, export_rule_set, document),
        attempt!("ApplyRuleSet", client, apply_rule_set, apply),
    ]
}

async fn on_records(intruder: &Clients, victim: &Victim) -> Vec<Attempt> {
    let client = &intruder.audit;
    let get = pb::GetAuditRecordRequest { name: victim.record.clone() };
    let list = pb::ListAuditRecordsRequest { parent: PARENT.into(), ..<_>::default() };
    let list_on = pb::ListAuditRecordsRequest {
        page_token: victim.record_token.clone(),
        page_size: 1,
        ..<_>::default()
    };
    vec![
        attempt!("GetAuditRecord", client, get_audit_record, get),
        attempt!("ListAuditRecords", client, list_audit_records, list),
        attempt!("ListAuditRecords", client, list_audit_records, list_on),
    ]
}

async fn on_tenants(intruder: &Clients, victim: &Victim) -> Vec<Attempt> {
    let client = &intruder.admin;
    let name = || PARENT.to_owned();
    let tenant = pb::Tenant { name: name(), display_name: "mine".into(), ..<_>::default() };
    let create = pb::CreateTenantRequest { tenant_id: "third".into(), ..<_>::default() };
    let tenants_on = pb::ListTenantsRequest {
        page_token: victim.tenant_token.clone(),
        page_size: 1,
        ..<_>::default()
    };
    let key = pb::ApiKey { role: Role::Admin as i32, ..<_>::default() };
    let make = pb::CreateApiKeyRequest { parent: name(), api_key: Some(key), ..<_>::default() };
    let keys = pb::ListApiKeysRequest { parent: name(), ..<_>::default() };
    let keys_on = pb::ListApiKeysRequest {
        page_token: victim.key_token.clone(),
        page_size: 1,
        ..<_>::default()
    };
    let revoke =
        pb::RevokeApiKeyRequest { name: "tenants/victim/apiKeys/k".into(), ..<_>::default() };
    vec![
        attempt!("CreateTenant", client, create_tenant, create),
        attempt!("GetTenant", client, get_tenant, pb::GetTenantRequest { name: name() }),
        attempt!("ListTenants", client, list_tenants, pb::ListTenantsRequest::default()),
        attempt!("ListTenants", client, list_tenants, tenants_on),
        attempt!(
            "UpdateTenant",
            client,
            update_tenant,
            pb::UpdateTenantRequest { tenant: Some(tenant), ..<_>::default() }
        ),
        attempt!(
            "DeleteTenant",
            client,
            delete_tenant,
            pb::DeleteTenantRequest { name: name(), ..<_>::default() }
        ),
        attempt!(
            "UndeleteTenant",
            client,
            undelete_tenant,
            pb::UndeleteTenantRequest { name: name(), ..<_>::default() }
        ),
        attempt!("CreateApiKey", client, create_api_key, make),
        attempt!("ListApiKeys", client, list_api_keys, keys),
        attempt!("ListApiKeys", client, list_api_keys, keys_on),
        attempt!("RevokeApiKey", client, revoke_api_key, revoke),
    ]
}

async fn attempts(intruder: &Clients, victim: &Victim) -> Vec<Attempt> {
    let mut all = on_messages(intruder).await;
    all.extend(on_rules(intruder, victim).await);
    all.extend(on_policies(intruder).await);
    all.extend(on_records(intruder, victim).await);
    all.extend(on_tenants(intruder, victim).await);
    all.extend(on_sanctions(intruder).await);
    all.extend(on_alerts(intruder).await);
    all
}

/// Methods that name no tenant.
const WITHOUT_TENANT: [&str; 1] = ["GetServerInfo"];

#[tokio::test]
async fn no_method_reaches_another_tenant() {
    let server = TestServer::start_with_keys().await;
    let victim = victim(&server).await;
    let key = make_key(&server.operator(), "intruder", "k", Role::Admin).await;
    let intruder = server.clients_with(&key);
    let attempts = attempts(&intruder, &victim).await;
    for (method, outcome) in &attempts {
        let status = outcome.as_ref().expect_err(method);
        let reason = reason(status);
        let expected = ["TENANT_FORBIDDEN", "INVALID_PAGE_TOKEN"];
        assert!(expected.contains(&reason.as_str()), "{method}: {status:?}");
        assert!(!status.message().contains("secret"), "{method}");
    }
    let tried: BTreeSet<_> =
        attempts.iter().map(|(method, _)| *method).chain(WITHOUT_TENANT).collect();
    let ours = METHODS.iter().filter(|method| method.path.starts_with("/umpire.v1."));
    let all: BTreeSet<_> = ours.map(|method| method.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(tried, all, "every method is tried");
    let listed = intruder
        .audit
        .clone()
        .list_audit_records(pb::ListAuditRecordsRequest::default())
        .await
        .unwrap();
    assert!(listed.into_inner().audit_records.is_empty());
}

#[tokio::test]
async fn the_operator_keeps_tenants_but_reads_none() {
    let server = TestServer::start_with_keys().await;
    let victim = victim(&server).await;
    let operator = server.operator();
    let mut refused = on_messages(&operator).await;
    refused.extend(on_rules(&operator, &victim).await);
    refused.extend(on_policies(&operator).await);
    refused.extend(on_records(&operator, &victim).await);
    refused.extend(on_sanctions(&operator).await);
    refused.extend(on_alerts(&operator).await);
    for (method, outcome) in refused {
        assert!(outcome.is_err(), "{method}");
    }
    let get = pb::GetTenantRequest { name: PARENT.into() };
    assert!(operator.admin.clone().get_tenant(get).await.is_ok());
}

#[tokio::test]
async fn tenants_share_nothing() {
    let server = TestServer::start_with_keys().await;
    let operator = server.operator();
    let mut clients = Vec::new();
    for tenant in ["one", "two"] {
        make_tenant(&operator, tenant).await;
        clients.push(server.clients_with(&make_key(&operator, tenant, "k", Role::Admin).await));
    }
    clients[0].rules.clone().create_rule(word_rule("a", &["bad"], &[])).await.unwrap();
    let said = || pb::Message { message_id: "1".into(), ..message("bad") };
    let first = check(&clients[0], said()).await.unwrap();
    let second = check(&clients[1], said()).await.unwrap();
    assert_eq!((first.matches.len(), second.matches.len(), second.replayed), (1, 0, false));
    clients[1].rules.clone().create_rule(word_rule("a", &["bad"], &[])).await.unwrap();
    let second = check(&clients[1], said()).await.unwrap();
    assert_eq!((second.matches.len(), second.replayed), (1, false));
    assert!(second.audit_record.starts_with("tenants/two/"));
    // Labels, rules and texts of one are not found by the other.
    for filter in ["text:bad", "rule = a", ""] {
        let request = pb::ListAuditRecordsRequest { filter: filter.into(), ..<_>::default() };
        let listed =
            clients[1].audit.clone().list_audit_records(request).await.unwrap().into_inner();
        assert_eq!(listed.audit_records.len(), 1, "{filter}");
    }
}
