//! What lies between two policies, as `diff` shows it.

use super::{Paint, counted, id_of, json, outline, rows::entry_text, safe};
use crate::failure::Failure;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use umpire_client::v1::{
    WordListEntry,
    revision::{Change, ChangeKind, EntryChange, EntryChanges},
};

/// What the server sets: it tells nothing about a policy.
const SET_BY_SERVER: [&str; 8] =
    ["name", "etag", "revision", "createTime", "updateTime", "deleteTime", "author", "entryCount"];
/// Lines that stay around lines that change.
const CONTEXT: usize = 2;

/// Safe lines, `-` for what goes and `+` for what comes.
pub fn difference(changes: &[Change], paint: Paint) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for change in changes {
        lines.push(paint.headed(&heading(change)));
        lines.extend(details(change, paint)?);
        if let Some(entries) = &change.entries {
            lines.extend(entry_lines(entries, paint));
        }
    }
    Ok(lines)
}

/// What would be gone, in words; nothing when nothing would.
pub fn deletions(changes: &[Change]) -> Option<String> {
    let is_deleted = |change: &&Change| change.kind() == ChangeKind::Deleted;
    let things = changes.iter().filter(is_deleted).count();
    let stay = changes.iter().filter(|change| !is_deleted(change));
    let words: i64 = stay.filter_map(|change| change.entries.as_ref()).map(|all| all.removed).sum();
    let mut gone = Vec::new();
    if things > 0 {
        gone.push(counted(things, "thing"));
    }
    if words > 0 {
        gone.push(counted(words, "word"));
    }
    (!gone.is_empty()).then(|| gone.join(" and "))
}

fn heading(change: &Change) -> String {
    let what = match (change.rule.as_str(), change.word_list.as_str()) {
        ("", "") => format!("test {}", safe(&change.test)),
        ("", list) => format!("word list {}", safe(id_of(list))),
        (rule, _) => format!("rule {}", safe(id_of(rule))),
    };
    match change.kind() {
        ChangeKind::Created => format!("{what} (new)"),
        ChangeKind::Deleted => format!("{what} (deleted)"),
        ChangeKind::Undeleted => format!("{what} (back)"),
        // Otherwise the lines below say so.
        ChangeKind::Updated if change.details_omitted => format!("{what} (changed)"),
        ChangeKind::Updated | ChangeKind::Unspecified => what,
    }
}

/// What differs, or that the server left it out because there is too much of it.
fn details(change: &Change, paint: Paint) -> Result<Vec<String>, Failure> {
    if change.details_omitted {
        return Ok(vec!["  details left out".into()]);
    }
    let (before, after) = sides(change)?;
    Ok(changed_lines(&before, &after, paint))
}

/// Both sides as lines; nothing where the thing is not in force.
fn sides(change: &Change) -> Result<(String, String), Failure> {
    let kind = change.kind();
    let came = matches!(kind, ChangeKind::Created | ChangeKind::Undeleted);
    let before = if came { String::new() } else { before(change)? };
    let after = if kind == ChangeKind::Deleted { String::new() } else { after(change)? };
    Ok((before, after))
}

fn before(change: &Change) -> Result<String, Failure> {
    if let Some(rule) = &change.before {
        return described(json::value("Rule", rule)?);
    }
    if let Some(list) = &change.list_before {
        return described(json::value("WordList", list)?);
    }
    change
        .test_before
        .as_ref()
        .map_or(Ok(String::new()), |test| described(json::value("PolicyTest", test)?))
}

fn after(change: &Change) -> Result<String, Failure> {
    if let Some(rule) = &change.after {
        return described(json::value("Rule", rule)?);
    }
    if let Some(list) = &change.list_after {
        return described(json::value("WordList", list)?);
    }
    change
        .test_after
        .as_ref()
        .map_or(Ok(String::new()), |test| described(json::value("PolicyTest", test)?))
}

fn described(mut thing: Value) -> Result<String, Failure> {
    if let Some(fields) = thing.as_object_mut() {
        fields.retain(|name, _| !SET_BY_SERVER.contains(&name.as_str()));
    }
    Ok(outline::of(&thing))
}

fn changed_lines(before: &str, after: &str, paint: Paint) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let operations = diff.grouped_ops(CONTEXT).into_iter().flatten();
    let changes =
        operations.flat_map(|operation| diff.iter_changes(&operation).collect::<Vec<_>>());
    changes
        .map(|change| {
            let line = change.value().trim_end();
            match change.tag() {
                ChangeTag::Delete => paint.removed(&format!("- {line}")),
                ChangeTag::Insert => paint.added(&format!("+ {line}")),
                ChangeTag::Equal => format!("  {line}"),
            }
        })
        .collect()
}

fn entry_lines(entries: &EntryChanges, paint: Paint) -> Vec<String> {
    let minus = |entry: &WordListEntry| paint.removed(&format!("- {}", entry_text(entry)));
    let plus = |entry: &WordListEntry| paint.added(&format!("+ {}", entry_text(entry)));
    let sides = |change: &EntryChange| {
        let (before, after) = (change.before.as_ref().map(minus), change.after.as_ref().map(plus));
        before.into_iter().chain(after).collect::<Vec<_>>()
    };
    let mut lines: Vec<_> = entries.changes.iter().flat_map(sides).collect();
    let all = entries.added + entries.updated + entries.removed;
    let untold = all - i64::try_from(entries.changes.len()).unwrap_or(all);
    if untold > 0 {
        lines.push(format!("  … and {}", counted(untold, "more word")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Colour, Form};
    use umpire_client::v1::{Level, Rule};

    fn rule(level: Level, etag: &str) -> Option<Rule> {
        let name = "tenants/default/rules/gold".into();
        Some(Rule { name, level: level as i32, etag: etag.into(), ..Rule::default() })
    }

    fn shown(change: Change) -> Vec<String> {
        let paint = Paint::new(Colour::Never, Form::Table, false);
        difference(&[change], paint).expect("can be shown")
    }

    #[test]
    fn only_what_people_wrote_is_compared() {
        let name = "tenants/default/rules/gold".to_owned();
        let (before, after) = (rule(Level::P2, "1"), rule(Level::P1, "2"));
        let kind = ChangeKind::Updated as i32;
        let updated = Change { rule: name.clone(), kind, before, after, ..Change::default() };
        assert_eq!(shown(updated), ["rule gold", "- level: LEVEL_P2", "+ level: LEVEL_P1"]);
        let (before, kind) = (rule(Level::P2, "1"), ChangeKind::Deleted as i32);
        let deleted = Change { rule: name, kind, before, ..Change::default() };
        assert_eq!(deletions(std::slice::from_ref(&deleted)).as_deref(), Some("1 thing"));
        assert_eq!(shown(deleted), ["rule gold (deleted)", "- level: LEVEL_P2"]);
    }

    #[test]
    fn what_was_left_out_is_told() {
        let of = |kind: ChangeKind| Change {
            rule: "tenants/default/rules/gold".into(),
            kind: kind as i32,
            details_omitted: true,
            ..Change::default()
        };
        let left_out = "  details left out";
        assert_eq!(shown(of(ChangeKind::Created)), ["rule gold (new)", left_out]);
        assert_eq!(shown(of(ChangeKind::Updated)), ["rule gold (changed)", left_out]);
    }

    #[test]
    fn words_come_and_go() {
        let entry = |word: &str| Some(WordListEntry { word: word.into(), ..<_>::default() });
        let changes = vec![
            EntryChange { before: entry("old"), after: None },
            EntryChange { before: None, after: entry("new") },
        ];
        let entries = Some(EntryChanges { added: 5, updated: 0, removed: 1, changes });
        let word_list = "tenants/default/wordLists/w".into();
        let kind = ChangeKind::Updated as i32;
        let change = Change { word_list, kind, entries, ..Change::default() };
        let deleted = Change { kind: ChangeKind::Deleted as i32, ..change.clone() };
        let gone = deletions(&[change.clone(), deleted, change.clone()]);
        assert_eq!(gone.as_deref(), Some("1 thing and 2 words"));
        assert_eq!(deletions(&[]), None);
        assert_eq!(shown(change), ["word list w", "- old", "+ new", "  … and 4 more words"]);
    }
}
