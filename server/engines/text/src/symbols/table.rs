//! The symbol of every character.

use super::{
    Class, Entry, Symbol,
    data::{HOMOGLYPHS, NUMBERS, SIMPLIFIED},
};
use crate::{canonical, case, edges, letters};
use std::{borrow::Cow, collections::HashMap, sync::LazyLock};
use umpire_model::Transformation;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Beyond the BMP, where characters fold to others; elsewhere they stand for themselves.
const ASTRAL: [std::ops::RangeInclusive<u32>; 5] =
    [0x10400..=0x1044f, 0x1d400..=0x1d7ff, 0x1f000..=0x1faff, 0x1fbf0..=0x1fbf9, 0x2f800..=0x2fa1f];

/// What the first bytes of a character of three leave in the sum of all of them: 0xe0 of
/// twelve bits more is taken off, 0x80 each of the others is not.
const AHEAD: usize = 0x2080;

/// The entries of characters with codes below 0x10000.
pub(crate) struct Plane(Box<[Entry; AHEAD + 0x10000]>);

impl Plane {
    /// The entry of a character of one byte.
    #[inline(always)]
    pub fn ascii(&self, byte: u8) -> Entry {
        self.0[AHEAD + usize::from(byte)]
    }

    /// The entry of a character of three bytes; `None` when it has not so many.
    #[inline(always)]
    pub fn of_three(&self, [a, b, c]: [u8; 3]) -> Option<Entry> {
        let sum = (u32::from(a) << 12) + (u32::from(b) << 6) + u32::from(c);
        self.0.get(sum.wrapping_sub(0xe0 << 12) as usize).copied()
    }
}

/// The entries of all characters.
pub(crate) struct Table {
    bmp: Plane,
    astral: HashMap<char, Entry>,
    /// Unusual characters, those beyond the tables aside.
    unusual: HashMap<char, Unusual>,
}

/// What an unusual character is made of, with [`Entry::COMPLEX`] and [`Entry::RECOMPOSED`].
struct Unusual {
    flags: u32,
    parts: Box<[Entry]>,
}

/// The one table: a constant, computed once from Unicode's data and ours.
pub(crate) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::compute);
    &TABLE
}

impl Table {
    /// What is known of a character.
    #[inline(always)]
    pub fn get(&self, c: char) -> Entry {
        match u16::try_from(u32::from(c)) {
            Ok(code) => self.bmp.0[AHEAD + usize::from(code)],
            Err(_) => self.beyond(c),
        }
    }

    /// What is known of the characters with codes below 0x10000.
    #[inline(always)]
    pub fn bmp(&self) -> &Plane {
        &self.bmp
    }

    #[cold]
    fn beyond(&self, c: char) -> Entry {
        self.astral.get(&c).copied().unwrap_or_else(|| match plain(c) {
            (0, Some(entry)) => entry,
            _ => Entry::new(0, Class::Other).with(Entry::UNUSUAL),
        })
    }

    /// The symbols of a character, none for those that are not seen, and whether it is
    /// [`Entry::COMPLEX`] or [`Entry::RECOMPOSED`].
    pub fn parts(&self, c: char) -> (u32, Cow<'_, [Entry]>) {
        if let Some(Unusual { flags, parts }) = self.unusual.get(&c) {
            return (*flags, Cow::Borrowed(parts));
        }
        let entry = self.get(c);
        if !entry.has(Entry::UNUSUAL) {
            return (0, Cow::Owned(vec![entry]));
        }
        let (flags, entry) = plain(c);
        (flags, Cow::Owned(entry.into_iter().collect()))
    }

    /// All flags of a character and its parts.
    pub fn flags(&self, c: char) -> u32 {
        let entry = self.get(c);
        let own = entry.bits() & Entry::FLAGS;
        if !entry.has(Entry::UNUSUAL) {
            return own;
        }
        let (flags, parts) = self.parts(c);
        parts.iter().fold(own | flags, |all, part| all | part.bits() & Entry::FLAGS)
    }

    /// The entry of a character that is one symbol.
    pub fn single(&self, c: char) -> Option<Entry> {
        match self.parts(c) {
            (flags, parts) if flags & Entry::COMPLEX == 0 && parts.len() == 1 => Some(parts[0]),
            _ => None,
        }
    }

    fn compute() -> Self {
        let unknown = Entry::new(0xfffd, Class::Other);
        let entries = vec![unknown; AHEAD + 0x10000].try_into();
        let bmp = entries.unwrap_or_else(|_| Box::new([unknown; AHEAD + 0x10000]));
        let (astral, unusual) = (HashMap::new(), HashMap::new());
        let mut table = Self { bmp: Plane(bmp), astral, unusual };
        for c in ('\0'..='\u{ffff}').filter(|c| *c < '\u{10000}') {
            table.bmp.0[AHEAD + c as usize] = table.entry(c);
        }
        for c in ASTRAL.into_iter().flatten().filter_map(char::from_u32) {
            let entry = table.entry(c);
            table.astral.insert(c, entry);
        }
        table
    }

    fn entry(&mut self, c: char) -> Entry {
        let wide = if canonical::is_width_form(c) { Entry::WIDE } else { 0 };
        let flags = composition(c);
        let entry = |to| entry(c, to);
        let parts: Vec<Entry> = match dropped(c) {
            Some(_) => Vec::new(),
            None => match &folded(c)[..] {
                [only] => vec![entry(*only)],
                several => several.iter().map(|&one| self::entry(one, one)).collect(),
            },
        };
        match parts[..] {
            [only] if flags == 0 => only.with(wide),
            _ => {
                self.unusual.insert(c, Unusual { flags, parts: parts.into() });
                Entry::new(0, Class::Other).with(Entry::UNUSUAL | wide)
            }
        }
    }
}

/// The entry of `c`, which folds to `to`.
fn entry(c: char, to: char) -> Entry {
    let entry = Entry::new(symbol(to), class(c, to));
    let symbol = entry.symbol();
    let stands = !letters::stands_for(symbol).is_empty() || edges::hides(symbol);
    let leet = match symbol {
        _ if entry.is_word() || !stands => 0,
        // Those that punctuate stand for letters only beside others.
        0x21 | 0x28 | 0x2d | 0x3f | 0x5f => Entry::PUNCTUATES,
        _ => Entry::LEET,
    };
    let joint = if matches!(symbol, 0x40 | 0x2e | 0x3a | 0x5f | 0x2d) { Entry::JOINT } else { 0 };
    entry.with(leet | joint)
}

/// Whether a character changes in canonical composition, and whether it joins others.
fn composition(c: char) -> u32 {
    let alone = canonical::stands_alone(c) || canonical::is_width_form(c);
    let recomposed = if alone { 0 } else { Entry::RECOMPOSED };
    let complex = if canonical::joins(c) { Entry::COMPLEX | Entry::RECOMPOSED } else { 0 };
    recomposed | complex
}

/// A character beyond the tables: how it composes, and its entry if it is seen.
fn plain(c: char) -> (u32, Option<Entry>) {
    let class = if ('\u{20000}'..='\u{3ffff}').contains(&c) { Class::Han } else { class(c, c) };
    let entry = dropped(c).is_none().then(|| Entry::new(symbol(c), class));
    (composition(c), entry)
}

/// The code of a folded character. Private-use characters share one, so that their
/// codes are free for other layers.
fn symbol(c: char) -> Symbol {
    match u32::from(c) {
        // The end of a text has the code of NUL.
        0 | 0xe000..=0xf8ff => 0xfffd,
        code @ 0..=0xffff => code as Symbol,
        code => 0xd800 + (code.wrapping_mul(0x9e37_79b1) >> 21) as Symbol,
    }
}

/// What a character folds to: SAFE's single-character transformations, one after the other.
fn folded(c: char) -> Vec<char> {
    if is_settled(c) {
        return vec![c];
    }
    let direct = HOMOGLYPHS.get(&c).map(|to| (*to).to_owned());
    let compatible = direct.unwrap_or_else(|| std::iter::once(c).nfkc().collect());
    let bare = compatible.nfd().filter(|&c| dropped(c).is_none()).collect::<String>();
    let simple = bare.nfc().map(blank).map(simplified).map(number).collect::<String>();
    homoglyphs(&simple).chars().map(case::fold_char).collect()
}

/// A blank for all that is blank and ends no line.
pub(crate) fn blank(c: char) -> char {
    let ends = matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    if c.is_whitespace() && !ends { ' ' } else { c }
}

/// The simplified form of a character.
pub(crate) fn simplified(c: char) -> char {
    SIMPLIFIED.get(&c).and_then(|to| to.chars().next()).unwrap_or(c)
}

/// The digit of a Chinese numeral.
pub(crate) fn number(c: char) -> char {
    NUMBERS.get(&c).and_then(|to| to.chars().next()).unwrap_or(c)
}

/// A text with the letters its characters look like.
pub(crate) fn homoglyphs(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match HOMOGLYPHS.get(&c).or_else(|| HOMOGLYPHS.get(&case::fold_char(c))) {
            Some(to) => plain.push_str(to),
            None => plain.push(c),
        }
    }
    plain
}

/// Whether only the tables of Chinese characters could say more: Hangul and private use.
fn is_settled(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{e000}'..='\u{f8ff}')
}

/// Why a character has no symbol.
pub(crate) fn dropped(c: char) -> Option<Transformation> {
    match c {
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{3164}'
        | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}' => Some(Transformation::Invisible),
        '\u{300}'..='\u{34e}'
        | '\u{350}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' => Some(Transformation::Marks),
        _ => None,
    }
}

/// The class of `c`, which folds to `to`.
fn class(c: char, to: char) -> Class {
    match (c, to) {
        (
            '\u{2e80}'..='\u{2fd5}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3040}'..='\u{30fa}'
            | '\u{30fc}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9d}',
            _,
        ) => Class::Han,
        (_, 'a'..='z') => Class::Latin,
        (_, '0'..='9') => Class::Digit,
        (
            _,
            '.' | ',' | '!' | '?' | ';' | ':' | '。' | '，' | '！' | '？' | '；' | '：' | '、'
            | '…' | '\n' | '\r' | '\u{2028}' | '\u{2029}',
        ) => Class::Sentence,
        (
            _,
            '~' | '^' | '*' | '#' | '+' | '=' | '|' | '_' | '$' | '@' | '&' | '%' | '`' | '\\'
            | '·' | '•' | '・' | '●',
        ) => Class::Decoration,
        _ => class_by_category(to),
    }
}

fn class_by_category(c: char) -> Class {
    if c.is_whitespace() {
        return Class::Blank;
    }
    match c.general_category_group() {
        GeneralCategoryGroup::Letter
        | GeneralCategoryGroup::Number
        | GeneralCategoryGroup::Mark => Class::Other,
        GeneralCategoryGroup::Symbol => Class::Decoration,
        GeneralCategoryGroup::Separator => Class::Blank,
        GeneralCategoryGroup::Punctuation => Class::Punctuation,
        _ => Class::Decoration,
    }
}
