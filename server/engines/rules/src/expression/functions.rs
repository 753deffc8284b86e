//! Operators and functions: which types they take, what they give, what they cost.

use super::{facts::Record, kind::Kind};
use cel::common::ast::operators;

/// Bytes a pattern goes through in the time of one step.
pub(super) const PATTERN_BYTES_A_STEP: u64 = 32;
/// Bytes that are searched, compared or copied in the time of one step.
const BYTES_A_STEP: u64 = 256;

/// What counting the characters of the longest text takes.
pub(super) fn length_of_a_text() -> u64 {
    match Record::Message.member("text").map(|member| member.kind) {
        Some(Kind::String(bytes)) => bytes / BYTES_A_STEP,
        _ => 0,
    }
}

/// Whether a member function goes through a list.
pub(super) fn is_macro(name: &str) -> bool {
    matches!(name, "all" | "exists" | "exists_one" | "existsOne" | "map" | "filter")
}

/// Type of a call and the steps it takes beyond its arguments. With `on_target`, the
/// first kind is that of what stands before the dot.
pub(super) fn result(on_target: bool, name: &str, kinds: &[Kind]) -> Result<(Kind, u64), String> {
    match (on_target, kinds) {
        (false, [kind]) if is_operator(name) => unary(name, kind),
        (false, [a, b]) if is_operator(name) => binary(name, a, b),
        (_, [kind]) if name == "size" => size(kind),
        (false, [kind]) => conversion(name, kind),
        (true, [Kind::String(text), Kind::String(part)])
            if matches!(name, "contains" | "startsWith" | "endsWith") =>
        {
            Ok((Kind::Bool, 1 + (text + part) / BYTES_A_STEP))
        }
        _ => Err(unknown(name, kinds)),
    }
}

fn is_operator(name: &str) -> bool {
    name.contains('_') && !name.starts_with(char::is_alphanumeric) || name == operators::IN
}

fn unknown(name: &str, kinds: &[Kind]) -> String {
    let known = "size, contains, startsWith, endsWith, matches, has, int, double, string, all, \
                 exists, exists_one, filter, map";
    if known.split(", ").any(|it| it == name) || name == "existsOne" {
        let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
        return format!("`{name}` does not go with ({})", kinds.join(", "));
    }
    format!("there is no function `{name}`; there are {known}")
}

fn unary(name: &str, kind: &Kind) -> Result<(Kind, u64), String> {
    match (name, kind) {
        (operators::LOGICAL_NOT, Kind::Bool) => Ok((Kind::Bool, 1)),
        (operators::NEGATE, Kind::Int | Kind::Double) => Ok((kind.clone(), 1)),
        _ => Err(format!("`{}` does not go with {kind}", sign(name))),
    }
}

fn binary(name: &str, a: &Kind, b: &Kind) -> Result<(Kind, u64), String> {
    let gives = match name {
        operators::LOGICAL_AND | operators::LOGICAL_OR => both_bool(a, b),
        operators::EQUALS | operators::NOT_EQUALS => equality(a, b),
        operators::LESS
        | operators::LESS_EQUALS
        | operators::GREATER
        | operators::GREATER_EQUALS => comparison(a, b),
        operators::IN => membership(a, b),
        operators::INDEX => index(a, b),
        operators::ADD => addition(a, b),
        operators::MODULO => matches!((a, b), (Kind::Int, Kind::Int)).then_some((Kind::Int, 1)),
        operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE => arithmetic(a, b),
        _ => None,
    };
    gives.ok_or_else(|| format!("`{}` does not go with {a} and {b}", sign(name)))
}

type Gives = Option<(Kind, u64)>;

fn both_bool(a: &Kind, b: &Kind) -> Gives {
    matches!((a, b), (Kind::Bool, Kind::Bool)).then_some((Kind::Bool, 1))
}

fn equality(a: &Kind, b: &Kind) -> Gives {
    let numbers = a.is_number() && b.is_number();
    (numbers || a.is_scalar() && a.is_like(b)).then(|| (Kind::Bool, 1 + comparing(a, b)))
}

fn comparison(a: &Kind, b: &Kind) -> Gives {
    let numbers = a.is_number() && b.is_number();
    let strings = matches!((a, b), (Kind::String(_), Kind::String(_)));
    (numbers || strings).then(|| (Kind::Bool, 1 + comparing(a, b)))
}

/// Steps of comparing two values: strings are compared up to the end of the shorter.
fn comparing(a: &Kind, b: &Kind) -> u64 {
    match (a, b) {
        (Kind::String(a), Kind::String(b)) => a.min(b) / BYTES_A_STEP,
        _ => 0,
    }
}

fn membership(a: &Kind, b: &Kind) -> Gives {
    match b {
        Kind::List(of, most) if a.is_scalar() && a.is_like(of) => {
            Some((Kind::Bool, 1 + most * (1 + comparing(a, of))))
        }
        Kind::Map(_) if matches!(a, Kind::String(_)) => Some((Kind::Bool, 1)),
        _ => None,
    }
}

fn index(a: &Kind, b: &Kind) -> Gives {
    match (a, b) {
        (Kind::List(of, _), Kind::Int) | (Kind::Map(of), Kind::String(_)) => {
            Some(((**of).clone(), 1))
        }
        _ => None,
    }
}

fn addition(a: &Kind, b: &Kind) -> Gives {
    match (a, b) {
        (Kind::String(a), Kind::String(b)) => {
            Some((Kind::String(a + b), 1 + (a + b) / BYTES_A_STEP))
        }
        _ => arithmetic(a, b),
    }
}

/// Both sides of the same type: CEL does not turn an int into a double by itself.
fn arithmetic(a: &Kind, b: &Kind) -> Gives {
    (a.is_number() && a.is_like(b)).then(|| (a.clone(), 1))
}

fn size(kind: &Kind) -> Result<(Kind, u64), String> {
    match kind {
        Kind::String(bytes) => Ok((Kind::Int, 1 + bytes / BYTES_A_STEP)),
        Kind::List(..) | Kind::Map(_) => Ok((Kind::Int, 1)),
        other => Err(format!("`size` is for strings, lists and maps, not for {other}")),
    }
}

fn conversion(name: &str, kind: &Kind) -> Result<(Kind, u64), String> {
    let from = matches!(kind, Kind::Int | Kind::Double | Kind::String(_));
    match name {
        "int" if from => Ok((Kind::Int, 1)),
        "double" if from => Ok((Kind::Double, 1)),
        // Longer than any number written out, but for a double's hundreds of digits.
        "string" if from => Ok((string_of(kind), 1)),
        _ => Err(unknown(name, std::slice::from_ref(kind))),
    }
}

fn string_of(kind: &Kind) -> Kind {
    match kind {
        Kind::String(bytes) => Kind::String(*bytes),
        _ => Kind::String(400),
    }
}

/// An operator as it is written.
fn sign(name: &str) -> &str {
    match name {
        operators::IN => "in",
        operators::INDEX => "[]",
        _ => name.trim_matches('_'),
    }
}
