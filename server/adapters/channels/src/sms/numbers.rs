//! Phone numbers, which nobody is to read in a log.

/// Shortest run of digits that is taken for a phone number.
const SHORTEST: usize = 7;

/// A number as it may be shown: enough to recognise one's own.
pub(crate) fn masked(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let (shown, end) = if chars.len() > 8 { (chars.len() - 8, 4) } else { (0, 2) };
    let start: String = chars[..shown].iter().collect();
    let end: String = chars[chars.len().saturating_sub(end)..].iter().collect();
    format!("{start}****{end}")
}

/// A vendor's words with every phone number masked, however it writes them.
pub(crate) fn without_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[start..].bytes().take_while(u8::is_ascii_digit).count();
        let (before, after) = rest.split_at(start);
        let (number, after) = after.split_at(digits);
        shown.push_str(before);
        shown.push_str(&if digits < SHORTEST { number.to_owned() } else { masked(number) });
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_recognised_by_their_owners_alone() {
        for (number, shown) in [
            ("13800001234", "138****1234"),
            ("+8613800001234", "+86138****1234"),
            ("12345678", "****78"),
            ("1", "****1"),
            ("", "****"),
        ] {
            assert_eq!(masked(number), shown);
        }
    }

    #[test]
    fn no_number_is_left_in_a_vendors_words() {
        for (said, shown) in [
            ("13800001234 is illegal", "138****1234 is illegal"),
            ("号码+8613800001234不合法", "号码+86138****1234不合法"),
            ("8613800001234,8613800005678", "86138****1234,86138****5678"),
            ("code 451, 123456 of 1234567", "code 451, 123456 of ****67"),
            ("触发流控", "触发流控"),
            ("", ""),
        ] {
            assert_eq!(without_numbers(said), shown, "{said}");
        }
    }
}
