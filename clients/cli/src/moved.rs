//! Places in a text that was put into another one.

/// How far a text was moved. What is said of the whole is told of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Lines above it.
    pub lines: usize,
    /// Columns before each of its lines.
    pub columns: usize,
}

impl Moved {
    /// The message with places of the text: `line 4, column 5` or `line 4 column 5`.
    pub fn back(self, message: &str) -> String {
        shifted(&shifted(message, "line ", self.lines), "column ", self.columns)
    }
}

/// Every number after the word made smaller; what lies outside is told of the begin.
fn shifted(message: &str, word: &str, by: usize) -> String {
    let mut parts = message.split(word);
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let moved = number.parse::<usize>().map(|number| number.saturating_sub(by).max(1));
        told.push_str(word);
        told.push_str(&moved.map_or_else(|_| number.to_owned(), |number| number.to_string()));
        told.push_str(rest);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let moved = Moved { lines: 3, columns: 4 };
        let check = |message: &str, told: &str| assert_eq!(moved.back(message), told);
        check("unknown field at line 5, column 7", "unknown field at line 2, column 3");
        check("expected value at line 12 column 5", "expected value at line 9 column 1");
        check("at line 1, column 1", "at line 1, column 1");
        check("one line too many", "one line too many");
        assert_eq!(Moved::default().back("at line 5, column 7"), "at line 5, column 7");
    }
}
