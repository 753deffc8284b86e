use axum::{
    Json,
    body::Body,
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::json;
use std::io;

/// What an enforcer does with a request that it believes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Carries it out and says APPLIED; a key it has carried out before gets ALREADY.
    Apply,
    /// Says FAILED, with this error.
    Fail(String),
    /// Says UNKNOWN_SUBJECT.
    UnknownSubject,
    /// Gives this HTTP status and no body.
    Status(u16),
    /// Too busy: 429, and to come again after so many seconds.
    RetryAfter(u64),
    /// Says 200 and something that is no JSON, as a proxy in between would.
    Garbage,
    /// Says 200 and JSON that is not the documented answer.
    WrongBody,
    /// Does nothing until it is released, and then as `Apply`, unless the caller has
    /// gone by then.
    Hang,
    /// Closes the connection.
    Close,
    /// As `Apply`, but the answer is lost: the connection is closed.
    ApplyThenClose,
}

impl Answer {
    /// Whether a request that gets it is carried out.
    pub(super) fn carries_out(&self) -> bool {
        matches!(self, Self::Apply | Self::Hang | Self::ApplyThenClose)
    }

    /// The HTTP answer to something that was carried out just now, or was not.
    pub(super) fn response(&self, fresh: bool) -> Response {
        match self {
            Self::Apply | Self::Hang => {
                let result = if fresh { "APPLIED" } else { "ALREADY" };
                Json(json!({ "result": result })).into_response()
            }
            Self::Fail(error) => {
                Json(json!({ "result": "FAILED", "error": error })).into_response()
            }
            Self::UnknownSubject => Json(json!({ "result": "UNKNOWN_SUBJECT" })).into_response(),
            Self::Status(status) => StatusCode::from_u16(*status).unwrap().into_response(),
            Self::RetryAfter(seconds) => {
                let wait = [(RETRY_AFTER, seconds.to_string())];
                (StatusCode::TOO_MANY_REQUESTS, wait).into_response()
            }
            Self::Garbage => "<html><p>APPLIED</p></html>".into_response(),
            Self::WrongBody => Json(json!({ "status": "ok" })).into_response(),
            Self::Close | Self::ApplyThenClose => closed(),
        }
    }
}

/// A body that cannot be read makes the server close the connection.
fn closed() -> Response {
    let broken = stream::once(async { Err::<Vec<u8>, _>(io::Error::other("closed on purpose")) });
    Response::new(Body::from_stream(broken))
}
