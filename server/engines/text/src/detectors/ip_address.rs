//! IPv4 and IPv6 addresses, as the standard library parses them.

use regex::Regex;
use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};
use umpire_model::ByteRange;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:[0-9A-Fa-f:]*:[0-9A-Fa-f:]+(?:\d{1,3}(?:\.\d{1,3}){3})?|\d{1,3}(?:\.\d{1,3})+)",
    )
    .expect("constant")
});

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    let mut at = 0;
    while let Some(hit) = CANDIDATE.find_at(text, at) {
        let address = hit.as_str().trim_end_matches(':');
        at = hit.end();
        if is_address(address) {
            let range = hit.start()..hit.start() + address.len();
            if is_free(text.as_bytes(), &range) {
                found(range);
            }
        } else if let Some(port) = hit.as_str().find(':').filter(|&port| port > 0) {
            // `1.2.3.4:8080` is taken whole by the first branch only where the
            // digits before the colon could be an IPv6 group; look again after it.
            at = hit.start() + port;
        }
    }
}

fn is_address(text: &str) -> bool {
    if text.contains(':') {
        // `::` alone and times such as `12:30` are no addresses.
        return text.len() > 2 && text.parse::<Ipv6Addr>().is_ok();
    }
    text.parse::<Ipv4Addr>().is_ok()
}

/// Not a piece of a longer number, word or version.
fn is_free(bytes: &[u8], range: &ByteRange) -> bool {
    let at = |index: Option<usize>| index.and_then(|index| bytes.get(index)).copied();
    let before = at(range.start.checked_sub(1));
    let (after, later) = (at(Some(range.end)), at(Some(range.end + 1)));
    let glued = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    let goes_on = after == Some(b'.') && later.is_some_and(|b| b.is_ascii_digit());
    !glued(before) && before != Some(b'.') && !glued(after) && !goes_on
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::IpAddress, tests::check};

    #[test]
    fn addresses() {
        check(IpAddress, "连【10.0.0.1】试试");
        check(IpAddress, "【192.168.1.10】:25565 来");
        check(IpAddress, "http://【8.8.8.8】/dns");
        check(IpAddress, "【2001:db8::1】 和 【fe80::1】");
        check(IpAddress, "[【::1】]:8080");
        check(IpAddress, "版本1.2.3.4.5");
        check(IpAddress, "256.1.1.1");
        check(IpAddress, "12:30 开会");
        check(IpAddress, "3.14");
        check(IpAddress, "v1.2.3.4");
        check(IpAddress, "std::vec");
    }
}
