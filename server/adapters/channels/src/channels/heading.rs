//! Titles of vendors that have a place for them, and of those that have none.

use std::borrow::Cow;
use umpire_notify::Rendered;

/// The body, with the title above it unless it says it itself.
pub(crate) fn with_heading(rendered: &Rendered) -> Cow<'_, str> {
    let (title, body) = (&rendered.title, &rendered.body);
    if body.starts_with('#') || body.contains(&**title) {
        return Cow::Borrowed(body);
    }
    Cow::Owned(format!("## {title}\n\n{body}"))
}

/// The body without a heading that only says the title again.
pub(crate) fn without_heading(rendered: &Rendered) -> &str {
    let (first, rest) = rendered.body.split_once('\n').unwrap_or((&*rendered.body, ""));
    let is_title = first.trim_start_matches('#').trim() == rendered.title.trim();
    let rest = rest.trim_start();
    if first.starts_with('#') && is_title && !rest.is_empty() { rest } else { &rendered.body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_said_once() {
        for (body, with, without) in [
            ("a", "## T\n\na", "a"),
            ("## T\n\na", "## T\n\na", "a"),
            ("**T**\na", "**T**\na", "**T**\na"),
            ("# U\na", "# U\na", "# U\na"),
            ("## T", "## T", "## T"),
            ("T\na", "T\na", "T\na"),
        ] {
            let title = "T".to_owned();
            let rendered = Rendered { title, body: body.into(), ..Rendered::default() };
            assert_eq!(with_heading(&rendered), with, "{body}");
            assert_eq!(without_heading(&rendered), without, "{body}");
        }
    }
}
