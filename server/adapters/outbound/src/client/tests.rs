use super::*;
use std::{net::SocketAddr, sync::Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A server that gives every request the same answer and keeps what it was sent.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answer, kept) = (answer.into(), requests.clone());
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read_request(&mut stream).await;
                kept.lock().expect("nobody panicked").push(request);
                // The client may have read enough.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { address, requests, task }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("nobody panicked").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4_096];
    while !is_whole(&request) {
        match stream.read(&mut buffer).await {
            Ok(length) if length > 0 => request.extend_from_slice(&buffer[..length]),
            _ => break,
        }
    }
    String::from_utf8(request).expect("text")
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    body.len() >= length
}

fn outbound(options: Options) -> Outbound {
    Outbound::new(options).expect("a client")
}

fn open() -> Options {
    Options { allow_private: true, ..Options::default() }
}

async fn post(outbound: &Outbound, url: &str) -> Result<Answer, OutboundError> {
    outbound.post(url, &[("webhook-id", "a-1".to_owned())], b"{}".to_vec()).await
}

#[tokio::test]
async fn a_request_arrives_and_its_answer_comes_back() {
    let answer = "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 5\r\n\r\nlater";
    let server = Server::start(answer).await;
    let answer = post(&outbound(open()), &server.url("/hook?key=1")).await.expect("an answer");
    let wait = Some(Duration::from_secs(7));
    assert_eq!(answer, Answer { status: 503, retry_after: wait, body: b"later".to_vec() });

    let requests = server.requests();
    let [request] = &requests[..] else { panic!("{requests:?}") };
    assert!(request.starts_with("POST /hook?key=1 HTTP/1.1\r\n"), "{request}");
    let agent = concat!("user-agent: umpire/", env!("CARGO_PKG_VERSION"), "\r\n");
    for header in ["webhook-id: a-1\r\n", "content-length: 2\r\n", agent] {
        assert!(request.contains(header), "{request}");
    }
    assert!(request.ends_with("\r\n\r\n{}"), "{request}");
}

#[tokio::test]
async fn addresses_that_are_not_public_are_not_connected_to() {
    let server = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let outbound = outbound(Options::default());
    // By the URL's own address, and by one that a name leads to.
    let by_name = format!("http://localhost:{}/", server.address.port());
    for url in [server.url("/"), by_name] {
        let error = post(&outbound, &url).await.expect_err(&url);
        let OutboundError::Forbidden(address) = &error else { panic!("{url}: {error}") };
        assert!(address.is_loopback(), "{url}: {error}");
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.url("/");
        let answer =
            format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let server = Server::start(answer).await;
        let answer = post(&outbound(open()), &server.url("/")).await.expect("an answer");
        assert_eq!(answer.status, status);
    }
    assert_eq!(elsewhere.requests(), [""; 0]);
}

#[tokio::test]
async fn long_answers_are_cut_off() {
    let limit = 1_000;
    let outbound = outbound(Options { max_answer_bytes: limit, ..open() });
    for (length, status) in [(1_000, 200), (1_001, 200), (1 << 20, 500)] {
        // Without a length: it ends with the connection.
        let answer = format!("HTTP/1.1 {status} Said\r\n\r\n{}", "x".repeat(length));
        let server = Server::start(answer).await;
        let result = post(&outbound, &server.url("/")).await;
        if length <= limit {
            assert_eq!(result.expect("an answer").body.len(), length);
        } else {
            assert_eq!(result, Err(OutboundError::AnswerTooLong { status, limit }));
        }
    }
}

#[tokio::test]
async fn whoever_does_not_answer_is_not_waited_for() {
    // The system takes the connection and the request; nobody reads them.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let outbound = outbound(Options { timeout: Duration::from_millis(100), ..open() });
    assert_eq!(post(&outbound, &url).await, Err(OutboundError::Timeout { sent: true }));
}

#[tokio::test]
async fn broken_connections_are_told_without_the_url() {
    let silent = Server::start("").await;
    let torn = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nha").await;
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = format!("http://{}/?key=secret", gone.local_addr().expect("an address"));
    drop(gone);
    let outbound = outbound(open());
    for (url, arrived) in
        [(silent.url("/?key=secret"), true), (torn.url("/?key=secret"), true), (nobody, false)]
    {
        let error = post(&outbound, &url).await.expect_err(&url);
        let text = match &error {
            OutboundError::Broken(text) if arrived => text,
            OutboundError::BrokenOff { status: 200 } if arrived => continue,
            OutboundError::Unreachable(text) if !arrived => text,
            _ => panic!("{url}: {error}"),
        };
        assert!(!text.is_empty() && !text.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn headers_cannot_be_smuggled_in() {
    let server = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for (name, value) in [("a b", "c"), ("a", "b\r\nc: d"), ("", "")] {
        let result =
            outbound(open()).post(&server.url("/"), &[(name, value.to_owned())], vec![]).await;
        assert_eq!(result, Err(OutboundError::BadHeader(name.to_owned())));
    }
    assert_eq!(server.requests(), [""; 0]);
}
