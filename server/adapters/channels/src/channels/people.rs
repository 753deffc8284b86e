//! Whom a message in a group mentions.

use umpire_notify::{Mention, Notice};

/// People by what a vendor may know them by. Nothing in here can end a tag or begin another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct People {
    /// Ids of users.
    pub users: Vec<String>,
    /// Mobile numbers.
    pub mobiles: Vec<String>,
    /// Everybody.
    pub all: bool,
}

impl People {
    /// Those whom the rule names, and by the notice's level those of a configuration and
    /// everybody. What is neither an id nor a number is left out.
    pub(crate) fn of(notice: &Notice, users: &[String], mobiles: &[String], at_all: bool) -> Self {
        let named = notice.mentions.iter();
        let own = (notice.mention != Mention::Nobody).then_some((users, mobiles));
        let (users, mobiles) = own.unwrap_or_default();
        let is_number = |name: &&String| is_mobile(name);
        Self {
            users: once(named.clone().filter(|name| !is_mobile(name)).chain(users), is_user),
            mobiles: once(named.filter(is_number).chain(mobiles), is_mobile),
            all: notice.mention == Mention::All && at_all,
        }
    }
}

/// Those that are valid, each once.
fn once<'a>(
    names: impl Iterator<Item = &'a String>,
    is_valid: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        if is_valid(name) && !kept.contains(name) {
            kept.push(name.clone());
        }
    }
    kept
}

/// A mobile number of China, or any with its country.
fn is_mobile(name: &str) -> bool {
    let abroad = name.strip_prefix('+').map(|number| number.replace('-', ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match &abroad {
        Some(number) => (7..=15).contains(&number.len()) && digits(number),
        None => name.len() == 11 && name.starts_with('1') && digits(name),
    }
}

/// An id or an address: what stands in tags of every vendor as it is. Never everybody.
fn is_user(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 64
        && name.chars().all(known)
        && !name.eq_ignore_ascii_case("all")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_level_says_who_is_mentioned_beside_those_of_the_rule() {
        let (users, mobiles) = (names(&["duty", "zhang"]), names(&["13800000001"]));
        for (mention, at_all, expected_users, expected_mobiles, all) in [
            (Mention::Nobody, true, vec!["zhang"], vec!["13800000000"], false),
            (
                Mention::Named,
                true,
                vec!["zhang", "duty"],
                vec!["13800000000", "13800000001"],
                false,
            ),
            (Mention::All, true, vec!["zhang", "duty"], vec!["13800000000", "13800000001"], true),
            (Mention::All, false, vec!["zhang", "duty"], vec!["13800000000", "13800000001"], false),
        ] {
            let notice = Notice {
                mention,
                mentions: names(&["zhang", "13800000000", "zhang"]),
                ..samples::notice()
            };
            let people = People::of(&notice, &users, &mobiles, at_all);
            assert_eq!(people.users, expected_users, "{mention:?}");
            assert_eq!(people.mobiles, expected_mobiles, "{mention:?}");
            assert_eq!(people.all, all, "{mention:?}");
        }
        let nobody = People::of(&samples::notice(), &users, &mobiles, true);
        assert_eq!(nobody, People::default());
    }

    #[test]
    fn what_could_be_something_else_is_left_out() {
        let odd = names(&[
            "",
            "all",
            "ALL",
            "@all",
            "a b",
            "x></at><at id=all",
            "a\"b",
            "a>b",
            "a|b",
            "数据",
            "-a",
            "a\n",
            "<@a>",
            "a\u{200b}",
        ]);
        let notice = Notice { mention: Mention::All, mentions: odd.clone(), ..samples::notice() };
        assert_eq!(People::of(&notice, &odd, &odd, false), People::default());
        let long = names(&[&"a".repeat(65), "+", "+1-2", "1380000000x", "+1234567890123456"]);
        assert_eq!(People::of(&notice, &long[..1], &long[1..], false), People::default());
    }

    #[test]
    fn ids_addresses_and_numbers_are_told_apart() {
        let mentions = names(&["li.si_1", "a@b.example", "ou_7d8a", "+86-13800000000", "10086"]);
        let notice = Notice { mentions, ..samples::notice() };
        let people = People::of(&notice, &[], &[], false);
        assert_eq!(people.users, ["li.si_1", "a@b.example", "ou_7d8a", "10086"]);
        assert_eq!(people.mobiles, ["+86-13800000000"]);
    }
}
