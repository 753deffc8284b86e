#[cfg(test)]
mod tests;

use crate::{
    address::Guard, destination::destination, error::OutboundError, resolver::GuardedResolver,
    retry_after::retry_after, tls::tls,
};
use reqwest::{
    Client, Response,
    header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    redirect,
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Idle connections that are kept to one host.
const IDLE_PER_HOST: usize = 4;

/// What the client may do, and how long it waits.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connect to addresses that are not public too.
    pub allow_private: bool,
    /// Longest time until there is a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest time from the call to the end of the answer.
    pub timeout: Duration,
    /// Longest answer that is read.
    pub max_answer_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_private: false,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(15),
            max_answer_bytes: 64 << 10,
        }
    }
}

/// How something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Without a body.
    Get,
    /// With a body.
    Post,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status, whatever it is.
    pub status: u16,
    /// How long the server asks to wait; at most a day.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

/// The guarded client. Clones are cheap and share its connections.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client,
    pub(crate) guard: Guard,
    pub(crate) connect_timeout: Duration,
    max_answer_bytes: usize,
}

impl Outbound {
    /// A client with these options.
    ///
    /// # Errors
    /// [`OutboundError::Setup`].
    pub fn new(options: Options) -> Result<Self, OutboundError> {
        let guard = Guard { allow_private: options.allow_private };
        let connect_timeout = options.connect_timeout;
        let client = Client::builder()
            .user_agent(concat!("umpire/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Arc::new(GuardedResolver(guard)))
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .build()
            .map_err(|error| OutboundError::Setup(error.to_string()))?;
        Ok(Self { client, guard, connect_timeout, max_answer_bytes: options.max_answer_bytes })
    }

    /// Posts a body and reads the answer. A redirect is an answer like any other.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        self.call(Method::Post, url, headers, body).await
    }

    /// As [`Outbound::post`], by another method.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn call(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        let url = destination(url, self.guard)?;
        let request = match method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).body(body),
        };
        let response = request.headers(header_map(headers)?).send().await;
        let response = response.map_err(OutboundError::of)?;
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after: asked.and_then(|value| retry_after(value, SystemTime::now())),
            body: read(response, self.max_answer_bytes).await?,
        })
    }
}

fn header_map(headers: &[(&str, String)]) -> Result<HeaderMap, OutboundError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let bad = || OutboundError::BadHeader((*name).to_owned());
        let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        map.append(known, HeaderValue::from_str(value).map_err(|_| bad())?);
    }
    Ok(map)
}

/// The body, unless it is longer than `limit`: then no more of it is read.
async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, OutboundError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let broken_off = |_| OutboundError::BrokenOff { status };
    while let Some(chunk) = response.chunk().await.map_err(broken_off)? {
        if body.len() + chunk.len() > limit {
            return Err(OutboundError::AnswerTooLong { status, limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
