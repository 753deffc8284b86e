use umpire_notify::{Notice, Parcel};

/// The element's name when none is configured: the number is IANA's example of an
/// enterprise.
const SD_ID: &str = "alert@32473";
/// Longest name of an element.
const MAX_SD_ID: usize = 32;

/// One element of structured data, no longer than so many bytes: facts that do not fit are
/// left out. `-` when not even its name does.
pub(super) fn element(sd_id: &str, facts: &[(&str, &str)], max: usize) -> String {
    let mut element = format!("[{}", if is_name(sd_id) { sd_id } else { SD_ID });
    for (name, value) in facts {
        let fact = format!(" {name}=\"{}\"", escaped(value));
        if element.len() + fact.len() + "]".len() <= max {
            element.push_str(&fact);
        }
    }
    element.push(']');
    if element.len() <= max { element } else { "-".to_owned() }
}

/// What a notice says of itself; ids first.
pub(super) fn facts(parcel: &Parcel<'_>) -> Vec<(&'static str, String)> {
    let notice = parcel.notice;
    let facts = [
        ("id", parcel.id.to_string()),
        ("level", notice.level.name().to_owned()),
        ("kind", notice.kind.name().to_owned()),
        ("reason", notice.reason.name().to_owned()),
        ("count", notice.count.to_string()),
        ("tenant", notice.tenant.clone()),
        ("thread", notice.thread.clone()),
        ("rule", notice.rule.clone()),
        ("keyword", notice.keyword.clone()),
        ("conversation", notice.place.conversation_id.clone()),
        ("sender", notice.sender.user_id.clone()),
        ("action", actions(notice)),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// What was done at once.
pub(super) fn actions(notice: &Notice) -> String {
    notice.done.join(",")
}

fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '=' | ']' | '"');
    !text.is_empty() && text.len() <= MAX_SD_ID && text.chars().all(plain)
}

/// `"`, `\` and `]` with a `\` before them, on one line.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, '"' | '\\' | ']') {
            escaped.push('\\');
        }
        escaped.push(if c.is_control() { ' ' } else { c });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped() {
        let facts = [("id", "a-1"), ("keyword", "\"x]\\"), ("text", "一\r\n二\u{0}")];
        let expected = r#"[alert@32473 id="a-1" keyword="\"x\]\\" text="一  二 "]"#;
        assert_eq!(element("", &facts, 500), expected);
    }

    #[test]
    fn names_that_break_the_element_are_not_used() {
        for (sd_id, expected) in [
            ("mod@123", "[mod@123]"),
            ("a b", "[alert@32473]"),
            ("a]b", "[alert@32473]"),
            ("a=b", "[alert@32473]"),
            ("a\"b", "[alert@32473]"),
            ("数@1", "[alert@32473]"),
            ("123456789012345678901234567890123", "[alert@32473]"),
        ] {
            assert_eq!(element(sd_id, &[], 500), expected, "{sd_id}");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let facts = [("a", "1"), ("long", "123456789"), ("b", "2")];
        for (max, expected) in [
            (34, r#"[x@1 a="1" long="123456789" b="2"]"#),
            (33, r#"[x@1 a="1" long="123456789"]"#),
            (27, r#"[x@1 a="1" b="2"]"#),
            (17, r#"[x@1 a="1" b="2"]"#),
            (16, r#"[x@1 a="1"]"#),
            (5, "[x@1]"),
            (4, "-"),
        ] {
            assert_eq!(element("x@1", &facts, max), expected, "{max}");
        }
    }
}
