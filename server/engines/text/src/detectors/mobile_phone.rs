//! Mainland mobile numbers: eleven digits with a prefix assigned by MIIT, also
//! with `+86`, also split 3-4-4.

use super::digits::{Run, has, runs};
use umpire_model::ByteRange;

const LENGTH: usize = 11;

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    if !has(text, LENGTH) {
        return;
    }
    for run in runs(text) {
        find_in_run(text, &run, &mut found);
    }
}

fn find_in_run(text: &str, run: &Run, found: &mut impl FnMut(ByteRange)) {
    let mut from = 0;
    while from + LENGTH <= run.digits.len() {
        let number = number_at(text, run, from);
        let next = number.as_ref().map_or(from + 1, |(end, _)| *end);
        if let Some((_, range)) = number {
            found(range);
        }
        match (next..run.digits.len()).find(|&at| run.gaps[at]) {
            Some(gap) => from = gap,
            None => return,
        }
    }
}

/// The number that starts at digit `from`, which starts the run or follows a gap.
fn number_at(text: &str, run: &Run, from: usize) -> Option<(usize, ByteRange)> {
    let prefix = country_prefix(&run.digits[from..]);
    let start = from + prefix;
    let end = start + LENGTH;
    let complete = end == run.digits.len() || (end < run.digits.len() && run.gaps[end]);
    if !complete || !is_mobile(&run.digits[start..end]) || !is_grouped(&run.gaps[start..end]) {
        return None;
    }
    let mut range = run.range(from, end);
    if prefix == 2 && text[..range.start].ends_with('+') {
        range.start -= 1;
    }
    Some((end, range))
}

fn country_prefix(digits: &[u8]) -> usize {
    match digits {
        [8, 6, 1, ..] => 2,
        [0, 0, 8, 6, 1, ..] => 4,
        _ => 0,
    }
}

/// Unbroken, or 3-4-4.
fn is_grouped(gaps: &[bool]) -> bool {
    let broken: Vec<usize> = (1..gaps.len()).filter(|&at| gaps[at]).collect();
    broken.is_empty() || broken == [3, 7]
}

/// Prefixes assigned to mobile services; 140-144 and 154 are not.
fn is_mobile(digits: &[u8]) -> bool {
    match digits[..3] {
        [1, 3 | 8, _] | [1, 4, 5..=9] => true,
        [1, 5, third] => third != 4,
        [1, 6, third] => matches!(third, 2 | 5 | 6 | 7),
        [1, 7, third] => third <= 8,
        [1, 9, third] => third != 4,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::MobilePhone, tests::check};

    #[test]
    fn assigned_prefixes_and_shapes() {
        check(MobilePhone, "打【13800138000】给我");
        check(MobilePhone, "【138 0013 8000】");
        check(MobilePhone, "【138-0013-8000】");
        check(MobilePhone, "【+8613800138000】");
        check(MobilePhone, "【+86 138-0013-8000】,");
        check(MobilePhone, "【008613800138000】");
        check(MobilePhone, "12800138000");
        check(MobilePhone, "15400138000");
        check(MobilePhone, "138001380001");
        check(MobilePhone, "13 8001 38000");
        check(MobilePhone, "a13800138000");
        check(MobilePhone, "【13800138000】 【13900139000】");
    }
}
