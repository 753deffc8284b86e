//! What is known of a matter, as lines of a name and a value.

use super::{clean::clip, clock::Shape, headline, page::Moments, words::Words};
use crate::{AlertKind, Notice, Reason};

/// One line. The name is ours, the value may be users' text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// What it is.
    pub name: &'static str,
    /// As it is; escaped when it is written.
    pub value: String,
}

/// All that is known, most important first. Nothing is named that is not known.
pub(super) fn facts(notice: &Notice, words: &Words, moments: &Moments) -> Vec<Fact> {
    let mut facts = Facts(Vec::new());
    facts.add(words.level, level(notice, words));
    if notice.reason == Reason::Test {
        // Nothing led to it.
        facts.add(words.time, time(notice, words, moments));
        return facts.0;
    }
    if headline::is_of_many(notice) {
        facts.add(words.count, many(notice.count.max(notice.stands_for)));
    } else {
        facts.add_matter(notice, words);
        facts.add(words.count, many(notice.count));
    }
    facts.add(words.time, time(notice, words, moments));
    facts.add(words.operator, clip(&notice.operator, 60));
    facts.add(words.record, notice.audit_records.last().cloned().unwrap_or_default());
    facts.0
}

struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, name: &'static str, value: String) {
        if !value.is_empty() {
            self.0.push(Fact { name, value });
        }
    }

    fn add_matter(&mut self, notice: &Notice, words: &Words) {
        match notice.kind {
            AlertKind::Text => self.add_message(notice, words),
            AlertKind::Frame => self.add_frame(notice, words),
            AlertKind::Sanction => {
                self.add(words.matter, clip(&notice.title, 200));
                self.add(words.subject, sender(notice, words));
                self.add(words.room, clip(headline::place(notice), 60));
            }
            AlertKind::Safety | AlertKind::System => {
                self.add(words.matter, clip(&notice.title, 200));
                self.add(words.excerpt, clip(&notice.excerpt, 100));
            }
        }
        self.add(words.done, done(notice, words));
    }

    fn add_message(&mut self, notice: &Notice, words: &Words) {
        self.add(words.rule, clip(headline::rule(notice), 100));
        self.add(words.room, clip(headline::place(notice), 60));
        self.add(words.sender, sender(notice, words));
        self.add(words.hit, hit(notice, words));
        self.add(words.excerpt, clip(&notice.excerpt, 100));
    }

    fn add_frame(&mut self, notice: &Notice, words: &Words) {
        self.add(words.rule, clip(headline::rule(notice), 100));
        self.add(words.camera, clip(headline::place(notice), 60));
        self.add(words.found, hit(notice, words));
        if notice.reason != Reason::Resolved {
            self.add(words.advice, words.look.to_owned());
        }
    }
}

/// `P2 → P0 紧急`
fn level(notice: &Notice, words: &Words) -> String {
    let name = words.levels[notice.level as usize];
    let rose = notice.previous_level.filter(|_| notice.reason == Reason::LevelUp);
    let before = rose.map(|before| format!("{} → ", before.name())).unwrap_or_default();
    format!("{before}{} {name}", notice.level.name())
}

fn many(count: u64) -> String {
    if count > 1 { count.to_string() } else { String::new() }
}

/// `张*三（客服部）`
fn sender(notice: &Notice, words: &Words) -> String {
    let name = masked_sender(notice);
    match &*notice.sender.department {
        department if name.is_empty() => clip(department, 60),
        "" => name,
        department => in_brackets(words, &name, &[clip(department, 60)]),
    }
}

/// `关键词（分类，置信度 93%）`
fn hit(notice: &Notice, words: &Words) -> String {
    let labels = category(notice, words);
    let sure = percent(notice).map(|percent| words.pick("置信度 ", "").to_owned() + &percent);
    let mut said = [clip(&notice.keyword, 60), labels, sure.unwrap_or_default()]
        .into_iter()
        .filter(|text| !text.is_empty());
    let first = said.next().unwrap_or_default();
    in_brackets(words, &first, &said.collect::<Vec<_>>())
}

fn in_brackets(words: &Words, text: &str, more: &[String]) -> String {
    if more.is_empty() {
        return text.to_owned();
    }
    let more = more.join(words.comma);
    words.pick(format!("{text}（{more}）"), format!("{text} ({more})"))
}

fn percent(notice: &Notice) -> Option<String> {
    Some(format!("{}%", confidence_percent(notice)?))
}

/// Whole percents; `None` when no model was asked.
pub(super) fn confidence_percent(notice: &Notice) -> Option<i64> {
    let sure = notice.confidence.filter(|sure| sure.is_finite())?;
    Some((sure.clamp(0.0, 1.0) * 100.0).round() as i64)
}

/// Labels in one line.
pub(super) fn category(notice: &Notice, words: &Words) -> String {
    clip(&notice.labels.join(words.list), 100)
}

/// What was done at once, in words; each once.
pub(super) fn done(notice: &Notice, words: &Words) -> String {
    let mut done: Vec<&str> = Vec::new();
    for name in &notice.done {
        let word = words.done(name);
        if !done.contains(&word) {
            done.push(word);
        }
    }
    clip(&done.join(words.list), 100)
}

/// Display name or id, with its middle covered.
pub(super) fn masked_sender(notice: &Notice) -> String {
    let sender = &notice.sender;
    let name = if sender.display_name.is_empty() { &sender.user_id } else { &sender.display_name };
    mask(&clip(name, 60))
}

/// The ends of a name with up to three `*` between.
pub(super) fn mask(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match chars[..] {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, .., last] => format!("{first}{}{last}", "*".repeat((chars.len() - 2).min(3))),
    }
}

/// `2023-11-15 06:13:20 UTC+08:00，最近 06:20:01，持续 6分41秒`
fn time(notice: &Notice, words: &Words, moments: &Moments) -> String {
    if notice.first_time >= notice.last_time {
        return moments.last.clone();
    }
    let same_day = Shape::Date.of(&moments.first) == Shape::Date.of(&moments.last);
    let shape = if same_day { Shape::Time } else { Shape::Short };
    let last = shape.of(&moments.last).unwrap_or(&moments.last);
    let (first, lasted) = (&moments.first, &moments.duration);
    words.pick(
        format!("{first}，最近 {last}，持续 {lasted}"),
        format!("{first}, latest {last}, for {lasted}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_covered_in_the_middle() {
        for (name, expected) in
            [("", ""), ("张", "*"), ("张三", "张*"), ("张三丰", "张*丰"), ("user-12345", "u***5")]
        {
            assert_eq!(mask(name), expected);
        }
    }
}
