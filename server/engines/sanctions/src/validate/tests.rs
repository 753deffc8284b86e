use super::*;
use crate::{EnforcerKind, Ladder, Step, Webhook, samples::rule};
use data_encoding::BASE64;

const DAY: u64 = 86_400;

fn check<T: Item + std::fmt::Debug>(item: T, paths: &[&str]) {
    let found = item.violations();
    let found: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(found, paths, "{item:?}");
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("id-{number}")).collect()
}

#[test]
fn thresholds_and_windows_have_limits() {
    for (threshold, window, path) in [
        (1, 0, None),
        (1, 60, None),
        (2, 1, None),
        (10_000, 366 * DAY, None),
        (0, 60, Some("sanction_rule.threshold")),
        (10_001, 60, Some("sanction_rule.threshold")),
        (2, 0, Some("sanction_rule.window")),
        (1, 366 * DAY + 1, Some("sanction_rule.window")),
    ] {
        check(SanctionRule { threshold, window, ..rule() }, path.as_slice());
    }
    check(SanctionRule { grace: 366 * DAY, ..rule() }, &[]);
    check(SanctionRule { grace: 366 * DAY + 1, ..rule() }, &["sanction_rule.grace"]);
}

#[test]
fn ranges_of_charge_are_neither_negative_nor_inverted() {
    let (from, to) = ("sanction_rule.charge_from", "sanction_rule.charge_to");
    for (charge_from, charge_to, paths) in [
        (None, None, vec![]),
        (Some(0), None, vec![]),
        (None, Some(1), vec![]),
        (Some(5), Some(6), vec![]),
        (Some(-1), None, vec![from]),
        (None, Some(0), vec![to]),
        (None, Some(-1), vec![to]),
        (Some(6), Some(6), vec![to]),
        (Some(7), Some(6), vec![to]),
        (Some(-2), Some(-1), vec![from, to]),
    ] {
        check(SanctionRule { charge_from, charge_to, ..rule() }, &paths);
    }
}

#[test]
fn a_warning_has_no_end_and_no_sanction_lasts_over_ten_years() {
    use SanctionKind::{LoginBan, Mute, Warn};
    for (kind, duration, sound) in [
        (Warn, None, true),
        (Warn, Some(1), false),
        (Mute, None, true),
        (Mute, Some(1), true),
        (LoginBan, Some(MAX_SANCTION_SECONDS), true),
        (LoginBan, Some(MAX_SANCTION_SECONDS + 1), false),
        (Mute, Some(0), false),
    ] {
        let path = (!sound).then_some("sanction_rule.duration");
        check(SanctionRule { kind, duration, ..rule() }, path.as_slice());
    }
}

#[test]
fn lists_and_texts_of_rules_have_limits() {
    check(SanctionRule { labels: many(32), ..rule() }, &[]);
    check(SanctionRule { labels: many(33), ..rule() }, &["sanction_rule.labels"]);
    let labels = vec!["a".into(), " ".into(), "x".repeat(65)];
    let paths = ["sanction_rule.labels[1]", "sanction_rule.labels[2]"];
    check(SanctionRule { labels, ..rule() }, &paths);
    check(SanctionRule { servers: many(1_000), channels: many(1_000), ..rule() }, &[]);
    check(SanctionRule { servers: many(1_001), ..rule() }, &["sanction_rule.servers"]);
    check(SanctionRule { channels: vec![String::new()], ..rule() }, &["sanction_rule.channels"]);
    let long = vec!["x".repeat(1_025)];
    check(SanctionRule { channels: long, ..rule() }, &["sanction_rule.channels"]);
    check(SanctionRule { reason: "字".repeat(500), remark: "字".repeat(2_000), ..rule() }, &[]);
    check(SanctionRule { reason: "x".repeat(501), ..rule() }, &["sanction_rule.reason"]);
    check(SanctionRule { remark: "x".repeat(2_001), ..rule() }, &["sanction_rule.remark"]);
    let long = LocalizedText { fallback: "x".repeat(4_097), ..LocalizedText::default() };
    let by_locale = many(65).into_iter().map(|locale| (locale, "x".to_owned())).collect();
    for player_message in [long, LocalizedText { by_locale, ..LocalizedText::default() }] {
        check(SanctionRule { player_message, ..rule() }, &["sanction_rule.player_message"]);
    }
    let display_name = "x".repeat(201);
    check(SanctionRule { display_name, ..rule() }, &["sanction_rule.display_name"]);
}

#[test]
fn labels_need_not_be_known() {
    check(SanctionRule { labels: vec!["no rule has it".into()], ..rule() }, &[]);
}

fn ladder() -> Ladder {
    Ladder { steps: Vec::new(), factor: 2.0, maximum: None, memory: DAY, decay: None }
}

#[test]
fn ladders_have_limits() {
    let step = |kind, duration| Step { kind, duration };
    let warn = Some(SanctionKind::Warn);
    for (ladder, path) in [
        (ladder(), None),
        (Ladder { steps: vec![step(warn, None), step(None, Some(60))], ..ladder() }, None),
        (Ladder { factor: 1.0, maximum: Some(1), decay: Some(1), ..ladder() }, None),
        (Ladder { factor: 100.0, memory: MAX_SANCTION_SECONDS, ..ladder() }, None),
        (Ladder { steps: vec![step(None, None); 21], ..ladder() }, Some("steps")),
        (Ladder { steps: vec![step(warn, Some(60))], ..ladder() }, Some("steps[0].duration")),
        (Ladder { steps: vec![step(None, Some(0))], ..ladder() }, Some("steps[0].duration")),
        (Ladder { factor: 0.9, ..ladder() }, Some("factor")),
        (Ladder { factor: 100.1, ..ladder() }, Some("factor")),
        (Ladder { factor: f64::NAN, ..ladder() }, Some("factor")),
        (Ladder { factor: f64::INFINITY, ..ladder() }, Some("factor")),
        (Ladder { memory: 0, ..ladder() }, Some("memory")),
        (Ladder { memory: MAX_SANCTION_SECONDS + 1, ..ladder() }, Some("memory")),
        (Ladder { maximum: Some(0), ..ladder() }, Some("maximum")),
        (Ladder { decay: Some(0), ..ladder() }, Some("decay")),
    ] {
        let path = path.map(|path| format!("sanction_rule.ladder.{path}"));
        let paths: Vec<_> = path.iter().map(String::as_str).collect();
        check(SanctionRule { ladder: Some(ladder), ..rule() }, &paths);
    }
}

fn secret(bytes: usize) -> String {
    format!("whsec_{}", BASE64.encode(&vec![7; bytes]))
}

fn stream() -> Enforcer {
    Enforcer {
        display_name: String::new(),
        kind: EnforcerKind::Stream,
        servers: Vec::new(),
        categories: Vec::new(),
        ack_deadline: 30,
    }
}

fn webhook(url: &str, secret: String) -> Enforcer {
    let webhook = Webhook { url: url.into(), secret, legacy_end_time: false };
    Enforcer { kind: EnforcerKind::Webhook(webhook), ..stream() }
}

#[test]
fn webhooks_have_an_address_of_http() {
    for url in [
        "https://game.example",
        "HTTPS://game.example:8443/hooks/umpire?zone=1#a",
        "http://127.0.0.1:8080/",
        "http://[::1]:9/x",
        "https://xn--fiqs8s.example?x",
    ] {
        check(webhook(url, secret(32)), &[]);
    }
    let long = format!("https://game.example/{}", "x".repeat(2_048));
    for url in [
        "",
        "game.example",
        "ftp://game.example",
        "file:///etc/passwd",
        "https:///path",
        "https://",
        "https://:80/",
        "https://?x",
        "https://user:word@game.example/",
        "https://game.example:port/",
        "https://game.example:65536/",
        "https://game.example:+80/",
        "https://[::1/",
        "https://[game]/",
        "https://[::1]x/",
        "https://game.example\\@other.example/",
        "https://game .example/",
        "https://游戏.example/",
        "https://game.example/\r\nx",
        &long,
    ] {
        check(webhook(url, secret(32)), &["enforcer.webhook.url"]);
    }
}

#[test]
fn secrets_are_those_of_standard_webhooks() {
    let url = "https://game.example/";
    for bytes in [24, 32, 64] {
        check(webhook(url, secret(bytes)), &[]);
    }
    let without_prefix = BASE64.encode(&[7; 32]);
    for secret in [
        secret(23),
        secret(65),
        secret(0),
        String::new(),
        without_prefix,
        "whsec_not base64 at all, that is sure".into(),
    ] {
        check(webhook(url, secret), &["enforcer.webhook.secret"]);
    }
}

#[test]
fn enforcers_have_limits() {
    for (ack_deadline, sound) in [(0, false), (1, true), (3_600, true), (3_601, false)] {
        let path = (!sound).then_some("enforcer.ack_deadline");
        check(Enforcer { ack_deadline, ..stream() }, path.as_slice());
    }
    check(Enforcer { servers: many(1_001), ..stream() }, &["enforcer.servers"]);
    check(Enforcer { categories: vec![String::new()], ..stream() }, &["enforcer.categories"]);
    check(Enforcer { display_name: "x".repeat(201), ..stream() }, &["enforcer.display_name"]);
}
