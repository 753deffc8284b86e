//! Email addresses in the everyday form: a dot-atom (RFC 5322) at a domain name.

use regex::Regex;
use std::sync::LazyLock;
use umpire_model::ByteRange;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,254}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})")
        .expect("constant")
});

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    if !text.contains('@') {
        return;
    }
    for hit in CANDIDATE.find_iter(text) {
        let skipped = before_address(hit.as_str());
        let address = &hit.as_str()[skipped..];
        if is_valid(address) {
            found(hit.start() + skipped..hit.end());
        }
    }
}

/// Bytes that stand before the address: an ellipsis is no part of it.
fn before_address(candidate: &str) -> usize {
    let local = candidate.rfind('@').unwrap_or(0);
    candidate[..local].rfind("..").map_or(0, |dots| dots + 2)
}

fn is_valid(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let label_ok = |label: &str| !label.starts_with('-') && !label.ends_with('-');
    !local.is_empty() && !local.ends_with('.') && domain.split('.').all(label_ok)
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::Email, tests::check};

    #[test]
    fn addresses() {
        check(Email, "写信到【li.lei+game@mail.example.com.cn】。");
        check(Email, "【a@b.io】,【c@d.org】");
        check(Email, "hi...【bob@example.com】");
        check(Email, "a.@example.com");
        check(Email, "a@-example.com");
        check(Email, "a@localhost");
        check(Email, "@somebody hello");
    }
}
