use super::{id_of, short};
use crate::output::Row;
use umpire_client::v1::{Rule, TextCondition, WordTree, rule::Condition, word_tree::Node};

/// Words that are shown of a rule's condition.
const WORDS_SHOWN: usize = 3;

impl Row for Rule {
    const NAME: &'static str = "Rule";
    const COLUMNS: &'static [&'static str] =
        &["id", "mode", "level", "priority", "actions", "labels", "looks_for", "display_name"];

    fn cells(&self) -> Vec<String> {
        let actions = self.actions.iter();
        let actions = actions.map(|action| short(action.kind().as_str_name(), "ACTION_KIND_"));
        let mode = short(self.mode().as_str_name(), "RULE_MODE_");
        vec![
            id_of(&self.name).to_owned(),
            if self.delete_time.is_some() { "DELETED".into() } else { mode },
            short(self.level().as_str_name(), "LEVEL_"),
            self.priority.to_string(),
            actions.collect::<Vec<_>>().join(","),
            self.labels.join(","),
            self.condition.as_ref().map(looks_for).unwrap_or_default(),
            self.display_name.clone(),
        ]
    }
}

fn looks_for(condition: &Condition) -> String {
    match condition {
        Condition::Text(text) => looks_for_text(text),
        Condition::Frame(_) => "frames".into(),
        Condition::Behavior(_) => "behaviour".into(),
        Condition::Rate(_) => "rate".into(),
        Condition::Classifier(_) => "classifier".into(),
        Condition::Expression(expression) => expression.cel.clone(),
    }
}

fn looks_for_text(text: &TextCondition) -> String {
    if !text.word_list.is_empty() {
        return format!("list {}", id_of(&text.word_list));
    }
    if !text.regex.is_empty() {
        return format!("/{}/", text.regex);
    }
    if !text.detector.is_empty() {
        return text.detector.clone();
    }
    if let Some(tree) = &text.tree {
        let mut words = Vec::new();
        gather(tree, &mut words);
        return format!("tree of {}", first(&words));
    }
    first(&text.words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The words of a combination, in their order.
fn gather<'t>(tree: &'t WordTree, words: &mut Vec<&'t str>) {
    match &tree.node {
        None => {}
        Some(Node::Word(word)) => words.push(word),
        Some(Node::Within(within)) => words.extend(within.words.iter().map(String::as_str)),
        Some(Node::All(group) | Node::Any(group) | Node::None(group)) => {
            group.nodes.iter().for_each(|node| gather(node, words));
        }
    }
}

fn first(words: &[&str]) -> String {
    let shown: Vec<_> = words.iter().take(WORDS_SHOWN).copied().collect();
    match words.len().saturating_sub(WORDS_SHOWN) {
        0 => shown.join(", "),
        more => format!("{} +{more}", shown.join(", ")),
    }
}
