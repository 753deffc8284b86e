//! Expressions that are taken, those that are refused, and what comes of them.

use super::*;
use std::{collections::BTreeMap, sync::Arc};
use umpire_model::{
    Attachment, Conversation, ConversationKind, FieldId, Level, Match, Message, Sender, WallTime,
};

const NOON: WallTime = WallTime { weekday: 6, minute: 12 * 60 };

fn found(rule: &str, word: &str, labels: &[&str], level: Level, shadow: bool) -> Match {
    Match {
        rule: format!("tenants/t/rules/{rule}").into(),
        word: word.into(),
        labels: labels.iter().map(|&label| Arc::from(label)).collect(),
        level,
        risk_class: None,
        field: FieldId::Text,
        spans: Vec::new(),
        earlier: Vec::new(),
        shadow,
        transformations: <_>::default(),
    }
}

fn two_matches() -> Vec<Match> {
    vec![
        found("ads", "加微信", &["ad", "contact"], Level::P2, false),
        found("slurs", "bad", &["abuse"], Level::P1, true),
    ]
}

/// What an expression says of a message, and whether its need agrees.
#[track_caller]
fn ask(source: &str, message: &Message<'_>, matches: &[Match]) -> Result<bool, Failed> {
    let expression = Expression::compile(source).unwrap_or_else(|e| panic!("{source}: {e}"));
    let held = expression.holds(&Facts::new(message, matches, NOON));
    if held == Ok(true) {
        assert!(
            expression.may_hold(message, &matches.iter().collect::<Vec<_>>()),
            "{source}: {:?}",
            expression.need
        );
        assert!(!(expression.needs_match() && matches.is_empty()), "{source}");
    }
    held
}

#[test]
fn facts_are_read() {
    let attributes = BTreeMap::from([("vip".to_owned(), "gold".to_owned())]);
    let message = Message {
        message_id: "m-1",
        scene: "world-chat",
        text: "加我微信 http://x",
        locale: "zh-CN",
        conversation: Conversation { id: "c", name: "n", kind: Some(ConversationKind::World) },
        sender: Sender {
            user_id: "u",
            server_id: "s1",
            category: "game",
            level: Some(7),
            attributes: Some(&attributes),
            ..Sender::default()
        },
        attachments: vec![Attachment { text: "a.pdf", title: "b", identity: b"" }],
        ..Message::default()
    };
    let matches = two_matches();
    for source in [
        "message.text.contains('http') && message.length == 13 && message.text.size() == 13",
        "message.id == 'm-1' && message.scene in ['world-chat', 'nickname']",
        "message.locale.startsWith('zh') && message.text.endsWith('x')",
        "message.hour == 12 && message.weekday >= 6",
        "message.attachments.exists(a, a.endsWith('.pdf')) && size(message.attachments) == 2",
        r"message.text.matches('微信\\s+https?://') || false",
        "conversation.kind == 'WORLD' && conversation.id + conversation.name == 'cn'",
        "sender.level + 1 == 8 && sender.level * 2 - 4 == 10 && sender.level % 4 == 3",
        "double(sender.level) / 2.0 > 3.4 && sender.level < 7.5 && -sender.level < 0",
        "!has(sender.total_recharge) && has(sender.level)",
        "sender.attributes['vip'] == 'gold' && sender.attributes.vip == 'gold'",
        "'vip' in sender.attributes && !has(sender.attributes.x) && size(sender.attributes) == 1",
        "sender.product_category == 'game' && sender.ip == ''",
        "matches.exists(m, m.rule == 'ads' && 'contact' in m.labels && m.level >= 'P2')",
        "matches.size() == 2 && matches[1].shadow && matches[0].word == '加微信'",
        "matches.filter(m, !m.shadow).map(m, m.rule) == ['ads'] || matches.filter(m, !m.shadow).size() == 1",
        "'slurs' in matches.map(m, m.rule) && matches.exists_one(m, m.shadow)",
        "matches.all(m, m.labels.exists(l, l != '')) && !('toxic' in scores)",
        "matches.exists(m, m.labels.exists(l, l.startsWith('abu') && m.rule == 'slurs'))",
        "sender.server_id == 's1' ? message.length > 3 : false",
        "['http', 'qq'].exists(w, message.text.contains(w))",
        "int('12') == 12 && string(3) == '3'",
    ] {
        if source.contains("== ['ads']") {
            Expression::compile(source).expect_err("lists are not compared");
            continue;
        }
        assert_eq!(ask(source, &message, &matches), Ok(true), "{source}");
    }
}

#[test]
fn what_cannot_be_said_is_no_match_and_no_panic() {
    let message = Message { text: "x", ..Message::default() };
    for source in [
        "sender.total_recharge < 1",
        "sender.attributes['x'] == 'y'",
        "scores.toxicity > 0.5",
        "matches[0].rule == 'x'",
        "1 / (message.length - 1) == 1",
        "message.length % (message.length - 1) == 1",
        "9223372036854775807 + message.length > 0",
        "int(message.text) == 1",
    ] {
        assert_eq!(ask(source, &message, &[]), Err(Failed), "{source}");
    }
    assert_eq!(ask("sender.level < 1 || message.text == 'x'", &message, &[]), Ok(true));
}

#[test]
fn refusals_say_what_and_where() {
    for (source, expected) in [
        ("", "must not be blank"),
        ("message.text", "must be a condition (bool), and is string"),
        ("sender.level = 3", "line 1, column 14"),
        ("user.id == 'x'", "line 1, column 1: `user` is not known; there are message,"),
        (
            "1 == 1 &&\n  sender.name == ''",
            "line 2, column 9: `sender` has no `name`; it has user_id",
        ),
        ("message.text == 3", "line 1, column 14: `==` does not go with string and int"),
        ("'中文' == message.text && message.x == 1", "line 1, column 32: `message` has no `x`"),
        ("message.text < 3", "`<` does not go with string and int"),
        ("sender.level + 1.5 > 2.0", "`+` does not go with int and double"),
        ("message.text && true", "`&&` does not go with string and bool"),
        ("!sender.level", "`!` does not go with int"),
        ("message.text.foo()", "there is no function `foo`; there are size,"),
        ("foo(1)", "there is no function `foo`"),
        ("message.text.contains(1)", "`contains` does not go with (string, int)"),
        ("message.text.matches(message.scene)", "the pattern must be written out"),
        ("message.text.matches('(')", "the pattern cannot be used"),
        ("message.text.matches('(?=x)')", "the pattern cannot be used"),
        ("message.text.matches('\\\\w{500}')", "the pattern grows too big"),
        ("matches == matches", "`==` does not go with list of match and list of match"),
        (
            "sender.attributes.exists(k, k == 'x')",
            "`exists` goes through lists, and this is map of string",
        ),
        ("message.text.all(c, true)", "`all` goes through lists, and this is string"),
        ("matches.exists(m, m.rule)", "`exists` takes a condition (bool), not string"),
        ("matches.exists(matches, true)", "`matches` is a fact; give the variable another name"),
        ("matches.exists(m.x, true)", "here stands the name of a variable"),
        ("matches.exists(m)", "`exists` takes a variable and a condition"),
        (
            "matches.exists(a, a.labels.exists(b, a.labels.exists(c, c == b)))",
            "macros may go through lists 2 deep at most",
        ),
        (
            "message.attachments.exists(a, message.attachments.exists(b, a.matches('x')))",
            "steps with lists and texts at their longest",
        ),
        ("has(message.text)", "`text` is always there; it may be empty"),
        ("has(message)", "`has()` takes a member"),
        ("message.scene == null", "there is no null"),
        ("sender.level == 1u", "numbers are written without `u`"),
        ("{'a': 1}.size() > 0", "maps cannot be written"),
        ("foo.Bar{a: 1} == 1", "messages cannot be built"),
        ("message.scene in []", "an empty list has no type"),
        ("message.scene in ['a', 1]", "a list of string cannot hold int"),
        ("true ? 1 : 'a'", "`?:` gives int or string"),
        ("optional.of(1) == 1", "`optional` is not known"),
        ("message.?text == ''", "unsupported syntax"),
        ("type(1) == int", "there is no function `type`"),
        ("@result", "line 1"),
        ("'unterminated", "line 1"),
    ] {
        let fault = Expression::compile(source).expect_err(source);
        assert!(fault.message.contains(expected), "{source}\n got: {fault}\nwant: {expected}");
    }
}

#[test]
fn sizes_are_limited() {
    for source in [
        format!("true{}", " && true".repeat(200)),
        format!("{}true{}", "(".repeat(33), ")".repeat(33)),
        format!("1{} == 1", " + 1".repeat(33)),
        format!("{}true", "true ? true : ".repeat(40)),
        format!("message.text == '{}'", "x".repeat(4_100)),
        format!("message.text.matches('{}')", "x".repeat(1_025)),
        "message.attachments.exists(a, message.attachments.exists(b, a + b == ''))".into(),
    ] {
        let fault = Expression::compile(&source).expect_err(&source);
        assert!(fault.is_limit, "{source}: {fault}");
    }
}

/// Whether an expression can be true without a match, and of this message.
#[test]
fn needs_are_derived() {
    let here = Message {
        scene: "support",
        text: "hello",
        conversation: Conversation { kind: Some(ConversationKind::Group), ..<_>::default() },
        sender: Sender { level: Some(3), server_id: "s1", ..Sender::default() },
        ..Message::default()
    };
    let all = two_matches();
    for (source, needs_match, may_hold_alone, may_hold_with_two) in [
        ("matches.size() > 0", true, false, true),
        ("size(matches) >= 1 && message.scene == 'x'", true, false, false),
        ("matches.size() >= 0", false, true, true),
        ("matches.size() == 0", false, true, true),
        ("0 < matches.size()", true, false, true),
        ("!(matches.size() == 0)", true, false, true),
        ("matches.exists(m, m.rule == 'ads')", true, false, true),
        ("matches.exists(m, m.rule == 'other')", true, false, false),
        ("matches.exists(m, m.rule in ['ads', 'x'] && !m.shadow)", true, false, true),
        ("matches.exists(m, m.rule == 'slurs' && !m.shadow)", true, false, false),
        ("matches.exists(m, 'abuse' in m.labels)", true, false, true),
        ("matches.exists(m, 'nothing' in m.labels)", true, false, false),
        ("matches.exists(m, m.labels.exists(l, l.startsWith('cont')))", true, false, true),
        ("matches.exists(m, m.labels.exists(l, l == 'x'))", true, false, false),
        (
            "matches.exists(a, matches.exists(b, a.rule == 'ads' && b.rule == 'slurs'))",
            true,
            false,
            true,
        ),
        ("matches.exists(a, matches.exists(b, b.rule == 'none'))", true, false, false),
        ("matches.all(m, m.shadow)", false, true, true),
        ("!matches.all(m, m.shadow)", true, false, true),
        ("!matches.exists(m, m.rule == 'ads')", false, true, true),
        ("matches.filter(m, m.level == 'P1').size() > 0", true, false, true),
        ("matches.filter(m, m.level == 'P0').size() > 0", true, false, false),
        ("'ads' in matches.map(m, m.rule)", true, false, true),
        ("'x' in matches.map(m, m.rule)", true, false, false),
        ("matches[0].rule == 'zzz'", true, false, true),
        ("matches.size() > 0 || sender.level > 5", false, false, true),
        ("sender.server_id == 's1' && message.text.contains('x')", false, false, false),
        ("sender.server_id == 's1' && message.text.contains('ell')", false, true, true),
        ("conversation.kind in ['GROUP', 'WORLD']", false, true, true),
        ("conversation.kind != 'GROUP'", false, false, false),
        ("!(conversation.kind == 'GROUP' || sender.level < 10)", false, false, false),
        ("sender.level < 2.5", false, false, false),
        ("3 <= sender.level", false, true, true),
        ("has(sender.total_recharge)", false, false, false),
        ("sender.total_recharge < 100", false, false, false),
        ("message.scene == 'x' ? true : sender.level == 3", false, true, true),
        ("message.scene == 'x' ? true : sender.level == 4", false, false, false),
        ("message.attachments.exists(a, message.scene == 'x')", false, false, false),
        ("message.text.matches('x')", false, true, true),
        ("false", true, false, false),
    ] {
        let expression = Expression::compile(source).unwrap_or_else(|e| panic!("{source}: {e}"));
        let got = (
            expression.needs_match(),
            expression.may_hold(&here, &[]),
            expression.may_hold(&here, &all.iter().collect::<Vec<_>>()),
        );
        assert_eq!(
            got,
            (needs_match, may_hold_alone, may_hold_with_two),
            "{source}: {:?}",
            expression.need
        );
    }
}

#[test]
fn every_declared_member_can_be_read() {
    use facts::Record;
    let message = Message {
        sender: Sender { level: Some(1), total_recharge: Some(1), ..Sender::default() },
        ..Message::default()
    };
    let matches = two_matches();
    let facts = Facts::new(&message, &matches, NOON);
    for (root, record) in [
        ("message", Record::Message),
        ("sender", Record::Sender),
        ("conversation", Record::Conversation),
        ("matches[0]", Record::Match),
    ] {
        for member in record.members() {
            let kind = record.member(member).unwrap_or_else(|| panic!("{root}.{member}")).kind;
            let source = match kind {
                kind::Kind::Bool => format!("{root}.{member} || true"),
                kind::Kind::Int => format!("{root}.{member} >= 0"),
                kind::Kind::String(_) => format!("{root}.{member} >= ''"),
                _ => format!("{root}.{member}.size() >= 0"),
            };
            let expression =
                Expression::compile(&source).unwrap_or_else(|e| panic!("{source}: {e}"));
            assert_eq!(expression.holds(&facts), Ok(true), "{source}");
        }
    }
}

#[test]
fn only_those_who_look_ask_the_wall() {
    let asks = |source| Expression::compile(source).expect(source).asks_the_wall;
    assert!(asks("message.hour < 6") && asks("matches.exists(m, message.weekday == 7)"));
    assert!(!asks("message.length < 6"));
}
