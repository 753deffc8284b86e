//! Texts with places covered, each in its own way.

use umpire_model::{ByteRange, Cover, Mask};
use unicode_segmentation::UnicodeSegmentation;

/// What GRAWLIX shows, one for each character, over and over.
const SYMBOLS: [char; 6] = ['@', '#', '$', '%', '&', '!'];
/// Digits that make a hit a long number, such as one of a telephone or an identity card:
/// KEEP_ENDS leaves as much of it as people know it by.
const LONG_NUMBER: usize = 11;

/// Shows every place (ascending, apart, on character boundaries) as its cover says, and
/// everything else as it is.
#[must_use]
pub fn mask(text: &str, masks: &[Mask]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for Mask { range, cover } in masks {
        shown.push_str(&text[at..range.start]);
        show(&text[range.clone()], cover, &mut shown);
        at = range.end;
    }
    shown.push_str(&text[at..]);
    shown
}

fn show(hit: &str, cover: &Cover, shown: &mut String) {
    match cover {
        Cover::Full => stars(hit, shown),
        Cover::Grawlix => {
            shown.extend(hit.chars().zip(SYMBOLS.into_iter().cycle()).map(|(_, symbol)| symbol));
        }
        Cover::Fixed(text) => shown.push_str(text),
        Cover::KeepEnds => {
            let inner = between_ends(hit);
            shown.push_str(&hit[..inner.start]);
            stars(&hit[inner.clone()], shown);
            shown.push_str(&hit[inner.end..]);
        }
    }
}

/// One `*` a character, so that the number of characters stays.
fn stars(hit: &str, shown: &mut String) {
    shown.extend(hit.chars().map(|_| '*'));
}

/// What KEEP_ENDS covers. Ends are whole characters as people see them: an emoji stays
/// or goes with everything it is joined from, a letter with its accents.
fn between_ends(hit: &str) -> ByteRange {
    let starts: Vec<usize> = hit.grapheme_indices(true).map(|(start, _)| start).collect();
    let (first, last) = kept(hit, starts.len());
    let start_of = |number: usize| starts.get(number).copied().unwrap_or(hit.len());
    start_of(first)..start_of(starts.len() - last)
}

/// How many of `count` characters KEEP_ENDS leaves at the start and at the end.
fn kept(hit: &str, count: usize) -> (usize, usize) {
    match count {
        0..=2 => (0, 0),
        3 => (1, 0),
        _ if hit.chars().filter(|&c| is_digit(c)).count() >= LONG_NUMBER => (3, 4),
        _ => (1, 1),
    }
}

/// Full-width forms are digits too.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(hit: &str, cover: Cover) -> String {
        let text = format!("看{hit}吧");
        let masked = mask(&text, &[Mask { range: 3..3 + hit.len(), cover }]);
        masked.strip_prefix('看').and_then(|rest| rest.strip_suffix('吧')).expect("stays").into()
    }

    #[test]
    fn one_star_a_character() {
        assert_eq!(mask("加微信 vx", &[Mask::full(3..9)]), "加** vx");
        assert_eq!(mask("abc", &[Mask::full(0..1), Mask::full(2..3)]), "*b*");
        assert_eq!(mask("", &[]), "");
    }

    #[test]
    fn ends_are_kept_where_something_lies_between() {
        for (hit, expected) in [
            ("a", "*"),
            ("ab", "**"),
            ("加微信", "加**"),
            ("加我微信", "加**信"),
            ("badword", "b*****d"),
            ("1380013800", "1********0"),
            ("13800138000", "138****8000"),
            ("+86 138-0013-8000", "+86**********8000"),
            ("１３８００１３８０００", "１３８****８０００"),
            ("11010519491231002X", "110***********002X"),
            ("13800138000@qq.com", "138***********.com"),
        ] {
            assert_eq!(one(hit, Cover::KeepEnds), expected, "{hit}");
        }
    }

    #[test]
    fn joined_characters_are_not_torn() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let flag = "🇨🇳";
        for (hit, expected) in [
            (family.to_owned(), "*****".to_owned()),
            (format!("{family}a"), "******".into()),
            (format!("{family}ab"), format!("{family}**")),
            (format!("{family}ab{flag}"), format!("{family}**{flag}")),
            ("e\u{301}cole\u{301}".into(), "e\u{301}***e\u{301}".into()),
            ("ae\u{301}z".into(), "a***".into()),
            (format!("👍🏽{flag}❤\u{fe0f}x"), "👍🏽****x".into()),
        ] {
            assert_eq!(one(&hit, Cover::KeepEnds), expected, "{hit}");
        }
    }

    #[test]
    fn other_covers() {
        assert_eq!(one("外挂bots", Cover::Grawlix), "@#$%&!");
        assert_eq!(one("外挂bots!!", Cover::Grawlix), "@#$%&!@#");
        assert_eq!(one("😀e\u{301}", Cover::Grawlix), "@#$");
        assert_eq!(one("anything", Cover::Fixed("[…]".into())), "[…]");
        assert_eq!(one("x", Cover::Fixed("***".into())), "***");
    }

    /// Pieces of a text, each masked or not; no character is in both kinds.
    fn pieces() -> impl Strategy<Value = Vec<(bool, String)>> {
        let hidden = prop::sample::select(vec![
            "加",
            "7",
            "８",
            "q",
            "😀",
            "e\u{301}",
            "👨\u{200d}👩",
            "🇨🇳",
            "\u{200b}",
            "ﷺ",
        ]);
        let open = prop::sample::select(vec!["a", " ", "ж", "微", "👍", "b\u{302}"]);
        let piece = prop_oneof![
            hidden.prop_map(|piece| (true, piece.to_owned())),
            open.prop_map(|piece| (false, piece.to_owned())),
        ];
        prop::collection::vec(piece, 0..40)
    }

    fn joined(pieces: &[(bool, String)]) -> (String, Vec<ByteRange>) {
        let (mut text, mut ranges) = (String::new(), Vec::<ByteRange>::new());
        for (hidden, piece) in pieces {
            let start = text.len();
            text.push_str(piece);
            match ranges.last_mut() {
                Some(last) if *hidden && last.end == start => last.end = text.len(),
                _ if *hidden => ranges.push(start..text.len()),
                _ => {}
            }
        }
        (text, ranges)
    }

    fn shown(text: &str, ranges: &[ByteRange], cover: &Cover) -> String {
        let mask_of = |range: &ByteRange| Mask { range: range.clone(), cover: cover.clone() };
        mask(text, &ranges.iter().map(mask_of).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn what_is_covered_never_shows(pieces in pieces()) {
            let (text, ranges) = joined(&pieces);
            let all = |kind: bool| pieces.iter().filter(move |(hidden, _)| *hidden == kind);
            let secret: String = all(true).map(|(_, piece)| piece.as_str()).collect();
            let open: String = all(false).map(|(_, piece)| piece.as_str()).collect();
            for cover in [Cover::Full, Cover::Grawlix, Cover::Fixed("[-]".into())] {
                let masked = shown(&text, &ranges, &cover);
                prop_assert!(!masked.chars().any(|c| secret.contains(c)), "{masked:?}");
                let rest: String = masked.chars().filter(|&c| open.contains(c)).collect();
                prop_assert_eq!(&rest, &open);
            }
        }

        #[test]
        fn the_number_of_characters_stays(pieces in pieces()) {
            let (text, ranges) = joined(&pieces);
            for cover in [Cover::Full, Cover::Grawlix, Cover::KeepEnds] {
                let masked = shown(&text, &ranges, &cover);
                prop_assert_eq!(masked.chars().count(), text.chars().count());
            }
        }

        #[test]
        fn ends_stay_or_become_stars(pieces in pieces()) {
            let (text, ranges) = joined(&pieces);
            let masked = shown(&text, &ranges, &Cover::KeepEnds);
            let same = |(now, before): (char, char)| now == before || now == '*';
            prop_assert!(masked.chars().zip(text.chars()).all(same), "{masked:?}");
            for range in &ranges {
                let inner = between_ends(&text[range.clone()]);
                let hit = &text[range.clone()];
                prop_assert!(inner.start <= inner.end && !hit[inner.clone()].is_empty());
                prop_assert!(hit.grapheme_indices(true).any(|(start, _)| start == inner.start));
            }
        }
    }
}
