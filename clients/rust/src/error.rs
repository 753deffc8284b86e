use crate::v1::ErrorReason;
use prost::Message;
use std::{error::Error as StdError, str::Utf8Error, sync::Arc, time::Duration};
use tonic::{Code, Status, TimeoutExpired, transport};
use tonic_types::StatusExt;

/// How tonic begins the message of an answer that is HTTP and no gRPC.
const NO_GRPC: &str = "grpc-status header missing";

/// Why a call has no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused, or the connection broke under the call.
    #[error("{}", told(.0))]
    Status(Status),
    /// The endpoint, a certificate or a key cannot be read.
    #[error("the endpoint or its certificates cannot be used")]
    InvalidEndpoint(#[source] Arc<transport::Error>),
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Connect(#[source] Arc<transport::Error>),
    /// This setting holds characters that no header can carry.
    #[error("the {0} cannot be sent in a header")]
    InvalidHeader(&'static str),
    /// The answer lacks a part that must be there: the server is of another kind.
    #[error("the answer lacks `{0}`")]
    Incomplete(&'static str),
    /// A text that is to be checked is no text. Not made here, but by programs that
    /// read texts as bytes.
    #[error("not UTF-8")]
    NotUtf8(#[from] Utf8Error),
}

/// A field that cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its path in the request: `rule.text.regex`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// Something that had to hold first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precondition {
    /// What kind of thing stands in the way: `ETAG`, `TEST`.
    pub kind: String,
    /// Which one.
    pub subject: String,
    /// Why.
    pub message: String,
}

impl Error {
    /// The gRPC code; for what went wrong before any call, the one that fits. A
    /// connection that broke is UNAVAILABLE.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Status(status) if timed_out(status) => Code::DeadlineExceeded,
            Self::Status(status) if broke(status) => Code::Unavailable,
            Self::Status(status) => status.code(),
            Self::InvalidEndpoint(_) | Self::InvalidHeader(_) | Self::NotUtf8(_) => {
                Code::InvalidArgument
            }
            Self::Connect(_) => Code::Unavailable,
            Self::Incomplete(_) => Code::Internal,
        }
    }

    /// The cause programs branch on; UNSPECIFIED when the server told none.
    #[must_use]
    pub fn reason(&self) -> ErrorReason {
        self.status().map_or(ErrorReason::Unspecified, reason_of)
    }

    /// What went wrong, in English, for logs.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// What went wrong, for people, in the language of
    /// [`Builder::locale`](crate::Builder::locale).
    #[must_use]
    pub fn localized_message(&self) -> Option<String> {
        let details = self.status().and_then(StatusExt::get_details_localized_message);
        details.map(|details| details.message)
    }

    /// The fields that cannot be accepted; empty when it is not about fields.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let details = self.status().and_then(StatusExt::get_details_bad_request);
        let violations = details.map(|details| details.field_violations).unwrap_or_default();
        violations
            .into_iter()
            .map(|violation| Violation { field: violation.field, message: violation.description })
            .collect()
    }

    /// What had to hold first: stale etags, tests that fail, rules in the way.
    #[must_use]
    pub fn preconditions(&self) -> Vec<Precondition> {
        let details = self.status().and_then(StatusExt::get_details_precondition_failure);
        let violations = details.map(|details| details.violations).unwrap_or_default();
        violations
            .into_iter()
            .map(|violation| Precondition {
                kind: violation.r#type,
                subject: violation.subject,
                message: violation.description,
            })
            .collect()
    }

    /// When the server asks to come back.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.status().and_then(retry_after)
    }

    /// Whether what answered is no gRPC server, but another HTTP server.
    #[must_use]
    pub fn is_not_grpc(&self) -> bool {
        let code = matches!(self.code(), Code::Unknown | Code::Unimplemented | Code::Internal);
        let told = self.status().is_some_and(|status| status.message().starts_with(NO_GRPC));
        code && told
    }

    /// The status as it came; nothing for what went wrong before any call.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// The status of one message among others.
impl From<tonic_types::Status> for Error {
    fn from(status: tonic_types::Status) -> Self {
        let details = status.encode_to_vec();
        Self::Status(Status::with_details(Code::from(status.code), status.message, details.into()))
    }
}

/// As the contract tells errors among answers.
impl From<&Error> for tonic_types::Status {
    fn from(error: &Error) -> Self {
        let told = error.status().and_then(|status| Self::decode(status.details()).ok());
        // Without details there is nothing to decode, and it decodes to OK.
        told.filter(|status| status.code != Code::Ok as i32).unwrap_or_else(|| Self {
            code: error.code() as i32,
            message: error.message(),
            details: Vec::new(),
        })
    }
}

/// The cause that a status tells.
pub(crate) fn reason_of(status: &Status) -> ErrorReason {
    let info = status.get_details_error_info();
    info.and_then(|info| ErrorReason::from_str_name(&format!("ERROR_REASON_{}", info.reason)))
        .unwrap_or(ErrorReason::Unspecified)
}

/// `RetryInfo` of a status.
pub(crate) fn retry_after(status: &Status) -> Option<Duration> {
    status.get_details_retry_info().and_then(|info| info.retry_delay)
}

/// Whether our own time limit ended the call. tonic calls that CANCELLED.
pub(crate) fn timed_out(status: &Status) -> bool {
    causes(status).any(|cause| cause.downcast_ref::<TimeoutExpired>().is_some())
}

/// Whether the connection broke under the call: a cause means that the status arose on
/// this side.
pub(crate) fn broke(status: &Status) -> bool {
    let code = matches!(status.code(), Code::Unknown | Code::Internal | Code::Cancelled);
    code && status.source().is_some() && !timed_out(status)
}

/// What lies under a status that was made on this side of the wire.
fn causes(status: &Status) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(status.source(), |cause| (*cause).source())
}

/// The message, and what the connection has to say about it.
fn told(status: &Status) -> String {
    let mut text = status.message().to_owned();
    if text.is_empty() {
        text = status.code().description().to_owned();
    }
    for cause in causes(status) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    fn refused() -> Error {
        let mut details = ErrorDetails::with_error_info("INVALID_REGEX", "umpire", []);
        details.add_bad_request_violation("rule.text.regex", "does not compile");
        details.add_precondition_failure_violation("TEST", "t-1", "expected BLOCK");
        details.set_retry_info(Some(Duration::from_secs(3)));
        Status::with_error_details(Code::InvalidArgument, "no", details).into()
    }

    #[test]
    fn details_are_taken_apart() {
        let error = refused();
        assert_eq!(error.code(), Code::InvalidArgument);
        assert_eq!(error.reason(), ErrorReason::InvalidRegex);
        assert_eq!(error.message(), "no");
        assert_eq!(error.violations()[0].field, "rule.text.regex");
        assert_eq!(error.preconditions()[0].subject, "t-1");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    }

    #[test]
    fn the_status_of_one_message_keeps_its_details() {
        let Error::Status(status) = refused() else { panic!("a status") };
        let wire = tonic_types::Status::from(&Error::Status(status));
        assert_eq!(Error::from(wire).reason(), ErrorReason::InvalidRegex);
        let bare = tonic_types::Status::from(&Error::Incomplete("verdict"));
        assert_eq!(Error::from(bare).code(), Code::Internal);
    }

    #[test]
    fn a_broken_connection_is_no_server() {
        let mut status = Status::cancelled("operation was canceled");
        assert_eq!(Error::from(status.clone()).code(), Code::Cancelled, "the server's word");
        status.set_source(Arc::new(std::io::Error::other("connection closed")));
        assert_eq!(Error::from(status).code(), Code::Unavailable);
        let http = "grpc-status header missing, mapped from HTTP status code 404";
        assert!(Error::from(Status::unimplemented(http)).is_not_grpc());
        assert!(!Error::from(Status::unimplemented("")).is_not_grpc());
        assert!(!Error::from(Status::unavailable(http)).is_not_grpc(), "a proxy's word");
    }

    #[test]
    fn what_has_no_details_has_none() {
        let error = Error::Incomplete("verdict");
        assert_eq!((error.code(), error.reason()), (Code::Internal, ErrorReason::Unspecified));
        assert!(error.violations().is_empty() && error.preconditions().is_empty());
    }
}
