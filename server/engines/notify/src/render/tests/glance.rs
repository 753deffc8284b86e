//! What a phone shows of it.

use super::notices::{LANGUAGES, leak, leaking, many, of_kind};
use crate::{AlertKind, ChannelKind, Language, Notice, Reason, render};
use umpire_model::Level;

const LEVELS: [Level; 4] = [Level::P0, Level::P1, Level::P2, Level::P3];
const REASONS: [Reason; 7] = [
    Reason::First,
    Reason::Repeated,
    Reason::LevelUp,
    Reason::Escalated,
    Reason::AckExpired,
    Reason::Resolved,
    Reason::Digest,
];

fn title(notice: &Notice, channel: ChannelKind, language: Language) -> String {
    render(None, notice, channel, language).title
}

#[test]
fn level_what_and_where_stand_in_the_first_twenty_characters() {
    for channel in ChannelKind::ALL {
        for (level, reason) in LEVELS.into_iter().flat_map(|level| REASONS.map(|r| (level, r))) {
            let mut notice = leak(level, reason);
            notice.previous_level = Some(Level::P3);
            notice.title = "客户资料与内部数据外泄高风险规则".to_owned();
            let title = title(&notice, channel, Language::Chinese);
            let glance: String = title.chars().take(20).collect();
            for part in [level.name(), "客户资料", "作战指挥"] {
                assert!(glance.contains(part), "{channel:?} {reason:?} {title}");
            }
        }
    }
}

#[test]
fn what_the_author_of_a_rule_has_said_is_said() {
    let mut notice = leak(Level::P0, Reason::First);
    notice.title = "Bomb threat".to_owned();
    let said = render(None, &notice, ChannelKind::Dingtalk, Language::English);
    assert!(said.title.starts_with("🚨P0 Bomb threat"), "{}", said.title);
    assert!(said.body.contains("Rule**: 数据泄露"), "{}", said.body);
}

#[test]
fn headlines_say_why() {
    let mut risen = leak(Level::P0, Reason::LevelUp);
    risen.previous_level = Some(Level::P2);
    let mut nowhere = leak(Level::P2, Reason::First);
    nowhere.place = Default::default();
    let mut nothing = of_kind(AlertKind::System, Level::P1);
    (nothing.title, nothing.rule_name) = Default::default();
    for (notice, chinese, english) in [
        (leak(Level::P0, Reason::First), "🚨P0 数据泄露·作战指挥室", "🚨P0 数据泄露·作战指挥室"),
        (leak(Level::P3, Reason::First), "ℹ️P3 数据泄露·作战指挥室", "ℹ️P3 数据泄露·作战指挥室"),
        (
            leaking(Level::P2, Reason::Repeated),
            "🚨P2 数据泄露·作战指挥室 ×5",
            "🚨P2 数据泄露·作战指挥室 (x5)",
        ),
        (risen, "⬆️P2→P0 数据泄露·作战指挥室", "⬆️P2→P0 数据泄露·作战指挥室"),
        (
            leak(Level::P1, Reason::Resolved),
            "✅P1 数据泄露·作战指挥室 已恢复",
            "✅P1 数据泄露·作战指挥室 resolved",
        ),
        (
            leak(Level::P1, Reason::Escalated),
            "📣P1 数据泄露·作战指挥室 无人确认",
            "📣P1 数据泄露·作战指挥室 unacknowledged",
        ),
        (many(Reason::Digest, 3, 9), "📦P1 12项告警·规则0", "📦P1 12 alerts·规则0"),
        (nowhere, "🔔P2 数据泄露", "🔔P2 数据泄露"),
        (nothing, "⚠️P1 SYSTEM", "⚠️P1 SYSTEM"),
    ] {
        for (language, expected) in LANGUAGES.into_iter().zip([chinese, english]) {
            assert_eq!(title(&notice, ChannelKind::Dingtalk, language), expected);
        }
    }
}

#[test]
fn telephones_and_machines_get_no_glyphs() {
    for channel in [ChannelKind::Sms, ChannelKind::Voice, ChannelKind::Zabbix, ChannelKind::Syslog]
    {
        for notice in [leaking(Level::P0, Reason::Repeated), many(Reason::Digest, 20, 1)] {
            let rendered = render(None, &notice, channel, Language::Chinese);
            for text in [&rendered.title, &rendered.body] {
                assert!(text.chars().all(|c| c < '\u{1f000}'), "{text}");
                assert!(!text.contains('\n'), "{text}");
            }
        }
    }
}

#[test]
fn a_text_message_is_one_segment() {
    let mut notice = leaking(Level::P0, Reason::Escalated);
    notice.title = "客户资料与内部数据外泄高风险规则".repeat(4);
    notice.place.conversation_name = "作战指挥室".repeat(10);
    for language in LANGUAGES {
        let body = render(None, &notice, ChannelKind::Sms, language).body;
        assert!(body.chars().count() <= 70, "{body}");
    }
}
