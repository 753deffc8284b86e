use umpire_model::Secret;
use umpire_notify::ChannelKind;

/// In whose name a provider is called, where, and for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account<'a> {
    /// SMS or VOICE: codes mean what they mean there.
    pub channel: ChannelKind,
    /// The provider's own when empty.
    pub base_url: &'a str,
    /// Named in every call.
    pub key_id: &'a str,
    /// Signs every call.
    pub key_secret: &'a Secret,
}

impl<'a> Account<'a> {
    /// Where calls go, `usual` unless the receiver says otherwise.
    pub(crate) fn endpoint(&self, usual: &'a str) -> Option<Endpoint<'a>> {
        Endpoint::of(if self.base_url.is_empty() { usual } else { self.base_url })
    }
}

/// A URL in the parts that are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Endpoint<'a> {
    /// `https://`, or for tests `http://`.
    pub scheme: &'a str,
    /// With the port, if one is named.
    pub host: &'a str,
    /// With a slash at its start and none at its end; mostly empty.
    pub path: &'a str,
}

impl<'a> Endpoint<'a> {
    /// Of a base URL; `None` when it is no HTTP URL, or one with more than a path.
    fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_at(url.find("://")? + "://".len());
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let known = matches!(scheme, "https://" | "http://");
        let plain = !host.is_empty() && !rest.contains(['?', '#', '@']);
        (known && plain).then_some(Self { scheme, host, path: path.trim_end_matches('/') })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_taken_apart() {
        for (url, scheme, host, path) in [
            ("https://sms.example.com", "https://", "sms.example.com", ""),
            ("https://sms.example.com/", "https://", "sms.example.com", ""),
            ("http://127.0.0.1:8080", "http://", "127.0.0.1:8080", ""),
            ("https://[::1]:443/a/b/", "https://", "[::1]:443", "/a/b"),
        ] {
            assert_eq!(Endpoint::of(url), Some(Endpoint { scheme, host, path }), "{url}");
        }
        for url in [
            "",
            "sms.example.com",
            "https://",
            "https:///path",
            "ftp://sms.example.com",
            "https://sms.example.com/?key=1",
            "https://user:secret@sms.example.com",
            "https://sms.example.com#top",
        ] {
            assert_eq!(Endpoint::of(url), None, "{url}");
        }
    }

    #[test]
    fn the_provider_is_called_unless_the_receiver_says_otherwise() {
        let secret = Secret::from("s3cret");
        let account = |base_url| Account {
            channel: ChannelKind::Sms,
            base_url,
            key_id: "key",
            key_secret: &secret,
        };
        let host = |base_url| account(base_url).endpoint("https://usual").map(|found| found.host);
        assert_eq!((host(""), host("http://other/")), (Some("usual"), Some("other")));
        assert!(!format!("{:?}", account("")).contains("s3cret"));
    }
}
