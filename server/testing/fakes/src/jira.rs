//! Jira, Cloud (version 3 of the API) or Data Center (version 2): one project.

mod document;
mod issue;
mod jql;
#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, is_json, text};
use issue::Issue;
use serde_json::{Value, json};

/// The transition that closes an issue.
const CLOSE: &str = "31";

/// A site with one project.
pub struct Jira {
    cloud: bool,
    authorization: String,
    project: String,
    issues: Vec<Issue>,
    /// Searches that do not see a new issue yet.
    lag: u32,
}

impl Jira {
    /// A Cloud site: callers say `Basic` and the encoded e-mail and token.
    #[must_use]
    pub fn cloud(authorization: &str, project: &str) -> Self {
        Self {
            cloud: true,
            authorization: authorization.into(),
            project: project.into(),
            issues: Vec::new(),
            lag: 0,
        }
    }

    /// A Data Center: callers say `Bearer` and a token.
    #[must_use]
    pub fn data_center(authorization: &str, project: &str) -> Self {
        Self { cloud: false, ..Self::cloud(authorization, project) }
    }

    /// The first so many searches after its creation do not find an issue.
    #[must_use]
    pub fn lagging(mut self, searches: u32) -> Self {
        self.lag = searches;
        self
    }

    fn route(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        let parts: Vec<&str> = path.split('/').collect();
        match (method, &parts[..]) {
            ("POST", ["search", "jql"]) if self.cloud => self.search(body),
            ("POST", ["search"]) if self.cloud => {
                errors(410, "The requested API has been removed.")
            }
            ("POST", ["search"]) => self.search(body),
            ("POST", ["issue"]) => self.create(body),
            ("POST", ["issue", key, "comment"]) => self.comment(key, body),
            ("GET", ["issue", key, "transitions"]) => self.transitions(key),
            ("POST", ["issue", key, "transitions"]) => self.transition(key, body),
            _ => errors(404, "No such resource."),
        }
    }

    fn search(&mut self, body: &Value) -> Reply {
        let Some(query) = jql::read(text(body, "/jql")) else {
            return errors(400, "Error in the JQL Query.");
        };
        let most = body["maxResults"].as_u64().unwrap_or(50);
        let with_fields = body["fields"].as_array().is_some_and(|fields| !fields.is_empty());
        let project = self.project.clone();
        let mut found = Vec::new();
        for issue in self.issues.iter_mut().rev() {
            let visible = issue.unseen == 0;
            issue.unseen = issue.unseen.saturating_sub(1);
            if visible && query.meets(issue, &project) {
                found.push(issue.listed(with_fields));
            }
        }
        found.truncate(usize::try_from(most).unwrap());
        Reply::json(200, &json!({ "issues": found }))
    }

    fn create(&mut self, body: &Value) -> Reply {
        let faults = issue::faults(&body["fields"], &self.project, self.cloud);
        if !faults.is_empty() {
            return Reply::json(400, &json!({ "errorMessages": [], "errors": faults }));
        }
        let number = self.issues.len() + 1;
        let issue = Issue::new(&format!("{}-{number}", self.project), &body["fields"], self.lag);
        let said = document::plain(&body["fields"]["description"], self.cloud).unwrap_or_default();
        let shown = Shown::now(&issue.key, &format!("{}\n{said}", issue.summary));
        let answer = json!({ "id": number.to_string(), "key": issue.key });
        self.issues.push(issue);
        Reply::json(201, &answer).showing([shown])
    }

    fn comment(&mut self, key: &str, body: &Value) -> Reply {
        if self.issue(key).is_none() {
            return no_issue();
        }
        match document::plain(&body["body"], self.cloud) {
            Some(said) => Reply::json(201, &json!({ "id": "1" })).showing([Shown::now(key, &said)]),
            None => errors(400, "Comment body is not valid!"),
        }
    }

    fn transitions(&mut self, key: &str) -> Reply {
        let Some(issue) = self.issue(key) else { return no_issue() };
        let named = |id: &str, name: &str| json!({ "id": id, "name": name });
        let open = [named("21", "In Progress"), named(CLOSE, "Done")];
        let closed = [named("11", "Reopen")];
        let list = if issue.done { &closed[..] } else { &open[..] };
        Reply::json(200, &json!({ "transitions": list }))
    }

    fn transition(&mut self, key: &str, body: &Value) -> Reply {
        let Some(issue) = self.issue(key) else { return no_issue() };
        if issue.done || text(body, "/transition/id") != CLOSE {
            return errors(400, "It seems that you have tried to perform an invalid operation.");
        }
        issue.done = true;
        Reply::text(204, "").showing([Shown::now(key, "Done")])
    }

    fn issue(&mut self, key: &str) -> Option<&mut Issue> {
        self.issues.iter_mut().find(|issue| issue.key == key)
    }
}

impl Vendor for Jira {
    fn answer(&mut self, call: &Call, _now: f64) -> Reply {
        let version = if self.cloud { "/rest/api/3/" } else { "/rest/api/2/" };
        let Some(path) = call.path.strip_prefix(version) else {
            return errors(404, "No such version.");
        };
        if call.header("authorization") != Some(&*self.authorization) {
            return errors(401, "Client must be authenticated to access this resource.");
        }
        if call.method == "GET" {
            return self.route("GET", path, &Value::Null);
        }
        match call.json().filter(|_| is_json(call)) {
            Some(body) => self.route(&call.method, path, &body),
            None => errors(400, "Unexpected character."),
        }
    }
}

fn no_issue() -> Reply {
    errors(404, "Issue does not exist or you do not have permission to see it.")
}

fn errors(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "errorMessages": [message], "errors": {} }))
}
