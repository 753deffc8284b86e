//! Comma-separated values that no spreadsheet takes for formulas.

use super::Cells;
use crate::failure::Failure;
use std::io::Write;

/// Writes records. On a terminal control characters are escaped.
pub fn write(out: impl Write, terminal: bool, records: &[Vec<String>]) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(out);
    for record in records {
        let cells = if terminal { record.map_safe() } else { record.clone() };
        writer.write_record(cells.iter().map(|cell| guarded(cell)))?;
    }
    Ok(writer.flush()?)
}

/// Spreadsheets run what begins like a formula, so it gets an apostrophe.
fn guarded(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(terminal: bool, cells: &[&str]) -> String {
        let mut out = Vec::new();
        let record = cells.iter().map(ToString::to_string).collect();
        write(&mut out, terminal, &[record]).expect("memory takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn formulas_are_defused() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert!(written(false, &[formula]).contains('\''), "{formula}");
        }
        assert_eq!(written(false, &["a", "b=c"]), "a,b=c\n");
    }

    #[test]
    fn quotes_are_doubled_and_terminals_spared() {
        assert_eq!(written(false, &["a\"b", "c,d"]), "\"a\"\"b\",\"c,d\"\n");
        assert_eq!(written(true, &["\u{1b}[2J"]), "\\u{1b}[2J\n");
    }
}
