//! Rules in a file, as a policy document. The server reads rules; nothing here does.

/// The document with the rules of a file: one rule, a list of rules, or a document
/// already. JSON is YAML too.
pub fn of(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<_> = text.lines().filter(|line| *line != "---" && *line != "...").collect();
    let first = lines.iter().map(|line| line.trim_start()).find(|line| is_content(line));
    if is_document(&lines) {
        return text.to_owned();
    }
    let is_list = first.is_some_and(|line| line.starts_with("- ") || line.starts_with('['));
    let (dash, indent) = if is_list { ("", "  ") } else { ("  -\n", "    ") };
    let mut document = format!("api_version: umpire/v1\nrules:\n{dash}");
    for line in lines {
        document.push_str(&format!("{indent}{line}\n"));
    }
    document
}

/// Neither blank nor a comment.
fn is_content(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// A document says its version at the top level.
fn is_document(lines: &[&str]) -> bool {
    let json = lines.iter().find(|line| is_content(line)).is_some_and(|line| line.starts_with('{'));
    lines
        .iter()
        .any(|line| line.starts_with("api_version:") || (json && line.contains("\"api_version\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rule_and_many_become_a_document() {
        let head = "api_version: umpire/v1\nrules:\n";
        let check = |given: &str, rest: &str| assert_eq!(of(given), format!("{head}{rest}"));
        check("id: a\ntext:\n  words: [x]\n", "  -\n    id: a\n    text:\n      words: [x]\n");
        check("---\n# why\n- id: a\n- id: b\n", "  # why\n  - id: a\n  - id: b\n");
        check("{\"id\": \"a\"}", "  -\n    {\"id\": \"a\"}\n");
        check("[{\"id\": \"a\"}]", "  [{\"id\": \"a\"}]\n");
    }

    #[test]
    fn a_document_stays_as_it_is() {
        for document in ["api_version: umpire/v1\nrules: []\n", "{\"api_version\": \"umpire/v1\"}"]
        {
            assert_eq!(of(document), document);
        }
    }
}
