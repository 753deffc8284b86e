//! Keys, roles, and what happens without them.

use tonic::Code;
use umpire::{Config, config::AuthMode};
use umpire_api::layers::METHODS;
use umpire_proto::v1::{
    ApiKey, CheckMessageRequest, CreateApiKeyRequest, CreateTenantRequest, DeleteTenantRequest,
    ListApiKeysRequest, RevokeApiKeyRequest, Role, StreamMessagesRequest, UndeleteTenantRequest,
};
use umpire_testkit::{Clients, Clock, TestServer, call_raw, check, message, reason, violated};

/// Makes a key and gives its secret.
pub(crate) async fn make_key(operator: &Clients, tenant: &str, id: &str, role: Role) -> String {
    let request = CreateApiKeyRequest {
        parent: format!("tenants/{tenant}"),
        api_key_id: id.into(),
        api_key: Some(ApiKey { role: role as i32, ..<_>::default() }),
        ..<_>::default()
    };
    operator.admin.clone().create_api_key(request).await.unwrap().into_inner().secret
}

pub(crate) async fn make_tenant(operator: &Clients, id: &str) {
    let request = CreateTenantRequest { tenant_id: id.into(), ..<_>::default() };
    operator.admin.clone().create_tenant(request).await.unwrap();
}

#[tokio::test]
async fn without_a_key_nothing_goes_when_keys_are_required() {
    let server = TestServer::start_with_keys().await;
    for clients in [server.clients(), server.clients_with("ump_wrong"), server.clients_with("")] {
        let status = check(&clients, message("x")).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Unauthenticated, "UNAUTHENTICATED")
        );
    }
    let operator = server.operator();
    assert!(check(&operator, message("x")).await.is_ok());
    let info =
        operator.admin.clone().get_server_info(umpire_proto::v1::GetServerInfoRequest {}).await;
    assert!(info.unwrap().into_inner().authentication_required);
}

#[tokio::test]
async fn a_wrong_key_is_refused_even_where_none_is_needed() {
    let server = TestServer::start().await;
    assert!(check(&server.clients(), message("x")).await.is_ok());
    let status = check(&server.clients_with("ump_wrong"), message("x")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn every_role_may_call_what_the_table_says_and_nothing_else() {
    let server = TestServer::start_with_keys().await;
    let operator = server.operator();
    make_tenant(&operator, "game").await;
    let roles = [
        Role::Service,
        Role::Moderator,
        Role::Ops,
        Role::Supervisor,
        Role::Director,
        Role::Compliance,
        Role::Admin,
    ];
    for role in roles {
        let name = format!("{role:?}");
        let key = make_key(&operator, "game", &name, role).await;
        for method in METHODS {
            let allowed = method.roles.iter().any(|role| format!("{role:?}") == name);
            let status = call_with_key(&server, method.path, &key).await;
            let refused = status.as_ref().is_some_and(|status| {
                status.code() == Code::PermissionDenied && reason(status) == "ROLE_FORBIDDEN"
            });
            assert_eq!(!refused, allowed, "{name} {}: {status:?}", method.path);
        }
    }
}

/// What those may call of AlertService who may not call everything of it.
const OF_ALERTS: [(&str, &str); 19] = [
    ("StreamAlerts", "Moderator Ops Compliance Admin"),
    ("GetAlert", "Moderator Ops Compliance Admin"),
    ("ListAlerts", "Moderator Ops Compliance Admin"),
    ("GetDelivery", "Moderator Ops Compliance Admin"),
    ("ListDeliveries", "Moderator Ops Compliance Admin"),
    ("AcknowledgeAlert", "Moderator Ops Admin"),
    ("AssignAlert", "Moderator Ops Admin"),
    ("ResolveAlert", "Moderator Ops Admin"),
    ("GetDeliveryStats", "Ops Compliance Admin"),
    ("GetReceiver", "Ops Compliance Admin"),
    ("ListReceivers", "Ops Compliance Admin"),
    ("GetRoute", "Ops Compliance Admin"),
    ("ListRoutes", "Ops Compliance Admin"),
    ("GetSilence", "Ops Compliance Admin"),
    ("ListSilences", "Ops Compliance Admin"),
    ("GetTemplate", "Ops Compliance Admin"),
    ("ListTemplates", "Ops Compliance Admin"),
    ("GetEscalationPolicy", "Ops Compliance Admin"),
    ("ListEscalationPolicies", "Ops Compliance Admin"),
];

#[test]
fn alerts_are_read_by_many_and_receivers_changed_by_few() {
    let mut count = 0;
    for method in METHODS {
        let Some(name) = method.path.strip_prefix("/umpire.v1.AlertService/") else { continue };
        let known = OF_ALERTS.iter().find(|(known, _)| *known == name);
        let expected = known.map_or("Ops Admin", |(_, roles)| roles);
        let roles: Vec<_> = method.roles.iter().map(|role| format!("{role:?}")).collect();
        assert_eq!(roles.join(" "), expected, "{name}");
        count += 1;
    }
    assert_eq!(count, 38);
}

/// An empty request under a key; the error, if there was one.
async fn call_with_key(
    server: &TestServer,
    path: &'static str,
    key: &str,
) -> Option<tonic::Status> {
    use tonic::service::{Interceptor, interceptor::InterceptedService};
    #[derive(Clone)]
    struct Key(String);
    impl Interceptor for Key {
        fn call(
            &mut self,
            mut request: tonic::Request<()>,
        ) -> Result<tonic::Request<()>, tonic::Status> {
            request.metadata_mut().insert("x-api-key", self.0.parse().unwrap());
            Ok(request)
        }
    }
    let wire = InterceptedService::new(server.clients().channel, Key(key.into()));
    call_raw(wire, path, Vec::new()).await.err()
}

#[tokio::test]
async fn keys_end() {
    let mut server = TestServer::start_with_keys().await;
    let operator = server.operator();
    let now = seconds_now(&server);
    let request = CreateApiKeyRequest {
        api_key_id: "short".into(),
        api_key: Some(ApiKey {
            role: Role::Service as i32,
            expire_time: Some(prost_types::Timestamp { seconds: now + 100, nanos: 0 }),
            ..<_>::default()
        }),
        ..<_>::default()
    };
    let short = operator.admin.clone().create_api_key(request.clone()).await.unwrap().into_inner();
    let long = make_key(&operator, "default", "long", Role::Service).await;
    assert!(short.secret.starts_with("ump_"));
    assert!(check(&server.clients_with(&short.secret), message("x")).await.is_ok());
    server.clock.advance_seconds(101);
    assert!(check(&server.clients_with(&short.secret), message("x")).await.is_err());
    assert!(check(&server.clients_with(&long), message("x")).await.is_ok());

    let revoke =
        RevokeApiKeyRequest { name: "tenants/default/apiKeys/long".into(), ..<_>::default() };
    operator.admin.clone().revoke_api_key(revoke).await.unwrap();
    assert!(check(&server.clients_with(&long), message("x")).await.is_err());
    server.restart().await;
    assert!(check(&server.clients_with(&long), message("x")).await.is_err());
    let list = ListApiKeysRequest { show_revoked: true, ..<_>::default() };
    let keys = server.operator().admin.list_api_keys(list).await.unwrap().into_inner().api_keys;
    assert_eq!(keys.len(), 2);
    assert!(keys[1].revoke_time.is_some() && keys[1].last_use_time.is_some());
    let past = CreateApiKeyRequest { api_key_id: "past".into(), ..request };
    let status = server.operator().admin.create_api_key(past).await.unwrap_err();
    assert_eq!(violated(&status), ["api_key.expire_time"]);
}

fn seconds_now(server: &TestServer) -> i64 {
    server.clock.now().parts().0
}

#[tokio::test]
async fn secrets_are_not_kept() {
    let server = TestServer::start_with_keys().await;
    let secret = make_key(&server.operator(), "default", "k", Role::Service).await;
    let folder = server.folder().to_owned();
    for file in ["umpire.db", "umpire.db-wal"] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{file}");
    }
}

#[tokio::test]
async fn a_shut_tenant_is_refused_and_opens_again() {
    let server = TestServer::start_with_keys().await;
    let operator = server.operator();
    make_tenant(&operator, "game").await;
    let key = make_key(&operator, "game", "k", Role::Service).await;
    let game = server.clients_with(&key);
    assert!(check(&game, message("x")).await.is_ok());
    let name = "tenants/game".to_owned();
    let delete = DeleteTenantRequest { name: name.clone(), ..<_>::default() };
    operator.admin.clone().delete_tenant(delete).await.unwrap();
    assert_eq!(check(&game, message("x")).await.unwrap_err().code(), Code::Unauthenticated);
    operator
        .admin
        .clone()
        .undelete_tenant(UndeleteTenantRequest { name, ..<_>::default() })
        .await
        .unwrap();
    assert!(check(&game, message("x")).await.is_ok());
    let own = DeleteTenantRequest { name: "tenants/default".into(), ..<_>::default() };
    assert_eq!(
        operator.admin.clone().delete_tenant(own).await.unwrap_err().code(),
        Code::InvalidArgument
    );
}

#[test]
fn without_keys_only_loopback_is_served() {
    let mut config = Config::default();
    assert!(config.check().is_ok());
    config.server.grpc = "0.0.0.0:0".parse().unwrap();
    assert!(config.check().unwrap_err().to_string().contains("server.grpc"));
    config.auth.mode = AuthMode::Keys;
    assert!(config.check().is_ok());
}

#[tokio::test]
async fn a_revoked_key_ends_its_open_streams() {
    let server = TestServer::start_with_keys().await;
    let operator = server.operator();
    let key = make_key(&operator, "default", "k", Role::Service).await;
    let (asked, questions) = tokio::sync::mpsc::channel(4);
    let questions = tokio_stream::wrappers::ReceiverStream::new(questions);
    let question = || StreamMessagesRequest {
        client_seq: 1,
        check: Some(CheckMessageRequest { message: Some(message("hi")), ..<_>::default() }),
    };
    asked.send(question()).await.unwrap();
    let mut client = server.clients_with(&key).moderation;
    let mut answers = client.stream_messages(questions).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    let revoke = RevokeApiKeyRequest { name: "tenants/default/apiKeys/k".into(), ..<_>::default() };
    operator.admin.clone().revoke_api_key(revoke).await.unwrap();
    asked.send(question()).await.unwrap();
    assert_eq!(answers.message().await.unwrap_err().code(), Code::Unauthenticated);
}
