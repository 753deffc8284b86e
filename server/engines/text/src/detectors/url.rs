//! Web addresses: with a scheme, with `www.`, or a bare name under a top-level
//! domain people advertise.

use regex::Regex;
use std::sync::LazyLock;
use umpire_model::ByteRange;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    let rest = r#"(?-u:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%])*"#;
    let name = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+";
    Regex::new(&format!(
        r"(?i:(?P<scheme>https?|ftp|wss?)://(?-u:[A-Za-z0-9\[]){rest}|(?P<www>www\.){name}[a-z]{{2,24}}(?:[:/?#]{rest})?|(?P<bare>{name}(?P<tld>[a-z]{{2,24}}))(?:[:/?#]{rest})?)"
    ))
    .expect("constant")
});

/// Top-level domains that make a bare name an address. File endings that are
/// also domains (`.zip`, `.rs`, `.md`) are left out.
const TOP_LEVEL: &[&str] = &[
    "app", "art", "asia", "biz", "cc", "chat", "club", "cn", "co", "com", "de", "dev", "edu", "eu",
    "fr", "fun", "games", "gg", "gov", "hk", "im", "in", "info", "io", "jp", "kr", "link", "live",
    "me", "mobi", "mo", "net", "one", "online", "org", "pro", "ru", "sg", "shop", "site", "space",
    "store", "tech", "tk", "to", "top", "tv", "tw", "uk", "us", "vip", "wang", "website", "wiki",
    "win", "work", "xin", "xyz",
];

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    if !text.contains(['.', ':']) {
        return;
    }
    for hit in CANDIDATE.captures_iter(text) {
        let Some(whole) = hit.get(0) else { continue };
        let length = match hit.name("bare") {
            _ if hit.name("scheme").is_some() => Some(whole.len()),
            Some(name) => bare_length(whole.as_str(), name.as_str()),
            None => Some(whole.len()),
        };
        let glued = hit.name("scheme").is_none() && is_glued(text.as_bytes(), whole.start());
        if let Some(length) = length.filter(|_| !glued) {
            let address = trimmed(&whole.as_str()[..length]);
            found(whole.start()..whole.start() + address.len());
        }
    }
}

/// How much of a candidate without scheme is an address: all of it when its name
/// ends in a known domain, else up to the last label that is one.
fn bare_length(whole: &str, name: &str) -> Option<usize> {
    let is_top_level = |label: &str| TOP_LEVEL.contains(&label.to_ascii_lowercase().as_str());
    if name.rsplit('.').next().is_some_and(is_top_level) {
        return Some(whole.len());
    }
    let mut end = name.len();
    while let Some(dot) = name[..end].rfind('.') {
        end = dot;
        let label = name[..end].rfind('.').map_or("", |dot| &name[dot + 1..end]);
        if is_top_level(label) {
            return Some(end);
        }
    }
    None
}

/// The address without the punctuation that ends the sentence around it.
fn trimmed(address: &str) -> &str {
    address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', ']', '('])
}

/// The domain of an email address, or the end of a longer word.
fn is_glued(bytes: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'@')
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::Url, tests::check};

    #[test]
    fn addresses() {
        check(Url, "看【https://example.com/a?b=c#d】。");
        check(Url, "(【http://example.com】)");
        check(Url, "上【www.example.cn】买");
        check(Url, "来【game-gold.top/buy】!");
        check(Url, "【HTTPS://EXAMPLE.COM】");
        check(Url, "main.rs 和 readme.md");
        check(Url, "看...【example.com】");
        check(Url, "快看..【https://evil.example/x】");
        check(Url, "x【http://evil.example】");
        check(Url, "【game-gold.top】.haha");
        check(Url, "visit 【example.com】.Then leave");
        check(Url, "a@example.com");
        check(Url, "版本 3.5.1, e.g. this");
        check(Url, "等等...好的.");
        check(Url, "【http://[::1]:8080/x】");
    }
}
