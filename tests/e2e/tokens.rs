//! JSON Web Tokens, and how many calls a caller may make.

use crate::callers::make_tenant;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tonic::Code;
use tonic_types::StatusExt;
use umpire::config::{AuthMode, JwtConfig};
use umpire_proto::v1::{
    CheckMessageRequest, DeleteTenantRequest, ListRevisionsRequest, WatchRevisionsRequest,
};
use umpire_testkit::{Clock, TestServer, check, message, reason, word_rule};

const SECRET: &str = "a secret of at least 32 bytes, shared";

async fn server(jwt: JwtConfig) -> TestServer {
    let server = TestServer::start_with(|config| {
        config.auth.mode = AuthMode::Keys;
        config.auth.admin_key = "operator key of the tests".into();
        config.auth.jwt = JwtConfig { issuer: "studio".into(), audience: "umpire".into(), ..jwt };
    })
    .await;
    make_tenant(&server.operator(), "game").await;
    server
}

fn shared_secret() -> JwtConfig {
    JwtConfig { algorithm: "HS256".into(), secret: SECRET.into(), ..<_>::default() }
}

/// Claims that are believed until an hour from the server's now.
fn claims(server: &TestServer) -> Value {
    let (now, _) = server.clock.now().parts();
    json!({
        "sub": "backend-7", "tenant": "game", "role": "SERVICE",
        "iss": "studio", "aud": "umpire", "exp": now + 3_600,
    })
}

fn signed(claims: &Value) -> String {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

#[tokio::test]
async fn a_token_speaks_for_its_tenant_and_role_until_its_end() {
    let server = server(shared_secret()).await;
    let claims = claims(&server);
    let clients = server.clients_with(&signed(&claims));
    check(&clients, message("hello")).await.unwrap();
    let list = clients.rules.clone().list_revisions(ListRevisionsRequest::default()).await;
    assert_eq!(reason(&list.unwrap_err()), "ROLE_FORBIDDEN");
    let foreign = CheckMessageRequest {
        parent: "tenants/default".into(),
        message: Some(message("x")),
        ..<_>::default()
    };
    let refused = clients.moderation.clone().check_message(foreign).await.unwrap_err();
    assert_eq!(reason(&refused), "TENANT_FORBIDDEN");

    let with = |field: &str, value: Value| {
        let mut changed = claims.clone();
        changed[field] = value;
        signed(&changed)
    };
    let without = |field: &str| {
        let mut changed = claims.clone();
        changed.as_object_mut().unwrap().remove(field);
        signed(&changed)
    };
    let (now, _) = server.clock.now().parts();
    let none = format!("{}.{}.", "eyJhbGciOiJub25lIn0", signed(&claims).split('.').nth(1).unwrap());
    for bad in [
        with("iss", json!("somebody")),
        with("aud", json!("another")),
        with("exp", json!(now - 31)),
        with("nbf", json!(now + 60)),
        with("role", json!("GOD")),
        with("tenant", json!("nobody")),
        with("tenant", json!("a/b")),
        with("sub", json!("")),
        without("exp"),
        without("sub"),
        without("aud"),
        signed(&claims) + "x",
        none,
        "a.b.c".into(),
    ] {
        let refused = check(&server.clients_with(&bad), message("x")).await.unwrap_err();
        assert_eq!(
            (refused.code(), &*reason(&refused)),
            (Code::Unauthenticated, "UNAUTHENTICATED")
        );
    }
    server.clock.advance_seconds(3_631);
    let over = check(&clients, message("x")).await.unwrap_err();
    assert_eq!(reason(&over), "UNAUTHENTICATED");
}

#[tokio::test]
async fn changes_carry_the_subject_and_a_shut_tenant_ends_it() {
    let server = server(shared_secret()).await;
    let mut claims = claims(&server);
    claims["role"] = json!("MODERATOR");
    let clients = server.clients_with(&signed(&claims));
    let rule = clients.rules.clone().create_rule(word_rule("r", &["x"], &[])).await.unwrap();
    assert_eq!(rule.into_inner().rule.unwrap().author, "tenants/game/tokens/backend-7");
    let watch = clients.rules.clone().watch_revisions(WatchRevisionsRequest::default()).await;
    let mut events = watch.unwrap().into_inner();
    events.message().await.unwrap().unwrap();
    let delete = DeleteTenantRequest { name: "tenants/game".into(), ..<_>::default() };
    server.operator().admin.delete_tenant(delete).await.unwrap();
    let refused = clients.rules.clone().create_rule(word_rule("s", &["x"], &[])).await;
    assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_providers_public_key_verifies() {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("provider.pem");
    std::fs::write(&path, key.public_key_pem()).unwrap();
    let jwt = JwtConfig { algorithm: "ES256".into(), key_file: Some(path), ..<_>::default() };
    let server = server(jwt).await;
    let claims = claims(&server);
    let private = EncodingKey::from_ec_pem(key.serialize_pem().as_bytes()).unwrap();
    let token = encode(&Header::new(Algorithm::ES256), &claims, &private).unwrap();
    check(&server.clients_with(&token), message("hello")).await.unwrap();
    // Another algorithm is not believed, whatever it was signed with.
    let forged = signed(&claims);
    assert!(check(&server.clients_with(&forged), message("x")).await.is_err());
}

#[tokio::test]
async fn each_caller_has_its_own_rate() {
    let server = TestServer::start_with(|config| {
        config.auth.mode = AuthMode::Keys;
        config.auth.admin_key = "operator key of the tests".into();
        config.limits.max_requests_per_second = 2;
    })
    .await;
    let get = async |server: &TestServer| {
        let list = ListRevisionsRequest::default();
        server.operator().rules.list_revisions(list).await
    };
    for _ in 0..2 {
        get(&server).await.unwrap();
    }
    let refused = get(&server).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::ResourceExhausted, "OVERLOADED"));
    let wait = refused.get_error_details().retry_info().unwrap().retry_delay.unwrap();
    assert!(!wait.is_zero() && wait.as_millis() <= 500, "{wait:?}");
    server.clock.advance_seconds(1);
    get(&server).await.unwrap();
}
