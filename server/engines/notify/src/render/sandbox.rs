//! Where templates run: nothing to call but our filters, fuel that runs out, and a page that
//! is full after 32 KiB.

use super::{escape::Dialect, fault::Fault, filters, lint};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, Template, UndefinedBehavior, Value,
    tests, value::ValueKind,
};
use std::{io, sync::LazyLock};

/// Instructions of one run; data that it makes counts, too.
const FUEL: u64 = 20_000;
/// Bytes of a template.
pub(super) const SOURCE_MAX: usize = 16 * 1024;
/// Bytes that one run may make.
pub(super) const OUTPUT_MAX: usize = 32 * 1024;

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(engine);

fn engine() -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_fuel(Some(FUEL));
    // A name that is not there shows nothing: it must not keep an alert from anybody.
    engine.set_undefined_behavior(UndefinedBehavior::Chainable);
    engine.set_auto_escape_callback(|name| AutoEscape::Custom(name.to_owned().into()));
    engine.set_formatter(write);
    engine.add_test("defined", tests::is_defined);
    engine.add_test("undefined", tests::is_undefined);
    engine.add_test("none", tests::is_none);
    filters::install(&mut engine);
    engine
}

/// Reads a template. What it shows will be escaped for `dialect`.
pub(super) fn compile(dialect: Dialect, source: &str) -> Result<Template<'_, '_>, Fault> {
    if source.len() > SOURCE_MAX {
        let what = format!("is over the limit of {SOURCE_MAX} bytes");
        return Err(Fault::Refused { line: 1, what });
    }
    // Before the engine reads it: nesting would exhaust the stack of its parser.
    match lint::lint(source).into_iter().next() {
        Some(finding) => Err(finding),
        None => ENGINE
            .template_from_named_str(dialect.name(), source)
            .map_err(|error| Fault::unreadable(&error)),
    }
}

/// What a template makes of variables.
pub(super) fn run(dialect: Dialect, source: &str, vars: &Value) -> Result<String, Fault> {
    let template = compile(dialect, source)?;
    let mut page = Paper(Vec::new());
    template
        .render_captured_to(vars.clone(), &mut page)
        .map(drop)
        .map_err(|error| Fault::run(&error))?;
    Ok(String::from_utf8_lossy(&page.0).into_owned())
}

/// Writes a value as it may stand in the channel's markup.
fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match (value.kind(), value.as_str()) {
        (ValueKind::Undefined | ValueKind::None, _) => {}
        (ValueKind::Bool, _) => out.write_str(if value.is_true() { "true" } else { "false" })?,
        (ValueKind::Number, _) => out.write_fmt(format_args!("{value}"))?,
        (ValueKind::String, Some(ours)) if value.is_safe() => out.write_str(ours)?,
        (ValueKind::String, Some(text)) => out.write_str(&dialect(state)?.escape(text))?,
        _ => return Err(refused("a list is written entry by entry")),
    }
    Ok(())
}

fn dialect(state: &State<'_, '_>) -> Result<Dialect, Error> {
    let name = match state.auto_escape() {
        AutoEscape::Custom(name) => name,
        _ => return Err(refused("nobody knows how to escape this")),
    };
    Dialect::from_name(name).ok_or_else(|| refused("nobody knows how to escape this"))
}

pub(super) fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

/// As many bytes as a run may make.
struct Paper(Vec<u8>);

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT_MAX {
            return Err(io::Error::other("the page is full"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
