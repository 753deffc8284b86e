//! Every channel's renderings in files that people can read. With `UPDATE_GOLDEN` set they
//! are written anew.

use super::notices::{LANGUAGES, leak, leaking, many, of_kind, said};
use crate::{AlertKind, ChannelKind, Language, Notice, Reason, render};
use std::{fmt::Write, path::PathBuf};
use umpire_model::Level;

const HOSTILE: &str =
    "@all <at id=all></at> <!channel> [赢](https://a.example)\r\n# **大奖** {{ x }}";

fn cases() -> Vec<(&'static str, Notice)> {
    let mut risen = leaking(Level::P0, Reason::LevelUp);
    risen.previous_level = Some(Level::P2);
    let mut over = leaking(Level::P1, Reason::Resolved);
    (over.operator, over.stands_for, over.urgent) = ("wang.wu".to_owned(), 0, false);
    let mut sure = leak(Level::P2, Reason::First);
    (sure.confidence, sure.place.conversation_name) = (None, String::new());
    vec![
        ("first P0", leak(Level::P0, Reason::First)),
        ("first P1", leak(Level::P1, Reason::First)),
        ("first P2", leak(Level::P2, Reason::First)),
        ("first P3", leak(Level::P3, Reason::First)),
        ("first, no model, no name of a room", sure),
        ("repeated, urgent", leaking(Level::P2, Reason::Repeated)),
        ("level up", risen),
        ("escalated", leaking(Level::P1, Reason::Escalated)),
        ("acknowledgement expired", leaking(Level::P1, Reason::AckExpired)),
        ("resolved", over),
        ("group", many(Reason::First, 3, 0)),
        ("digest", many(Reason::Digest, 20, 7)),
        ("test", tested()),
        ("frame", of_kind(AlertKind::Frame, Level::P1)),
        ("sanction", of_kind(AlertKind::Sanction, Level::P1)),
        ("safety", of_kind(AlertKind::Safety, Level::P0)),
        ("system", of_kind(AlertKind::System, Level::P1)),
        ("hostile", said(HOSTILE)),
    ]
}

fn tested() -> Notice {
    Notice { reason: Reason::Test, ..of_kind(AlertKind::Text, Level::P2) }
}

fn document(channel: ChannelKind, language: Language) -> String {
    let mut document = String::new();
    for (name, notice) in cases() {
        let rendered = render(None, &notice, channel, language);
        assert_eq!(rendered.fallback, None);
        let _ = writeln!(document, "=== {name}\n{}\n---\n{}\n", rendered.title, rendered.body);
        if channel == ChannelKind::Email {
            let _ = writeln!(document, "--- as text\n{}\n", rendered.plain);
        }
    }
    // So that people see where they are.
    document.replace('\u{200b}', "\\u{200b}")
}

#[test]
fn every_channel_renders_as_its_golden_file_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/render/golden");
    for channel in ChannelKind::ALL {
        for language in LANGUAGES {
            let suffix = if language == Language::Chinese { "zh-CN" } else { "en" };
            let file = folder.join(format!("{}.{suffix}.txt", channel.name()));
            let document = document(channel, language);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::write(&file, document).expect("written");
                continue;
            }
            let golden = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(golden == document, "{} is not what is rendered:\n{document}", file.display());
        }
    }
}
