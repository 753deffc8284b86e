use super::*;
use crate::conditions::text::WordMode;
use umpire_model::{Level, Timestamp};

/// What is taken, as `word:match:category:level`, and the bad lines.
fn check(format: FileFormat, content: &[u8], taken: &[&str], rejected: &[(u64, &str)]) {
    let content = read(format, content).expect("readable");
    let shown = |entry: &Entry| {
        let mode = entry.mode.map_or("", WordMode::name);
        let category = entry.category.as_deref().unwrap_or_default();
        let level = entry.level.map_or("", Level::name);
        format!("{}:{mode}:{category}:{level}", entry.word).trim_end_matches(':').to_owned()
    };
    let entries: Vec<_> = content.entries.as_slice().iter().map(shown).collect();
    assert_eq!(entries, taken);
    let bad: Vec<_> = content.rejected.iter().map(|bad| (bad.line, bad.reason.as_str())).collect();
    assert_eq!(bad, rejected);
    assert_eq!(content.rejected_count, rejected.len() as u64);
}

#[test]
fn plain_lines() {
    let check = |text: &str, taken: &[&str], rejected: &[(u64, &str)]| {
        check(FileFormat::Plain, text.as_bytes(), taken, rejected);
    };
    check("b\na\n", &["a", "b"], &[]);
    check("a\r\nb\rc\n d ", &["a", "b", "c", "d"], &[]);
    check("=a\n\\=b\nc=d", &["=b", "a:EXACT", "c=d"], &[]);
    check("a\n\n=\n \nb", &["a", "b"], &[2, 3, 4].map(|line| (line, "the word is empty")));
    check("a\u{7}b\nok", &["ok"], &[(1, "control character U+0007")]);
    check("a\tb", &[], &[(1, "control character U+0009")]);
    check("\u{feff}外挂", &["外挂"], &[]);
    check("\u{3000}\u{200b}", &[], &[(1, "the word is empty")]);
    let long = "长".repeat(10_000);
    check(&long, &[long.as_str()], &[]);
    let reason = "the word has 10001 characters, over the limit of 10000";
    check(&format!("{long}长\nok"), &["ok"], &[(1, reason)]);
    check("***\n*ok*", &["***", "*ok*"], &[]);
}

#[test]
fn of_repeated_words_the_first_stays() {
    let content = read(FileFormat::Tsv, "a\tx\nb\na\ty\n a \n".as_bytes()).expect("readable");
    assert_eq!(content.repeated, 2);
    assert_eq!(content.entries.get("a").and_then(|a| a.category.as_deref()), Some("x"));
}

#[test]
fn tab_separated_lines() {
    let bytes = "word\tcategory\n外挂\t游戏\n=gg\nx\ta\tb\n".as_bytes();
    check(FileFormat::Tsv, bytes, &["gg:EXACT", "外挂::游戏"], &[(4, "more than two columns")]);
    check(FileFormat::Tsv, b"word\nother\tx", &["other::x", "word"], &[]);
}

#[test]
fn csv_by_its_header() {
    let text = "id,Text,match,category,level,note\r\n\
                1,\"a,b\",exact,spam,p1,\r\n\
                2,=c,,,,why\r\n\
                3,=d,compound,,,\r\n\
                4,e,sometimes,,,\r\n\
                5,f,,,P9,\r\n\
                6,g\r\n\
                7,,,,,\r\n";
    let rejected = [
        (5, "match `sometimes` is none of CONTAINS, EXACT, WORD, COMPOUND"),
        (6, "level `P9` is none of P0, P1, P2, P3"),
        (7, "2 columns, the header has 6"),
        (8, "the word is empty"),
    ];
    let taken = ["=d:COMPOUND", "a,b:EXACT:spam:P1", "c:EXACT"];
    check(FileFormat::Csv, text.as_bytes(), &taken, &rejected);
    let over_lines = [(2, "a quoted cell goes over several lines")];
    check(FileFormat::Csv, b"word\n\"a\nb\"\nc\n", &["c"], &over_lines);
    let unclosed = read(FileFormat::Csv, b"word\nok\n\"abc\nd\ne\n").err();
    assert_eq!(unclosed, Some(FileError::UnclosedQuote(3)));
    assert_eq!(read(FileFormat::Csv, b"id,lang\n1,en").err(), Some(FileError::NoWordColumn));
    assert_eq!(read(FileFormat::Csv, b"").err(), Some(FileError::NoWordColumn));
}

#[test]
fn json_words_and_objects() {
    let text = r#"["a", "=b", {"word": "c", "category": "x", "level": "P0", "match": "WORD"},
        {"id": "d", "match": "boo*b|bosom", "tags": ["body", "y"], "severity": 2, "exceptions": []},
        7, {"word": 8}, {"severity": 9, "word": "e"}, {"note": "f"}]"#;
    let rejected = [
        (5, "a number is neither a word nor an object"),
        (6, "`word` is a number, not a string"),
        (7, "severity 9 is none of 1, 2, 3, 4"),
        (8, "neither `word` nor `match`"),
    ];
    let taken = ["a", "b:EXACT", "boob::body:P2", "bosom::body:P2", "c:WORD:x:P0"];
    check(FileFormat::Json, text.as_bytes(), &taken, &rejected);
    for wrong in ["{}", "\"a\"", "[1", "[\"a\",]"] {
        let error = read(FileFormat::Json, wrong.as_bytes()).err();
        assert!(matches!(error, Some(FileError::Json(_))), "{wrong}");
    }
}

#[test]
fn encodings() {
    let utf16 = |text: &str, little: bool| -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    check(FileFormat::Plain, &utf16("外挂\r\n代练😀", true), &["代练😀", "外挂"], &[]);
    check(FileFormat::Plain, &utf16("外挂", false), &["外挂"], &[]);
    let mut broken = utf16("a", true);
    broken.extend([0x00, 0xd8]);
    assert_eq!(read(FileFormat::Plain, &broken).err(), Some(FileError::NotUtf16));
    for text in ["中\n一\n水\n", "gold", "a\r\nb\r\n"] {
        let bare = &utf16(text, true)[2..];
        assert_eq!(read(FileFormat::Plain, bare).err(), Some(FileError::NoMark), "{text}");
        let bare = &utf16(text, false)[2..];
        assert_eq!(read(FileFormat::Plain, bare).err(), Some(FileError::NoMark), "{text}");
    }
    check(FileFormat::Plain, b"a\0b\nc\nd\n", &["c", "d"], &[(1, "control character U+0000")]);
    assert_eq!(read(FileFormat::Plain, b"ab\xff").err(), Some(FileError::NotUtf8(2)));
    let large = vec![b'a'; MAX_FILE_BYTES + 1];
    let error = read(FileFormat::Plain, &large).err();
    assert_eq!(error, Some(FileError::TooLarge(MAX_FILE_BYTES + 1)));
}

#[test]
fn what_is_written_is_read_again() {
    let full = Entry {
        mode: Some(WordMode::Word),
        category: Some("x".into()),
        level: Some(Level::P1),
        note: Some("a \"note\", with a comma".into()),
        end_time: Timestamp::parse_rfc3339("2026-12-01T00:00:00.5Z"),
        ..Entry::new("full")
    };
    let exact = Entry { mode: Some(WordMode::Exact), ..Entry::new("gg") };
    let literal = Entry { mode: Some(WordMode::Contains), ..Entry::new("=literal") };
    let graded = Entry { category: Some("c".into()), ..Entry::new("=cat") };
    let odd = ["=a", "\\=b", "\\\\=c", "\\d", "==e", "plain, with a comma"].map(Entry::new);
    let exact_odd = Entry { mode: Some(WordMode::Exact), ..Entry::new("\\=f") };
    let entries: Vec<_> =
        odd.into_iter().chain([full, exact, literal, graded, exact_odd]).collect();
    let (entries, _) = Entries::collect(entries);
    for format in [FileFormat::Csv, FileFormat::Json] {
        let (head, tail) = entries.as_slice().split_at(2);
        let mut file = write(format, head, true, false);
        file.extend(write(format, tail, false, true));
        let again = read(format, &file).expect("readable");
        assert_eq!(again.entries.as_slice(), entries.as_slice(), "{format:?}");
    }
    // Lines keep words, EXACT and, with TABs, categories.
    for format in [FileFormat::Plain, FileFormat::Tsv] {
        let file = write(format, entries.as_slice(), true, true);
        let again = read(format, &file).expect("readable");
        for (read, written) in again.entries.as_slice().iter().zip(entries.as_slice()) {
            assert_eq!(read.word, written.word, "{format:?}");
            let exact = |entry: &Entry| entry.mode == Some(WordMode::Exact);
            assert_eq!(exact(read), exact(written), "{format:?} {}", read.word);
        }
        assert_eq!(again.entries.as_slice().len(), entries.as_slice().len());
    }
    let text = [Entry { category: Some("c".into()), ..Entry::new("text") }];
    let file = write(FileFormat::Tsv, &text, true, true);
    assert_eq!(read(FileFormat::Tsv, &file).expect("readable").entries.as_slice(), text);
    let entries = [exact_gg(), Entry::new("=x")];
    let plain = write(FileFormat::Plain, &entries, true, true);
    assert_eq!(String::from_utf8(plain).expect("text"), "=gg\n\\=x\n");
}

fn exact_gg() -> Entry {
    Entry { mode: Some(WordMode::Exact), ..Entry::new("gg") }
}
