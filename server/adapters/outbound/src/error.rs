use std::{error::Error, net::IpAddr};

/// A request was not answered. No text in it holds the URL, which may carry secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
    /// Nothing was sent: the URL is not one to call.
    #[error("the URL cannot be called: {0}")]
    BadUrl(&'static str),
    /// Nothing was sent: this header cannot be.
    #[error("the header `{0}` cannot be sent")]
    BadHeader(String),
    /// Nothing was sent: the URL leads to an address that is not public.
    #[error("{0} is a private or reserved address: `outbound.allow_private` is not set")]
    Forbidden(IpAddr),
    /// No connection.
    #[error("{0}")]
    Unreachable(String),
    /// The connection broke after the request was written: it may have arrived.
    #[error("{0}")]
    Broken(String),
    /// No answer, or no whole one, in time.
    #[error("no answer in time")]
    Timeout {
        /// The request may have arrived.
        sent: bool,
    },
    /// The answer began, and no more of it came.
    #[error("HTTP {status} with an answer that breaks off")]
    BrokenOff {
        /// Its status.
        status: u16,
    },
    /// The answer is longer than what is read of one.
    #[error("HTTP {status} with an answer of over {limit} bytes")]
    AnswerTooLong {
        /// Its status.
        status: u16,
        /// How much would have been read.
        limit: usize,
    },
}

/// What the resolver tells the client when a name leads to no public address.
#[derive(Debug, thiserror::Error)]
#[error("{0} is a private or reserved address")]
pub(crate) struct ForbiddenAddress(pub IpAddr);

impl OutboundError {
    /// What a failed call of the client means.
    pub(crate) fn of(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let forbidden = causes(&error).find_map(|cause| cause.downcast_ref::<ForbiddenAddress>());
        if let Some(ForbiddenAddress(address)) = forbidden {
            return Self::Forbidden(*address);
        }
        if error.is_timeout() {
            return Self::Timeout { sent: !error.is_connect() };
        }
        // What wraps the first cause says only where in the client it came up.
        let first = causes(&error).last().map_or_else(String::new, ToString::to_string);
        if error.is_connect() { Self::Unreachable(first) } else { Self::Broken(first) }
    }
}

/// An error, what caused it, and so on.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
