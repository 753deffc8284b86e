use super::*;
use umpire_model::Message;
use umpire_text::{Facts, MatchMode, Matcher, Phrase, ScannerBuilder, Scratch, Source};

/// The words through which a tree holds in a text; `None` when it has nothing to do with
/// it, and no words when the exceptions are why.
fn words_of(tree: &str, text: &str, exceptions: &[&str]) -> Option<Vec<String>> {
    let tree: WordTree = serde_json::from_str(tree).expect("a tree");
    let (combination, words) = Combination::of(&tree, Transformations::SAFE);
    let mut builder = ScannerBuilder::default();
    for word in &words {
        let matcher = Matcher::Words { words: vec![word.clone()], mode: MatchMode::Contains };
        let phrase = |text: &&str| Phrase { text: (*text).into(), end: None };
        let exceptions = exceptions.iter().map(phrase).collect();
        builder.add(Source { exceptions, ..Source::new(matcher) }).expect("a word");
    }
    let scanner = builder.build().expect("few words");
    let hits = scanner.scan(text, &Facts::default(), &mut Scratch::default());
    let hits: Vec<_> = hits.sources.iter().map(|entry| (FieldId::Text, entry)).collect();
    let message = Message { text, ..Message::default() };
    let counting = combination.counting(0, &hits, &mut Texts::of(&message))?;
    Some(counting.iter().map(|(_, entry)| words[entry.source as usize].to_string()).collect())
}

fn check_with(tree: &str, text: &str, exceptions: &[&str], expected: Option<&[&str]>) {
    let found = words_of(tree, text, exceptions);
    let expected: Option<Vec<String>> =
        expected.map(|words| words.iter().map(|&word| word.to_owned()).collect());
    assert_eq!(found, expected, "{tree} in {text}");
}

fn check(tree: &str, text: &str, expected: Option<&[&str]>) {
    check_with(tree, text, &[], expected);
}

#[test]
fn groups() {
    let all = r#"{"all": ["low", "price"]}"#;
    check(all, "price: low", Some(&["price", "low"]));
    check(all, "price", None);
    let any = r#"{"any": ["low", {"all": ["price", "high"]}]}"#;
    check(any, "low", Some(&["low"]));
    check(any, "low price", Some(&["low"]));
    check(any, "high price", Some(&["high", "price"]));
    check(any, "price", None);
    let none = r#"{"all": ["gold", {"none": ["fish", "ring"]}]}"#;
    check(none, "gold", Some(&["gold"]));
    check(none, "gold ring", None);
    check(none, "ring", None);
    check(r#""gold""#, "GOLD", Some(&["gold"]));
}

#[test]
fn what_is_absent_shows_nothing() {
    let tree = r#"{"any": [{"all": ["a", "b"]}, {"none": ["c"]}]}"#;
    check(tree, "x", None);
    check(tree, "a", Some(&["a"]));
    check(tree, "a c", None);
    check(tree, "a b c", Some(&["a", "b"]));
}

#[test]
fn words_do_not_hide_one_another() {
    let tree = r#"{"all": ["外挂", "外挂群", "群主"]}"#;
    check(tree, "进外挂群主群", Some(&["外挂", "外挂群", "群主"]));
}

#[test]
fn nearness_is_counted_in_characters() {
    let near = |distance: u32| {
        format!(r#"{{"within": {{"words": ["加", "微"], "distance": {distance}}}}}"#)
    };
    check(&near(0), "加微", Some(&["加", "微"]));
    check(&near(0), "微加", Some(&["微", "加"]));
    check(&near(2), "加一😀微", Some(&["加", "微"]));
    check(&near(1), "加一😀微", None);
    check(&near(1), "加一二微三加", Some(&["加", "微"]));
    check(&near(9), "加加加", None);
    let twice = r#"{"within": {"words": ["加", "加", "微"], "distance": 3}}"#;
    check(twice, "加微", None);
    check(twice, "加微一加", Some(&["加", "微"]));
    let folded = r#"{"within": {"words": ["Ok", "ok"], "distance": 3}}"#;
    check(folded, "OK", None);
    check(folded, "OK, ok", Some(&["Ok"]));
}

#[test]
fn harmless_phrases_are_told_where_they_are_why() {
    let all = r#"{"all": ["low", "price"]}"#;
    check_with(all, "so low a price", &["so low"], Some(&[]));
    check_with(all, "so low", &["so low"], None);
    check_with(all, "so low, low price", &["so low"], Some(&["low", "price"]));
    let none = r#"{"all": ["low", {"none": ["not"]}]}"#;
    check_with(none, "not low", &["not low"], None);
    check_with(none, "low, not so", &["not so"], Some(&["low"]));
    let near = r#"{"within": {"words": ["low", "price"], "distance": 3}}"#;
    check_with(near, "so low a price", &["so low"], Some(&[]));
}
