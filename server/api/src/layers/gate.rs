//! The gate: decides who gets in, and sees every answer go out.

use super::{Admission, METHODS, Metrics, Rate, Tokens, method, roles};
use crate::{
    error::{ApiError, wire_status},
    locale::Locale,
};
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Request, Response};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};
use umpire_model::Clock;
use umpire_tenancy::{Caller, Directory};

/// What the gate decides by.
#[derive(Clone)]
pub struct GateLayer {
    rules: Arc<GateRules>,
}

/// What a gate is made of.
pub struct GateOptions {
    /// Knows the keys.
    pub directory: Arc<Directory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How many calls may be under way.
    pub admission: Admission,
    /// Counts answers.
    pub metrics: Metrics,
    /// Who calls without a credential; `None` when one is required.
    pub anonymous: Option<Caller>,
    /// Verifies JSON Web Tokens; without it they are not accepted.
    pub tokens: Option<Tokens>,
    /// How many calls a second each caller may make; without it as many as it likes.
    pub rate: Option<Rate>,
}

struct GateRules {
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    admission: Admission,
    metrics: Metrics,
    anonymous: Option<Arc<Caller>>,
    tokens: Option<Tokens>,
    rate: Option<Rate>,
    /// Makes request ids unique between processes.
    process: u32,
    requests: AtomicU64,
}

impl GateLayer {
    /// A gate.
    #[must_use]
    pub fn new(options: GateOptions) -> Self {
        let GateOptions { directory, clock, admission, metrics, anonymous, tokens, rate } = options;
        let mut process = [0; 4];
        // Without randomness ids are less unique, which harms nothing.
        let _ = getrandom::fill(&mut process);
        let rules = GateRules {
            directory,
            clock,
            admission,
            metrics,
            anonymous: anonymous.map(Arc::new),
            tokens,
            rate,
            process: u32::from_ne_bytes(process),
            requests: AtomicU64::new(0),
        };
        Self { rules: Arc::new(rules) }
    }
}

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate { inner, rules: self.rules.clone() }
    }
}

/// See [`GateLayer`].
#[derive(Clone)]
pub struct Gate<S> {
    inner: S,
    rules: Arc<GateRules>,
}

impl GateRules {
    /// Who makes this call, if they may.
    fn admit(&self, method: usize, headers: &HeaderMap) -> Result<Arc<Caller>, ApiError> {
        let caller = self.caller(headers)?;
        let method = &METHODS[method];
        if !method.roles.contains(&caller.role) {
            let role = format!("{:?}", caller.role).to_uppercase();
            return Err(ApiError::RoleForbidden { role, method: method.path.into() });
        }
        if let Some(rate) = &self.rate {
            rate.count(&caller.principal).map_err(ApiError::RateLimited)?;
        }
        Ok(caller)
    }

    fn caller(&self, headers: &HeaderMap) -> Result<Arc<Caller>, ApiError> {
        match (secret_of(headers)?, &self.anonymous) {
            (Some(secret), _) => Ok(Arc::new(self.holder(secret)?)),
            (None, Some(anonymous)) => Ok(anonymous.clone()),
            (None, None) => Err(ApiError::Unauthenticated("an API key is required".into())),
        }
    }

    /// Who holds a key or token.
    fn holder(&self, secret: &str) -> Result<Caller, ApiError> {
        let now = self.clock.now();
        let Some(tokens) = self.tokens.as_ref().filter(|_| Tokens::looks_like_one(secret)) else {
            return Ok(self.directory.authenticate(secret, now)?);
        };
        let bad = || ApiError::Unauthenticated("the token is not valid".into());
        let caller = tokens.verify(secret, now).ok_or_else(bad)?;
        self.directory.admit_tenant(&caller.tenant)?;
        Ok(caller)
    }

    /// The caller's `x-request-id`, or a new one.
    fn request_id(&self, headers: &HeaderMap) -> HeaderValue {
        if let Some(given) = headers.get("x-request-id").filter(|given| given.len() <= 128) {
            return given.clone();
        }
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        HeaderValue::try_from(format!("{:08x}-{number:x}", self.process))
            .unwrap_or(HeaderValue::from_static("0"))
    }
}

/// The API key or token of a request: `authorization: Bearer` or `x-api-key`.
fn secret_of(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let malformed = || ApiError::Unauthenticated("the credential is malformed".into());
    if let Some(value) = headers.get("authorization") {
        let text = value.to_str().map_err(|_| malformed())?;
        let (scheme, secret) = text.split_once(' ').ok_or_else(malformed)?;
        return if scheme.eq_ignore_ascii_case("bearer") {
            Ok(Some(secret.trim()))
        } else {
            Err(malformed())
        };
    }
    headers.get("x-api-key").map(|value| value.to_str().map_err(|_| malformed())).transpose()
}

impl<S> Service<Request<Body>> for Gate<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let path = request.uri().path();
        let Some(number) = method(path).filter(|_| !roles::is_public(path)) else {
            // Health, reflection, and what does not exist.
            return Box::pin(self.inner.call(request));
        };
        let rules = self.rules.clone();
        let started = Instant::now();
        let id = rules.request_id(request.headers());
        let locale = locale_of(request.headers());
        let Some(place) = rules.admission.enter() else {
            return Box::pin(std::future::ready(Ok(rules.refuse(
                number,
                &ApiError::Overloaded,
                locale,
                id,
            ))));
        };
        let caller = match rules.admit(number, request.headers()) {
            Ok(caller) => caller,
            Err(error) => {
                return Box::pin(std::future::ready(Ok(rules.refuse(number, &error, locale, id))));
            }
        };
        request.extensions_mut().insert(caller);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await;
            drop(place);
            Ok(rules.seen(number, started, response?, locale, id))
        })
    }
}

impl GateRules {
    fn refuse(
        &self,
        method: usize,
        error: &ApiError,
        locale: Locale,
        id: HeaderValue,
    ) -> Response<Body> {
        let status = error.status(locale);
        self.metrics.refused(METHODS[method].path, status.code());
        let mut response = status.into_http();
        response.headers_mut().insert("x-request-id", id);
        response
    }

    /// Counts the answer and gives it its id.
    fn seen(
        &self,
        method: usize,
        started: Instant,
        mut response: Response<Body>,
        locale: Locale,
        id: HeaderValue,
    ) -> Response<Body> {
        // An error without an answer has its status in the headers.
        let status = Status::from_header_map(response.headers());
        let mut code = status.as_ref().map(Status::code).filter(|code| *code != Code::Ok);
        let by_transport = [Code::OutOfRange, Code::ResourceExhausted];
        if let Some(status) = status.filter(|status| by_transport.contains(&status.code())) {
            let status = wire_status(status, locale);
            code = Some(status.code());
            response = status.into_http();
        }
        self.metrics.answered(method, started.elapsed(), code);
        response.headers_mut().insert("x-request-id", id);
        response
    }
}

fn locale_of(headers: &HeaderMap) -> Locale {
    let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
    accepted.map_or(Locale::English, Locale::from_header)
}
