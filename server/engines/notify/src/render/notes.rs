//! The sentences under the facts: why people are told, and what they are asked.

use super::{page::Moments, words::Words};
use crate::{Notice, Reason};

/// All of them, the call for action last.
pub(super) fn notes(notice: &Notice, words: &Words, moments: &Moments) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(reason(notice, words, moments));
    notes.extend(merged(notice, words));
    let closing = closing(notice, words);
    if !closing.is_empty() {
        notes.push(closing.to_owned());
    }
    notes
}

/// Asks for action when it is urgent, and says nothing otherwise.
pub(super) fn closing(notice: &Notice, words: &Words) -> &'static str {
    let over = matches!(notice.reason, Reason::Resolved | Reason::Test);
    if notice.urgent && !over { words.act } else { "" }
}

fn reason(notice: &Notice, words: &Words, moments: &Moments) -> Option<String> {
    let (lasted, count) = (&moments.duration, notice.count);
    Some(match notice.reason {
        Reason::Resolved => words.pick(
            format!("已恢复，持续 {lasted}，共 {count} 次。"),
            format!("It is over after {lasted}, {count} in all."),
        ),
        Reason::Escalated => {
            words.pick("无人确认，现升级通知。", "Nobody acknowledged it: you are next.").to_owned()
        }
        Reason::AckExpired => words
            .pick("确认已到期，告警重新打开。", "The acknowledgement ended: it is open again.")
            .to_owned(),
        Reason::Test => words
            .pick("这是一条测试通知，无需处理。", "This is a test. There is nothing to do.")
            .to_owned(),
        Reason::First | Reason::Repeated | Reason::LevelUp | Reason::Digest => return None,
    })
}

/// Those that this notice stands for beside one of each alert.
fn merged(notice: &Notice, words: &Words) -> Option<String> {
    let told = (notice.parts.len() as u64).max(1) + notice.more_parts;
    let others = notice.stands_for.saturating_sub(told);
    (others > 0).then(|| {
        words.pick(
            format!("另有 {others} 条同类告警被合并。"),
            format!("Stands for {others} more of the same."),
        )
    })
}
