use crate::{address::Guard, error::OutboundError};
use reqwest::Url;
use std::net::IpAddr;

/// Reads a URL that may be called, so far as that can be told without asking for the
/// addresses of a name; see [`GuardedResolver`](crate::resolver::GuardedResolver).
pub(crate) fn destination(url: &str, guard: Guard) -> Result<Url, OutboundError> {
    let url = Url::parse(url).map_err(|_| OutboundError::BadUrl("it is malformed"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OutboundError::BadUrl("it is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OutboundError::BadUrl("it holds a user or a password"));
    }
    match literal_address(&url) {
        Some(address) if !guard.permits(address) => Err(OutboundError::Forbidden(address)),
        _ => Ok(url),
    }
}

/// The address in the place of a name, which no resolver sees. The URL's parser has put
/// every other way to write one, such as `0x7f.1`, into the usual form.
fn literal_address(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Guard = Guard { allow_private: false };
    const OPEN: Guard = Guard { allow_private: true };

    #[test]
    fn only_plain_http_urls_are_called() {
        let good = ["https://game.example.com/hook?key=1", "http://1.1.1.1:80", "https://[2a00::]"];
        for url in good {
            assert!(destination(url, CLOSED).is_ok(), "{url}");
        }
        let bad = [
            "",
            "game.example.com/hook",
            "http://",
            "ftp://game.example.com/",
            "file:///etc/passwd",
            "unix:/run/game.sock",
            "https://user@game.example.com/",
            "https://user:secret@game.example.com/",
            "https://:secret@game.example.com/",
            "https://game.example.com:99999/",
        ];
        for url in bad {
            let error = destination(url, OPEN).expect_err(url);
            assert!(matches!(error, OutboundError::BadUrl(_)), "{url}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn addresses_are_seen_however_they_are_written() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001:8080/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
        ] {
            let error = destination(url, CLOSED).expect_err(url);
            assert!(matches!(error, OutboundError::Forbidden(_)), "{url}: {error}");
            assert!(destination(url, OPEN).is_ok(), "{url}");
        }
    }
}
