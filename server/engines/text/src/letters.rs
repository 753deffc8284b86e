//! Latin letters and what stands for them.
//!
//! Filters do not tell apart what leetspeak mixes: letters, digits and symbols that
//! may stand for one another have one *key*.

use crate::symbols::Symbol;

/// What digits and symbols are written for; several where it is not clear. Digits and
/// symbols from everyday leetspeak as listed by `rustrict` and `obscenity`.
const LEET: [(u8, &[u8]); 18] = [
    (b'0', b"o"),
    (b'1', b"il"),
    (b'2', b"z"),
    (b'3', b"e"),
    (b'4', b"a"),
    (b'5', b"s"),
    (b'6', b"gb"),
    (b'7', b"t"),
    (b'8', b"b"),
    (b'9', b"g"),
    (b'@', b"a"),
    (b'$', b"s"),
    (b'!', b"il"),
    (b'|', b"il"),
    (b'+', b"t"),
    (b'(', b"c"),
    (b'<', b"c"),
    (b'v', b"u"),
];

/// The letters a symbol may be written for.
pub(crate) fn stands_for(symbol: Symbol) -> &'static [u8] {
    const TABLE: [&[u8]; 128] = {
        let mut table: [&[u8]; 128] = [b""; 128];
        let mut at = 0;
        while at < LEET.len() {
            table[LEET[at].0 as usize] = LEET[at].1;
            at += 1;
        }
        table
    };
    TABLE.get(symbol as usize).copied().unwrap_or_default()
}

/// The key of a letter or digit, 1 to 31; 0 for other symbols.
pub(crate) const fn key(symbol: Symbol) -> u8 {
    if symbol < 128 { KEYS[symbol as usize] } else { 0 }
}

/// Whether a symbol is a Latin letter.
pub(crate) fn is_letter(symbol: Symbol) -> bool {
    u8::try_from(symbol).is_ok_and(|byte| byte.is_ascii_lowercase())
}

const KEYS: [u8; 128] = {
    let mut keys = [0; 128];
    let mut at = b'a';
    while at <= b'z' {
        keys[at as usize] = at - b'a' + 1;
        at += 1;
    }
    // Letters that one digit or letter may stand for.
    keys[b'l' as usize] = keys[b'i' as usize];
    keys[b'g' as usize] = keys[b'b' as usize];
    keys[b'v' as usize] = keys[b'u' as usize];
    let mut at = 0;
    while at < LEET.len() {
        if LEET[at].0.is_ascii_digit() {
            keys[LEET[at].0 as usize] = keys[LEET[at].1[0] as usize];
        }
        at += 1;
    }
    keys
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_for_a_letter_has_its_key() {
        for (symbol, letters) in LEET.iter().filter(|(symbol, _)| symbol.is_ascii_alphanumeric()) {
            for letter in *letters {
                assert_eq!(key((*symbol).into()), key((*letter).into()), "{}", *symbol as char);
            }
        }
        assert_eq!(key(u16::from(b'$')), 0);
        assert_eq!(key(0x5916), 0);
    }
}
