//! Jira, Cloud and Data Center: one issue for each thread, found again by a label. What
//! comes later is a comment on it, or the transition that closes it.
//!
//! Creating is not idempotent and Jira's search lags behind: an issue whose creation was
//! not answered is found by its label at the next attempt, unless that comes too soon.

mod issue;
mod site;
#[cfg(test)]
mod tests;
mod words;

use crate::{Channels, report::report};
use serde_json::{Value, json};
use site::Site;
use umpire_notify::{Jira, Outcome, Parcel, Reason, Report};

/// Creates, comments or closes the issue of the notice's thread.
pub(crate) async fn deliver(channels: &Channels, config: &Jira, parcel: &Parcel<'_>) -> Report {
    let site = Site::new(channels, config);
    tell(&site, config, parcel).await.unwrap_or_else(|report| report)
}

/// What it came to; the error is what ended it before.
async fn tell(site: &Site<'_>, config: &Jira, parcel: &Parcel<'_>) -> Result<Report, Report> {
    let over = parcel.notice.reason == Reason::Resolved;
    let found = site.search(&issue::jql(config, &parcel.notice.thread)).await?;
    match found.key {
        Some(key) if over && !config.resolve_transition.is_empty() => {
            close(site, config, parcel, key).await
        }
        Some(key) => comment(site, parcel, key, "").await,
        None if over => {
            Ok(report(Outcome::Delivered, &found.answer, "", "there is no open issue to close"))
        }
        None => create(site, config, parcel).await,
    }
}

async fn create(site: &Site<'_>, config: &Jira, parcel: &Parcel<'_>) -> Result<Report, Report> {
    let fields = issue::fields(config, parcel, site.is_cloud());
    let (answer, body) = site.change("issue", &json!({ "fields": fields }), 201).await?;
    let Some(key) = body["key"].as_str() else {
        let said = "the answer names no issue";
        return Ok(report(Outcome::Unknown, &answer, "", said));
    };
    let done = report(Outcome::Delivered, &answer, "", "created");
    Ok(Report { vendor_id: key.to_owned(), ..done })
}

async fn comment(
    site: &Site<'_>,
    parcel: &Parcel<'_>,
    key: String,
    why: &str,
) -> Result<Report, Report> {
    let body = json!({ "body": words::description(parcel, site.is_cloud()) });
    let (answer, _) = site.change(&format!("issue/{key}/comment"), &body, 201).await?;
    let done = report(Outcome::Delivered, &answer, "", &format!("commented{why}"));
    Ok(Report { vendor_id: key, ..done })
}

/// Takes the configured transition, or comments where there is none from where the issue is.
async fn close(
    site: &Site<'_>,
    config: &Jira,
    parcel: &Parcel<'_>,
    key: String,
) -> Result<Report, Report> {
    let path = format!("issue/{key}/transitions");
    let transitions = site.read(&path).await?;
    let Some(id) = transition(&transitions, &config.resolve_transition) else {
        return comment(site, parcel, key, ": the issue has no such transition").await;
    };
    let (answer, _) = site.change(&path, &json!({ "transition": { "id": id } }), 204).await?;
    let done = report(Outcome::Delivered, &answer, "", "closed");
    Ok(Report { vendor_id: key, ..done })
}

/// The id of the transition of that name.
fn transition(transitions: &Value, wanted: &str) -> Option<String> {
    let wanted = wanted.trim().to_lowercase();
    let is_it = |one: &&Value| {
        one["name"].as_str().is_some_and(|name| name.trim().to_lowercase() == wanted)
    };
    let found = transitions["transitions"].as_array()?.iter().find(is_it)?;
    found["id"].as_str().map(str::to_owned)
}
