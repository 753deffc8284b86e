//! What the figures are measured with: words, patterns and messages, always the same.

use umpire_proto::v1::{
    Action, ActionKind, Conversation, CreateRuleRequest, Message, Rule, Sender, TextCondition,
    rule::Condition,
};

/// Characters words are made of: common Chinese ones, none of which is in [`CLEAN`].
const ALPHABET: &str =
    "赌博彩票外挂代练金币充值返利兼职刷单诈骗贷款套现发票枪支弹药毒品色情约炮私服脚本盗号";

/// 60 characters, Chinese and Latin, without a match.
pub const CLEAN: &str = "今晚七点我们在公会大厅集合，请大家带好工具和装备，记得听指挥，see you there, good luck! 明白吗";

/// A sequence of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// `count` words of two to six characters, a third of them Latin.
pub fn words(count: usize) -> Vec<String> {
    let alphabet: Vec<char> = ALPHABET.chars().collect();
    let mut numbers = Numbers(42);
    (0..count)
        .map(|index| {
            let length = 2 + numbers.below(5);
            if index % 3 == 2 {
                let letters = (0..length + 3)
                    .map(|_| char::from(b'a' + u8::try_from(numbers.below(26)).unwrap()));
                return letters.collect::<String>() + "zq";
            }
            (0..length).map(|_| alphabet[numbers.below(alphabet.len())]).collect()
        })
        .collect()
}

/// `count` patterns of the kinds people write.
pub fn patterns(count: usize) -> Vec<String> {
    let words = words(count * 2);
    let one = |index: usize| {
        let (a, b) = (&words[index * 2], &words[index * 2 + 1]);
        match index % 5 {
            0 => format!("{a}.{{0,6}}{b}"),
            1 => format!(r"(?:{a}|{b})\s*\d{{5,11}}"),
            2 => format!("{a}[:：]?[a-z0-9_-]{{6,20}}"),
            3 => format!(r"{b}(?:群|号|码)+\d{{4,}}"),
            _ => format!("(?:{a}){{1,3}}.?{b}"),
        }
    };
    (0..count).map(one).collect()
}

/// Rules of 100 words each, and a rule for each pattern.
pub fn rules(word_count: usize, pattern_count: usize) -> Vec<CreateRuleRequest> {
    let mut requests = Vec::new();
    for (index, chunk) in words(word_count).chunks(100).enumerate() {
        let text = TextCondition { words: chunk.to_vec(), ..TextCondition::default() };
        requests.push(request(format!("words-{index}"), text));
    }
    for (index, regex) in patterns(pattern_count).into_iter().enumerate() {
        requests.push(request(
            format!("regex-{index}"),
            TextCondition { regex, ..TextCondition::default() },
        ));
    }
    requests
}

fn request(rule_id: String, text: TextCondition) -> CreateRuleRequest {
    let action = Action { kind: ActionKind::Review as i32, ..Action::default() };
    let rule =
        Rule { condition: Some(Condition::Text(text)), actions: vec![action], ..Rule::default() };
    CreateRuleRequest { rule_id, rule: Some(rule), ..CreateRuleRequest::default() }
}

/// A message as a game backend sends it.
pub fn message(text: &str, id: u64) -> Message {
    Message {
        message_id: format!("m-{id:012}"),
        scene: "world-chat".into(),
        conversation: Some(Conversation { id: "room-17".into(), ..Conversation::default() }),
        sender: Some(Sender {
            user_id: "player-4711".into(),
            server_id: "s-12".into(),
            ..Sender::default()
        }),
        text: text.into(),
        ..Message::default()
    }
}

/// A file of words, one a line: the public list where it is at hand, else made-up ones.
pub fn list(count: usize) -> String {
    let real = std::env::var_os("UMPIRE_TEST_DATA").and_then(|root| {
        let path = std::path::Path::new(&root).join("data/words/zh/houbb_dict_v20240407.txt");
        std::fs::read_to_string(path).ok()
    });
    let mut lines = match real {
        Some(text) => text.lines().map(str::to_owned).collect(),
        None => words(count),
    };
    lines.truncate(count);
    lines.join("\n")
}

/// A rule that looks for the words of a list.
pub fn list_rule(list: &str) -> CreateRuleRequest {
    let word_list = format!("tenants/default/wordLists/{list}");
    request("list".into(), TextCondition { word_list, ..TextCondition::default() })
}

/// A rule for each detector.
pub fn detector_rules() -> impl Iterator<Item = CreateRuleRequest> {
    const DETECTORS: [&str; 7] = [
        "cn_id_card",
        "bank_card",
        "mobile_phone",
        "email",
        "url",
        "ip_address",
        "contact_solicitation",
    ];
    DETECTORS.into_iter().map(|detector| {
        let text = TextCondition { detector: detector.into(), ..TextCondition::default() };
        request(format!("detector-{}", detector.replace('_', "-")), text)
    })
}
