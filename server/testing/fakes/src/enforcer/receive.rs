use super::{
    Answer,
    journal::{Journal, Received},
    signature::{header, verify},
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::{Instant, SystemTime},
};
use tokio::sync::{Notify, watch};

/// Where requests come in.
pub(super) struct Desk {
    secret: String,
    checks_time: bool,
    journal: Mutex<Journal>,
    /// Something was added to the journal.
    pub changed: Notify,
    /// Opens for a moment, for those who hang.
    pub gate: watch::Sender<()>,
}

impl Desk {
    pub(super) fn new(secret: &str, checks_time: bool, journal: Journal) -> Self {
        Self {
            secret: secret.into(),
            checks_time,
            journal: Mutex::new(journal),
            changed: Notify::new(),
            gate: watch::channel(()).0,
        }
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap()
    }

    /// Writes a request down, with the answer it gets if it is believed.
    fn note(&self, headers: &HeaderMap, body: &[u8]) -> (Received, Answer) {
        let mut received = self.read(headers, body);
        let mut journal = self.journal();
        received.order = journal.received.len();
        journal.received.push(received.clone());
        let believed = received.refused.is_none();
        let answer = if believed { journal.next_answer() } else { Answer::Status(401) };
        drop(journal);
        self.changed.notify_waiters();
        (received, answer)
    }

    fn read(&self, headers: &HeaderMap, bytes: &[u8]) -> Received {
        let now = self.checks_time.then(SystemTime::now);
        let verified = verify(&self.secret, headers, bytes, now);
        let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let text = |pointer| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let mut received = Received {
            order: 0,
            at: Instant::now(),
            key: verified.clone().unwrap_or_default(),
            kind: text("/type").to_owned(),
            sanction: text("/data/name").to_owned(),
            user_id: text("/data/subject/user_id").to_owned(),
            refused: None,
            body: Value::Null,
        };
        received.refused = verified.err().or_else(|| fault(headers, &received, &body));
        received.body = body;
        received
    }

    fn carry_out(&self, request: &Received) -> bool {
        let fresh = self.journal().carry_out(request);
        self.changed.notify_waiters();
        fresh
    }
}

/// What is wrong with a request that is signed, if anything is.
fn fault(headers: &HeaderMap, request: &Received, body: &Value) -> Option<&'static str> {
    let json = header(headers, "content-type") == Some("application/json");
    let key = Some(&*request.key);
    let said = body.pointer("/data/idempotency_key").and_then(Value::as_str);
    let known = ["sanction.apply", "sanction.extend", "sanction.lift", "sanction.expire"];
    let checks = [
        (json, "another content-type"),
        (header(headers, "idempotency-key") == key, "another idempotency-key"),
        (said == key, "another data.idempotency_key"),
        (known.contains(&&*request.kind), "an unknown type"),
        (body["timestamp"].is_string(), "no timestamp"),
        (!request.sanction.is_empty(), "no data.name"),
        (!request.user_id.is_empty(), "no data.subject.user_id"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, fault)| fault)
}

/// The one page there is.
pub(super) async fn receive(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // Before the request is written down, so that whoever saw it there can release it.
    let mut gate = desk.gate.subscribe();
    let (request, answer) = desk.note(&headers, &body);
    if let Some(refused) = request.refused {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": refused }))).into_response();
    }
    if answer == Answer::Hang {
        // The sender lives as long as the desk.
        let _ = gate.changed().await;
    }
    let fresh = answer.carries_out() && desk.carry_out(&request);
    answer.response(fresh)
}
