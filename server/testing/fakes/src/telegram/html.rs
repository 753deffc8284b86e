//! Telegram's HTML, as strictly as it reads it.

/// Tags that it knows.
const TAGS: [&str; 14] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-spoiler",
];
/// Entities that it knows beside numbers.
const ENTITIES: [(&str, char); 4] = [("lt", '<'), ("gt", '>'), ("amp", '&'), ("quot", '"')];

/// The text without its markup, or what cannot be read.
pub(super) fn plain(html: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find(['<', '&']) {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let length =
            if rest.starts_with('<') { tag(rest, &mut open)? } else { entity(rest, &mut text) };
        rest = &rest[length..];
    }
    text.push_str(rest);
    match open.pop() {
        Some(tag) => Err(format!("Can't find end tag corresponding to start tag \"{tag}\"")),
        None => Ok(text),
    }
}

/// Reads a tag at the start, and says how long it is.
fn tag<'a>(rest: &'a str, open: &mut Vec<&'a str>) -> Result<usize, String> {
    let end = rest.find('>').ok_or("Unclosed start tag")?;
    let inner = &rest[1..end];
    if let Some(name) = inner.strip_prefix('/') {
        if open.pop() != Some(name) {
            return Err(format!("Unexpected end tag \"{name}\""));
        }
        return Ok(end + 1);
    }
    let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
    let name = TAGS.into_iter().find(|tag| *tag == name);
    let name = name.ok_or_else(|| format!("Unsupported start tag \"{inner}\""))?;
    if name == "a" && !(attributes.starts_with("href=\"") && attributes.ends_with('"')) {
        return Err("Expected an attribute value".into());
    }
    open.push(name);
    Ok(end + 1)
}

/// Reads an entity at the start, and says how long it is; an `&` may also stand for itself.
fn entity(rest: &str, text: &mut String) -> usize {
    let name = rest[1..].split_once(';').map_or("", |(name, _)| name);
    let number = name.strip_prefix('#').and_then(|number| number.parse().ok());
    let named = ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    match number.and_then(char::from_u32).or(named) {
        Some(c) => {
            text.push(c);
            name.len() + 2
        }
        None => {
            text.push('&');
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_read() {
        for (html, expected) in [
            ("", ""),
            ("a > b & c", "a > b & c"),
            ("<b>a<i>b</i></b>c", "abc"),
            ("<a href=\"https://x/?a=1&amp;b\">t</a>", "t"),
            ("&lt;b&gt; &amp;amp; &quot;&#9731;&#39;", "<b> &amp; \"☃'"),
            ("&nbsp; &", "&nbsp; &"),
        ] {
            assert_eq!(plain(html).as_deref(), Ok(expected), "{html}");
        }
    }

    #[test]
    fn markup_that_is_not_its_own_is_refused() {
        for (html, expected) in [
            ("a < b", "Unclosed start tag"),
            ("<h1>a</h1>", "Unsupported start tag \"h1\""),
            ("<script>", "Unsupported start tag \"script\""),
            ("<b>a", "Can't find end tag corresponding to start tag \"b\""),
            ("<b><i>a</b></i>", "Unexpected end tag \"b\""),
            ("a</b>", "Unexpected end tag \"b\""),
            ("<a onclick=\"x\">t</a>", "Expected an attribute value"),
        ] {
            assert_eq!(plain(html).unwrap_err(), expected, "{html}");
        }
    }
}
