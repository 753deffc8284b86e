use super::{merge, names, paths, refused};
use crate::error::ApiError;
use prost_types::FieldMask;
use umpire_proto::v1 as pb;

/// Fields of a word list that a change may name. The purpose stays.
const WORD_LIST_FIELDS: [&str; 3] = ["display_name", "all_rules", "scope"];

/// As [`apply_to_rule`](super::apply_to_rule), for word lists.
pub(crate) fn apply_to_word_list(
    current: pb::WordList,
    change: &pb::WordList,
    mask: Option<&FieldMask>,
) -> Result<pb::WordList, ApiError> {
    let set = || {
        names(&[
            ("display_name", !change.display_name.is_empty()),
            ("all_rules", change.all_rules),
            ("scope", change.scope.is_some()),
        ])
    };
    let paths = paths(mask, set);
    merge(current, change, &paths, &WORD_LIST_FIELDS, copy_word_list_field).map_err(refused)
}

fn copy_word_list_field(path: &str, from: &pb::WordList, to: &mut pb::WordList) -> bool {
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "all_rules" => all_rules,
        "scope" => scope,
    });
    true
}
