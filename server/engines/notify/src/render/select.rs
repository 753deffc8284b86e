//! Which of a tenant's templates words a notice.

use crate::{ChannelKind, Language, Notice, Template};
use std::sync::Arc;
use umpire_catalog::{Kept, Shelf};

/// The most particular one that fits; of equals the first by id.
pub(super) fn best<'a>(
    shelf: &'a Shelf<Template>,
    notice: &Notice,
    channel: ChannelKind,
    language: Language,
) -> Option<&'a Arc<Kept<Template>>> {
    let mut best: Option<(u32, &Arc<Kept<Template>>)> = None;
    for kept in shelf.iter() {
        let weight = weight(&kept.item, notice, channel, language);
        if weight.is_some_and(|weight| best.is_none_or(|(most, _)| weight > most)) {
            best = weight.map(|weight| (weight, kept));
        }
    }
    best.map(|(_, kept)| kept)
}

/// How particular a template is; `None` when it does not fit. Each condition outweighs all
/// that follow together.
fn weight(
    template: &Template,
    notice: &Notice,
    channel: ChannelKind,
    language: Language,
) -> Option<u32> {
    let conditions = [
        meets(template.channel, channel),
        meets(template.reason, notice.reason),
        meets(template.kind, notice.kind),
        meets(template.level, notice.level),
        meets(template.urgent, notice.urgent),
        meets(template.language, language),
    ];
    conditions.into_iter().try_fold(0, |weight, asked| Some(weight * 2 + u32::from(asked?)))
}

/// Whether this is asked for; `None` when something else is.
pub(super) fn meets<T: PartialEq>(asked: Option<T>, is: T) -> Option<bool> {
    match asked {
        None => Some(false),
        Some(asked) => (asked == is).then_some(true),
    }
}
