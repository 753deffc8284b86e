use super::Failure;

/// A chat line with what it must give.
pub(super) struct Line {
    pub scene: &'static str,
    pub decision: &'static str,
    /// Ids of the rules that match, in order, joined by commas; `-` for none.
    pub rules: &'static str,
    pub text: &'static str,
}

const CHAT: &str = include_str!("../../../../examples/packs/chat.tsv");

/// The lines of `examples/packs/chat.tsv`.
pub(super) fn lines() -> Result<Vec<Line>, Failure> {
    CHAT.lines().skip(1).map(parse).collect()
}

fn parse(line: &'static str) -> Result<Line, Failure> {
    let mut columns = line.splitn(4, '\t');
    let mut next = || columns.next().ok_or_else(|| Failure::from(format!("chat.tsv: {line}")));
    Ok(Line { scene: next()?, decision: next()?, rules: next()?, text: next()? })
}
