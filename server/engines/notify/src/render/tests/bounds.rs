//! No template takes more than it is given.

use super::notices::{leak, many, rendered, template};
use crate::{ChannelKind, Language, Notice, Reason, render, render::check_template};
use umpire_model::Level;

/// The template fails in time, and people are told in our words.
fn falls_back(body: &str, notice: &Notice) -> String {
    let channel = ChannelKind::Dingtalk;
    let shown = rendered(body, notice, channel);
    let ours = render(None, notice, channel, Language::Chinese);
    assert_eq!((shown.title, shown.body), (ours.title, ours.body), "{body:.80}");
    shown.fallback.expect("a reason")
}

#[test]
fn what_makes_much_of_little_is_refused() {
    let notice = leak(Level::P1, Reason::First);
    for body in [
        "{{ 'x' * 100000000 }}",
        "{{ 2 ** 999999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ title ~ title }}",
        "{{ title + title }}",
        "{{ 1 / 0 }}",
        "{{ 1 // 0 }}",
        "{{ labels[0:1] }}",
        "{{ {'a': title} }}",
        "{{ title|replace('a', 'aa') }}",
        "{{ title|indent(100000000) }}",
        "{{ title|trunc(*labels) }}",
        "{{ title|trunc(n=1) }}",
        "{% set a = title %}{{ a }}",
        "{% set a %}{{ title }}{% endset %}{{ a }}",
        "{%- set a = 1 -%}",
        "{% with a = title %}{{ a }}{% endwith %}",
        "{% for a in [[1], [2]] %}{{ a }}{% endfor %}",
        "{% for a in 'abc' %}{{ a }}{% endfor %}",
        "{% for a in labels|join %}{{ a }}{% endfor %}",
        "{% for a, b in labels %}{{ a }}{% endfor %}",
        "{% for a in range(10000000) %}{% endfor %}",
        "{% for a in parts recursive %}{{ loop(parts) }}{% endfor %}",
        "{% for a in parts if a recursive %}{% endfor %}",
    ] {
        let why = falls_back(body, &notice);
        assert!(why.starts_with("template mine: body: line 1: "), "{why}");
        assert!(!check_template(&template(body)).is_empty(), "{body}");
    }
}

#[test]
fn nothing_else_is_reached() {
    let notice = leak(Level::P1, Reason::First);
    for body in [
        "{% macro m() %}{% endmacro %}",
        "{% call m() %}{% endcall %}",
        "{% include 'other' %}",
        "{% extends 'other' %}",
        "{% import 'other' as other %}",
        "{% from 'other' import a %}",
        "{% block a %}{% endblock %}",
        "{% do debug() %}",
        "{% filter upper %}a{% endfilter %}",
        "{% autoescape false %}{{ excerpt }}{% endautoescape %}",
        "{% raw %}{{ a }}{% endraw %}",
        "{%- raw -%}{{ a }}{%- endraw -%}",
        "{{ excerpt|safe }}",
        "{{ excerpt|escape }}",
        "{{ excerpt|tojson }}",
        "{{ excerpt|a.b }}",
        "{{ debug() }}",
        "{{ namespace() }}",
        "{{ title.upper() }}",
        "{{ (title)() }}",
        "{{ labels[0]() }}",
        "{{ 'a'() }}",
        "{{ title is sameas title }}",
        "{{ title is not divisibleby(3) }}",
        "{{ ( }}{{ ) }}",
        "{{ title",
        "{% if title %}",
        "{# a",
    ] {
        falls_back(body, &notice);
        assert!(!check_template(&template(body)).is_empty(), "{body}");
    }
}

#[test]
fn depth_does_not_exhaust_the_stack() {
    let notice = leak(Level::P1, Reason::First);
    for body in [
        format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(1_300)),
        format!("{}{}", "{% if a %}".repeat(700), "{% endif %}".repeat(700)),
        format!("{}{}", "{% for a in parts %}".repeat(400), "{% endfor %}".repeat(400)),
        format!("{{{{ {}title{} }}}}", "(".repeat(4_000), ")".repeat(4_000)),
        format!("{{{{ {}title{} }}}}", "[".repeat(4_000), "]".repeat(4_000)),
        format!("{{{{ {}title }}}}", "not ".repeat(4_000)),
        format!("{{{{ {}title }}}}", "-".repeat(9_000)),
        format!("{{{{ title{} }}}}", "|upper".repeat(2_600)),
        format!("{{{{ title{} }}}}", ".a".repeat(8_000)),
        format!("{{{{ title{} }}}}", " - a".repeat(4_000)),
        format!("{{{{ {}title }}}}", "a if b else ".repeat(1_300)),
        format!("{{{{ {}title }}}}", "a and ".repeat(2_600)),
    ] {
        falls_back(&body, &notice);
        assert!(!check_template(&template(&body)).is_empty(), "{body:.80}");
    }
}

#[test]
fn fuel_and_paper_run_out() {
    let crowded = many(Reason::Digest, 20, 0);
    let looped = |body: &str| {
        format!("{{% for a in parts %}}{{% for b in parts %}}{body}{{% endfor %}}{{% endfor %}}")
    };
    for (body, expected) in [
        (looped(&"{{ count }}".repeat(35)), "engine ran out of fuel"),
        (looped(&"{% if a.title == b.title %}{% endif %}".repeat(40)), "engine ran out of fuel"),
        (looped(&"x".repeat(1_000)), "more text than the channel takes"),
        (looped(&"{{ excerpt }}".repeat(5)), "more text than the channel takes"),
    ] {
        let why = falls_back(&body, &crowded);
        assert!(why.contains(expected), "{body:.80}: {why}");
    }
    let once = looped("{{ a.stands_for }}");
    assert_eq!(rendered(&once, &crowded, ChannelKind::Dingtalk).fallback, None);
}

#[test]
fn filters_do_not_grow_without_bound() {
    let mut notice = leak(Level::P1, Reason::First);
    notice.keyword = "\"\\".repeat(30);
    let body = format!("{{{{ keyword{} }}}}", "|json".repeat(45));
    assert!(falls_back(&body, &notice).contains("invalid operation"));
}

#[test]
fn the_source_has_a_limit() {
    let notice = leak(Level::P1, Reason::First);
    let fitting = "a".repeat(16 * 1_024);
    assert!(check_template(&template(&fitting)).is_empty());
    assert_eq!(rendered(&fitting, &notice, ChannelKind::Webhook).fallback, None);
    let long = fitting + "a";
    assert!(falls_back(&long, &notice).contains("over the limit of 16384 bytes"));
}

#[test]
fn what_fails_half_way_says_where_and_quotes_nobody() {
    let mut notice = leak(Level::P1, Reason::First);
    notice.excerpt = "secret words".to_owned();
    for (body, expected) in [
        ("a\n{{ excerpt - 1 }}", "template mine: body: line 2: invalid operation"),
        ("{{ parts }}", "template mine: body: line 1: invalid operation"),
        ("a\n\n{{ first_at|ts(excerpt) }}", "template mine: body: line 3: invalid operation"),
        ("{{ excerpt|trunc(excerpt) }}", "template mine: body: line 1: invalid operation"),
        (" \n {{ nothing }} \n", "template mine: body: it makes no text"),
    ] {
        assert_eq!(falls_back(body, &notice), expected);
    }
}

#[test]
fn bodies_keep_within_the_limits_of_their_channels() {
    let mut notice = many(Reason::Digest, 20, 1_000_000);
    for part in &mut notice.parts {
        part.title = "数据泄露".repeat(50);
        part.place = "<作战指挥室>&".repeat(50);
    }
    for (channel, most) in [
        (ChannelKind::WecomApp, 2_048),
        (ChannelKind::WecomRobot, 4_096),
        (ChannelKind::Dingtalk, 15_000),
        (ChannelKind::Syslog, 1_024),
    ] {
        let body = render(None, &notice, channel, Language::Chinese).body;
        assert!(body.len() <= most, "{channel:?} {}", body.len());
    }
    let long = rendered(&"行\n".repeat(4_000), &notice, ChannelKind::WecomApp);
    assert!(long.body.len() <= 2_048 && long.body.ends_with("行\n…内容已截断"));
    // Between its tags nothing may be missing.
    let html = format!("<b>{}</b>", "行\n".repeat(4_000));
    let shown = rendered(&html, &notice, ChannelKind::Telegram);
    assert!(shown.fallback.is_some_and(|why| why.contains("more text")), "{}", shown.body);
}
