//! Which template words a notice.

use super::notices::{leak, rendered, shelf, template};
use crate::{AlertKind, ChannelKind, Language, Reason, Template, render};
use umpire_model::Level;

fn chosen(templates: &[(&str, Template)]) -> String {
    let mut notice = leak(Level::P1, Reason::Repeated);
    notice.urgent = true;
    let shelf = shelf(templates);
    let rendered = render(Some(&shelf), &notice, ChannelKind::Feishu, Language::English);
    assert_eq!(rendered.fallback, None);
    rendered.body
}

#[test]
fn the_most_particular_that_fits_is_taken() {
    let named = template;
    let everything = || Template {
        channel: Some(ChannelKind::Feishu),
        reason: Some(Reason::Repeated),
        kind: Some(AlertKind::Text),
        level: Some(Level::P1),
        urgent: Some(true),
        language: Some(Language::English),
        ..named("all but the one before")
    };
    // Each alone outweighs all that follow together.
    let alone = [
        Template { channel: Some(ChannelKind::Feishu), ..named("channel") },
        Template { reason: Some(Reason::Repeated), ..named("reason") },
        Template { kind: Some(AlertKind::Text), ..named("kind") },
        Template { level: Some(Level::P1), ..named("level") },
        Template { urgent: Some(true), ..named("urgent") },
        Template { language: Some(Language::English), ..named("language") },
    ];
    let mut rest = everything();
    for (at, one) in alone.into_iter().enumerate() {
        match at {
            0 => rest.channel = None,
            1 => rest.reason = None,
            2 => rest.kind = None,
            3 => rest.level = None,
            4 => rest.urgent = None,
            _ => rest.language = None,
        }
        let expected = one.body.clone();
        assert_eq!(chosen(&[("a", rest.clone()), ("b", one), ("c", named("any"))]), expected);
    }
}

#[test]
fn what_does_not_fit_is_not_taken() {
    let other = |name: &str| Template { level: Some(Level::P2), ..template(name) };
    assert_eq!(chosen(&[("a", other("no")), ("b", template("yes"))]), "yes");
    let resolved = Template { reason: Some(Reason::Resolved), ..template("no") };
    let calm = Template { urgent: Some(false), ..template("no") };
    let built_in = chosen(&[("a", other("no")), ("b", resolved), ("c", calm)]);
    assert!(built_in.contains("Room"), "{built_in}");
}

#[test]
fn of_equals_the_first_by_id_is_taken() {
    assert_eq!(chosen(&[("b", template("b")), ("a", template("a")), ("c", template("c"))]), "a");
}

#[test]
fn a_template_shows_what_it_says() {
    let notice = leak(Level::P0, Reason::First);
    for (body, expected) in [
        ("{{ level }} {{ level_name }} {{ rule_name }}", "P0 紧急 数据泄露"),
        ("{{ sender_masked }} {{ department }}", "张＊丰 客服部"),
        (
            "{{ keyword }}（{{ category }}，{{ confidence_pct }}%）",
            "客户名单（泄密、client-data，93%）",
        ),
        ("{% for label in labels %}[{{ label }}]{% endfor %}", "[泄密][client-data]"),
        ("{% if count > 1 %}×{{ count }}{% else %}once{% endif %}", "once"),
        ("{% if level in ['P0', 'P1'] and not (kind == 'FRAME') %}a{% endif %}", "a"),
        ("{{ first_at }}", "2023-11-15 06:13:20 UTC+08:00"),
        ("{{ last_at|ts('clock') }} {{ last_at|ts('date') }}", "06:13 2023-11-15"),
        ("{{ rule_name|trunc(3) }} {{ operator|default('nobody') }}", "数据… nobody"),
        (
            "{{ labels|join('/') }} {{ labels|length }} {{ tenant|upper }}",
            "泄密/client-data 2 GAMES",
        ),
        ("{{ parts.0.title }} {{ parts.0.level|level_icon }}", "数据泄露 🚨"),
        (
            "{{ action_taken }} {{ status }} {{ reason }} {{ urgent }}",
            "拦截、送审 firing FIRST true",
        ),
        ("a{{ nowhere.to.be.found }}b{# unseen #}", "ab"),
        (
            "**{{ rule_name }}** <font color=\"info\">ok</font>",
            "**数据泄露** <font color=\"info\">ok</font>",
        ),
        ("\r\na\r\n\r\nb\r\n", "a\n\nb"),
    ] {
        let shown = rendered(body, &notice, ChannelKind::WecomRobot);
        assert_eq!((shown.body.as_str(), shown.fallback), (expected, None), "{body}");
    }
}

#[test]
fn titles_are_the_templates_own_or_the_built_in_ones() {
    let notice = leak(Level::P0, Reason::First);
    for (title, expected) in [
        ("", "🚨P0 数据泄露·作战指挥室"),
        ("  {{ operator }} ", "🚨P0 数据泄露·作战指挥室"),
        ("{{ rule_name }}\n**{{ level }}** <b>", "数据泄露 ＊＊P0＊＊ ＜b＞"),
    ] {
        let mine = Template { title: title.to_owned(), ..template("body") };
        let shelf = shelf(&[("mine", mine)]);
        let rendered = render(Some(&shelf), &notice, ChannelKind::Dingtalk, Language::Chinese);
        assert_eq!((rendered.title.as_str(), rendered.fallback), (expected, None));
    }
}
