//! What ops people touch: pages, health, the data folder, a stop.

use tempfile::TempDir;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use umpire_proto::v1::{CheckMessageRequest, StreamMessagesRequest};
use umpire_testkit::{ServerProcess, TestServer, check, http_get, message, word_rule};

#[tokio::test]
async fn pages() {
    let server = TestServer::start().await;
    server.clients().rules.create_rule(word_rule("a", &["bad"], &[])).await.unwrap();
    check(&server.clients(), message("bad")).await.unwrap();
    let _ = check(&server.clients(), message("")).await;
    let (status, body) = http_get(server.http(), "/health").await;
    assert!(status == 200 && body.contains("ok"), "{body}");
    let (status, body) = http_get(server.http(), "/ready").await;
    assert!(status == 200 && body.contains(r#""store":"ok""#), "{body}");
    let (status, body) = http_get(server.http(), "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        r#"umpire_grpc_requests_total{method="/umpire.v1.ModerationService/CheckMessage"} 2"#,
        r#"code="InvalidArgument"} 1"#,
        r#"umpire_verdicts_total{decision="PASS"} 1"#,
        r#"umpire_records_total{state="RECORDED"} 1"#,
        "umpire_store_queue 0",
    ] {
        assert!(body.contains(line), "{line} is not in\n{body}");
    }
    assert_eq!(http_get(server.http(), "/nothing").await.0, 404);
}

#[tokio::test]
async fn health_is_told_for_each_service() {
    let server = TestServer::start().await;
    let mut health = HealthClient::new(server.clients().channel);
    for service in ["", "umpire.v1.ModerationService", "umpire.v1.AdminService"] {
        let request = HealthCheckRequest { service: service.into() };
        let answer = health.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service}");
    }
    let unknown = HealthCheckRequest { service: "umpire.v1.Nothing".into() };
    assert_eq!(health.check(unknown).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_stop_ends_watches_and_streams_and_lets_go_of_the_folder() {
    let mut server = TestServer::start().await;
    let mut health = HealthClient::new(server.clients().channel);
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let (asked, questions) = tokio::sync::mpsc::channel(4);
    let questions = tokio_stream::wrappers::ReceiverStream::new(questions);
    let check = CheckMessageRequest { message: Some(message("hi")), ..<_>::default() };
    asked.send(StreamMessagesRequest { client_seq: 1, check: Some(check) }).await.unwrap();
    let mut answers =
        server.clients().moderation.stream_messages(questions).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    server.restart().await;
    let end = answers.message().await.unwrap_err();
    assert_eq!(
        (end.code(), umpire_testkit::reason(&end).as_str()),
        (Code::Unavailable, "SHUTTING_DOWN")
    );
    let mut last = ServingStatus::Serving;
    while let Ok(Some(answer)) = watch.message().await {
        last = answer.status();
    }
    assert_ne!(last, ServingStatus::Serving);
    assert!(umpire_testkit::check(&server.clients(), message("hi")).await.is_ok());
}

#[tokio::test]
async fn two_servers_do_not_share_a_folder() {
    let server = TestServer::start().await;
    let mut config = umpire::Config::default();
    config.server.data_dir = server.folder().into();
    config.server.grpc.set_port(0);
    config.server.http.set_port(0);
    let second = umpire::Server::start(&config, server.clock.clone()).await;
    let error = second.err().expect("refused").to_string();
    assert!(error.contains("another server uses this folder"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_drains() {
    let folder = TempDir::new().unwrap();
    let server = ServerProcess::start(folder.path());
    check(&server.clients(), message("hi")).await.unwrap();
    assert!(server.terminate().success());
}

#[tokio::test]
async fn too_much_at_once_is_refused_with_a_hint() {
    let server = TestServer::start_with(|config| config.limits.max_concurrent_requests = 1).await;
    let clients = server.clients();
    clients.rules.clone().create_rule(word_rule("a", &["bad"], &[])).await.unwrap();
    let lock = rusqlite::Connection::open(server.folder().join("umpire.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let asked = (0..20).map(|_| check(&clients, message("bad")));
    let results = futures_util::future::join_all(asked).await;
    let refused = results.iter().find_map(|result| result.as_ref().err()).expect("one is refused");
    assert_eq!(
        (refused.code(), umpire_testkit::reason(refused).as_str()),
        (Code::ResourceExhausted, "OVERLOADED")
    );
    use tonic_types::StatusExt;
    assert!(refused.get_error_details().retry_info().is_some());
    assert!(results.iter().any(Result::is_ok));
}
