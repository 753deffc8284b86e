//! The one way from an engine's error to a gRPC status.

use crate::locale::Locale;
use std::{collections::HashMap, time::Duration};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use umpire_catalog::CatalogError;
use umpire_model::{InvalidId, RequestIdReused, StoreError, Violation, ViolationKind};
use umpire_moderation::CheckError;
use umpire_notify::DeskError;
use umpire_proto::v1::ErrorReason;
use umpire_query::{FilterError, InvalidPageToken, OrderError};
use umpire_rules::{BrokeOff, ChangeError, TestError, TestResult};
use umpire_sanctions::CourtError;
use umpire_tenancy::{Denied, DirectoryError};

/// `ErrorInfo.domain` of every error.
const DOMAIN: &str = "umpire";
/// When to come back after OVERLOADED or STORE_UNAVAILABLE.
const RETRY: Duration = Duration::from_secs(1);

/// Why a call cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("{}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Violation>),
    #[error("{0} not found")]
    NotFound(String),
    #[error("{0} exists already")]
    AlreadyExists(String),
    #[error("{0} changed since the etag was read")]
    EtagMismatch(String),
    #[error("the message id was used for other content within 24 hours")]
    MessageIdReused,
    #[error("the request id was used for another request within 24 hours")]
    RequestIdReused,
    #[error("filter: {0}")]
    InvalidFilter(FilterError),
    #[error("{0}")]
    InvalidPageToken(#[from] InvalidPageToken),
    #[error("{0}")]
    Unauthenticated(String),
    #[error("role {role} may not call {method}")]
    RoleForbidden { role: String, method: String },
    #[error("the credential does not speak for {0}")]
    TenantForbidden(String),
    #[error("{0}: only the operator, an ADMIN of tenants/default, may do this")]
    OperatorOnly(&'static str),
    #[error("{0}")]
    TooLarge(String),
    #[error("{what} is needed by {}", .users.join(", "))]
    InUse { what: String, users: Vec<String> },
    #[error("{} kept test cases would fail: {}", .0.len(), .0.iter().map(|(id, _)| id.as_str()).take(5).collect::<Vec<_>>().join(", "))]
    TestsFailed(Vec<(String, String)>),
    #[error("the resume token is damaged, or belongs to another stream or tenant")]
    InvalidResumeToken,
    #[error("events after the resume token are forgotten; the oldest there are is {oldest}")]
    TokenExpired { oldest: u64 },
    #[error("{0} is over, was never carried out, or has no end to move")]
    Over(String),
    #[error("{0} is of another kind")]
    WrongKind(String),
    #[error("{0} is resolved")]
    AlertOver(String),
    #[error("{0} is neither dead-lettered nor expired")]
    NotDead(String),
    #[error("the key has made all the calls it may make at present")]
    RateLimited(Duration),
    #[error("the server has more to do than it can take")]
    Overloaded,
    #[error("{0}")]
    Unavailable(String),
    #[error("the server is shutting down")]
    ShuttingDown,
    #[error("{0}")]
    Limit(String),
    #[error("{0}")]
    Internal(String),
}

impl ApiError {
    /// One field that cannot be accepted.
    pub fn invalid(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::invalid(path, message)])
    }

    fn code(&self) -> Code {
        match self {
            Self::Invalid(_)
            | Self::InvalidFilter(_)
            | Self::InvalidPageToken(_)
            | Self::InvalidResumeToken
            | Self::TooLarge(_) => Code::InvalidArgument,
            Self::InUse { .. }
            | Self::TestsFailed(_)
            | Self::Over(_)
            | Self::WrongKind(_)
            | Self::AlertOver(_)
            | Self::NotDead(_) => Code::FailedPrecondition,
            Self::TokenExpired { .. } => Code::OutOfRange,
            Self::NotFound(_) => Code::NotFound,
            Self::AlreadyExists(_) | Self::MessageIdReused | Self::RequestIdReused => {
                Code::AlreadyExists
            }
            Self::EtagMismatch(_) => Code::Aborted,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::RoleForbidden { .. } | Self::TenantForbidden(_) | Self::OperatorOnly(_) => {
                Code::PermissionDenied
            }
            Self::Overloaded | Self::RateLimited(_) | Self::Limit(_) => Code::ResourceExhausted,
            Self::Unavailable(_) | Self::ShuttingDown => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// What clients branch on.
    pub fn reason(&self) -> ErrorReason {
        match self {
            Self::Invalid(violations) => {
                violations.first().map_or(ErrorReason::InvalidField, reason_of)
            }
            Self::NotFound(_) => ErrorReason::NotFound,
            Self::AlreadyExists(_) => ErrorReason::AlreadyExists,
            Self::EtagMismatch(_) => ErrorReason::EtagMismatch,
            Self::MessageIdReused => ErrorReason::MessageIdReused,
            Self::RequestIdReused => ErrorReason::RequestIdReused,
            Self::InvalidFilter(_) => ErrorReason::InvalidFilter,
            Self::InvalidPageToken(_) => ErrorReason::InvalidPageToken,
            Self::Unauthenticated(_) => ErrorReason::Unauthenticated,
            Self::RoleForbidden { .. } => ErrorReason::RoleForbidden,
            Self::TenantForbidden(_) | Self::OperatorOnly(_) => ErrorReason::TenantForbidden,
            Self::TooLarge(_) => ErrorReason::TooLarge,
            Self::InUse { .. } => ErrorReason::InUse,
            Self::TestsFailed(_) => ErrorReason::TestsFailed,
            Self::InvalidResumeToken => ErrorReason::InvalidResumeToken,
            Self::TokenExpired { .. } => ErrorReason::ResumeTokenExpired,
            Self::Over(_) => ErrorReason::SanctionOver,
            Self::WrongKind(_) => ErrorReason::WrongEnforcerKind,
            Self::AlertOver(_) => ErrorReason::AlertOver,
            Self::NotDead(_) => ErrorReason::DeliveryNotDead,
            Self::Overloaded | Self::RateLimited(_) => ErrorReason::Overloaded,
            Self::Unavailable(_) => ErrorReason::StoreUnavailable,
            Self::ShuttingDown => ErrorReason::ShuttingDown,
            Self::Limit(_) => ErrorReason::LimitReached,
            Self::Internal(_) => ErrorReason::Unspecified,
        }
    }

    /// The status with its details, for people in their language.
    pub fn status(&self, locale: Locale) -> Status {
        if let Self::Internal(cause) = self {
            tracing::error!(cause, "internal error");
            return Status::internal("internal error");
        }
        let reason = self.reason();
        let name = reason.as_str_name().trim_start_matches("ERROR_REASON_");
        let mut details = ErrorDetails::with_error_info(name, DOMAIN, self.metadata());
        details.set_localized_message(locale.tag(), locale.explain(reason));
        self.add_specifics(&mut details);
        Status::with_error_details(self.code(), self.to_string(), details)
    }

    /// What `ErrorInfo` says beside the reason.
    fn metadata(&self) -> HashMap<String, String> {
        match self {
            Self::TokenExpired { oldest } => [("oldest".into(), oldest.to_string())].into(),
            _ => HashMap::new(),
        }
    }

    fn add_specifics(&self, details: &mut ErrorDetails) {
        match self {
            Self::Invalid(violations) => {
                for violation in violations.iter().take(100) {
                    details.add_bad_request_violation(&violation.path, &violation.message);
                }
            }
            Self::InvalidFilter(error) => {
                details.add_bad_request_violation("filter", error.to_string());
            }
            Self::InvalidPageToken(error) => {
                details.add_bad_request_violation("page_token", error.to_string());
            }
            Self::NotFound(name) | Self::AlreadyExists(name) => {
                details.set_resource_info(resource_type(name), name, "", "");
            }
            Self::EtagMismatch(name) => {
                details.add_precondition_failure_violation("ETAG", name, "the etag is stale");
            }
            Self::InUse { users, .. } => {
                for user in users.iter().take(100) {
                    details.add_precondition_failure_violation("IN_USE", user, "needs it");
                }
            }
            Self::TestsFailed(tests) => {
                for (test, what) in tests.iter().take(100) {
                    details.add_precondition_failure_violation("TEST", test, what);
                }
            }
            Self::InvalidResumeToken => {
                details.add_bad_request_violation("resume_token", self.to_string());
            }
            Self::Over(name) | Self::AlertOver(name) | Self::NotDead(name) => {
                details.add_precondition_failure_violation("STATE", name, self.to_string());
            }
            Self::WrongKind(name) => {
                details.add_precondition_failure_violation("KIND", name, self.to_string());
            }
            Self::Limit(limit) => {
                details.add_quota_failure_violation("tenant", limit);
            }
            Self::RateLimited(wait) => {
                details.set_retry_info(Some(*wait));
                details.add_quota_failure_violation("key", self.to_string());
            }
            Self::Overloaded | Self::Unavailable(_) | Self::ShuttingDown => {
                details.set_retry_info(Some(RETRY));
            }
            _ => {}
        }
    }
}

fn reason_of(violation: &Violation) -> ErrorReason {
    match violation.kind {
        ViolationKind::Invalid => ErrorReason::InvalidField,
        ViolationKind::Regex => ErrorReason::InvalidRegex,
        ViolationKind::Unsupported => ErrorReason::Unsupported,
        ViolationKind::TooLarge => ErrorReason::TooLarge,
        ViolationKind::Empty => ErrorReason::EmptyMessage,
    }
}

/// `tenants/a/rules/b` is a `umpire/rules`.
fn resource_type(name: &str) -> String {
    let collection = name.rsplit('/').nth(1).unwrap_or_default();
    format!("{DOMAIN}/{collection}")
}

/// A request that was bigger than the server reads becomes the documented error.
pub(crate) fn wire_status(status: Status, locale: Locale) -> Status {
    // Our own have details; these are the transport's, plain and compressed.
    let by_transport = status.details().is_empty();
    if by_transport && matches!(status.code(), Code::OutOfRange | Code::ResourceExhausted) {
        return ApiError::TooLarge(status.message().to_owned()).status(locale);
    }
    status
}

impl From<InvalidId> for ApiError {
    fn from(error: InvalidId) -> Self {
        Self::invalid("name", error.to_string())
    }
}

impl From<FilterError> for ApiError {
    fn from(error: FilterError) -> Self {
        Self::InvalidFilter(error)
    }
}

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        Self::invalid("order_by", error.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Overloaded => Self::Overloaded,
            StoreError::Unavailable(_) => Self::Unavailable("the store is unavailable".into()),
            StoreError::Corrupt(what) => Self::Internal(what.to_string()),
        }
    }
}

impl From<CheckError> for ApiError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::MessageIdReused => Self::MessageIdReused,
            CheckError::Store(error) => error.into(),
        }
    }
}

impl From<Denied> for ApiError {
    fn from(error: Denied) -> Self {
        Self::Unauthenticated(error.to_string())
    }
}

impl From<BrokeOff> for ApiError {
    fn from(broke_off: BrokeOff) -> Self {
        Self::Internal(broke_off.to_string())
    }
}

impl From<RequestIdReused> for ApiError {
    fn from(_: RequestIdReused) -> Self {
        Self::RequestIdReused
    }
}

impl From<CourtError> for ApiError {
    fn from(error: CourtError) -> Self {
        match error {
            CourtError::Invalid(violations) => Self::Invalid(violations),
            CourtError::NotFound(name) => Self::NotFound(name),
            CourtError::AlreadyExists(name) => Self::AlreadyExists(name),
            CourtError::EtagMismatch(name) => Self::EtagMismatch(name),
            CourtError::Over(name) => Self::Over(name),
            // A warning: it has no end to move.
            CourtError::WrongKind(name) if name.contains("/sanctions/") => Self::Over(name),
            CourtError::WrongKind(name) => Self::WrongKind(name),
            CourtError::RequestIdReused(_) => Self::RequestIdReused,
            CourtError::InvalidToken => Self::InvalidResumeToken,
            CourtError::TokenExpired { oldest } => Self::TokenExpired { oldest },
            CourtError::Store(error) => error.into(),
        }
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Invalid(violations) => Self::Invalid(violations),
            DeskError::NotFound(name) => Self::NotFound(name),
            DeskError::EtagMismatch(name) => Self::EtagMismatch(name),
            DeskError::Over(name) => Self::AlertOver(name),
            DeskError::WrongState(name) => Self::NotDead(name),
            DeskError::RequestIdReused(_) => Self::RequestIdReused,
            DeskError::InvalidToken => Self::InvalidResumeToken,
            DeskError::TokenExpired { oldest } => Self::TokenExpired { oldest },
            DeskError::Store(error) => error.into(),
        }
    }
}

impl ApiError {
    /// A failed change of the resource called `name`.
    pub fn of_catalog(error: CatalogError, name: &str) -> Self {
        match error {
            CatalogError::Invalid(violations) => Self::Invalid(violations),
            CatalogError::NotFound => Self::NotFound(name.into()),
            CatalogError::AlreadyExists => Self::AlreadyExists(name.into()),
            CatalogError::EtagMismatch => Self::EtagMismatch(name.into()),
            CatalogError::Limit(what) => Self::Limit(what),
            CatalogError::RequestIdReused(_) => Self::RequestIdReused,
            CatalogError::Store(error) => error.into(),
        }
    }

    /// A failed change of the thing called `name`.
    pub fn of_change(error: ChangeError, name: &str) -> Self {
        let tenant = || name.split('/').take(2).collect::<Vec<_>>().join("/");
        match error {
            ChangeError::Invalid(violations) => Self::Invalid(violations),
            ChangeError::NotFound => Self::NotFound(name.into()),
            ChangeError::AlreadyExists => Self::AlreadyExists(name.into()),
            ChangeError::EtagMismatch => Self::EtagMismatch(name.into()),
            ChangeError::InUse { list, rules } => Self::InUse {
                what: format!("{}/wordLists/{list}", tenant()),
                users: rules.iter().map(|id| format!("{}/rules/{id}", tenant())).collect(),
            },
            ChangeError::BrokeOff(broke_off) => broke_off.into(),
            ChangeError::TestsFailed(results) => Self::TestsFailed(
                results.iter().filter(|result| !result.passed()).map(failure).collect(),
            ),
            ChangeError::Limit(what) => Self::Limit(what),
            ChangeError::RequestIdReused(_) => Self::RequestIdReused,
            ChangeError::Store(error) => error.into(),
        }
    }

    /// A failed change of the tenant or key called `name`.
    pub fn of_directory(error: DirectoryError, name: &str) -> Self {
        match error {
            DirectoryError::Invalid(violations) => Self::Invalid(violations),
            DirectoryError::NotFound => Self::NotFound(name.into()),
            DirectoryError::AlreadyExists => Self::AlreadyExists(name.into()),
            DirectoryError::EtagMismatch => Self::EtagMismatch(name.into()),
            DirectoryError::InUse(ids) => Self::InUse {
                what: name.into(),
                users: ids.iter().map(|id| format!("tenants/{id}")).collect(),
            },
            DirectoryError::RequestIdReused(_) => Self::RequestIdReused,
            DirectoryError::Store(error) => error.into(),
            DirectoryError::Randomness(error) => Self::Internal(error.to_string()),
        }
    }

    /// Drafts that cannot be tried.
    pub fn of_drafts(error: TestError) -> Self {
        match error {
            TestError::Limit(what) => Self::Limit(what),
            TestError::Store(error) => error.into(),
            TestError::Invalid(index, violations) => {
                let path = format!("rules[{index}]");
                let moved = violations.into_iter().map(|violation| violation.moved("rule", &path));
                Self::Invalid(moved.collect())
            }
        }
    }
}

/// A test case and how what came differs from what must come.
fn failure(result: &TestResult) -> (String, String) {
    let decision = |decision: umpire_model::Decision| format!("{decision:?}").to_uppercase();
    let mut what =
        format!("expected {}, got {}", decision(result.test.decision), decision(result.decision));
    if let Some(labels) = &result.test.labels {
        let expected: Vec<_> = labels.iter().map(|label| &**label).collect();
        let got: Vec<_> = result.labels.iter().map(|label| &**label).collect();
        what += &format!("; expected labels [{}], got [{}]", expected.join(", "), got.join(", "));
    }
    (result.test.id.to_string(), what)
}
