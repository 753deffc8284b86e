use super::*;
use serde_json::json;
use std::time::Instant;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Shows every body to `all`, and says how late it is.
struct Echo;

impl Vendor for Echo {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        let said = String::from_utf8(call.body.clone()).unwrap();
        let shown = Shown::now("all", &said).mentioning(call.parameter("m").map(str::to_owned));
        Reply::json(200, &json!({ "now": now, "said": said })).showing([shown])
    }
}

fn request(body: &str) -> String {
    format!("POST /say?m=a%2Bb HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Sends a call on a connection of its own and gives the head and the body of what comes
/// back until it ends, or says nothing more for a while.
async fn send(fake: &FakeVendor, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(fake.address()).await.unwrap();
    stream.write_all(request(body).as_bytes()).await.unwrap();
    answer(&mut stream).await
}

async fn answer(stream: &mut TcpStream) -> (String, String) {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4_096]);
    while !is_whole(&bytes) {
        // A connection that is reset gives what came before.
        let length = stream.read(&mut piece).await.unwrap_or(0);
        if length == 0 {
            break;
        }
        bytes.extend_from_slice(&piece[..length]);
    }
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&*text, ""));
    (head.to_owned(), body.to_owned())
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    body.len() >= length.parse::<usize>().unwrap()
}

#[tokio::test]
async fn calls_are_written_down_and_answered() {
    let fake = FakeVendor::start(Echo).await;
    let mut stream = TcpStream::connect(fake.address()).await.unwrap();
    // One connection, twice.
    for body in ["数据", ""] {
        stream.write_all(request(body).as_bytes()).await.unwrap();
        let (head, answer) = answer(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\ncontent-type: application/json"), "{head}");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["said"], body);
    }
    let calls = fake.wait_for_calls(2).await;
    assert_eq!((&*calls[0].method, &*calls[0].path), ("POST", "/say"));
    assert_eq!(calls[0].body, "数据".as_bytes());
    assert!(calls[1].body.is_empty());
    let shown = fake.wait_for(2).await;
    assert_eq!((&*shown[0].to, &*shown[0].text), ("all", "数据"));
    assert_eq!(shown[0].mentions, ["a+b"]);
    assert!(shown[0].at <= Instant::now());
}

#[tokio::test]
async fn its_clock_can_be_set() {
    let fake = FakeVendor::start(Echo).await;
    let mut times = Vec::new();
    for shift in [0, 7_200, -14_400] {
        fake.shift_clock(shift);
        let answer: serde_json::Value = serde_json::from_str(&send(&fake, "").await.1).unwrap();
        times.push(answer["now"].as_f64().unwrap());
    }
    assert!((7_200.0..7_260.0).contains(&(times[1] - times[0])), "{times:?}");
    assert!((7_140.0..7_200.0).contains(&(times[0] - times[2])), "{times:?}");
}

#[tokio::test]
async fn faults_are_met_once_and_in_order() {
    let fake = FakeVendor::start(Echo).await;
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\ncontent-length: 0";
    let busy = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 4";
    let huge = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n\
                content-length: 200000";
    let garbage = r#"{"errcode":0,"code":0,"ok":tr"#;
    let cases = [
        (Fault::CloseBeforeRead, "", "", 0),
        (Fault::CloseAfterRead, "", "", 1),
        (
            Fault::Status(503, vec![("retry-after".into(), "7".into())], "busy".into()),
            busy,
            "busy",
            0,
        ),
        (Fault::GarbageJson, "HTTP/1.1 200 OK\r\n", garbage, 0),
        (Fault::Empty200, "HTTP/1.1 200 OK\r\ncontent-length: 0", "", 0),
        (Fault::Redirect("http://elsewhere/".into()), moved, "", 0),
        (Fault::HugeBody(200_000), huge, "xxx", 0),
        (Fault::Delay(Duration::from_millis(5)), "HTTP/1.1 200 OK\r\n", r#"{"now":"#, 1),
    ];
    fake.fail_next(cases.iter().map(|(fault, ..)| fault.clone()));
    for (fault, head, body, shown) in cases {
        let before = fake.messages().len();
        let (found, said) = send(&fake, "x").await;
        assert!(
            found.starts_with(head) && found.is_empty() == head.is_empty(),
            "{fault:?} {found}"
        );
        assert!(said.starts_with(body) && said.is_empty() == body.is_empty(), "{fault:?} {said}");
        assert_eq!(fake.messages().len() - before, shown, "{fault:?}");
    }
    // The first was not read.
    assert_eq!(fake.calls().len(), 7);
    assert!(send(&fake, "x").await.1.contains(r#""said":"x""#));
}

#[tokio::test]
async fn a_fault_can_be_the_rule() {
    let fake = FakeVendor::start(Echo).await;
    fake.fail_always(Some(Fault::Status(500, Vec::new(), String::new())));
    fake.fail_next([Fault::Empty200]);
    for expected in ["HTTP/1.1 200", "HTTP/1.1 500", "HTTP/1.1 500"] {
        assert!(send(&fake, "").await.0.starts_with(expected));
    }
    fake.fail_always(None);
    assert!(send(&fake, "").await.0.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn those_who_hang_let_go_when_it_ends() {
    let fake = FakeVendor::start(Echo).await;
    fake.fail_next([Fault::Hang, Fault::SlowDrip]);
    let mut streams = Vec::new();
    for calls in 1..=2 {
        let mut stream = TcpStream::connect(fake.address()).await.unwrap();
        stream.write_all(request("x").as_bytes()).await.unwrap();
        fake.wait_for_calls(calls).await;
        streams.push(stream);
    }
    // The one that drips has done its work.
    assert_eq!(fake.wait_for(1).await.len(), 1);
    let address = fake.address();
    drop(fake);
    for mut stream in streams {
        let (head, body) = answer(&mut stream).await;
        assert!(!head.contains("\r\n") && body.is_empty(), "{head}");
    }
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
