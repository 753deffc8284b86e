//! GB 11643-1999: six digits of region, eight of birth date, three of order, and
//! an ISO 7064 MOD 11-2 check character.

use super::digits;
use regex::Regex;
use std::sync::LazyLock;
use umpire_model::ByteRange;

/// Groups may be set apart by one blank or hyphen, as people write them.
static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:[1-9]\d{5}[ -]?(?:18|19|20)\d\d[ -]?\d{4}[ -]?\d{3}[\dXx])")
        .expect("constant")
});

/// Weights of the first seventeen digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by the weighted sum modulo 11.
const CHECK: &[u8; 11] = b"10X98765432";
/// GB/T 2260 codes of provinces, by their first two digits.
const PROVINCES: [u8; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82,
];

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    if !digits::has(text, 17) {
        return;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(hit) = CANDIDATE.find_at(text, at) {
        if is_free(bytes, &hit.range()) && is_valid(hit.as_str()) {
            found(hit.range());
            at = hit.end();
        } else {
            at = hit.start() + 1;
        }
    }
}

fn is_free(bytes: &[u8], range: &ByteRange) -> bool {
    let glued =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !glued(range.start.checked_sub(1)) && !glued(Some(range.end))
}

fn is_valid(candidate: &str) -> bool {
    let number: Vec<u8> = candidate.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let digit = |at: usize| number[at].wrapping_sub(b'0');
    let two = |at: usize| digit(at) * 10 + digit(at + 1);
    let year = u32::from(two(6)) * 100 + u32::from(two(8));
    let sum: u32 = WEIGHTS.iter().enumerate().map(|(at, w)| w * u32::from(digit(at))).sum();
    PROVINCES.contains(&two(0))
        && is_date(year, two(10), two(12))
        && CHECK[(sum % 11) as usize] == number[17].to_ascii_uppercase()
}

fn is_date(year: u32, month: u8, day: u8) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::CnIdCard, tests::check};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_check_character_of_eleven_fits(
            region in "(11|31|44|65)[0-9]{4}",
            (year, month, day) in (1950..2020_u32, 1..13_u32, 1..29_u32),
            order in "[0-9]{3}",
            before in "[证件号 ]{0,4}",
        ) {
            let body = format!("{region}{year}{month:02}{day:02}{order}");
            let mut fitting = 0;
            for check in "0123456789X".chars() {
                let text = format!("{before}{body}{check}。");
                crate::detectors::find_all(&text, &[CnIdCard], |range| {
                    assert_eq!(range, before.len()..before.len() + 18);
                    fitting += 1;
                });
            }
            prop_assert_eq!(fitting, 1);
        }
    }

    #[test]
    fn found_only_when_date_and_checksum_hold() {
        check(CnIdCard, "身份证【11010519491231002X】。");
        check(CnIdCard, "【11010519491231002x】");
        check(CnIdCard, "号码【440524188001010014】，查一下");
        check(CnIdCard, "【110105 19491231 002X】");
        check(CnIdCard, "110105194912310021");
        check(CnIdCard, "11010519490231002X");
        check(CnIdCard, "01010519491231002X");
        check(CnIdCard, "9911010519491231002X1");
        check(CnIdCard, "订单a11010519491231002X");
    }
}
