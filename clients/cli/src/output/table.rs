//! Tables that know how wide a character is.

use super::Cells;
use comfy_table::{ContentArrangement, Table, presets};
use console::Term;

/// Blanks before and after a cell.
const PADDING: (u16, u16) = (0, 2);

/// A header and rows, as wide as the terminal at most.
pub fn of(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    if let Some((_, width)) = Term::stdout().size_checked() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(columns.iter().map(|column| column.to_uppercase()));
    table.column_iter_mut().for_each(|column| {
        column.set_padding(PADDING);
    });
    for row in rows {
        table.add_row(row.map_safe());
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_keep_the_columns() {
        let rows = [vec!["金币".to_owned(), "a".to_owned()], vec!["gold".into(), "b".into()]];
        let table = of(&["word", "note"], rows.into_iter());
        assert_eq!(table, "WORD  NOTE\n金币  a\ngold  b");
    }
}
