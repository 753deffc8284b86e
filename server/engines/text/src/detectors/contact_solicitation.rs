//! "Add me on WeChat / QQ" with an account that could exist.
//!
//! A contact word, then at most a few joining characters, then a WeChat id
//! (6 to 20 of letters, digits, `_`, `-`, starting with a letter), a QQ number
//! (5 to 11 digits, no leading zero) or a mobile number.

use regex::Regex;
use std::sync::LazyLock;
use umpire_model::ByteRange;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"(?P<word>微信|薇信|威信|徽信|微x|v信|wei\s?xin|we\s?chat|vx|wx|q群|qq群|qq|扣扣|企鹅|加\s?[vqw]|[vq][:：]|加微|加扣)";
    let join = r"[\s:：,，号群是为我加搜=+\-.•·]{0,6}(?:id|号码)?[\s:：=]{0,3}";
    let account = r"(?P<account>(?-u:[A-Za-z][A-Za-z0-9_-]{5,19}|[1-9][0-9]{4,10}))";
    Regex::new(&format!("(?i:{word}{join}{account})")).expect("constant")
});

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    let bytes = text.as_bytes();
    for hit in CANDIDATE.captures_iter(text) {
        let (Some(whole), Some(account)) = (hit.get(0), hit.name("account")) else { continue };
        if is_free(bytes, &whole.range()) && is_account(account.as_str()) {
            found(whole.range());
        }
    }
}

/// Letters alone are a word more often than an account, unless a digit or sign is in it.
fn is_account(account: &str) -> bool {
    account.bytes().any(|b| !b.is_ascii_alphabetic())
}

/// The contact word starts a word, and the account ends one.
fn is_free(bytes: &[u8], range: &ByteRange) -> bool {
    let glued = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
    };
    let before = bytes[range.start].is_ascii_alphanumeric() && glued(range.start.checked_sub(1));
    !before && !glued(Some(range.end))
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::ContactSolicitation, tests::check};

    #[test]
    fn solicitations() {
        check(ContactSolicitation, "代练找我，【微信abc_12345】");
        check(ContactSolicitation, "【加V：gold8888】 便宜");
        check(ContactSolicitation, "【QQ群 123456789】");
        check(ContactSolicitation, "【ＱＱ：１２３４５６】");
        check(ContactSolicitation, "【vx 13800138000】");
        check(ContactSolicitation, "【qq号123456】");
        check(ContactSolicitation, "我微信没电了");
        check(ContactSolicitation, "用微信支付 88 元");
        check(ContactSolicitation, "微信 wechat");
        check(ContactSolicitation, "qq123");
    }
}
