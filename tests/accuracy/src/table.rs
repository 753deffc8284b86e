//! The rows, and how they are printed.

use std::fmt::Write;

/// What a figure is held against.
#[derive(Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Told for comparison only.
    None,
}

/// One figure.
pub struct Row {
    /// What `--show` asks for.
    pub name: String,
    pub set: &'static str,
    pub measure: String,
    /// Percent, or percentage points.
    pub ours: f64,
    pub target: Target,
    pub peer: &'static str,
    /// What was missed, or found wrongly.
    pub faults: Vec<String>,
}

impl Target {
    fn told(self) -> String {
        match self {
            Self::AtLeast(least) => format!(">= {least}"),
            Self::AtMost(most) => format!("<= {most}"),
            Self::None => "-".into(),
        }
    }

    fn met(self, ours: f64) -> &'static str {
        let met = match self {
            Self::AtLeast(least) => ours >= least,
            Self::AtMost(most) => ours <= most,
            Self::None => return "-",
        };
        if met { "yes" } else { "NO" }
    }
}

/// `part` of `whole` in percent.
#[allow(clippy::cast_precision_loss)]
pub fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

const HEADER: [&str; 7] = ["row", "set", "measure", "ours", "target", "best peer", "met?"];

/// The table, in columns or as Markdown, with how many targets are met below.
pub fn render(rows: &[Row], markdown: bool) -> String {
    let cells: Vec<[String; 7]> =
        [HEADER.map(str::to_owned)].into_iter().chain(rows.iter().map(cells)).collect();
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..HEADER.len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for (number, row) in cells.iter().enumerate() {
        line(&mut out, row, &widths, markdown);
        if number == 0 {
            let rules = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>();
            line(&mut out, &rules, &widths, markdown);
        }
    }
    let judged: Vec<_> = rows.iter().map(|row| row.target.met(row.ours)).collect();
    let count = |word: &str| judged.iter().filter(|met| **met == word).count();
    let (met, missed) = (count("yes"), count("NO"));
    writeln!(out, "\n{met} of {} targets are met.", met + missed).unwrap();
    out
}

fn cells(row: &Row) -> [String; 7] {
    [
        row.name.clone(),
        row.set.into(),
        row.measure.clone(),
        format!("{:.2}", row.ours),
        row.target.told(),
        row.peer.into(),
        row.target.met(row.ours).into(),
    ]
}

fn line(out: &mut String, row: &[String], widths: &[usize], markdown: bool) {
    let padded = row.iter().zip(widths).map(|(cell, &width)| format!("{cell:<width$}"));
    let padded: Vec<String> = padded.collect();
    let text = if markdown { format!("| {} |", padded.join(" | ")) } else { padded.join("  ") };
    writeln!(out, "{}", text.trim_end()).unwrap();
}
