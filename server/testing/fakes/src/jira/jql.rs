//! The part of JQL that finds issues by project, label and status.

use super::issue::Issue;

/// A search: all of its clauses must hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query(Vec<Clause>);

#[derive(Debug, PartialEq, Eq)]
enum Clause {
    Project(String),
    Label(String),
    NotDone,
}

/// Reads a search; `None` when it is none, or more than this fake knows.
pub(super) fn read(jql: &str) -> Option<Query> {
    let (clauses, order) = jql.split_once(" ORDER BY ").unwrap_or((jql, "created DESC"));
    if order != "created DESC" {
        return None;
    }
    Some(Query(clauses.split(" AND ").map(clause).collect::<Option<_>>()?))
}

fn clause(text: &str) -> Option<Clause> {
    let mut parts = text.trim().splitn(3, ' ');
    match (parts.next()?, parts.next()?, parts.next()?) {
        ("project", "=", value) => Some(Clause::Project(quoted(value)?)),
        ("labels", "=", value) => Some(Clause::Label(quoted(value)?)),
        ("statusCategory", "!=", "Done") => Some(Clause::NotDone),
        _ => None,
    }
}

/// What stands in quotes; a `\` stands before quotes and itself.
fn quoted(value: &str) -> Option<String> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => text.push(chars.next().filter(|c| matches!(c, '"' | '\\'))?),
            c => text.push(c),
        }
    }
    Some(text)
}

impl Query {
    pub(super) fn meets(&self, issue: &Issue, project: &str) -> bool {
        self.0.iter().all(|clause| match clause {
            Clause::Project(wanted) => wanted == project,
            Clause::Label(wanted) => issue.labels.contains(wanted),
            Clause::NotDone => !issue.done,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_read() {
        let jql = concat!(
            r#"project = "A\"\\B" AND labels = "l" "#,
            "AND statusCategory != Done ORDER BY created DESC",
        );
        let expected =
            [Clause::Project(r#"A"\B"#.into()), Clause::Label("l".into()), Clause::NotDone];
        assert_eq!(read(jql), Some(Query(expected.into())));
        for bad in [
            "",
            "project = A",
            r#"project = "A"#,
            r#"project = "A" OR labels = "l""#,
            r#"project = "A"" AND labels = "l""#,
            r#"project = "A\" AND labels = "l""#,
            r#"project = "A\n""#,
            r#"project = "A" ORDER BY rank"#,
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
