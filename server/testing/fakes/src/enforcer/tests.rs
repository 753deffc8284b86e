use super::{signature::signature, *};
use serde_json::json;
use std::{
    fmt::Write,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A request, and what may be wrong with it.
#[derive(Clone)]
struct Request {
    key: String,
    idempotency_key: String,
    secret: &'static str,
    content_type: &'static str,
    seconds: u64,
    kind: &'static str,
    user_id: &'static str,
}

fn request(key: &str) -> Request {
    Request {
        key: key.into(),
        idempotency_key: key.into(),
        secret: SECRET,
        content_type: "application/json",
        seconds: SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(),
        kind: "sanction.apply",
        user_id: "u-1",
    }
}

/// Sends it and gives all that comes back.
async fn send(address: SocketAddr, request: Request) -> String {
    let body = json!({
        "type": request.kind,
        "timestamp": "2026-11-22T03:00:00Z",
        "data": {
            "name": "tenants/acme/sanctions/1",
            "subject": { "user_id": request.user_id },
            "idempotency_key": request.key,
        },
    });
    let body = body.to_string();
    let seconds = request.seconds.to_string();
    let signature = signature(request.secret, &request.key, &seconds, body.as_bytes());
    let length = body.len().to_string();
    let headers: [(&str, &str); 6] = [
        ("content-type", request.content_type),
        ("content-length", &length),
        ("webhook-id", &request.key),
        ("webhook-timestamp", &seconds),
        ("webhook-signature", &signature),
        ("idempotency-key", &request.idempotency_key),
    ];
    let mut text = String::from("POST /sanctions HTTP/1.1\r\nhost: game\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").unwrap();
    }
    write!(text, "\r\n{body}").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset gives what came before.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn each_key_is_carried_out_once() {
    let fake = FakeEnforcer::start(Options::signed_with(SECRET)).await;
    let cases = [("a", "APPLIED"), ("a", "ALREADY"), ("b", "APPLIED"), ("a", "ALREADY")];
    for (key, expected) in cases {
        let answer = send(fake.address(), request(key)).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with(&format!(r#"{{"result":"{expected}"}}"#)), "{answer}");
    }
    let keys: Vec<_> = fake.wait_for(2).await.into_iter().map(|effect| effect.key).collect();
    assert_eq!(keys, ["a", "b"]);
    let requests = fake.wait_for_requests(4).await;
    let orders: Vec<_> = requests.iter().map(|request| request.order).collect();
    assert_eq!(orders, [0, 1, 2, 3]);
    assert_eq!(requests[0].body["data"]["subject"]["user_id"], "u-1");
}

#[tokio::test]
async fn what_is_not_as_it_should_be_has_no_effect() {
    let fake = FakeEnforcer::start(Options::signed_with(SECRET)).await;
    let good = request("a");
    let bad = [
        Request { secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", ..good.clone() },
        Request { seconds: good.seconds - 400, ..good.clone() },
        Request { seconds: good.seconds + 400, ..good.clone() },
        Request { key: "a.b".into(), ..good.clone() },
        Request { idempotency_key: "b".into(), ..good.clone() },
        Request { content_type: "text/plain", ..good.clone() },
        Request { kind: "sanction.applied", ..good.clone() },
        Request { user_id: "", ..good.clone() },
    ];
    let count = bad.len();
    for request in bad {
        let answer = send(fake.address(), request).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    let received = fake.received();
    assert_eq!(received.iter().filter(|request| request.refused.is_some()).count(), count);
    assert!(fake.effects().is_empty());
    // A refused request does not use its key up.
    assert!(send(fake.address(), good).await.contains("APPLIED"));
}

#[tokio::test]
async fn old_signatures_are_believed_where_clocks_are_set_by_hand() {
    let fake = FakeEnforcer::start(Options::signed_with(SECRET).at_any_time()).await;
    let old = Request { seconds: 1_000_000_000, ..request("a") };
    assert!(send(fake.address(), old).await.contains("APPLIED"));
}

#[tokio::test]
async fn answers_come_as_they_were_ordered() {
    let fake = FakeEnforcer::start(Options::signed_with(SECRET)).await;
    let cases = [
        (Answer::Fail("busy".into()), "HTTP/1.1 200 ", r#""error":"busy""#),
        (Answer::UnknownSubject, "HTTP/1.1 200 ", r#"{"result":"UNKNOWN_SUBJECT"}"#),
        (Answer::Status(500), "HTTP/1.1 500 ", ""),
        (Answer::RetryAfter(7), "HTTP/1.1 429 ", "retry-after: 7\r\n"),
        (Answer::Garbage, "HTTP/1.1 200 ", "<html>"),
        (Answer::WrongBody, "HTTP/1.1 200 ", r#"{"status":"ok"}"#),
    ];
    fake.answer_next(cases.iter().map(|(answer, ..)| answer.clone()));
    for (answer, start, part) in cases {
        let sent = send(fake.address(), request("a")).await;
        assert!(sent.starts_with(start) && sent.contains(part), "{answer:?}: {sent}");
        assert!(fake.effects().is_empty(), "{answer:?}");
    }
    fake.answer_always(Answer::Status(503));
    for _ in 0..2 {
        assert!(send(fake.address(), request("a")).await.starts_with("HTTP/1.1 503 "));
    }
    fake.answer_always(Answer::Apply);
    assert!(send(fake.address(), request("a")).await.contains("APPLIED"));
}

#[tokio::test]
async fn connections_are_closed_before_or_after_the_effect() {
    let fake = FakeEnforcer::start(Options::signed_with(SECRET)).await;
    for (answer, effects) in [(Answer::Close, 0), (Answer::ApplyThenClose, 1)] {
        fake.answer_next([answer.clone()]);
        let sent = send(fake.address(), request("a")).await;
        assert!(!sent.contains("result"), "{answer:?}: {sent}");
        assert_eq!(fake.effects().len(), effects, "{answer:?}");
    }
    assert!(send(fake.address(), request("a")).await.contains("ALREADY"));
}

#[tokio::test]
async fn what_hangs_goes_on_when_it_is_released() {
    let fake = FakeEnforcer::start(Options::signed_with(SECRET)).await;
    fake.answer_next([Answer::Hang]);
    let hanging = tokio::spawn(send(fake.address(), request("a")));
    fake.wait_for_requests(1).await;
    assert!(fake.effects().is_empty());
    fake.release();
    assert!(hanging.await.unwrap().contains("APPLIED"));
    assert_eq!(fake.effects().len(), 1);
}

#[tokio::test]
async fn a_journal_on_disk_outlives_its_enforcer() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::signed_with(SECRET).journal_in(&folder.path().join("effects"));
    let first = FakeEnforcer::start(options.clone()).await;
    assert!(send(first.address(), request("a")).await.contains("APPLIED"));
    let effects = first.effects();
    drop(first);
    let second = FakeEnforcer::start(options).await;
    assert_eq!(second.effects(), effects);
    assert!(send(second.address(), request("a")).await.contains("ALREADY"));
    assert!(send(second.address(), request("b")).await.contains("APPLIED"));
    assert_eq!(second.effects().len(), 2);
}
