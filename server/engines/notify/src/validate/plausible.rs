//! Texts that look like what they should be. Whether somebody is there only shows when
//! they are told.

use super::MAX_NAME_CHARS;
use std::net::IpAddr;

/// What may stand in an address before the `@`, beside letters and digits.
const LOCAL: &str = "!#$%&'*+-/=?^_`{|}~.";
/// What may not stand in the name before an address.
const SPECIAL: &str = "<>()[]:;@\\,\"";

/// A name, id or code: not blank, not long, and without control characters.
pub(super) fn is_name(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MAX_NAME_CHARS
        && !text.chars().any(char::is_control)
}

/// An address of IP, or a name in DNS.
pub(super) fn is_host(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok() || is_domain(text)
}

fn is_domain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// An address of e-mail, without a name.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    local.len() <= 64
        && local.chars().all(|c| c.is_alphanumeric() || LOCAL.contains(c))
        && !local.split('.').any(str::is_empty)
        && is_domain(domain)
}

/// An address of e-mail, or `Name <address>`.
pub(super) fn is_mailbox(text: &str) -> bool {
    let Some(rest) = text.strip_suffix('>') else { return is_email(text) };
    let Some((name, address)) = rest.split_once('<') else { return false };
    is_name(name) && !name.contains(|c: char| SPECIAL.contains(c)) && is_email(address)
}

/// 5 to 15 digits, perhaps after a `+`.
pub(super) fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What variables are called.
pub(super) fn is_variable(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(is_sound: impl Fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(is_sound(text), "{text:?}");
        }
        for text in bad {
            assert!(!is_sound(text), "{text:?}");
        }
    }

    #[test]
    fn hosts() {
        let (label, name) = ("x".repeat(63), "x.".repeat(126) + "x");
        let good = ["a", "mail.example", "smtp_1.local", "192.0.2.1", "::1", &label, &name];
        let (label, name) = ("x".repeat(64), "x.".repeat(127));
        let bad =
            ["", ".", "a..b", "-a", "a-", "a b", "a:25", "a/b", "邮件.example", "a\n", &label];
        check(is_host, &good, &bad);
        check(is_host, &[], &[&name, "[::1]", "user@mail.example", "https://mail.example"]);
    }

    #[test]
    fn addresses_of_mail() {
        let good = ["ops@example.com", "a.b+c@mail.example", "值班@example.com", "root@localhost"];
        let long = "x".repeat(65) + "@example.com";
        let bad = [
            "",
            "ops",
            "@example.com",
            "ops@",
            ".a@example.com",
            "a..b@example.com",
            "a b@example.com",
            "a@b@example.com",
            "ops@example.com\r\nBcc: all@example.com",
            "ops@exam ple.com",
            "<ops@example.com>",
            "ops,all@example.com",
            &long,
        ];
        check(is_email, &good, &bad);
        check(is_email, &[], &["Ops <ops@example.com>"]);
        check(is_mailbox, &good, &bad);
        check(
            is_mailbox,
            &["Ops <ops@example.com>", "值班 <a@b>"],
            &["Ops, All <ops@example.com>"],
        );
        check(is_mailbox, &[], &["A\nB <a@b>", "A <B> <a@b>", "A <a@b> x", "A ops@example.com>"]);
    }

    #[test]
    fn phone_numbers() {
        let good = ["13800000000", "+8613800000000", "10086"];
        let bad = ["", "+", "1008", "138 0000 0000", "+86-138", "1380000000000000", "++8613800000"];
        check(is_phone_number, &good, &bad);
    }

    #[test]
    fn names_and_variables() {
        let long = "字".repeat(257);
        check(is_name, &["a", "值班 室", &"字".repeat(256)], &["", " ", "a\nb", "a\u{0}", &long]);
        check(is_variable, &["rule_name", "P1", "x"], &["", "rule name", "a.b", "{{x}}", "名"]);
    }
}
