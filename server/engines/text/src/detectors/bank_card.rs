//! Payment cards: ISO/IEC 7812 issuer ranges, their lengths, and the Luhn digit.

use super::digits::{Run, has, runs};
use umpire_model::ByteRange;

/// An issuer's prefixes (inclusive, all of one length) and card lengths.
struct Issuer {
    first: u32,
    last: u32,
    lengths: &'static [usize],
}

const fn issuer(first: u32, last: u32, lengths: &'static [usize]) -> Issuer {
    Issuer { first, last, lengths }
}

/// Public issuer ranges, as in ISO/IEC 7812 registries and the networks' manuals.
const ISSUERS: [Issuer; 16] = [
    issuer(62, 62, &[16, 17, 18, 19]),     // UnionPay
    issuer(81, 81, &[16, 17, 18, 19]),     // UnionPay
    issuer(9558, 9558, &[19]),             // ICBC, before UnionPay
    issuer(60, 60, &[16, 17, 18, 19]),     // China domestic, Discover, RuPay
    issuer(4, 4, &[13, 16, 19]),           // Visa
    issuer(51, 55, &[16]),                 // Mastercard
    issuer(2221, 2720, &[16]),             // Mastercard
    issuer(34, 34, &[15]),                 // American Express
    issuer(37, 37, &[15]),                 // American Express
    issuer(3528, 3589, &[16, 17, 18, 19]), // JCB
    issuer(300, 305, &[14, 16, 19]),       // Diners Club
    issuer(36, 36, &[14, 16, 19]),         // Diners Club
    issuer(38, 39, &[14, 16, 19]),         // Diners Club
    issuer(644, 649, &[16, 17, 18, 19]),   // Discover
    issuer(65, 65, &[16, 17, 18, 19]),     // Discover
    issuer(2200, 2204, &[16, 17, 18, 19]), // Mir
];

pub(super) fn find(text: &str, mut found: impl FnMut(ByteRange)) {
    if !has(text, 13) {
        return;
    }
    for run in runs(text) {
        find_in_run(&run, &mut found);
    }
}

/// The whole run, or its longest valid piece cut at separators.
fn find_in_run(run: &Run, found: &mut impl FnMut(ByteRange)) {
    let mut from = 0;
    while from + 13 <= run.digits.len() {
        let end = (13..=19)
            .rev()
            .map(|length| from + length)
            .find(|&end| ends_here(run, end) && is_card(&run.digits[from..end]));
        if let Some(end) = end {
            found(run.range(from, end));
        }
        let next = end.unwrap_or(from + 1);
        let Some(start) = (next..run.digits.len()).find(|&at| run.gaps[at]) else { return };
        from = start;
    }
}

fn ends_here(run: &Run, end: usize) -> bool {
    end == run.digits.len() || (end < run.digits.len() && run.gaps[end])
}

fn is_card(digits: &[u8]) -> bool {
    has_issuer(digits) && luhn(digits) && digits.iter().any(|&digit| digit != digits[0])
}

fn has_issuer(digits: &[u8]) -> bool {
    ISSUERS.iter().any(|issuer| {
        let width = issuer.first.ilog10() as usize + 1;
        let prefix = digits[..width].iter().fold(0, |n, &digit| n * 10 + u32::from(digit));
        (issuer.first..=issuer.last).contains(&prefix) && issuer.lengths.contains(&digits.len())
    })
}

/// ISO/IEC 7812-1 annex B: from the right, every second digit doubled.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit) * 2) {
            (0, _) => u32::from(digit),
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use crate::detectors::{Detector::BankCard, tests::check};
    use proptest::prelude::*;

    /// A number with its Luhn digit.
    fn card(digits: &str) -> String {
        let valid = |last: &u8| {
            let all: Vec<u8> = digits.bytes().map(|b| b - b'0').chain([*last]).collect();
            super::luhn(&all)
        };
        let last = (0..10).find(valid).expect("one of ten digits fits");
        format!("{digits}{last}")
    }

    proptest! {
        #[test]
        fn a_card_is_found_whole_and_not_with_another_digit(
            digits in "62[0-9]{13}",
            before in "[付款 ]{0,4}",
            wrong in 1..10_u8,
        ) {
            let card = card(&digits);
            let found = |number: &str| {
                let (text, mut ranges) = (format!("{before}{number}。"), Vec::new());
                crate::detectors::find_all(&text, &[BankCard], |range| ranges.push(range));
                ranges
            };
            prop_assert_eq!(found(&card), [before.len()..before.len() + card.len()]);
            let last = (card.as_bytes()[15] - b'0' + wrong) % 10;
            let mistyped = format!("{digits}{last}");
            prop_assert!(found(&mistyped).is_empty());
        }
    }

    #[test]
    fn issuer_length_and_luhn_must_hold() {
        check(BankCard, "卡号【4111 1111 1111 1111】，谢谢");
        check(BankCard, "【6222021234567890128】");
        check(BankCard, "【378282246310005】");
        check(BankCard, "pay 【5555-5555-5555-4444】 now");
        check(BankCard, "4111111111111112");
        check(BankCard, "1234567890123452");
        check(BankCard, "0000000000000000");
        check(BankCard, "41111111111111111111");
        check(BankCard, "id4111111111111111");
        check(BankCard, "【4111111111111111】 【5555555555554444】");
        check(BankCard, "【4111111111111111】 11010519491231002X");
        check(BankCard, "no1 【4111111111111111】 5x");
    }
}
