//! What templates may not say. The engine's fuel counts much, and this is refused besides
//! because it has no use but to make much of little, or to escape the escaping.

use super::{
    fault::Fault,
    filters::FILTERS,
    page::FIELDS,
    scan::{Tag, Token, tags},
};
use Token::{Mark, Number, Word};

/// Words and marks in one tag.
const TOKENS_MAX: usize = 100;
/// Brackets within brackets.
const BRACKETS_MAX: usize = 8;
/// Statements within statements; each `elif` is one more.
const NESTING_MAX: usize = 32;
/// Loops within loops.
const LOOPS_MAX: usize = 2;

const MARKS: [&str; 14] =
    [".", ",", "(", ")", "[", "]", "|", "==", "!=", "<", "<=", ">", ">=", "-"];
const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];
const TESTS: [&str; 3] = ["defined", "undefined", "none"];
/// Keywords that a bracket may follow.
const BEFORE_BRACKETS: [&str; 7] = ["if", "elif", "else", "and", "or", "not", "in"];

/// Everything that is refused, in the order of the template.
pub(super) fn lint(source: &str) -> Vec<Fault> {
    let tags = match tags(source) {
        Ok(tags) => tags,
        Err(fault) => return vec![fault],
    };
    let mut open = Vec::new();
    let mut faults = Vec::new();
    for tag in &tags {
        let checked = statement(tag, &mut open).and_then(|()| expression(&tag.tokens));
        faults.extend(checked.err().map(|what| Fault::Refused { line: tag.line, what }));
    }
    faults
}

/// Fields that nothing has. They show nothing, so this is said only when a template is saved.
pub(super) fn unknown_fields(source: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for tag in tags(source).unwrap_or_default() {
        for pair in tag.tokens.windows(2) {
            if let [Mark("."), Word(field)] = pair
                && !FIELDS.contains(field)
            {
                let what = format!("there is no field `{field}`");
                faults.push(Fault::Refused { line: tag.line, what });
            }
        }
    }
    faults
}

type Checked = Result<(), String>;

/// `open` are the statements that the tag stands in.
fn statement<'a>(tag: &Tag<'a>, open: &mut Vec<&'a str>) -> Checked {
    if !tag.is_statement {
        return Ok(());
    }
    let name = match tag.tokens.first() {
        Some(Word(name)) if STATEMENTS.contains(name) => *name,
        Some(Word(name)) => return Err(format!("{{% {name} %}} is not allowed")),
        _ => return Err("a statement begins with its name".to_owned()),
    };
    match name {
        "endif" | "endfor" => close(name, open),
        "else" => {}
        name => open.push(name),
    }
    let loops = open.iter().filter(|name| **name == "for").count();
    if open.len() > NESTING_MAX {
        return Err(format!("statements are nested more than {NESTING_MAX} deep"));
    }
    if loops > LOOPS_MAX {
        return Err(format!("loops are nested more than {LOOPS_MAX} deep"));
    }
    if name == "for" { for_loop(&tag.tokens) } else { Ok(()) }
}

/// With the statement its `elif`s are closed; what does not match the engine will refuse.
fn close(name: &str, open: &mut Vec<&str>) {
    let opening = name.trim_start_matches("end");
    if let Some(at) = open.iter().rposition(|open| *open == opening) {
        open.truncate(at);
    }
}

/// Lists are only those we made: `for part in parts`, `for label in labels if …`.
fn for_loop(tokens: &[Token<'_>]) -> Checked {
    let list = match tokens {
        [Word("for"), Word(_), Word("in"), Word(_), rest @ ..] => rest,
        _ => return Err("a loop goes over a list by its name: for part in parts".to_owned()),
    };
    match list.iter().find(|token| !matches!(token, Mark(".") | Number)) {
        None | Some(Word("if")) => Ok(()),
        Some(_) => Err("a loop goes over a list by its name: for part in parts".to_owned()),
    }
}

fn expression(tokens: &[Token<'_>]) -> Checked {
    if tokens.len() > TOKENS_MAX {
        return Err(format!("a tag has more than {TOKENS_MAX} words and marks"));
    }
    let mut brackets = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = &tokens[..at];
        match token {
            Mark(mark) if !MARKS.contains(mark) => return Err(format!("`{mark}` is not allowed")),
            Mark(mark @ ("(" | "[")) => {
                if *mark == "(" {
                    call(before)?;
                }
                brackets.push(*mark);
            }
            Mark(mark @ (")" | "]")) => balance(mark, &mut brackets)?,
            Word(word) => name(word, before)?,
            _ => {}
        }
        if brackets.len() > BRACKETS_MAX {
            return Err(format!("brackets are nested more than {BRACKETS_MAX} deep"));
        }
    }
    if brackets.is_empty() { Ok(()) } else { Err("a bracket is not closed".to_owned()) }
}

fn balance(closing: &str, brackets: &mut Vec<&str>) -> Checked {
    match (brackets.pop(), closing) {
        (Some("("), ")") | (Some("["), "]") => Ok(()),
        _ => Err(format!("`{closing}` closes nothing")),
    }
}

/// A bracket with these before it: only filters are called.
fn call(before: &[Token<'_>]) -> Checked {
    let is_call = match before {
        [.., Mark("|"), Word(_)] => false,
        [.., Word(word)] => !BEFORE_BRACKETS.contains(word),
        [.., Mark(")" | "]") | Token::Text | Number] => true,
        _ => false,
    };
    if is_call { Err("there are no functions".to_owned()) } else { Ok(()) }
}

/// A word with these before it.
fn name(word: &str, before: &[Token<'_>]) -> Checked {
    match before {
        [.., Mark("|")] if !FILTERS.contains(&word) => Err(format!("there is no filter `{word}`")),
        [.., Word("is")] | [.., Word("is"), Word("not")]
            if !TESTS.contains(&word) && word != "not" =>
        {
            Err(format!("there is no test `{word}`"))
        }
        _ if word == "recursive" => Err("`recursive` is not allowed".to_owned()),
        _ => Ok(()),
    }
}
