//! What authors of templates are told.

use super::notices::template;
use crate::{AlertKind, Reason, Template, render::check_template};
use umpire_model::ViolationKind;

fn told(template: &Template) -> Vec<String> {
    check_template(template).iter().map(ToString::to_string).collect()
}

#[test]
fn good_templates_pass() {
    for body in [
        "text",
        "{{ level_icon }} {{ level }} {{ rule_name }}{% if count > 1 %} ×{{ count }}{% endif %}",
        "{%- for part in parts -%}\n{{ loop.index }}. {{ part.title }} {{ part.place }}\n{%- endfor -%}",
        "{% for fact in facts %}{{ fact.name }}{{ colon }}{{ fact.value }}\n{% endfor %}a",
        "{% for label in labels if label != 'a' %}{{ label }}{% else %}none{% endfor %} a",
        "{% if level == 'P0' %}a{% elif level in ['P1', 'P2'] %}b{% else %}c{% endif %}",
        "{{ 'yes' if urgent and not (status == 'resolved') else 'no' }}",
        "{{ confidence_pct|default('?') }} {{ previous_level is defined }} {{ count - 1 }}",
        "{# {{ a note }} #}{{ last_at|ts('short') }} { \\{ }} %}",
    ] {
        assert_eq!(told(&template(body)), [] as [&str; 0], "{body}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let titled = |title: &str| Template { title: title.to_owned(), ..template("body") };
    for (template, expected) in [
        (template(" \n"), "template.body: is required"),
        (template("a\n{{ nowhere }}"), "template.body: there is no variable `nowhere`"),
        (template("{{ loop.index }}a"), "template.body: there is no variable `loop`"),
        (template("a\n{{ rule_name.id }}"), "template.body: line 2: there is no field `id`"),
        (template("a\n{{ level|shout }}"), "template.body: line 2: there is no filter `shout`"),
        (
            template("{% if 0 %}{{ a|b }}{% endif %}"),
            "template.body: line 1: there is no filter `b`",
        ),
        (template("{% set a = 1 %}"), "template.body: line 1: {% set %} is not allowed"),
        (template("{{ level * 2 }}"), "template.body: line 1: `*` is not allowed"),
        (template("{{ level() }}"), "template.body: line 1: there are no functions"),
        (titled("{{ level "), "template.title: line 1: a tag is not closed"),
        (titled("{{ nowhere }}"), "template.title: there is no variable `nowhere`"),
        (
            Template { kind: Some(AlertKind::Text), ..template("{{ first_at|ts('%Y') }}") },
            "template.body: line 1: invalid operation, for a notice of TEXT FIRST",
        ),
        (
            template("{% if reason != 'DIGEST' %}a{% endif %}"),
            "template.body: it makes no text, for a notice of TEXT DIGEST",
        ),
    ] {
        assert_eq!(told(&template), [expected]);
    }
}

#[test]
fn a_template_is_tried_only_with_what_it_is_for() {
    let resolved = "{% if reason == 'RESOLVED' %}a{% endif %}";
    assert_eq!(told(&template(resolved)).len(), 1);
    let asking = Template { reason: Some(Reason::Resolved), ..template(resolved) };
    assert_eq!(told(&asking), [] as [&str; 0]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let both =
        Template { title: "{{ a }}{{ b }}".to_owned(), ..template("{{ 1 + 1 }}\n{{ 2 ~ 2 }}") };
    let told = told(&both);
    assert_eq!(told.len(), 4, "{told:?}");
    let long = template(&"a".repeat(16 * 1_024 + 1));
    let violations = check_template(&long);
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].kind, ViolationKind::TooLarge);
}
