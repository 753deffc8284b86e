//! `update_mask`: which fields of a resource a change takes over.

use crate::error::ApiError;
use prost_types::FieldMask;
use umpire_model::Violation;

/// Copies the named fields; says which is unknown.
macro_rules! copy_fields {
    ($path:expr, $from:expr, $to:expr, { $($name:literal => $($field:ident).+),* $(,)? }) => {
        match $path {
            $($name => $to.$($field).+ = $from.$($field).+.clone(),)*
            _ => return false,
        }
    };
}

mod reflected;
mod rule;
mod safety;
mod tenant;
mod word_list;

pub(crate) use reflected::Writable;
pub(crate) use rule::apply_to_rule;
pub(crate) use safety::changes_of_switch;
pub(crate) use tenant::apply_to_tenant;
pub(crate) use word_list::apply_to_word_list;

/// The paths of a mask; without one, those of every field that is `set`.
fn paths(mask: Option<&FieldMask>, set: impl FnOnce() -> Vec<String>) -> Vec<String> {
    match mask {
        Some(mask) if !mask.paths.is_empty() => mask.paths.clone(),
        _ => set(),
    }
}

/// Copies what the paths name from `change` over `current`; `*` names `all`.
fn merge<T>(
    current: T,
    change: &T,
    paths: &[String],
    all: &[&str],
    copy: impl Fn(&str, &T, &mut T) -> bool,
) -> Result<T, Violation> {
    let mut merged = current;
    for path in paths {
        let known = if path == "*" {
            all.iter().all(|field| copy(field, change, &mut merged))
        } else {
            copy(path, change, &mut merged)
        };
        if !known {
            return Err(Violation::invalid("update_mask", format!("`{path}` cannot be changed")));
        }
    }
    Ok(merged)
}

/// The names of the fields that are set.
fn names(fields: &[(&str, bool)]) -> Vec<String> {
    fields.iter().filter(|(_, set)| *set).map(|(name, _)| (*name).to_owned()).collect()
}

fn refused(violation: Violation) -> ApiError {
    ApiError::Invalid(vec![violation])
}
