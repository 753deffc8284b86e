use super::*;
use crate::vendor::samples::{get, post};

const BASIC: &str = "Basic YTpi";
const QUERY: &str = r#"project = "SEC" AND labels = "l-1" AND statusCategory != Done"#;

fn cloud() -> Jira {
    Jira::cloud(BASIC, "SEC")
}

fn ask(jira: &mut Jira, mut call: Call) -> (u16, Value, Vec<String>) {
    call.headers.push(("authorization".into(), BASIC.into()));
    let reply = jira.answer(&call, 0.0);
    let body = serde_json::from_slice(&reply.body).unwrap_or_default();
    (reply.status, body, reply.shown.into_iter().map(|shown| shown.text).collect())
}

fn document(text: &str) -> Value {
    let content = json!([{ "type": "text", "text": text }]);
    json!({ "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": content }] })
}

fn fields() -> Value {
    json!({
        "project": { "key": "SEC" },
        "issuetype": { "name": "Task" },
        "summary": "S",
        "labels": ["l-1"],
        "priority": { "name": "High" },
        "description": document("D"),
    })
}

fn found(jira: &mut Jira) -> Vec<String> {
    let body = json!({ "jql": QUERY, "maxResults": 2, "fields": ["status"] });
    let (status, body, _) = ask(jira, post("/rest/api/3/search/jql", &body));
    assert_eq!(status, 200);
    let issues = body["issues"].as_array().unwrap();
    issues.iter().map(|issue| text(issue, "/key").to_owned()).collect()
}

#[test]
fn an_issue_is_created_found_commented_and_closed() {
    let mut jira = cloud().lagging(1);
    let created = ask(&mut jira, post("/rest/api/3/issue", &json!({ "fields": fields() })));
    assert_eq!(created, (201, json!({ "id": "1", "key": "SEC-1" }), vec!["S\nD".to_owned()]));
    assert!(found(&mut jira).is_empty());
    assert_eq!(found(&mut jira), ["SEC-1"]);
    let comment = post("/rest/api/3/issue/SEC-1/comment", &json!({ "body": document("C") }));
    let (status, _, shown) = ask(&mut jira, comment);
    assert_eq!((status, shown), (201, vec!["C".to_owned()]));
    let (_, body, _) = ask(&mut jira, get("/rest/api/3/issue/SEC-1/transitions"));
    assert_eq!(text(&body, "/transitions/1/id"), CLOSE);
    let close =
        post("/rest/api/3/issue/SEC-1/transitions", &json!({ "transition": { "id": CLOSE } }));
    assert_eq!(ask(&mut jira, close.clone()), (204, Value::Null, vec!["Done".to_owned()]));
    assert!(found(&mut jira).is_empty());
    assert_eq!(ask(&mut jira, close).0, 400);
}

#[test]
fn what_is_wrong_is_said() {
    for (pointer, value, field) in [
        ("/project/key", json!("OPS"), "project"),
        ("/issuetype/name", json!("Epic"), "issuetype"),
        ("/summary", json!(""), "summary"),
        ("/summary", json!("a\nb"), "summary"),
        ("/summary", json!("🚨".repeat(128)), "summary"),
        ("/labels", json!(["a b"]), "labels"),
        ("/priority/name", json!("P0"), "priority"),
        ("/description", json!("text"), "description"),
        ("/description/content", json!([]), "description"),
        ("/description/content/0/content/0/text", json!(""), "description"),
        ("/description/content/0/content/0/text", json!("x".repeat(32_767)), "description"),
    ] {
        let mut fields = fields();
        *fields.pointer_mut(pointer).unwrap() = value;
        let call = post("/rest/api/3/issue", &json!({ "fields": fields }));
        let (status, body, shown) = ask(&mut cloud(), call);
        assert_eq!((status, shown.len()), (400, 0), "{pointer}");
        assert!(body["errors"][field].is_string(), "{pointer}: {body}");
    }
}

#[test]
fn versions_and_callers_are_told_apart() {
    let search = json!({ "jql": QUERY });
    for (mut jira, path, expected) in [
        (cloud(), "/rest/api/3/search/jql", 200),
        (cloud(), "/rest/api/3/search", 410),
        (cloud(), "/rest/api/2/search", 404),
        (Jira::data_center(BASIC, "SEC"), "/rest/api/2/search", 200),
        (Jira::data_center(BASIC, "SEC"), "/rest/api/2/search/jql", 404),
        (Jira::data_center(BASIC, "SEC"), "/rest/api/3/search/jql", 404),
        (Jira::cloud("Basic YTpj", "SEC"), "/rest/api/3/search/jql", 401),
        (cloud(), "/rest/api/3/issue/SEC-1/comment", 404),
    ] {
        assert_eq!(ask(&mut jira, post(path, &search)).0, expected, "{path}");
    }
}

#[test]
fn a_data_center_shows_markup_as_such() {
    let mut jira = Jira::data_center(BASIC, "SEC");
    for (text, expected) in [
        ("{noformat}\na [~b]\n{noformat}", "a [~b]"),
        ("a", "{markup}a"),
        ("{noformat}\na\n{noformat}b{noformat}", "{markup}{noformat}\na\n{noformat}b{noformat}"),
    ] {
        let mut fields = fields();
        fields["description"] = text.into();
        let call = post("/rest/api/2/issue", &json!({ "fields": fields }));
        let (status, _, shown) = ask(&mut jira, call);
        assert_eq!((status, shown), (201, vec![format!("S\n{expected}")]));
    }
}
