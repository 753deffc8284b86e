use super::*;
use crate::MatchMode::{self, Compound, Contains, Exact, Word};
use proptest::prelude::*;
use umpire_model::Transformation;

fn words(words: &[&str], mode: MatchMode) -> Source {
    Source::new(Matcher::Words { words: words.iter().map(|&word| word.into()).collect(), mode })
}

fn scanner(sources: Vec<Source>) -> Scanner {
    let mut builder = ScannerBuilder::default();
    for source in sources {
        builder.add(source).expect("valid source");
    }
    builder.build().expect("small")
}

fn phrase(text: &str) -> crate::Phrase {
    crate::Phrase { text: text.into(), end: None }
}

/// `marked` holds the expected hits of the only source in 【】.
fn check(source: Source, marked: &str) {
    let text = marked.replace(['【', '】'], "");
    let hits = scanner(vec![source]).scan(&text, &Facts::default(), &mut Scratch::default());
    let mut result = String::new();
    let mut at = 0;
    for hit in hits.sources.iter().flat_map(|entry| &entry.hits) {
        result += &format!("{}【{}】", &text[at..hit.range.start], &text[hit.range.clone()]);
        at = hit.range.end;
    }
    assert_eq!(result + &text[at..], marked);
}

#[test]
fn modes() {
    check(words(&["gold"], Contains), "mari【gold】en 【GOLD】");
    check(words(&["gold"], Word), "marigold 【Gold】, 买【gold】吗");
    check(words(&["gold"], Exact), "【GoLd】");
    check(words(&["gold"], Exact), "  【gold】\n");
    check(words(&["gold"], Exact), "gold!");
    check(words(&["gold*"], Exact), "【gold*】");
    check(words(&["gold*"], Exact), "gold");
    check(words(&["微信", "加微信"], Contains), "快【加微信】聊【微信】");
}

#[test]
fn what_is_not_seen_changes_no_whole_text() {
    check(words(&["gg"], Exact), "\u{200b}【gg】\u{feff}");
    let source = Source { switches: Transformations::NONE, ..words(&["gg"], Exact) };
    check(source, "gg\u{200b}");
}

#[test]
fn phrases_have_any_blanks() {
    let aggressive =
        || Source { switches: Transformations::AGGRESSIVE, ..words(&["kill yourself"], Word) };
    check(words(&["kill yourself"], Word), "go 【kill  yourself】, 【kill\tyourself】");
    check(words(&["kill yourself"], Word), "kill-yourself killyourself");
    check(aggressive(), "【kill-yourself】 【killyourself】 【k i l l   y o u r s e l f】");
    let none = Source { switches: Transformations::NONE, ..words(&["go die"], Contains) };
    check(none, "go  die go\tdie 【go die】");
}

#[test]
fn parts_stand_beside_anything() {
    let aggressive =
        |list: &[&str]| Source { switches: Transformations::AGGRESSIVE, ..words(list, Contains) };
    let list = ["枪服猪", "服枪猪", "练马药", "坏号", "强奸犯"];
    check(
        aggressive(&list),
        "今天【枪月卩又🐷】了【月卩又枪🐷】 【纟东一马💊】，【土十罒衣📯】！【弓虽女干犯】",
    );
    check(aggressive(&["三级", "三陪", "二奶"]), "我12级了，找12陪练，11奶茶");
    check(aggressive(&["猪钱", "加票狗"]), "【🐗 🪙】，【加 🎟 🐶】");
    let switches = Transformations::SAFE.with(Transformation::SplitCharacters);
    let close = Source { switches, ..words(&["【强奸", "\"强奸犯", ".强奸"], Contains) };
    let hits = scanner(vec![close]).scan(
        "【弓虽奸 \"弓虽奸犯 .弓虽奸",
        &Facts::default(),
        &mut Scratch::default(),
    );
    assert_eq!(hits.sources[0].hits.len(), 3);
}

#[test]
fn hidden_letters_count_in_whole_words() {
    let list = || words(&["hell", "crap", "shit"], Word);
    check(list(), "【c--p】 【cr**】 【sh*t】 【he**】!");
    check(list(), "he--as I said he**bold** wait he??no c--per");
}

#[test]
fn width_and_normal_forms_are_one_word() {
    check(words(&["vx"], Contains), "加【ＶＸ】");
    check(words(&["ＶＸ"], Contains), "加【vx】");
    check(words(&["café"], Contains), "【cafe\u{301}】 【CAFÉ】");
    check(words(&["cafe\u{301}"], Contains), "【café】");
    check(words(&["cafe"], Contains), "【cafe\u{301}】");
    check(words(&["ガチャ"], Contains), "【ｶﾞﾁｬ】回す");
    check(words(&["k"], Contains), "【\u{212a}】elvin");
}

#[test]
fn normalisation_none_takes_bytes_as_sent() {
    let source = Source { switches: Transformations::NONE, ..words(&["Gold"], Contains) };
    check(source, "gold GOLD 【Gold】 Ｇold");
    let hidden = words(&["\u{202e}gold"], Contains);
    let source = Source { switches: Transformations::NONE, ..hidden };
    check(source, "gold 【\u{202e}gold】 \u{202d}gold");
    let phone = Matcher::Detector(crate::Detector::MobilePhone);
    let text = "１３８１２３４５６７８ 【13812345678】";
    check(Source { switches: Transformations::NONE, ..Source::new(phone) }, text);
    let regex = Matcher::Regex("go+ld".into());
    check(Source { switches: Transformations::NONE, ..Source::new(regex) }, "【goold】 GOLD");
}

#[test]
fn regexes_see_narrow_text() {
    check(Source::new(Matcher::Regex("vx[0-9]{3}".into())), "【ＶＸ１２３】, 【VX456】");
    check(Source::new(Matcher::Regex(r"(?-i)VX\d".into())), "vx1 【VX1】");
    check(Source::new(Matcher::Regex("ＢＡＤ".into())), "【bad】 【ＢＡＤ】");
    check(
        Source::new(Matcher::Regex("微信：（[0-9]+）".into())),
        "【微信:(12)】 【微信：（１２）】",
    );
    check(Source::new(Matcher::Regex("[：？]+x".into())), "【:?x】 【：x】");
    check(Source::new(Matcher::Regex("cafe\u{301}".into())), "【café】 【cafe\u{301}】");
}

#[test]
fn a_pattern_that_walks_to_the_end_each_time_stays_bounded() {
    let mut source = Source::new(Matcher::Regex(".*[^a]|a".into()));
    source.cover = true;
    let text = "a".repeat(65_536);
    let hits = scanner(vec![source]).scan(&text, &Facts::default(), &mut Scratch::default());
    assert!(hits.sources[0].truncated && hits.sources[0].hits.len() <= 1_000);
    let covered = hits.sources[0].coverage.as_ref().expect("asked for").ranges();
    assert_eq!(covered, [0..65_536]);
}

#[test]
fn exceptions_cancel_what_lies_inside_them() {
    let source = |exceptions: &[&str]| Source {
        exceptions: exceptions.iter().map(|&text| phrase(text)).collect(),
        ..words(&["交通", "ass"], Contains)
    };
    check(source(&["路口交通"]), "路口交通很堵, 【交通】费");
    check(source(&["classic", "pass"]), "a CLASSIC pass for an 【ass】");
    check(source(&["xas", "sx"]), "x【ass】x");
}

#[test]
fn sources_do_not_hide_each_other() {
    let scanner = scanner(vec![
        words(&["微信"], Contains),
        words(&["加微信"], Contains),
        Source::new(Matcher::Regex("微.".into())),
    ]);
    let hits = scanner.scan("加微信", &Facts::default(), &mut Scratch::default());
    let mut found: Vec<_> =
        hits.sources.iter().map(|s| (s.source, s.hits[0].range.clone())).collect();
    found.sort_by_key(|(source, _)| *source);
    assert_eq!(found, [(0, 3..9), (1, 0..9), (2, 3..9)]);
}

#[test]
fn transformations_are_named() {
    use Transformation::{Canonical, Case, Width};
    let scanner = scanner(vec![words(&["café", "vx"], Contains)]);
    let mut scratch = Scratch::default();
    for (text, taken) in [
        ("vx", vec![]),
        ("v\u{200b}x", vec![Transformation::Invisible]),
        ("𝐯𝐱", vec![Transformation::Compatibility]),
        ("Ⓥx", vec![Case, Transformation::Compatibility]),
        ("νх", vec![Transformation::Homoglyph]),
        ("cafe", vec![Transformation::Marks]),
        ("c.a.f.é", vec![Transformation::LetterGaps]),
        ("caaaaafé", vec![Transformation::Repeats]),
        ("c4fé", vec![Transformation::Leetspeak]),
        ("VX", vec![Case]),
        ("ｖｘ", vec![Width]),
        ("ＶＸ", vec![Case, Width]),
        ("cafe\u{301}", vec![Canonical]),
        ("CAFE\u{301}", vec![Case, Canonical]),
    ] {
        let hits = scanner.scan(text, &Facts::default(), &mut scratch);
        let found = hits.sources.first().map(|entry| entry.hits[0].transformations);
        assert_eq!(found, Some(taken.into_iter().collect()), "{text}");
    }
}

#[test]
fn ten_thousand_hits_stay_bounded_and_keep_every_source() {
    let mut sources: Vec<_> = (0..50).map(|n| words(&[&"a".repeat(n + 1)], Contains)).collect();
    sources.push(words(&["z"], Contains));
    sources[0].cover = true;
    let scanner = scanner(sources);
    let text = "a".repeat(60_000) + "z";
    let hits = scanner.scan(&text, &Facts::default(), &mut Scratch::default());
    assert_eq!(hits.sources.len(), 51);
    assert!(hits.sources.iter().all(|entry| !entry.hits.is_empty()));
    assert!(hits.sources.iter().map(|entry| entry.hits.len()).sum::<usize>() <= 20_100);
    let covered = hits.sources.iter().find_map(|entry| entry.coverage.as_ref());
    assert_eq!(covered.expect("asked for").ranges(), [0..60_000]);
}

#[test]
fn blank_words_are_refused() {
    let error = ScannerBuilder::default().add(words(&["ok", " \t"], Contains));
    assert_eq!(error, Err(BuildError::BlankWord));
}

/// What disguises are made of.
const PIECES: [&str; 36] = [
    "a", "b", "A", "s", "$", "@", "1", "!", ".", "-", " ", "'", "|", "*", "h", "e", "l", "0", "微",
    "信", "一", "★", "，", "忄", "生", "女", "子", "👩", "👍", "\u{200b}", "\u{301}", "é", "Ａ",
    "ﬁ", "\0", "加",
];

/// Characters where offsets go wrong: widths, combining marks, astral, case pairs of other lengths.
fn tricky_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "B",
        "é",
        "e\u{301}",
        "Ａ",
        "ｶ\u{ff9e}",
        "가",
        "\u{1100}\u{1161}",
        "\u{212a}",
        "İ",
        "ß",
        "😀",
        "微",
        "信",
        " ",
        "1",
        "ﬁ",
        "\u{301}",
        "\u{3000}",
        "한",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn spans_are_exact_and_apart(text in tricky_text(), word in tricky_text()) {
        prop_assume!(!crate::is_blank(&word));
        let scanner = scanner(vec![words(&[&word], Contains)]);
        let hits = scanner.scan(&text, &Facts::default(), &mut Scratch::default());
        let mut last = 0;
        for hit in hits.sources.iter().flat_map(|entry| &entry.hits) {
            prop_assert!(text.is_char_boundary(hit.range.start) && text.is_char_boundary(hit.range.end));
            prop_assert!(hit.range.start >= last && hit.range.end > hit.range.start);
            last = hit.range.end;
        }
        let plain = text.find(word.trim()).is_some();
        prop_assert!(!plain || !hits.sources.is_empty());
    }

    #[test]
    fn a_word_is_found_wherever_it_is_put(before in "[a-c微 ]{0,9}", word in "[a-zA-Z微信é]{1,6}", after in "[x-z信]{0,9}") {
        let scanner = scanner(vec![words(&[&word], Contains)]);
        let text = format!("{before}{word}{after}");
        let hits = scanner.scan(&text, &Facts::default(), &mut Scratch::default());
        prop_assert!(hits.sources.iter().any(|entry| !entry.hits.is_empty()));
    }

    #[test]
    fn no_switch_loses_what_stands_there(
        text in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..16),
        word in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..4),
        bits in any::<u32>(),
    ) {
        let (text, word) = (text.concat(), word.concat());
        prop_assume!(!crate::is_blank(&word) && word == word.trim() && !word.contains('*'));
        let on = Transformation::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
        let switches = on.map(|(_, one)| one).collect();
        let scanner = scanner(vec![Source { switches, ..words(&[&word], Contains) }]);
        let hits = scanner.scan(&text, &Facts::default(), &mut Scratch::default());
        for (start, _) in text.match_indices(&word) {
            let covers = |range: &ByteRange| range.start < start + word.len() && start < range.end;
            let found = hits.sources.iter().flat_map(|entry| &entry.hits);
            prop_assert!(found.map(|hit| &hit.range).any(covers), "{word:?} in {text:?}");
        }
    }

    /// Where no rule passes blanks, another filter chooses the places.
    #[test]
    fn passing_blanks_for_others_changes_nothing(
        text in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..16),
        list in prop::collection::vec(prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..4), 1..4),
    ) {
        let list: Vec<String> = list.into_iter().map(|word| word.concat()).collect();
        prop_assume!(list.iter().all(|word| !crate::is_blank(word)));
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        let text = text.concat();
        let switches = Transformations::SAFE
            .with(Transformation::CharacterGaps)
            .with(Transformation::SpacedLetters)
            .with(Transformation::RunTogether);
        let other = Source { switches, ..words(&["zzzz"], Contains) };
        let scan = |sources| {
            let hits = scanner(sources).scan(&text, &Facts::default(), &mut Scratch::default());
            hits.sources.into_iter().filter(|entry| entry.source == 0).collect::<Vec<_>>()
        };
        let alone = scan(vec![words(&list, Contains)]);
        prop_assert_eq!(scan(vec![words(&list, Contains), other]), alone, "{:?} in {:?}", list, text);
    }

    #[test]
    fn scratch_carries_nothing_over(first in tricky_text(), second in tricky_text()) {
        let scanner = scanner(vec![words(&["a", "微"], Contains), words(&["信"], Exact)]);
        let mut used = Scratch::default();
        let _ = scanner.scan(&first, &Facts::default(), &mut used);
        prop_assert_eq!(scanner.scan(&second, &Facts::default(), &mut used), scanner.scan(&second, &Facts::default(), &mut Scratch::default()));
    }

    #[test]
    fn detectors_survive_any_text(text in any::<String>()) {
        crate::detectors::find_all(&text, &crate::Detector::ALL, |range| {
            assert!(text.get(range).is_some());
        });
    }
}

/// A list of words, each with its mode and its end in microseconds.
fn lexicon(words: &[(&str, Option<MatchMode>, Option<i64>)]) -> Arc<Lexicon> {
    let texts: Vec<Arc<str>> = words.iter().map(|(word, ..)| (*word).into()).collect();
    let entries = texts.iter().zip(words).zip(0..).map(|((word, &(_, mode, end)), tag)| {
        crate::LexiconWord { word, mode, end: end.map(Timestamp), tag }
    });
    Arc::new(Lexicon::build(entries).expect("small"))
}

fn at(now: i64) -> Facts<'static> {
    Facts { now: Timestamp(now), ..Facts::default() }
}

fn found(scanner: &Scanner, text: &str, facts: &Facts<'_>) -> Vec<(u32, String)> {
    let hits = scanner.scan(text, facts, &mut Scratch::default());
    let of = |entry: &crate::SourceHits| {
        let source = entry.source;
        let texts = entry.hits.iter().map(|hit| (source, text[hit.range.clone()].to_owned()));
        texts.collect::<Vec<_>>()
    };
    hits.sources.iter().flat_map(of).collect()
}

#[test]
fn a_lexicon_is_shared_and_each_source_says_where_its_words_stand() {
    let list = lexicon(&[("gold", None, None), ("gg", Some(Exact), None)]);
    let source = |mode| Source::new(Matcher::List { lexicon: list.clone(), mode });
    let scanner = scanner(vec![source(Contains), source(Word)]);
    assert_eq!(found(&scanner, "marigold", &at(0)), [(0, "gold".into())]);
    assert_eq!(found(&scanner, "a GOLD", &at(0)), [(0, "GOLD".into()), (1, "GOLD".into())]);
    assert_eq!(found(&scanner, "gg wp", &at(0)), []);
    assert_eq!(found(&scanner, " GG ", &at(0)), [(0, "GG".into()), (1, "GG".into())]);
}

#[test]
fn a_word_past_its_end_neither_hits_nor_hides_a_shorter_one() {
    let list = lexicon(&[("外挂群", None, Some(100)), ("外挂", None, None)]);
    let scanner = scanner(vec![Source::new(Matcher::List { lexicon: list, mode: Contains })]);
    assert_eq!(found(&scanner, "进外挂群", &at(99)), [(0, "外挂群".into())]);
    assert_eq!(found(&scanner, "进外挂群", &at(100)), [(0, "外挂".into())]);
}

#[test]
fn allow_lists_hold_for_those_that_name_them_or_for_all() {
    let mut builder = ScannerBuilder::default();
    let named = builder.add_allow_list(lexicon(&[("路口交通", None, None)]), false);
    builder.add_allow_list(lexicon(&[("JT部", None, Some(100))]), true);
    let naming = Source { allow_lists: vec![named], ..words(&["口交", "jt"], Contains) };
    builder.add(naming).expect("valid");
    builder.add(words(&["口交"], Contains)).expect("valid");
    let scanner = builder.build().expect("small");
    assert_eq!(found(&scanner, "路口交通 口交", &at(0)).len(), 3, "only inside, only who names it");
    assert_eq!(found(&scanner, "ＪＴ部", &at(99)), []);
    assert_eq!(found(&scanner, "jt部", &at(100)), [(0, "jt".into())]);
    let inactive = Facts { is_active: &|list| list != named, ..Facts::default() };
    assert_eq!(found(&scanner, "路口交通", &inactive).len(), 2);

    let other = self::scanner(vec![words(&["jt"], Contains)]);
    let outer = Outer { scanner: &scanner, is_active: &|_| true };
    assert_eq!(found(&other, "JT部", &Facts { outer: Some(outer), ..Facts::default() }), []);
    assert_eq!(found(&other, "JT部", &Facts::default()).len(), 1);
}

#[test]
fn every_word_that_was_found_leaves_its_tag() {
    let list = lexicon(&[("bomb", None, None), ("a", None, None), ("bombing", None, None)]);
    let scanner = scanner(vec![Source::new(Matcher::List { lexicon: list, mode: Contains })]);
    let tags = |text: &str| {
        let hits = scanner.scan(text, &at(0), &mut Scratch::default());
        hits.sources[0].tags().collect::<Vec<_>>()
    };
    assert_eq!(tags("bombing"), [0, 2], "the shorter one too");
    assert_eq!(tags(&("a ".repeat(2_000) + "bomb")), [0, 1], "past the limit of hits");
}

#[test]
fn phrases_take_bounded_memory_and_time() {
    let phrases: Vec<Arc<str>> = (2..500).map(|length| "a".repeat(length).into()).collect();
    let source = Source {
        exceptions: phrases.iter().map(|phrase| self::phrase(phrase)).collect(),
        ..words(&["a"], Contains)
    };
    let text = "a".repeat(5_000) + " a";
    let hits = found(&scanner(vec![source]), &text, &at(0));
    assert_eq!(hits.len(), 1, "the one that stands alone");
}

fn aggressive(list: &[&str]) -> Source {
    Source { switches: Transformations::AGGRESSIVE, ..words(list, Contains) }
}

#[test]
fn disguises_of_latin_words() {
    check(
        words(&["fuck"], Contains),
        "【f.u.c.k】 【fu*ck】 【fuuuuckkk】 【fvck】 【ƒυсκ】 f u c k f---uck",
    );
    check(words(&["shit", "ass"], Contains), "【$h1t】 【5hit】 455 【@$$】 【a$5】 1455");
    check(words(&["fuck", "bitch"], Contains), "【fuuuuuuuu*k】 【bbbiiii!!tchh】");
    check(words(&["hell"], Word), "he'll, 【hell】, 【h-ell】, she'll");
    check(aggressive(&["hate"]), "I 【h a t e】 you, 【h  a  t  e】");
    let source =
        Source { switches: Transformations::AGGRESSIVE, ..words(&["kill", "go die"], Word) };
    check(source, "they【kill】everybody, skilled, 【godie】");
}

#[test]
fn disguises_of_chinese_words() {
    check(words(&["傻逼"], Contains), "【傻★逼】 傻 逼 傻，逼 【傻\u{200b}逼】");
    check(words(&["法轮功"], Contains), "【法輪功】");
    check(words(&["一夜情"], Contains), "【1夜情】 【壹夜情】 【①夜情】");
    check(aggressive(&["傻逼"]), "【傻 逼】 【傻--逼】 傻，逼 【傻bi】 【sha bi】 【shabi】");
    check(aggressive(&["性交"]), "【忄生交】 【性亠父】");
    check(aggressive(&["操你妈"]), "【草泥马】 【cnm】的 【操ni妈】 sicnmx");
    let shuffled = Source { switches: Transformations::ALL, ..words(&["受害者"], Contains) };
    check(shuffled, "【害受者】 【受了害者】");
}

#[test]
fn what_a_cold_reader_found() {
    check(words(&["fi", "卖kg", "傻ff"], Contains), "【ﬁ】 【卖㎏】 【傻ﬀ】.");
    check(words(&["fi"], Contains), "【ﬁ】");
    check(words(&["fagg"], Contains), "x【f@gg】x");
    check(words(&["卖kg"], Contains), "【卖㎏】");
    check(words(&["ass"], Contains), "【@$$】");
    check(words(&["六四"], Contains), "6.4 【64】");
    check(words(&["cat"], Word), "de\u{301}cat cat\u{301}s x\u{200b}cat 【cat】");
    check(words(&["gold*"], Contains), "【gold\u{200b}en】");
    check(words(&["ass"], Word), "a.s.s.i.s.t b.a.s.s 【a.s.s】");
    let spelt = Source { switches: Transformations::AGGRESSIVE, ..words(&["ass", "hate"], Word) };
    check(spelt, "a s s e t s, w h a t e v e r, I 【h a t e】 you");
    check(aggressive(&["*操你妈*"]), "【草泥马】 【cnm】吧 【操ni妈】");
    check(aggressive(&["微信"]), "加【weixin】吧");
}

#[test]
fn hostile_texts_come_to_an_end() {
    let pieces = ["a", "аA", "a\u{301}\u{302}", "a**", "*s", "ab", "A ", "@$", "女", "👩"];
    let list = words(&["fuck", "ass", "aaa", "haha", "hahaha", "abab", "女女子"], Contains);
    let scanner = scanner(vec![Source { switches: Transformations::ALL, ..list }]);
    for piece in pieces {
        let text = piece.repeat(65_536 / piece.len()) + " fuck";
        let hits = scanner.scan(&text, &Facts::default(), &mut Scratch::default());
        assert!(!hits.sources.is_empty(), "{piece}");
    }
}

#[test]
fn wildcards_take_the_word_they_stand_in() {
    check(words(&["cat*"], Contains), "【cats】 bobcat 【category】, 【cat】吗");
    check(words(&["*cat"], Contains), "cats 【bobcat】 category");
    check(words(&["*cat*"], Contains), "【cats】 【bobcats】 dog");
    check(words(&[r"cat\*"], Contains), "cats 【cat*】");
}

#[test]
fn very_long_words_are_compared_whole() {
    let word = "外挂".repeat(5_000);
    let text = format!("买{word}吗");
    check(words(&[&word], Contains), &format!("买【{word}】吗"));
    check(words(&[&(word.clone() + "群")], Contains), &text);
    let source = words(&[&"a".repeat(10_000)], Contains);
    let hits = scanner(vec![source]).scan(
        &"a".repeat(1 << 20),
        &Facts::default(),
        &mut Scratch::default(),
    );
    assert!(hits.sources[0].truncated || hits.sources[0].hits.len() == 104);
}

#[test]
fn compounds_are_no_ordinary_words() {
    check(words(&["cock"], Compound), "【cock】 my【cock】 cocktail");
}
