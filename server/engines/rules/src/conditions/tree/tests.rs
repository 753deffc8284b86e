use super::*;

fn read(text: &str) -> WordTree {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn word(word: &str) -> WordTree {
    WordTree::Word(word.into())
}

#[test]
fn documents_write_trees_as_they_are_read() {
    let within = Within { words: vec!["a".into(), "b".into()], distance: 10 };
    for (text, tree, written) in [
        (r#""a""#, word("a"), r#""a""#),
        (r#"{"word": "a"}"#, word("a"), r#""a""#),
        (
            r#"{"all": ["a", {"any": [{"word": "b"}]}, {"none": ["c"]}]}"#,
            WordTree::All(vec![
                word("a"),
                WordTree::Any(vec![word("b")]),
                WordTree::None(vec![word("c")]),
            ]),
            r#"{"all":["a",{"any":["b"]},{"none":["c"]}]}"#,
        ),
        (
            r#"{"within": {"words": ["a", "b"], "distance": 10}}"#,
            WordTree::Within(within),
            r#"{"within":{"words":["a","b"],"distance":10}}"#,
        ),
    ] {
        assert_eq!(read(text), tree, "{text}");
        assert_eq!(serde_json::to_string(&tree).expect("text"), written);
        assert_eq!(read(written), tree, "{written}");
    }
}

#[test]
fn mistakes_in_documents_are_told() {
    for (text, told) in [
        ("{}", "exactly one"),
        (r#"{"word": "a", "all": []}"#, "exactly one"),
        (r#"{"some": []}"#, "`some`"),
        (r#"{"all": "a"}"#, "sequence"),
        ("7", "a word, or an object"),
        (r#"{"within": {"words": ["a", "b"]}}"#, "distance"),
        (r#"{"within": {"words": ["a", "b"], "distance": -1}}"#, "-1"),
        (r#"{"within": {"words": ["a", "b"], "distance": 1, "order": 1}}"#, "order"),
    ] {
        let error = serde_json::from_str::<WordTree>(text).expect_err(text).to_string();
        assert!(error.contains(told), "{text}: {error}");
    }
}

fn check(text: &str, expected: &[&str]) {
    check_tree(&read(text), expected);
}

fn check_tree(tree: &WordTree, expected: &[&str]) {
    let mut found = Vec::new();
    tree.check("tree", &mut found);
    let paths: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(paths, expected, "{tree:?}");
}

#[test]
fn violations_name_their_node() {
    check(r#"{"all": ["a", {"none": ["b"]}]}"#, &[]);
    check(r#"{"all": ["a", " "]}"#, &["tree.all.nodes[1].word"]);
    check(r#"{"any": ["a", {"all": []}]}"#, &["tree.any.nodes[1].all"]);
    check(r#"{"none": ["a"]}"#, &["tree"]);
    check(r#"{"none": []}"#, &["tree.none"]);
    check(r#"{"none": [{"none": ["a"]}]}"#, &["tree"]);
    let within = |words: &str, distance: u32| {
        format!(r#"{{"all": [{{"within": {{"words": [{words}], "distance": {distance}}}}}]}}"#)
    };
    check(&within(r#""a", "b""#, 0), &[]);
    check(&within(r#""a", "a""#, 1_000), &[]);
    check(&within(r#""a", "b""#, 1_001), &["tree.all.nodes[0].within.distance"]);
    check(&within(r#""a""#, 1), &["tree.all.nodes[0].within.words"]);
    check(&within(&[r#""a""#; 17].join(","), 1), &["tree.all.nodes[0].within.words"]);
    check(&within(r#""a", """#, 1), &["tree.all.nodes[0].within.words[1]"]);
    check_tree(&word(&"长".repeat(10_000)), &[]);
    check_tree(&word(&"长".repeat(10_001)), &["tree.word"]);
}

#[test]
fn size_and_depth_are_bounded() {
    let nested = |levels: usize| (1..levels).fold(word("a"), |inner, _| WordTree::All(vec![inner]));
    check_tree(&nested(16), &[]);
    check_tree(&nested(17), &["tree"]);
    let wide = |words: usize| WordTree::Any(vec![word("a"); words]);
    check_tree(&wide(256), &[]);
    check_tree(&wide(257), &["tree"]);
}
