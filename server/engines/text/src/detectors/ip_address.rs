//! IPv4 and IPv6 addresses, as the standard library parses them.

use regex::Regex;
use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};
use umpire_model::ByteRange;

static V4: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:[0-9]{1,3}(?:\.[0-9]{1,3})+)").expect("constant"));

/// At least two colons; a dotted tail as in `::ffff:1.2.3.4`.
static V6: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?:\.[0-9]{1,3}){3})?)")
        .expect("constant")
});

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    let mut ranges: Vec<ByteRange> =
        V6.find_iter(text).filter_map(|hit| v6(text, hit.range())).collect();
    for hit in V4.find_iter(text).filter(|hit| hit.as_str().parse::<Ipv4Addr>().is_ok()) {
        let inside = |range: &ByteRange| range.start <= hit.start() && hit.end() <= range.end;
        if is_free(text.as_bytes(), &hit.range()) && !ranges.iter().any(inside) {
            ranges.push(hit.range());
        }
    }
    ranges.sort_by_key(|range| range.end);
    ranges.into_iter().for_each(&mut found);
}

/// The address in a candidate, which may have the colon of a sentence at its end.
fn v6(text: &str, range: ByteRange) -> Option<ByteRange> {
    let candidate = &text[range.clone()];
    let shorter = candidate.strip_suffix(':').unwrap_or(candidate);
    let address = [candidate, shorter].into_iter().find(|a| a.parse::<Ipv6Addr>().is_ok())?;
    let range = range.start..range.start + address.len();
    // `::` alone is no address anybody means.
    (address.len() > 2 && is_free(text.as_bytes(), &range)).then_some(range)
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
        check(IpAddress, "IP:【192.168.1.1】");
        check(IpAddress, "服务器IP：【192.168.1.1】:25565");
        check(IpAddress, "abc:【1.2.3.4】");
        check(IpAddress, "【::ffff:1.2.3.4】");
        check(IpAddress, "【2001:db8::1】 和 【fe80::1】");
        check(IpAddress, "[【::1】]:8080");
        check(IpAddress, "版本1.2.3.4.5");
        check(IpAddress, "256.1.1.1");
        check(IpAddress, "12:30 开会");
        check(IpAddress, "12:30:45 开会");
        check(IpAddress, "3.14");
        check(IpAddress, "v1.2.3.4");
        check(IpAddress, "std::vec");
    }
}
