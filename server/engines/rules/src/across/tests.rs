use super::*;
use umpire_model::{CancelCause, FieldId, Mask, Span, TenantId, Verdict, WallTime};

const MOMENT: Moment = Moment { now: Timestamp(0), wall: WallTime { weekday: 1, minute: 0 } };

/// A rule that looks across messages for what `text` says, with more keys of a rule.
fn rule(text: &str, more: &str) -> Rule {
    let rule = format!(r#"{{"id": "r", "text": {{{text}, "across_messages": true}}{more}}}"#);
    serde_json::from_str(&rule).expect("a rule")
}

fn set_of(rule: &Rule) -> RuleSet {
    RuleSet::compile(&TenantId::operator(), 1, [rule]).expect("a valid rule")
}

/// Whole texts with their ids.
fn preceding(texts: &[(&str, &str)]) -> Preceding {
    let mut preceding = Preceding::default();
    for (message_id, text) in texts {
        preceding.pieces.push(Piece {
            message_id: (*message_id).into(),
            at: preceding.text.len(),
            byte_offset: 0,
            utf16_offset: 0,
        });
        preceding.text.push_str(text);
    }
    preceding
}

/// The verdict, and what of the text was used.
fn judge(set: &RuleSet, preceding: &Preceding, text: &str) -> (Verdict, Option<usize>) {
    let message = Message { text, ..Message::default() };
    let mut scratch = Scratch::default();
    let mut scanned = set.scan(&message, MOMENT.now, &mut scratch);
    set.scan_across(&message, preceding, MOMENT.now, &mut scratch, &mut scanned);
    let used = set.used_across(&message, &scanned, &MOMENT);
    (set.evaluate(&message, &scanned, &MOMENT, "test".into()), used)
}

fn span(bytes: (u32, u32), units: (u32, u32)) -> Span {
    let ((byte_start, byte_end), (utf16_start, utf16_end)) = (bytes, units);
    Span { byte_start, byte_end, utf16_start, utf16_end }
}

#[test]
fn a_word_in_pieces_is_found_where_it_ends() {
    let set = set_of(&rule(r#""words": ["加我微信"]"#, r#", "actions": [{"kind": "MASK"}]"#));
    let before = preceding(&[("1", "😀加"), ("2", "我"), ("3", "微")]);
    let (verdict, used) = judge(&set, &before, "信吧");
    assert_eq!(verdict.matches.len(), 1);
    let found = &verdict.matches[0];
    assert_eq!((&*found.word, found.field), ("加我微信", FieldId::Text));
    assert_eq!(found.spans, [span((0, 3), (0, 1))]);
    let earlier: Vec<_> =
        found.earlier.iter().map(|one| (one.message_id.as_str(), one.span)).collect();
    let whole = span((0, 3), (0, 1));
    assert_eq!(earlier, [("1", span((4, 7), (2, 3))), ("2", whole), ("3", whole)]);
    assert_eq!(verdict.mask_of(FieldId::Text), [Mask::full(0..3)]);
    assert_eq!(used, Some(3));
}

#[test]
fn a_word_that_ends_earlier_hides_none_that_crosses() {
    let set = set_of(&rule(r#""words": ["加我", "我微信"]"#, ""));
    let (verdict, _) = judge(&set, &preceding(&[("1", "加我")]), "微信");
    let words: Vec<&str> = verdict.matches.iter().map(|found| &*found.word).collect();
    assert_eq!(words, ["我微信"]);
}

#[test]
fn only_what_crosses_into_this_message_counts() {
    let set = set_of(&rule(r#""words": ["加我微信", "vx"]"#, ""));
    for (before, text, matches, used) in [
        ("加我微信", "吧", 0, None),
        ("加我微", "吧", 0, None),
        ("好", "加我微信", 1, None),
        ("加我", "微信", 1, Some(6)),
        ("加我", "微信 vx", 2, Some(6)),
        ("vx", "vx", 1, None),
        ("v", "xv", 1, Some(1)),
    ] {
        let (verdict, told) = judge(&set, &preceding(&[("1", before)]), text);
        assert_eq!((verdict.matches.len(), told), (matches, used), "{before} {text}");
    }
}

#[test]
fn spans_count_from_the_start_of_their_own_message() {
    let set = set_of(&rule(r#""words": ["加我微信"]"#, ""));
    let mut before = preceding(&[("1", "xx加我")]);
    (before.pieces[0].byte_offset, before.pieces[0].utf16_offset) = (10, 4);
    let (verdict, _) = judge(&set, &before, "微信");
    assert_eq!(verdict.matches[0].earlier[0].span, span((12, 18), (6, 8)));
    // What has no id cannot be named.
    let before = preceding(&[("", "加"), ("2", "我")]);
    let (verdict, _) = judge(&set, &before, "微信");
    let named: Vec<_> =
        verdict.matches[0].earlier.iter().map(|one| one.message_id.as_str()).collect();
    assert_eq!(named, ["2"]);
}

#[test]
fn patterns_and_detectors_look_across_too() {
    for (text, before, after) in [
        (r#""regex": "v[0-9]{3}""#, "v1", "23"),
        (r#""detector": "mobile_phone""#, "打 1380013", "8000 找我"),
    ] {
        let (verdict, _) = judge(&set_of(&rule(text, "")), &preceding(&[("1", before)]), after);
        assert_eq!(verdict.matches.len(), 1, "{text}");
    }
}

#[test]
fn rules_must_ask_for_it() {
    let silent = r#"{"id": "r", "text": {"words": ["加我微信"]}}"#;
    let set = set_of(&serde_json::from_str(silent).expect("a rule"));
    assert!(!set.looks_across());
    let (verdict, used) = judge(&set, &preceding(&[("1", "加我")]), "微信");
    assert!(verdict.matches.is_empty() && used.is_none());
}

#[test]
fn what_does_not_count_uses_nothing() {
    let words = r#""words": ["加我微信"]"#;
    let before = preceding(&[("1", "加我")]);
    let shadow = rule(words, r#", "mode": "SHADOW", "actions": [{"kind": "MASK"}]"#);
    let (verdict, used) = judge(&set_of(&shadow), &before, "微信");
    assert_eq!((verdict.matches.len(), verdict.masks.len(), used), (1, 0, None));

    let elsewhere = rule(words, r#", "scope": {"scenes": ["world"]}"#);
    let (verdict, used) = judge(&set_of(&elsewhere), &before, "微信");
    let causes: Vec<_> = verdict.cancelled.iter().map(|cancelled| cancelled.cause).collect();
    assert_eq!((causes, used), (vec![CancelCause::Scope], None));

    let excepted = rule(r#""words": ["加我微信"], "exceptions": ["加我微信公众号"]"#, "");
    for (text, matches) in [("微信", 1), ("微信公众号", 0)] {
        let (verdict, used) = judge(&set_of(&excepted), &before, text);
        assert_eq!((verdict.matches.len(), used.is_some()), (matches, matches == 1), "{text}");
    }
}

#[test]
fn a_rule_can_match_in_the_message_and_across() {
    let set = set_of(&rule(r#""words": ["微信"]"#, r#", "level": "P1""#));
    let (verdict, _) = judge(&set, &preceding(&[("1", "加微")]), "信，微信");
    let shown: Vec<_> = verdict
        .matches
        .iter()
        .map(|found| (found.spans[0].byte_start, found.earlier.len()))
        .collect();
    assert_eq!(shown, [(0, 1), (6, 0)]);
    assert_eq!(verdict.level, Some(umpire_model::Level::P1));
}
