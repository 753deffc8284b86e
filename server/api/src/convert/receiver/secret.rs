//! What is only written.

use umpire_model::Secret;
use umpire_notify::ChannelKind;

/// What stands in a URL for the part that makes it a secret.
const HIDDEN: &str = "***";

/// The secret that was written; the kept one, when none was.
pub(super) fn kept(written: &str, current: Option<&Secret>) -> Secret {
    match current {
        Some(current) if written.is_empty() => current.clone(),
        _ => written.into(),
    }
}

/// The URL that was written; the kept one, when it was written as it is shown.
pub(super) fn kept_url(written: &str, current: Option<&Secret>) -> Secret {
    match current {
        Some(current) if !current.is_empty() && written == shown_url(current) => current.clone(),
        _ => written.into(),
    }
}

/// A URL without path and query, which may hold what it is called with.
pub(super) fn shown_url(url: &Secret) -> String {
    let url = url.reveal();
    let Some((scheme, rest)) = url.split_once("://") else {
        return if url.is_empty() { String::new() } else { HIDDEN.into() };
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}/{HIDDEN}")
}

/// Collects which secrets are set.
pub(super) struct Set {
    channel: &'static str,
    paths: Vec<String>,
}

impl Set {
    pub fn of(kind: ChannelKind) -> Self {
        Self { channel: kind.name(), paths: Vec::new() }
    }

    /// Notes a secret, and gives what is shown of it: nothing.
    pub fn hide(&mut self, field: &str, secret: &Secret) -> String {
        self.note(field, secret);
        String::new()
    }

    /// Notes a URL, and gives what is shown of it.
    pub fn hide_url(&mut self, field: &str, url: &Secret) -> String {
        self.note(field, url);
        shown_url(url)
    }

    pub fn paths(self) -> Vec<String> {
        self.paths
    }

    fn note(&mut self, field: &str, secret: &Secret) {
        if !secret.is_empty() {
            self.paths.push(format!("{}.{field}", self.channel));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_shown_without_what_is_secret_in_them() {
        for (url, shown) in [
            ("", ""),
            ("https://open.feishu.cn/open-apis/bot/v2/hook/abc", "https://open.feishu.cn/***"),
            (
                "https://oapi.dingtalk.com/robot/send?access_token=t",
                "https://oapi.dingtalk.com/***",
            ),
            ("http://127.0.0.1:8080?key=1", "http://127.0.0.1:8080/***"),
            ("no url", "***"),
        ] {
            assert_eq!(shown_url(&url.into()), shown);
        }
    }

    #[test]
    fn what_is_shown_can_be_written_back() {
        let url: Secret = "https://hooks.example.com/secret".into();
        assert_eq!(kept_url(&shown_url(&url), Some(&url)), url);
        assert_eq!(kept_url("https://other", Some(&url)), "https://other".into());
        assert_eq!(kept_url("", Some(&url)), "".into());
        assert_eq!(kept("", Some(&url)), url);
        assert_eq!(kept("new", Some(&url)), "new".into());
        assert_eq!(kept("", None), "".into());
    }
}
