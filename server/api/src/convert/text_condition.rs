//! Conditions on texts: words, lists, patterns, detectors, combinations of words.

use super::enums::{self, known};
use std::sync::Arc;
use umpire_model::{ResourceId, TenantId, Violation};
use umpire_proto::v1::{self as pb, word_tree};
use umpire_rules::{
    TextCondition,
    conditions::{
        text::Overrides,
        tree::{Within, WordTree},
    },
};

/// What a caller of `tenant` wrote in `rule.text`.
pub(super) fn from_proto(
    text: &pb::TextCondition,
    tenant: &TenantId,
    refused: &mut Vec<Violation>,
) -> TextCondition {
    let mode = known(enums::word_mode_from(text.r#match), "rule.text.match", refused);
    let set = enums::normalization_from(text.normalize);
    let normalize = known(set, "rule.text.normalize", refused);
    let sought = Some(&text.word_list).filter(|name| !name.is_empty());
    let word_list =
        sought.and_then(|name| own_list(name, "rule.text.word_list".into(), tenant, refused));
    let allowed = text.allow_lists.iter().enumerate().filter_map(|(index, name)| {
        own_list(name, format!("rule.text.allow_lists[{index}]"), tenant, refused)
    });
    let allow_lists = allowed.collect();
    TextCondition {
        word_list,
        allow_lists,
        words: shared(&text.words),
        regex: (!text.regex.is_empty()).then(|| text.regex.as_str().into()),
        detector: (!text.detector.is_empty()).then(|| text.detector.clone()),
        tree: text.tree.as_ref().and_then(|tree| tree_from(tree, "rule.text.tree", refused)),
        mode: mode.unwrap_or_default(),
        normalize: normalize.unwrap_or_default(),
        transformations: overrides(&text.transformations, refused),
        exceptions: shared(&text.exceptions),
        across_messages: text.across_messages,
    }
}

fn shared(words: &[String]) -> Vec<Arc<str>> {
    words.iter().map(|word| word.as_str().into()).collect()
}

/// The id in the name of a list of the tenant's own.
fn own_list(
    name: &str,
    path: String,
    tenant: &TenantId,
    refused: &mut Vec<Violation>,
) -> Option<ResourceId> {
    let own = name.strip_prefix(&format!("tenants/{tenant}/wordLists/"));
    let id = own.and_then(|id| ResourceId::new(id).ok());
    if id.is_none() {
        let message = format!("must have the form tenants/{tenant}/wordLists/{{word_list}}");
        refused.push(Violation::invalid(path, message));
    }
    id
}

fn overrides(switches: &[pb::TransformationSwitch], refused: &mut Vec<Violation>) -> Overrides {
    let mut overrides = Overrides::default();
    for (index, switch) in switches.iter().enumerate() {
        let path = format!("rule.text.transformations[{index}]");
        match enums::transformation_from(switch.transformation) {
            Ok(Some(one)) => {
                if !overrides.switch(one, switch.enabled) {
                    refused.push(Violation::invalid(path, "there is a switch for it before"));
                }
            }
            Ok(None) => {
                refused.push(Violation::invalid(path, "`transformation` must be set"));
            }
            Err(unknown) => refused.push(unknown.at(path)),
        }
    }
    overrides
}

/// A tree in field `path`; `None`, and noted, when one of its nodes is nothing.
fn tree_from(tree: &pb::WordTree, path: &str, refused: &mut Vec<Violation>) -> Option<WordTree> {
    use word_tree::Node;
    let Some(node) = &tree.node else {
        let message = "exactly one of `word`, `all`, `any`, `none` and `within` must be set";
        refused.push(Violation::invalid(path, message));
        return None;
    };
    let mut group = |group: &word_tree::Group, name: &str| {
        let nodes = group.nodes.iter().enumerate();
        let nodes = nodes.filter_map(|(index, node)| {
            tree_from(node, &format!("{path}.{name}.nodes[{index}]"), refused)
        });
        nodes.collect::<Vec<_>>()
    };
    Some(match node {
        Node::Word(word) => WordTree::Word(word.as_str().into()),
        Node::All(nodes) => WordTree::All(group(nodes, "all")),
        Node::Any(nodes) => WordTree::Any(group(nodes, "any")),
        Node::None(nodes) => WordTree::None(group(nodes, "none")),
        Node::Within(within) => WordTree::Within(Within {
            words: shared(&within.words),
            // What is below 0 is out of range as what is above the limit is.
            distance: u32::try_from(within.distance).unwrap_or(u32::MAX),
        }),
    })
}

/// As its author wrote it.
pub(super) fn to_proto(text: &TextCondition, tenant: &TenantId) -> pb::TextCondition {
    let list = |id: &ResourceId| format!("tenants/{tenant}/wordLists/{id}");
    let switch = |(one, enabled)| pb::TransformationSwitch {
        transformation: enums::transformation(one),
        enabled,
    };
    pb::TextCondition {
        words: owned(&text.words),
        word_list: text.word_list.as_ref().map(list).unwrap_or_default(),
        regex: text.regex.as_deref().unwrap_or_default().into(),
        detector: text.detector.clone().unwrap_or_default(),
        tree: text.tree.as_ref().map(tree_to_proto),
        r#match: enums::word_mode(text.mode),
        normalize: enums::normalization(text.normalize),
        transformations: text.transformations.iter().map(switch).collect(),
        exceptions: owned(&text.exceptions),
        allow_lists: text.allow_lists.iter().map(list).collect(),
        across_messages: text.across_messages,
    }
}

fn owned(words: &[Arc<str>]) -> Vec<String> {
    words.iter().map(|word| word.as_ref().into()).collect()
}

fn tree_to_proto(tree: &WordTree) -> pb::WordTree {
    use word_tree::{Group, Node};
    let group = |nodes: &[WordTree]| Group { nodes: nodes.iter().map(tree_to_proto).collect() };
    let node = match tree {
        WordTree::Word(word) => Node::Word(word.as_ref().into()),
        WordTree::All(nodes) => Node::All(group(nodes)),
        WordTree::Any(nodes) => Node::Any(group(nodes)),
        WordTree::None(nodes) => Node::None(group(nodes)),
        WordTree::Within(within) => Node::Within(word_tree::Within {
            words: owned(&within.words),
            distance: i32::try_from(within.distance).unwrap_or(i32::MAX),
        }),
    };
    pb::WordTree { node: Some(node) }
}
