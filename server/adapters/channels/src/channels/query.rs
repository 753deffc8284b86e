//! URLs with parameters, encoded once.

/// The URL with these parameters behind those it has.
pub(crate) fn with_parameters(url: &str, parameters: &[(&str, &str)]) -> String {
    let mut whole = url.trim_end_matches(['?', '&']).to_owned();
    for (name, value) in parameters {
        whole.push(if whole.contains('?') { '&' } else { '?' });
        whole.push_str(&format!("{name}={}", encoded(value)));
    }
    whole
}

/// The URL without the parameters of these names.
pub(crate) fn without_parameters(url: &str, names: &[&str]) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let stays = |pair: &&str| !names.contains(&pair.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(stays).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// Whether the URL has a parameter of that name.
pub(crate) fn has_parameter(url: &str, name: &str) -> bool {
    let pairs = url.split_once('?').map_or("", |(_, query)| query).split('&');
    pairs.filter_map(|pair| pair.split_once('=')).any(|(found, _)| found == name)
}

/// RFC 3986: everything but letters, digits and `-_.~` as `%` and two digits.
pub(crate) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_once() {
        for (value, expected) in [
            ("a-Z_0.9~", "a-Z_0.9~"),
            ("a b+c/d=", "a%20b%2Bc%2Fd%3D"),
            ("%2B", "%252B"),
            ("数", "%E6%95%B0"),
            ("&x=1", "%26x%3D1"),
        ] {
            assert_eq!(encoded(value), expected);
        }
    }

    #[test]
    fn parameters_come_behind_those_that_are_there() {
        for (url, expected) in [
            ("https://a/b", "https://a/b?k=1%2B2&l=3"),
            ("https://a/b?", "https://a/b?k=1%2B2&l=3"),
            ("https://a/b?x=y", "https://a/b?x=y&k=1%2B2&l=3"),
            ("https://a/b?x=y&", "https://a/b?x=y&k=1%2B2&l=3"),
        ] {
            assert_eq!(with_parameters(url, &[("k", "1+2"), ("l", "3")]), expected);
        }
    }

    #[test]
    fn parameters_are_found_and_taken_away_by_their_whole_name() {
        let url = "https://a/sign=1?access_token=t&sign=x&signed=y&timestamp=1";
        assert!(has_parameter(url, "access_token") && has_parameter(url, "sign"));
        assert!(!has_parameter(url, "token") && !has_parameter("https://a/sign=1", "sign"));
        let kept = "https://a/sign=1?access_token=t&signed=y";
        assert_eq!(without_parameters(url, &["sign", "timestamp"]), kept);
        assert_eq!(without_parameters("https://a/b?sign=x", &["sign"]), "https://a/b");
        assert_eq!(without_parameters("https://a/b", &["sign"]), "https://a/b");
    }
}
