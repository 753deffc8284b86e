//! The contract's messages as rows.

mod admin;
mod audit;
mod history;
mod judged;
mod lists;
mod owner;
mod rule;
mod tenant;
mod verdict;

pub use judged::Judged;
pub use lists::entry_text;
pub use owner::Owner;
pub use tenant::included_ids;
pub use verdict::rule_ids;

use prost_types::Timestamp;

/// The last part of a name.
pub fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// An enum's value without its prefix; empty when it was not given.
pub fn short(value: &str, prefix: &str) -> String {
    let value = value.strip_prefix(prefix).unwrap_or(value);
    if value == "UNSPECIFIED" { String::new() } else { value.to_owned() }
}

/// A moment to the second; empty when there is none.
pub fn time(moment: Option<Timestamp>) -> String {
    let whole = |moment: Timestamp| Timestamp { nanos: 0, ..moment };
    moment.map(|moment| whole(moment).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_fractions_are_left_out() {
        assert_eq!(short("LEVEL_P1", "LEVEL_"), "P1");
        assert_eq!(short("LEVEL_UNSPECIFIED", "LEVEL_"), "");
        assert_eq!(id_of("tenants/a/rules/b"), "b");
        assert_eq!(time(Some(Timestamp { seconds: 1, nanos: 5 })), "1970-01-01T00:00:01Z");
    }
}
