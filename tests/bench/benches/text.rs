//! The text engine alone: one message through words, patterns and detectors.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use umpire_text::{Detector, Facts, MatchMode, Matcher, Scanner, ScannerBuilder, Scratch, Source};

const CHINESE: &str = "今天晚上七点我们在公会大厅集合，请大家带好药水和装备，记得听指挥";
const ENGLISH: &str = "push mid now, their carry has no buyback, then we take roshan";

fn words(count: usize) -> Scanner {
    let letters: Vec<char> = "赌博彩票外挂代练金币充值返利兼职刷单诈骗贷款".chars().collect();
    let word = |n: usize| {
        let picks = [n, n / letters.len(), n * 7 + 3];
        picks.iter().map(|pick| letters[pick % letters.len()]).collect::<String>().into()
    };
    let words = (0..count).map(word).collect();
    scanner(Matcher::Words { words, mode: MatchMode::Contains })
}

fn scanner(matcher: Matcher) -> Scanner {
    let mut builder = ScannerBuilder::default();
    builder.add(Source::new(matcher)).unwrap();
    builder.build().unwrap()
}

fn scan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Elements(1));
    let mut scanners = vec![("1000 words".to_owned(), words(1_000))];
    for detector in Detector::ALL {
        scanners.push((detector.id().to_owned(), scanner(Matcher::Detector(detector))));
    }
    for (name, scanner) in &scanners {
        for (language, text) in [("chinese", CHINESE), ("english", ENGLISH)] {
            let mut scratch = Scratch::default();
            group.bench_function(format!("{name}/{language}"), |bencher| {
                bencher.iter(|| scanner.scan(black_box(text), &Facts::default(), &mut scratch));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
