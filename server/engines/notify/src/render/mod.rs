//! Notices as words.
//!
//! A notice becomes a [`Page`]: variables with every text that a template may show. A
//! template — the tenant's most particular one that fits, or the built-in one — is run over
//! it in a [`sandbox`]. Users' text is escaped for the channel as it is written, so that no
//! template can forget to.

mod check;
mod clean;
mod clock;
mod escape;
mod facts;
mod fault;
mod filters;
mod headline;
mod layout;
mod length;
mod lint;
mod notes;
mod page;
mod sample;
mod sandbox;
mod scan;
mod select;
mod words;

pub(crate) use check::check_template;
pub use sample::sample_notice;

use crate::{ChannelKind, Language, Notice, Rendered, Template};
use escape::Dialect;
use fault::{Fault, Where};
use page::Page;
use umpire_catalog::Shelf;

/// Words for a notice, escaped for a channel. Never fails: when the tenant's template does,
/// the built-in one is used, and `fallback` says why.
#[must_use]
pub fn render(
    templates: Option<&Shelf<Template>>,
    notice: &Notice,
    channel: ChannelKind,
    language: Language,
) -> Rendered {
    let page = Page::of(notice, channel, language);
    let chosen = templates.and_then(|shelf| select::best(shelf, notice, channel, language));
    let Some(kept) = chosen else { return layout::built_in(&page) };
    worded(&kept.item, &page).unwrap_or_else(|(place, fault)| {
        let fallback = format!("template {}: {place}: {fault}", kept.id);
        Rendered { fallback: Some(fallback), ..layout::built_in(&page) }
    })
}

/// A page in the words of a tenant.
fn worded(template: &Template, page: &Page) -> Result<Rendered, (Where, Fault)> {
    let title = title(&template.title, page).map_err(|fault| (Where::Title, fault))?;
    let body = body(&template.body, page).map_err(|fault| (Where::Body, fault))?;
    Ok(Rendered { title, plain: layout::plain(page, &body), body, fallback: None })
}

/// The built-in one when there is no other, or when it says nothing.
fn title(source: &str, page: &Page) -> Result<String, Fault> {
    let text = match source {
        "" => String::new(),
        source => sandbox::run(Dialect::Raw, source, &page.vars)?,
    };
    let title = length::title(&Dialect::of_title(page.channel).escape(&text));
    Ok(if title.is_empty() { layout::title(page) } else { title })
}

fn body(source: &str, page: &Page) -> Result<String, Fault> {
    let text = sandbox::run(Dialect::of_body(page.channel), source, &page.vars)?;
    let text = length::lines_of(page.channel, &text);
    if text.is_empty() {
        return Err(Fault::Blank);
    }
    // A tag that is opened in one line and closed in another would stay open.
    if Dialect::of_body(page.channel) == Dialect::Html && !length::fits(page.channel, &text) {
        return Err(Fault::TooLong);
    }
    Ok(length::cut(page.channel, text, page.words.cut))
}

#[cfg(test)]
mod tests;
