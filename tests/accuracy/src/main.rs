//! How much disguised abuse the text engine finds, and how much harmless text it takes for
//! abuse: the whole table in one command, from labelled files under `UMPIRE_TEST_DATA`.
#![allow(missing_docs, clippy::unwrap_used)]

mod data;
mod finder;
mod sets;
mod switches;
mod table;
mod words;

use clap::Parser;
use data::Data;
use table::Row;

/// Recall and false positives of the text engine, beside what was aimed at.
#[derive(Parser)]
struct Options {
    /// Print the table as Markdown
    #[arg(long)]
    markdown: bool,
    /// Print what one row missed or found wrongly, by the row's name
    #[arg(long, value_name = "ROW")]
    show: Option<String>,
    /// How many lines `--show` prints
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Only rows whose name starts so
    #[arg(long, default_value = "")]
    only: String,
    /// Try the severities of the CONDA list on its training part, and print the best
    #[arg(long)]
    choose_conda: bool,
}

fn main() {
    let options = Options::parse();
    let Some(data) = Data::from_env() else {
        println!("UMPIRE_TEST_DATA is not set: there is nothing to measure accuracy with.");
        println!("It names the folder that holds `data/` with the labelled files.");
        return;
    };
    if options.choose_conda {
        match sets::conda::choose(&data) {
            Ok(report) => print!("{report}"),
            Err(absent) => println!("{absent}"),
        }
        return;
    }
    let wanted = options.show.as_deref().unwrap_or(&options.only);
    let rows = measure(&data, wanted);
    match &options.show {
        Some(name) => show(&rows, name, options.limit),
        None => print!("{}", table::render(&rows, options.markdown)),
    }
}

/// The rows of every set that may hold a row whose name starts as asked.
fn measure(data: &Data, wanted: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for (prefix, run) in sets::ALL {
        if !prefix.starts_with(wanted) && !wanted.starts_with(prefix) {
            continue;
        }
        match run(data) {
            Ok(found) => rows.extend(found.into_iter().filter(|row| row.name.starts_with(wanted))),
            Err(absent) => println!("{prefix}: {absent}"),
        }
    }
    rows
}

fn show(rows: &[Row], name: &str, limit: usize) {
    let Some(row) = rows.iter().find(|row| row.name == name) else {
        return println!("no row is named `{name}`: the first column of the table names them");
    };
    println!("{}: {}, {}: {} lines", row.name, row.set, row.measure, row.faults.len());
    for fault in row.faults.iter().take(limit) {
        println!("  {fault}");
    }
}
