//! Users' text is only ever text.

use super::notices::{LANGUAGES, rendered, said};
use crate::{ChannelKind, Language, Rendered, render, render::escape::Dialect};
use proptest::prelude::*;

/// Each would do something in some chat.
const HOSTILE: &[&str] = &[
    "@all",
    "@所有人",
    "@13800000000",
    "<@all>",
    "<@U1>",
    "<!channel>",
    "<!here|x>",
    "<at id=all></at>",
    "<b>x</b>",
    "</td><a b='",
    "\"><img>",
    "&lt;b&gt;",
    "&#64;all",
    "[x](http://a)",
    "![x](//a)",
    "](http://a)",
    "[~admin]",
    "{color:red}",
    "!a.png!",
    "http://a.b",
    "# x",
    "> x",
    "- x",
    "1. x",
    "---",
    "**x**",
    "`x`",
    "```",
    "~~x~~",
    "|x|x|",
    "\\",
    "\r\n",
    "\n# x",
    "\u{2028}x",
    "\u{202e}x",
    "\u{0}\u{1b}[m",
    "{{ x }}",
    "{% x %}",
    "【银行】",
];

/// What begins a block at the beginning of a line.
const BLOCKS: [char; 11] = ['#', '>', '-', '+', '=', '|', '[', '!', '{', '`', '*'];
/// What hostile texts are made of.
const SIGNS: &[&str] = &["@", "<", "[", "]", "(", ":", "/", "_", " "];

/// How often something stands in a text that a channel could understand.
fn traces(dialect: Dialect, text: &str) -> Vec<(&'static str, usize)> {
    let mut traces = vec![
        ("\n", text.matches('\n').count()),
        ("://", text.matches("://").count()),
        ("@", bare(text, '@')),
        ("<", bare(text, '<')),
        ("unseen", text.chars().filter(|c| is_unseen(*c)).count()),
    ];
    let more: &[&str] = match dialect {
        Dialect::Markdown => &["](", "`", "*", "~", "|", "\\"],
        Dialect::Mrkdwn => &["](", "`", "*", "~", "|", "\\", "<"],
        Dialect::Html => &["\"", "'", "<", ">"],
        Dialect::Wiki => &["](", "`", "*", "~", "|", "[", "]", "{", "}", "!"],
        Dialect::Phone => &["@", "<", "【"],
        Dialect::Title => &["](", "`", "*", "~", "|", "<", ">"],
        Dialect::Plain => &["]("],
        Dialect::Raw => &[],
    };
    traces.extend(more.iter().map(|mark| (*mark, text.matches(mark).count())));
    traces
}

/// Without a zero-width space behind it; at the end of what was cut it begins nothing.
fn bare(text: &str, opener: char) -> usize {
    let pieces = text.split(opener).skip(1);
    pieces.filter(|after| !after.starts_with(['\u{200b}', '…'])).count()
}

fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}')
}

fn all_traces(channel: ChannelKind, rendered: &Rendered) -> Vec<(&'static str, usize)> {
    let plain = match Dialect::of_body(channel) {
        dialect @ (Dialect::Wiki | Dialect::Phone) => dialect,
        _ => Dialect::Plain,
    };
    let mut all = traces(Dialect::of_title(channel), &rendered.title);
    all.extend(traces(Dialect::of_body(channel), &rendered.body));
    all.extend(traces(plain, &rendered.plain));
    all
}

fn is_harmless(text: &str) {
    for channel in ChannelKind::ALL {
        for language in LANGUAGES {
            let calm = render(None, &said("x"), channel, language);
            let shown = render(None, &said(text), channel, language);
            let expected = all_traces(channel, &calm);
            assert_eq!(all_traces(channel, &shown), expected, "{channel:?} {text:?} {shown:?}");
            assert!(!shown.title.contains(char::is_control) && shown.fallback.is_none());
        }
    }
}

/// The same where a tenant put users' text at the beginning of lines and next to itself.
fn is_harmless_anywhere(text: &str) {
    const BODY: &str = "{{ excerpt }}\n\n{{ sender_name }}{{ excerpt }}({{ room_name }})";
    for channel in ChannelKind::ALL {
        let dialect = Dialect::of_body(channel);
        let calm = rendered(BODY, &said("x"), channel);
        let shown = rendered(BODY, &said(&format!("x{text}")), channel);
        let (expected, found) = (traces(dialect, &calm.body), traces(dialect, &shown.body));
        assert_eq!(found, expected, "{channel:?} {text:?} {shown:?}");
        let begun = rendered("{{ excerpt }}", &said(text), channel);
        let blocks = matches!(dialect, Dialect::Markdown | Dialect::Mrkdwn | Dialect::Wiki);
        if blocks && begun.fallback.is_none() {
            let begins = begun.body.starts_with(BLOCKS);
            assert!(!begins, "{channel:?} {text:?} {}", begun.body);
        }
    }
}

#[test]
fn what_chats_understand_they_do_not_find() {
    for text in HOSTILE {
        is_harmless(text);
        is_harmless_anywhere(text);
    }
}

#[test]
fn two_texts_do_not_make_a_link_together() {
    let mut notice = said("x");
    notice.sender.display_name = "[click]".to_owned();
    notice.excerpt = "(http://a.example)".to_owned();
    for channel in ChannelKind::ALL {
        let body = rendered("{{ sender_name }}{{ excerpt }}", &notice, channel).body;
        let links = !matches!(Dialect::of_body(channel), Dialect::Html | Dialect::Phone);
        assert!(!(links && body.contains("](")), "{channel:?} {body}");
        assert!(!body.contains("://"), "{channel:?} {body}");
    }
}

#[test]
fn braces_in_data_are_not_expanded() {
    let notice = said("{{ tenant }}{% if 1 %}");
    for channel in ChannelKind::ALL {
        let body = render(None, &notice, channel, Language::English).body;
        assert!(!body.contains("games{"), "{channel:?} {body}");
    }
    let shown = rendered("{{ excerpt }}", &notice, ChannelKind::Webhook);
    assert_eq!(shown.body, "{{ tenant }}{% if 1 %}");
}

/// Any characters, and what is hostile among them.
fn anything() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        proptest::sample::select(HOSTILE).prop_map(str::to_owned),
        proptest::sample::select(SIGNS).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_begins_anything(text in anything()) {
        is_harmless(&text);
        is_harmless_anywhere(&text);
    }
}
