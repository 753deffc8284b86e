use super::*;
use crate::samples::sample;

fn parameters(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, variable)| ((*name).into(), (*variable).into())).collect()
}

#[test]
fn variables_say_what_a_notice_does() {
    let sample = sample();
    for (variable, expected) in [
        ("level", "P1"),
        ("title", "P1 数据泄露 ×3"),
        ("rule_name", "数据泄露"),
        ("keyword", "底薪"),
        ("count", "3"),
        ("stands_for", "2"),
        ("place", "销售一群"),
        ("sender", "王五"),
        ("excerpt", "加我微信 ***"),
        ("label", "leak"),
        ("kind", "TEXT"),
        ("reason", "FIRST"),
        ("tenant", "acme"),
        ("time", "11-15 06:14"),
        ("first_time", "11-15 06:13"),
        ("nonsense", "-"),
        ("", "-"),
    ] {
        assert_eq!(value(&sample.parcel(), variable), expected, "{variable}");
    }
}

#[test]
fn a_place_is_the_narrowest_that_is_known() {
    let mut sample = sample();
    let mut expect = |camera: &str, name: &str, id: &str, scene: &str, expected: &str| {
        sample.notice.place = Place {
            scene: scene.into(),
            conversation_id: id.into(),
            conversation_name: name.into(),
            camera: camera.into(),
        };
        assert_eq!(value(&sample.parcel(), "place"), expected);
    };
    expect("gate", "一群", "g-1", "group", "gate");
    expect("", "一群", "g-1", "group", "一群");
    expect("", "", "g-1", "group", "g-1");
    expect("", "", "", "group", "group");
    expect("", "", "", "", "-");
}

#[test]
fn hostile_values_become_what_providers_take() {
    let mut sample = sample();
    for (said, expected) in [
        ("", "-"),
        (" \r\n ", "-"),
        ("【官方】中奖了", "官方中奖了"),
        ("see https://evil.example.com/a?b=c now", "see  now"),
        ("看http://evil.example.com吧", "看吧"),
        ("hxxp://a://b", "-"),
        ("www.evil.example.com", "www．evil．example．com"),
        ("打开evil.cc/x", "打开evil．cc/x"),
        ("v1.2 is 0.95. Good.", "v1.2 is 0.95. Good."),
        ("一\n二\u{0}三\u{200b}\u{202e}四", "一 二 三四"),
        ("🚨⚠️警告", "警告"),
    ] {
        sample.notice.excerpt = said.into();
        let value = value(&sample.parcel(), "excerpt");
        assert_eq!(value, expected);
        assert!(value.chars().count() <= MAX_VALUE && !value.contains("://"), "{value}");
    }
}

#[test]
fn values_have_a_length() {
    let mut sample = sample();
    for (length, expected) in [(35, "数".repeat(35)), (36, "数".repeat(34) + "…")] {
        sample.notice.excerpt = "数".repeat(length);
        assert_eq!(value(&sample.parcel(), "excerpt"), expected);
    }
}

#[test]
fn names_make_an_object() {
    let values = by_name(&sample().parcel(), &parameters(&[("k", "keyword"), ("a", "level")]));
    assert_eq!(values, r#"{"a":"P1","k":"底薪"}"#);
}

#[test]
fn positions_make_a_list_without_gaps() {
    for (pairs, expected) in [
        (&[("1", "level"), ("2", "keyword")][..], &["P1", "底薪"][..]),
        (&[("10", "count"), ("2", "level")], &["-", "P1", "-", "-", "-", "-", "-", "-", "-", "3"]),
        (&[("0", "level"), ("21", "level"), ("x", "level"), ("-1", "level")], &[]),
        (&[("4294967297", "level"), ("1", "level")], &["P1"]),
        (&[], &[]),
    ] {
        assert_eq!(by_position(&sample().parcel(), &parameters(pairs)), expected, "{pairs:?}");
    }
}
