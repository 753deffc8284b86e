//! The fixed words of each language.

use crate::{Language, Reason};

/// What the built-in templates say beside what happened.
pub(super) struct Words {
    language: Language,
    /// Of P0 to P3.
    pub levels: [&'static str; 4],
    /// After the name of a fact.
    pub colon: &'static str,
    /// Between parts of a sentence.
    pub comma: &'static str,
    /// Between labels.
    pub list: &'static str,
    /// Of a text that was cut.
    pub cut: &'static str,
    /// What a test is about.
    pub test: &'static str,
    /// Asks for action.
    pub act: &'static str,
    /// Names of facts.
    pub level: &'static str,
    pub rule: &'static str,
    pub matter: &'static str,
    pub room: &'static str,
    pub camera: &'static str,
    pub sender: &'static str,
    pub subject: &'static str,
    pub hit: &'static str,
    pub found: &'static str,
    pub excerpt: &'static str,
    pub done: &'static str,
    pub advice: &'static str,
    pub look: &'static str,
    pub time: &'static str,
    pub count: &'static str,
    pub operator: &'static str,
    pub record: &'static str,
}

const CHINESE: Words = Words {
    language: Language::Chinese,
    levels: ["紧急", "重要", "一般", "提示"],
    colon: "：",
    comma: "，",
    list: "、",
    cut: "…内容已截断",
    test: "测试通知",
    act: "请立即处理！",
    level: "级别",
    rule: "规则",
    matter: "事项",
    room: "群聊",
    camera: "位置",
    sender: "发送者",
    subject: "对象",
    hit: "命中",
    found: "检测",
    excerpt: "内容",
    done: "处置",
    advice: "建议",
    look: "请及时查看核实",
    time: "时间",
    count: "次数",
    operator: "处理人",
    record: "记录",
};

const ENGLISH: Words = Words {
    language: Language::English,
    levels: ["Critical", "High", "Normal", "Info"],
    colon: ": ",
    comma: ", ",
    list: ", ",
    cut: "… (cut short)",
    test: "Test notice",
    act: "Act now!",
    level: "Level",
    rule: "Rule",
    matter: "Matter",
    room: "Room",
    camera: "Place",
    sender: "Sender",
    subject: "Subject",
    hit: "Match",
    found: "Seen",
    excerpt: "Excerpt",
    done: "Action",
    advice: "Advice",
    look: "Please look and confirm",
    time: "Time",
    count: "Count",
    operator: "By",
    record: "Record",
};

/// What was done, as events name it, in both languages.
const DONE: [(&str, &str, &str); 14] = [
    ("LOG", "记录", "recorded"),
    ("ALERT", "告警", "alerted"),
    ("MASK", "打码", "masked"),
    ("REVIEW", "送审", "held for review"),
    ("INTERCEPT", "拦截", "intercepted"),
    ("REPLY", "回复", "replied"),
    ("MENTION", "提醒", "mentioned"),
    ("TICKET", "工单", "ticket"),
    ("ROUTE", "转交", "handed over"),
    ("PASS", "放行", "passed"),
    ("BLOCK", "拦截", "blocked"),
    ("WARN", "警告", "warned"),
    ("MUTE", "禁言", "muted"),
    ("LOGIN_BAN", "禁止登录", "banned"),
];

impl Words {
    /// Of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }

    /// The one of two that is in this language.
    pub fn pick<T>(&self, chinese: T, english: T) -> T {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// Which language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Behind a headline; nothing for one or none.
    pub fn times(&self, count: u64) -> String {
        match count {
            0 | 1 => String::new(),
            count => self.pick(format!(" ×{count}"), format!(" (x{count})")),
        }
    }

    /// Behind a headline: why people are told, where the first glyph does not say it in
    /// words.
    pub fn tag(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Resolved => self.pick(" 已恢复", " resolved"),
            Reason::Escalated => self.pick(" 无人确认", " unacknowledged"),
            Reason::AckExpired => self.pick(" 确认已到期", " no longer acknowledged"),
            _ => "",
        }
    }

    /// So many alerts.
    pub fn alerts(&self, count: u64) -> String {
        self.pick(format!("{count}项告警"), format!("{count} alerts"))
    }

    /// What was done; what has no word is named as it is.
    pub fn done<'a>(&self, name: &'a str) -> &'a str {
        let known = DONE.iter().find(|(known, ..)| *known == name);
        known.map_or(name, |(_, chinese, english)| self.pick(*chinese, *english))
    }
}
