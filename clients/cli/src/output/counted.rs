//! Numbers of things.

use std::fmt::Display;

/// `1 word`, `2 words`.
pub fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let ending = if count == N::from(1) { "" } else { "s" };
    format!("{count} {one}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_one() {
        assert_eq!(counted(0_i64, "word"), "0 words");
        assert_eq!(counted(1_i64, "word"), "1 word");
        assert_eq!(counted(2_usize, "test case"), "2 test cases");
    }
}
