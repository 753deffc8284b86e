/// Those that `<at …></at>` mentions; everybody is `@all`.
pub(super) fn mentions(said: &str) -> Vec<String> {
    let tags = said.split("<at ").skip(1).filter_map(|behind| behind.split_once('>'));
    tags.filter_map(|(attribute, _)| person(attribute)).collect()
}

/// The person that `id=ou_x`, `user_id="ou_x"` or `email=…` means.
fn person(attribute: &str) -> Option<String> {
    let (name, value) = attribute.trim().split_once('=')?;
    let value = value.trim_matches('"');
    let is_known = matches!(name, "id" | "user_id" | "email" | "ids");
    match value {
        "" => None,
        "all" if is_known => Some("@all".into()),
        value => is_known.then(|| value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_mention() {
        for (said, expected) in [
            ("a <at id=ou_1></at><at email=a@b.c></at>", vec!["ou_1", "a@b.c"]),
            ("<at user_id=\"all\">所有人</at>", vec!["@all"]),
            ("\u{200b}<at id=all></at>", vec!["@all"]),
            ("&lt;at id=all>&lt;/at> <\u{200b}at id=all> @all <at id=> <at x=y>", vec![]),
        ] {
            assert_eq!(mentions(said), expected, "{said}");
        }
    }
}
