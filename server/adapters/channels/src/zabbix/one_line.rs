use umpire_notify::Rendered;

/// The text of a notice for peers that know only lines: its lines behind one another, or
/// its title when it has none.
pub(crate) fn one_line(rendered: &Rendered) -> String {
    let text = if rendered.body.trim().is_empty() { &rendered.title } else { &rendered.body };
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let lines = text.split(breaks).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined() {
        for (title, body, expected) in [
            ("title", "首行\r\n  二行\n\n\u{7}\"三\"\u{2028}行 ", "首行 | 二行 | \"三\" | 行"),
            ("title", "body", "body"),
            ("title", " \n", "title"),
            ("", "", ""),
        ] {
            let rendered =
                Rendered { title: title.into(), body: body.into(), ..Rendered::default() };
            assert_eq!(one_line(&rendered), expected);
        }
    }
}
