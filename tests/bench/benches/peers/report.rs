//! Tables, and what the figures are held against.

use super::rounds::Figure;
use std::fmt::{self, Write};

/// A table of one section; the first candidate is ours.
pub fn section(title: &str, figures: &[Figure]) -> String {
    let mut out = format!("### {title}\n\n");
    out.push_str(
        "| engine | hits | best, k lines/s | median | MB/s | build ms | MB | ours / it |\n",
    );
    out.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for figure in figures {
        let size = figure.bytes.map_or_else(|| "-".into(), |bytes| format!("{:.1}", mega(bytes)));
        writeln!(
            out,
            "| {} | {} | {:.0} | {:.0} | {:.1} | {:.1} | {size} | {:.2} |",
            figure.name,
            figure.hits,
            figure.best / 1e3,
            figure.median / 1e3,
            figure.megabytes_a_second,
            figure.build_seconds * 1e3,
            figures[0].best / figure.best,
        )
        .unwrap();
    }
    out.push('\n');
    out
}

#[allow(clippy::cast_precision_loss)]
fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// A figure that is aimed at.
struct Goal {
    name: String,
    ours: f64,
    goal: f64,
    /// Whether more is better.
    at_least: bool,
}

/// All of them, in order.
#[derive(Default)]
pub struct Goals(Vec<Goal>);

impl Goals {
    /// What is to be read from a section with so many Chinese words.
    pub fn chinese(&mut self, count: usize, figures: &[Figure]) {
        let peer = "two passes, daachorse charwise";
        match count {
            60_000 => {
                self.ratio("60,000 words", figures, peer, 2.5);
                let (safe, aggressive) = (&figures[0], named(figures, "ours, AGGRESSIVE"));
                let ratio = aggressive.best / safe.best;
                self.at_least("60,000 words: AGGRESSIVE / SAFE".into(), ratio, 0.5);
                let size = mega(safe.bytes.unwrap_or_default());
                self.at_most("60,000 words: automaton, MB", size, 8.0);
                self.at_most("60,000 words: build, s", safe.build_seconds, 0.3);
            }
            1_000 => self.ratio("1,000 words", figures, peer, 4.0),
            _ => {}
        }
    }

    /// What is to be read from the English section.
    pub fn english(&mut self, figures: &[Figure]) {
        self.ratio("English", figures, "aho-corasick DFA", 0.5);
    }

    fn ratio(&mut self, words: &str, figures: &[Figure], peer: &str, goal: f64) {
        let ratio = figures[0].best / named(figures, peer).best;
        self.at_least(format!("{words}: ours / {peer}"), ratio, goal);
    }

    fn at_least(&mut self, name: String, ours: f64, goal: f64) {
        self.0.push(Goal { name, ours, goal, at_least: true });
    }

    fn at_most(&mut self, name: &str, ours: f64, goal: f64) {
        self.0.push(Goal { name: name.into(), ours, goal, at_least: false });
    }
}

impl fmt::Display for Goals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| goal (best rounds) | ours | goal | met? |\n| --- | ---: | ---: | --- |")?;
        for Goal { name, ours, goal, at_least } in &self.0 {
            let (sign, met) = if *at_least { (">=", ours >= goal) } else { ("<=", ours <= goal) };
            let met = if met { "yes" } else { "NO" };
            writeln!(f, "| {name} | {ours:.2} | {sign} {goal} | {met} |")?;
        }
        Ok(())
    }
}

fn named<'f>(figures: &'f [Figure], name: &str) -> &'f Figure {
    figures.iter().find(|figure| figure.name == name).unwrap()
}
