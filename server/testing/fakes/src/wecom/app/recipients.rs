use super::refused;
use crate::vendor::{Reply, text};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// Whom a message is for.
#[derive(Debug, Default)]
pub(super) struct Recipients {
    /// Users, `party:`s and `tag:`s that it is shown to; `@all` alone.
    pub reached: Vec<String>,
    /// Names in lower case, by the field that tells of them.
    pub failed: BTreeMap<&'static str, Vec<String>>,
}

/// Fields of a request, what those in it are called, how many there may be, and the field of
/// the answer that names those who are not known.
const FIELDS: [(&str, &str, usize, &str); 3] = [
    ("/touser", "", 1_000, "invaliduser"),
    ("/toparty", "party:", 100, "invalidparty"),
    ("/totag", "tag:", 100, "invalidtag"),
];

pub(super) fn recipients(
    body: &Value,
    unknown: &HashSet<String>,
    unlicensed: &HashSet<String>,
) -> Result<Recipients, Reply> {
    let mut found = Recipients::default();
    if text(body, "/touser") == "@all" {
        found.reached.push("@all".into());
        return Ok(found);
    }
    for (field, prefix, most, failed) in FIELDS {
        let names: Vec<&str> = text(body, field).split('|').filter(|s| !s.is_empty()).collect();
        if names.len() > most {
            return Err(refused(40_058, &format!("{field} exceed max length {most}")));
        }
        for name in names {
            let name = name.to_lowercase();
            let whole = format!("{prefix}{name}");
            if unknown.contains(&whole) {
                found.failed.entry(failed).or_default().push(name);
            } else if unlicensed.contains(&whole) {
                found.failed.entry("unlicenseduser").or_default().push(name);
            } else {
                found.reached.push(whole);
            }
        }
    }
    Ok(found)
}
