//! Rule sets of one tenant that judge another's messages.

use crate::callers::{make_key, make_tenant};
use prost_types::FieldMask;
use tonic::Code;
use umpire_proto::v1::{
    ActionKind::{Intercept, Log},
    Decision, DeleteTenantRequest, GetAuditRecordRequest, ListAuditRecordsRequest, Role, Tenant,
    TenantSettings, UpdateRuleRequest, UpdateTenantRequest,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, rule_ids, violated, word_rule};

fn include(tenant: &str, includes: &[&str]) -> UpdateTenantRequest {
    let includes = includes.iter().map(|id| format!("tenants/{id}")).collect();
    UpdateTenantRequest {
        tenant: Some(Tenant {
            name: format!("tenants/{tenant}"),
            settings: Some(TenantSettings { includes, ..<_>::default() }),
            ..<_>::default()
        }),
        update_mask: Some(FieldMask { paths: vec!["settings.includes".into()] }),
        ..<_>::default()
    }
}

async fn tenant(server: &TestServer, id: &str) -> Clients {
    make_tenant(&server.operator(), id).await;
    server.clients_with(&make_key(&server.operator(), id, "k", Role::Admin).await)
}

#[tokio::test]
async fn a_publishers_rules_judge_its_games() {
    let mut server = TestServer::start_with_keys().await;
    let (publisher, game) = (tenant(&server, "publisher").await, tenant(&server, "game").await);
    let mut operator = server.operator().admin;
    publisher.rules.clone().create_rule(word_rule("shared", &["bad"], &[Intercept])).await.unwrap();
    game.rules.clone().create_rule(word_rule("own", &["worse"], &[Log])).await.unwrap();
    assert_eq!(check(&game, message("bad")).await.unwrap().decision(), Decision::Pass);

    // Including shows another tenant's rules: the tenant cannot grant itself that.
    let forbidden = game.admin.clone().update_tenant(include("game", &["publisher"])).await;
    assert_eq!(reason(&forbidden.unwrap_err()), "TENANT_FORBIDDEN");
    for (includes, field) in [
        (&["game"][..], "tenant.settings.includes[0]"),
        (&["publisher", "publisher"], "tenant.settings.includes[1]"),
        (&["nobody"], "tenant.settings.includes[0]"),
    ] {
        let refused = operator.update_tenant(include("game", includes)).await.unwrap_err();
        assert_eq!(violated(&refused), [field]);
    }
    operator.update_tenant(include("game", &["publisher"])).await.unwrap();
    let verdict = check(&game, message("bad and worse")).await.unwrap();
    assert_eq!(verdict.decision(), Decision::Block);
    assert_eq!(rule_ids(&verdict), ["shared", "own"]);
    assert_eq!(verdict.included_revisions, ["tenants/publisher/revisions/1"]);
    let record = GetAuditRecordRequest { name: verdict.audit_record };
    let record = game.audit.clone().get_audit_record(record).await.unwrap().into_inner();
    assert_eq!(record.audit_record.unwrap().included_revisions, ["tenants/publisher/revisions/1"]);

    // The publisher's change is live in the game at once; the game cannot change it.
    let mut rule = word_rule("shared", &["bad"], &[Log]).rule.unwrap();
    rule.name = "tenants/publisher/rules/shared".into();
    let update = UpdateRuleRequest { rule: Some(rule), ..<_>::default() };
    let refused = game.rules.clone().update_rule(update.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "TENANT_FORBIDDEN");
    publisher.rules.clone().update_rule(update).await.unwrap();
    assert_eq!(check(&game, message("bad")).await.unwrap().decision(), Decision::Pass);

    // Records are the game's, found by the rule's whole name.
    for (filter, count) in [
        ("rule = \"tenants/publisher/rules/shared\"", 2),
        ("rule = shared", 0),
        ("rule = own", 1),
        ("rule = \"tenants/game/rules/own\"", 1),
    ] {
        let request = ListAuditRecordsRequest { filter: filter.into(), ..<_>::default() };
        let found = game.audit.clone().list_audit_records(request).await.unwrap().into_inner();
        assert_eq!(found.audit_records.len(), count, "{filter}");
    }
    let everything = ListAuditRecordsRequest::default();
    let found = publisher.audit.clone().list_audit_records(everything).await.unwrap();
    assert!(found.into_inner().audit_records.is_empty());

    let delete = DeleteTenantRequest { name: "tenants/publisher".into(), ..<_>::default() };
    let refused = operator.delete_tenant(delete.clone()).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::FailedPrecondition, "IN_USE"));
    server.restart().await;
    let mut operator = server.operator().admin;
    let game = server.clients_with(&make_key(&server.operator(), "game", "k2", Role::Admin).await);
    assert_eq!(rule_ids(&check(&game, message("bad")).await.unwrap()), ["shared"]);
    operator.update_tenant(include("game", &[])).await.unwrap();
    assert!(check(&game, message("bad")).await.unwrap().matches.is_empty());
    operator.delete_tenant(delete).await.unwrap();
}
