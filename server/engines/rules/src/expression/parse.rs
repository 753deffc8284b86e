//! Parsing, out of harm's way.

use super::{Fault, MAX_DEPTH};
use cel::{
    Env, ParseErrors,
    common::ast::{IdedExpr, SourceInfo},
};

/// The parser recurses through many functions for each bracket: in a build without
/// optimisation about 250 KiB of stack, which the threads of a server do not have. Of
/// this only what is touched takes memory.
const STACK_BYTES: usize = 32 << 20;
/// Nested expressions the parser follows; above [`MAX_DEPTH`], which counts the tree.
const MAX_RECURSION: u16 = MAX_DEPTH as u16 + 16;

/// Where the nodes of a tree stand in its source.
pub(super) struct Places {
    info: SourceInfo,
}

impl Places {
    /// `line 1, column 5`, both counted from 1, of a node.
    pub fn of(&self, node: u64) -> String {
        let start = self.info.offset_for(node).map_or(0, |(start, _)| start as usize);
        let before = self.info.source.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        place(line, column)
    }
}

fn place(line: impl std::fmt::Display, column: impl std::fmt::Display) -> String {
    format!("line {line}, column {column}")
}

/// Runs `work` on a thread of its own and waits for it. Should the parser panic, that
/// is a fault of the expression and of nothing else.
pub(super) fn on_a_big_stack<T: Send>(
    work: impl FnOnce() -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("umpire-cel".into())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Fault::new("cannot be parsed")),
            Err(_) => Err(Fault::new("cannot be parsed now: no thread could be started")),
        }
    })
}

/// The tree as it was written: macros are calls.
pub(super) fn as_written(source: &str) -> Result<(IdedExpr, Places), Fault> {
    let env = Env::default().with_optional_support(false);
    let (tree, info) = parse(&env, source)?;
    Ok((tree, Places { info }))
}

/// The tree that can be evaluated: macros are expanded.
pub(super) fn expanded(source: &str) -> Result<IdedExpr, Fault> {
    parse(&Env::stdlib().with_optional_support(false), source).map(|(tree, _)| tree)
}

fn parse(env: &Env, source: &str) -> Result<(IdedExpr, SourceInfo), Fault> {
    let parser = env.parser().max_recursion_depth(MAX_RECURSION).error_recovery_limit(4);
    parser.parse_with_source_info(source).map_err(|errors| fault(&errors))
}

/// The first thing the parser complains about, without the tokens it would rather see.
fn fault(errors: &ParseErrors) -> Fault {
    let Some(first) = errors.errors.first() else { return Fault::new("cannot be parsed") };
    if errors.errors.iter().any(|error| error.msg.contains("ecursion limit")) {
        return Fault::limit("is nested too deeply");
    }
    let message = first.msg.split(" expecting ").next().unwrap_or_default();
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    let message: String = message.chars().take(200).collect();
    Fault::new(message).at(place(first.pos.0, first.pos.1))
}
