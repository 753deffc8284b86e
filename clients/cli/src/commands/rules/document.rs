//! Rules in a file, as a policy document. The server reads rules; nothing here does.

use crate::moved::Moved;

/// What stands above rules that are not a document by themselves.
const HEAD: &str = "api_version: umpire/v1\nrules:\n";

/// The document with the rules of a file: one rule, a list of rules, or a document
/// already. JSON is YAML too. And where in it the file is.
pub fn of(text: &str) -> (String, Moved) {
    let text = text.trim_start_matches('\u{feff}');
    // Lines keep their numbers.
    let lines: Vec<&str> =
        text.lines().map(|line| if matches!(line, "---" | "...") { "" } else { line }).collect();
    let first = lines.iter().map(|line| line.trim_start()).find(|line| is_content(line));
    if is_document(&lines) {
        return (text.to_owned(), Moved::default());
    }
    let is_list = first.is_some_and(|line| line.starts_with("- ") || line.starts_with('['));
    let (dash, indent) = if is_list { ("", "  ") } else { ("  -\n", "    ") };
    let mut document = format!("{HEAD}{dash}");
    let moved = Moved { lines: document.lines().count(), columns: indent.len() };
    for line in lines {
        document.push_str(&format!("{indent}{line}\n"));
    }
    (document, moved)
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
        let check = |given: &str, rest: &str, lines, columns| {
            let moved = Moved { lines, columns };
            assert_eq!(of(given), (format!("{HEAD}{rest}"), moved), "{given}");
        };
        let one = "  -\n    id: a\n    text:\n      words: [x]\n";
        check("id: a\ntext:\n  words: [x]\n", one, 3, 4);
        let many = "  \n  # why\n  - id: a\n  - id: b\n";
        check("---\n# why\n- id: a\n- id: b\n", many, 2, 2);
        check("{\"id\": \"a\"}", "  -\n    {\"id\": \"a\"}\n", 3, 4);
        check("[{\"id\": \"a\"}]", "  [{\"id\": \"a\"}]\n", 2, 2);
    }

    #[test]
    fn a_document_stays_as_it_is() {
        for document in ["api_version: umpire/v1\nrules: []\n", "{\"api_version\": \"umpire/v1\"}"]
        {
            assert_eq!(of(document), (document.to_owned(), Moved::default()));
        }
    }
}
