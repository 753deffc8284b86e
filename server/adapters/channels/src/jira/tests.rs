mod flow;

use super::*;
use crate::samples::{Sample, sample};
use umpire_model::Level;

fn config() -> Jira {
    Jira {
        base_url: "https://example.atlassian.net/".into(),
        token: "token-of-ours-1".into(),
        username: "ops@example.com".into(),
        project: "SEC".into(),
        issue_type: String::new(),
        priorities: Vec::new(),
        labels: Vec::new(),
        resolve_transition: String::new(),
    }
}

fn length(text: &Value) -> usize {
    let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
    text.encode_utf16().count()
}

#[test]
fn an_issue_is_found_by_the_hash_of_its_thread() {
    // sha256 of nothing is e3b0c442...
    assert_eq!(issue::label(""), "umpire-e3b0c44298fc1c149afbf4c8996fb924");
    for (project, expected) in
        [("SEC", r#"project = "SEC" AND"#), (r#"a" OR "\"#, r#"project = "a\" OR \"\\" AND"#)]
    {
        let config = Jira { project: project.into(), ..config() };
        let jql = issue::jql(&config, "");
        assert!(jql.starts_with(expected), "{jql}");
        assert!(jql.contains(r#" labels = "umpire-e3b0c44298fc1c149afbf4c8996fb924" "#), "{jql}");
        assert!(jql.ends_with(" AND statusCategory != Done ORDER BY created DESC"), "{jql}");
    }
}

#[test]
fn fields_are_what_the_receiver_says() {
    let sample = sample();
    let thread = issue::label(&sample.notice.thread);
    let fields = issue::fields(&config(), &sample.parcel(), true);
    let paragraph =
        |text| json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] });
    let expected = json!({
        "project": { "key": "SEC" },
        "issuetype": { "name": "Task" },
        "summary": "⚠️ P1 数据泄露 ×3",
        "labels": [thread],
        "description": {
            "type": "doc",
            "version": 1,
            "content": [paragraph("命中：底薪"), paragraph("群聊：销售一群")],
        },
    });
    assert_eq!(fields, expected);
    let config = Jira {
        issue_type: "Incident".into(),
        labels: vec!["on duty\tnow".into(), " ".into(), "x".repeat(300)],
        ..config()
    };
    let fields = issue::fields(&config, &sample.parcel(), false);
    assert_eq!(fields["issuetype"]["name"], "Incident");
    assert_eq!(fields["labels"], json!([thread, "on-duty-now", "x".repeat(255)]));
    assert_eq!(fields["description"], "{noformat}\n命中：底薪\n群聊：销售一群\n{noformat}");
}

#[test]
fn levels_are_priorities() {
    let names = ["Highest", "High", "", "Low"].map(str::to_owned);
    for (names, level, expected) in [
        (&names[..], Level::P0, json!({ "name": "Highest" })),
        (&names, Level::P1, json!({ "name": "High" })),
        (&names, Level::P2, Value::Null),
        (&names, Level::P3, json!({ "name": "Low" })),
        (&names[..1], Level::P1, Value::Null),
        (&[], Level::P0, Value::Null),
    ] {
        let mut sample = sample();
        sample.notice.level = level;
        let config = Jira { priorities: names.to_vec(), ..config() };
        let fields = issue::fields(&config, &sample.parcel(), true);
        assert_eq!(fields["priority"], expected, "{names:?} {level:?}");
    }
}

#[test]
fn a_summary_is_one_line_of_255_units() {
    let summary = |title: &str| {
        let mut sample = sample();
        sample.rendered.title = title.into();
        words::summary(&sample.parcel())
    };
    assert_eq!(summary("a\r\nb\u{0}"), "a  b");
    assert_eq!(summary(&"数".repeat(255)), "数".repeat(255));
    assert_eq!(summary(&"数".repeat(256)), "数".repeat(254) + "…");
    assert_eq!(summary(" \n "), "数据泄露");
    for title in ["🚨".repeat(300), "🚨".repeat(127), "a🚨".repeat(90), "x".repeat(1_000)] {
        let units = summary(&title).encode_utf16().count();
        assert!((254..=255).contains(&units), "{units} of {title}");
    }
}

#[test]
fn texts_are_cut_to_what_jira_takes() {
    for text in [
        "数据泄露".repeat(20_000),
        "🚨".repeat(40_000),
        "a\n".repeat(40_000),
        "\"\\\n".repeat(20_000),
        "\n\n \n".repeat(40_000) + "a",
        "{noformat}".repeat(10_000),
        "x".repeat(32_767),
    ] {
        let mut sample = sample();
        sample.rendered.plain = text;
        for cloud in [true, false] {
            let said = words::description(&sample.parcel(), cloud);
            assert!(length(&said) <= 32_767, "{cloud}: {}", length(&said));
            let shown = said.to_string();
            assert!(shown.contains('…') || shown.contains('a'), "{cloud}");
        }
    }
    // As much as there is room for.
    let mut sample = sample();
    sample.rendered.plain = "x".repeat(40_000);
    assert_eq!(length(&words::description(&sample.parcel(), true)), 32_767);
    assert_eq!(length(&words::description(&sample.parcel(), false)), 32_767);
}

#[test]
fn there_is_always_something_to_say() {
    let mut sample = sample();
    for (plain, body, title, expected) in [
        ("a", "b", "c", "a"),
        (" \n\t", "b", "c", "b"),
        ("", "", "c", "c"),
        ("\u{0}", "\n", "", "Umpire"),
    ] {
        sample.rendered.plain = plain.into();
        sample.rendered.body = body.into();
        sample.rendered.title = title.into();
        let said = words::description(&sample.parcel(), true);
        assert_eq!(said["content"][0]["content"][0]["text"], expected);
    }
}

#[test]
fn hostile_text_is_no_markup() {
    let mut sample: Sample = sample();
    sample.rendered.plain = "[~admin] !http://evil/x.png! {noformat}{html}<b>\r\nb\u{7}".into();
    let cloud = words::description(&sample.parcel(), true);
    let texts = ["[~admin] !http://evil/x.png! {noformat}{html}<b>", "b"];
    for (paragraph, expected) in texts.into_iter().enumerate() {
        assert_eq!(cloud["content"][paragraph]["content"][0]["text"], expected);
    }
    let said = words::description(&sample.parcel(), false);
    let said = said.as_str().expect("text");
    assert_eq!(said.matches("{noformat}").count(), 2, "{said}");
    assert!(said.starts_with("{noformat}\n") && said.ends_with("\n{noformat}"), "{said}");
}

#[test]
fn transitions_are_found_by_name() {
    let transitions = json!({ "transitions": [
        { "id": "21", "name": "In Progress" },
        { "id": "31", "name": " Done" },
        { "id": 41, "name": "Closed" },
    ] });
    for (name, expected) in
        [("done", Some("31")), ("In progress ", Some("21")), ("Closed", None), ("Do", None)]
    {
        assert_eq!(transition(&transitions, name).as_deref(), expected, "{name}");
    }
    assert_eq!(transition(&Value::Null, "done"), None);
}
