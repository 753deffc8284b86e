//! HTTP/1.1 by hand, so that everything can go wrong at every place.

use super::{Call, Fault, Reply, desk::Desk};
use axum::http::StatusCode;
use std::{
    fmt::Write,
    future, io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

/// The longest call that is read, in bytes.
const MAX_CALL: usize = 16 << 20;
/// Between two bytes of [`Fault::SlowDrip`].
const DRIP: Duration = Duration::from_secs(1);
/// Written at once of [`Fault::HugeBody`].
const PIECE: usize = 64 << 10;

/// Takes connections until it is dropped, and those with it.
pub(super) async fn listen(listener: TcpListener, desk: Arc<Desk>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve(stream, desk.clone()));
            }
            Some(_) = connections.join_next() => {}
            else => return,
        }
    }
}

/// Answers the calls of one connection, one after the other, until it ends.
async fn serve(mut stream: TcpStream, desk: Arc<Desk>) {
    while starts(&stream).await {
        let fault = desk.next_fault();
        // Unread bytes make the system reset the connection.
        let Some(call) = read(&mut stream, fault.as_ref()).await else { return };
        desk.note(&call);
        match answer(&mut stream, &desk, &call, fault).await {
            Ok(true) => {}
            // It was to be closed, or the caller has gone.
            Ok(false) | Err(_) => return,
        }
    }
}

/// Waits for the first byte of a call; `false` when the connection ends instead.
async fn starts(stream: &TcpStream) -> bool {
    stream.peek(&mut [0_u8]).await.is_ok_and(|length| length > 0)
}

async fn read(stream: &mut TcpStream, fault: Option<&Fault>) -> Option<Call> {
    if fault == Some(&Fault::CloseBeforeRead) {
        return None;
    }
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(stream, &mut bytes).await?;
    };
    let body = bytes.split_off(head + 4);
    let head = String::from_utf8(bytes).ok()?;
    let mut call = Call::new(head.trim_end(), body)?;
    let length: usize = call.header("content-length").unwrap_or("0").parse().ok()?;
    while call.body.len() < length {
        more(stream, &mut call.body).await?;
    }
    call.at = Instant::now();
    Some(call)
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let length = stream.read_buf(bytes).await.ok()?;
    (length > 0 && bytes.len() <= MAX_CALL).then_some(())
}

/// Answers as the vendor does, or as the fault has it. Says whether the connection goes on.
async fn answer(
    stream: &mut TcpStream,
    desk: &Desk,
    call: &Call,
    fault: Option<Fault>,
) -> io::Result<bool> {
    let Some(fault) = fault else {
        stream.write_all(&written(&desk.answer(call))).await?;
        return Ok(true);
    };
    match fault {
        Fault::Delay(time) => {
            let reply = desk.answer(call);
            sleep(time).await;
            stream.write_all(&written(&reply)).await?;
        }
        Fault::Hang => future::pending().await,
        Fault::CloseBeforeRead => return Ok(false),
        Fault::CloseAfterRead => {
            desk.answer(call);
            return Ok(false);
        }
        Fault::SlowDrip => drip(stream, &written(&desk.answer(call))).await?,
        Fault::HugeBody(length) => flood(stream, length).await?,
        Fault::Status(..) | Fault::GarbageJson | Fault::Empty200 | Fault::Redirect(_) => {
            stream.write_all(&written(&canned(fault))).await?;
        }
    }
    Ok(true)
}

/// The answer of a fault that has one.
fn canned(fault: Fault) -> Reply {
    let reply = |status, headers, body: &str| Reply {
        status,
        headers,
        body: body.into(),
        shown: Vec::new(),
    };
    match fault {
        Fault::Status(status, headers, body) => reply(status, headers, &body),
        Fault::GarbageJson => Reply {
            body: br#"{"errcode":0,"code":0,"ok":tr"#.to_vec(),
            ..Reply::json(200, &serde_json::Value::Null)
        },
        Fault::Redirect(to) => reply(302, vec![("location".into(), to)], ""),
        _ => reply(200, Vec::new(), ""),
    }
}

/// An answer as it is sent.
fn written(reply: &Reply) -> Vec<u8> {
    let mut bytes = head(reply, reply.body.len()).into_bytes();
    bytes.extend_from_slice(&reply.body);
    bytes
}

fn head(reply: &Reply, length: usize) -> String {
    let known = StatusCode::from_u16(reply.status).ok();
    let reason = known.and_then(|status| status.canonical_reason()).unwrap_or("Odd");
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", reply.status);
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    if !matches!(reply.status, 204 | 304) {
        write!(head, "content-length: {length}\r\n").unwrap();
    }
    head + "\r\n"
}

async fn drip(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        sleep(DRIP).await;
    }
    Ok(())
}

async fn flood(stream: &mut TcpStream, length: usize) -> io::Result<()> {
    let empty = Reply::text(200, "");
    stream.write_all(head(&empty, length).as_bytes()).await?;
    let piece = vec![b'x'; PIECE];
    let mut left = length;
    while left > 0 {
        let some = left.min(PIECE);
        stream.write_all(&piece[..some]).await?;
        left -= some;
    }
    Ok(())
}
