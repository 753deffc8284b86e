//! Our text engine beside the engines others use, in one process and one thread, all
//! candidates in turn in every round, because times of different runs do not compare.
//!
//! `cargo bench -p umpire-bench --bench peers -- [--rounds 6] [--only chinese-60000]`
//!
//! With `UMPIRE_TEST_DATA` set the words and lines are real, else made up. Ours is a scanner
//! with one list, mode CONTAINS; it tells leftmost-longest hits with spans and what was
//! undone. The others tell all hits with spans (overlapping), unless their name says else.
#![allow(missing_docs, clippy::unwrap_used)]

mod candidates;
mod material;
mod ours;
mod report;
mod rounds;
mod two_passes;

use candidates::{Candidate, aho_corasick, daachorse, regex_set, rustrict};
use clap::Parser;
use material::{Lines, Material};
use ours::ours;
use report::Goals;
use rounds::{Figure, run};
use two_passes::{Table, two_passes};
use umpire_model::Transformations;

#[derive(Parser)]
struct Options {
    /// How often every candidate goes over all lines
    #[arg(long, default_value_t = 6)]
    rounds: usize,
    /// Only sections whose name starts so: chinese-1000, chinese-10000, chinese-60000, english
    #[arg(long, default_value = "")]
    only: String,
    /// Also aho-corasick's DFA of 60,000 words, which takes half a gigabyte
    #[arg(long)]
    heavy: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    let material = Material::load();
    println!("{}\n", material.origin);
    let table = Table::new(&material.simplified);
    let mut goals = Goals::default();
    for count in [60_000, 10_000, 1_000] {
        let name = format!("chinese-{count}");
        if name.starts_with(&options.only) {
            let words = &material.chinese_words[..count.min(material.chinese_words.len())];
            let candidates = chinese(words, &table, count, options.heavy);
            let figures = section(&name, words, &material.chinese_lines, candidates, &options);
            goals.chinese(count, &figures);
        }
    }
    if "english".starts_with(&options.only) {
        let (words, lines) = (&material.english_words, &material.english_lines);
        let figures = section("english", words, lines, english(words, &table), &options);
        goals.english(&figures);
    }
    print!("{goals}");
}

fn chinese(words: &[String], table: &Table, count: usize, heavy: bool) -> Vec<Candidate> {
    let mut all = vec![ours("ours, SAFE", words, Transformations::SAFE)];
    if count == 60_000 {
        all.push(ours("ours, AGGRESSIVE", words, Transformations::AGGRESSIVE));
    }
    all.push(two_passes("two passes, daachorse charwise", words, table, false));
    all.push(two_passes("two passes, daachorse, leftmost-longest", words, table, true));
    all.push(daachorse("daachorse charwise", words));
    all.push(aho_corasick("aho-corasick contiguous NFA", words, false));
    if count < 60_000 || heavy {
        all.push(aho_corasick("aho-corasick DFA", words, true));
    }
    if count == 1_000 {
        all.push(regex_set("regex::RegexSet, no spans", words));
    }
    all
}

fn english(words: &[String], table: &Table) -> Vec<Candidate> {
    vec![
        ours("ours, SAFE", words, Transformations::SAFE),
        aho_corasick("aho-corasick DFA", words, true),
        aho_corasick("aho-corasick contiguous NFA", words, false),
        daachorse("daachorse charwise", words),
        two_passes("two passes, daachorse charwise", words, table, false),
        rustrict("rustrict, its own words, yes or no"),
    ]
}

fn section(
    name: &str,
    words: &[String],
    lines: &Lines,
    mut candidates: Vec<Candidate>,
    options: &Options,
) -> Vec<Figure> {
    let figures = run(&mut candidates, lines, options.rounds);
    let title = format!("{name}: {} words, {} lines", words.len(), lines.len());
    print!("{}", report::section(&title, &figures));
    figures
}
