//! The contract's messages as rows.

mod admin;
mod alert;
mod audit;
mod delivery;
mod enforcer;
mod escalation;
mod history;
mod judged;
mod lists;
mod owner;
mod receiver;
mod route;
mod rule;
mod safety;
mod sanction;
mod sanction_rule;
mod silence;
mod strikes;
mod template;
mod tenant;
mod verdict;

pub use alert::place;
pub use judged::Judged;
pub use lists::entry_text;
pub use owner::Owner;
pub use sanction::ends;
pub use tenant::included_ids;
pub use verdict::rule_ids;

use prost_types::{Duration, Timestamp};

/// Units of time with their seconds, the longest first.
const UNITS: [(&str, i64); 3] = [("d", 86_400), ("h", 3_600), ("m", 60)];

/// The last part of a name.
pub fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The last parts of names.
pub fn ids_of(names: &[String]) -> String {
    names.iter().map(|name| id_of(name)).collect::<Vec<_>>().join(",")
}

/// A name without its tenant: `silences/night`. What is no name stays.
pub fn local(name: &str) -> &str {
    let rest = name.strip_prefix("tenants/").and_then(|rest| rest.split_once('/'));
    rest.map_or(name, |(_, local)| local)
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

/// A length of time in the longest unit that tells it whole; empty when there is none.
pub fn length(length: Option<Duration>) -> String {
    let Some(length) = length.filter(|length| *length != Duration::default()) else {
        return String::new();
    };
    let whole = |unit: &&(&str, i64)| length.nanos == 0 && length.seconds % unit.1 == 0;
    match UNITS.iter().find(whole) {
        Some((unit, seconds)) => format!("{}{unit}", length.seconds / seconds),
        None => length.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_fractions_are_left_out() {
        assert_eq!(short("LEVEL_P1", "LEVEL_"), "P1");
        assert_eq!(short("LEVEL_UNSPECIFIED", "LEVEL_"), "");
        assert_eq!(id_of("tenants/a/rules/b"), "b");
        assert_eq!(ids_of(&["tenants/a/rules/b".into(), "c".into()]), "b,c");
        assert_eq!(local("tenants/a/silences/b"), "silences/b");
        assert_eq!(local("DEDUPLICATED"), "DEDUPLICATED");
        assert_eq!(time(Some(Timestamp { seconds: 1, nanos: 5 })), "1970-01-01T00:00:01Z");
    }

    #[test]
    fn lengths_are_told_in_their_longest_unit() {
        let check = |seconds, nanos, expected: &str| {
            assert_eq!(length(Some(Duration { seconds, nanos })), expected);
        };
        check(259_200, 0, "3d");
        check(5_400, 0, "90m");
        check(7_200, 0, "2h");
        check(90, 0, "90s");
        check(60, 500_000_000, "60.500s");
        check(0, 0, "");
        assert_eq!(length(None), "");
    }
}
