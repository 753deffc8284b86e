use umpire_notify::{Mention, Notice, Slack};

/// What mentions many people at once; only who runs the channel may want that.
const BROADCASTS: [&str; 3] = ["<!here>", "<!channel>", "<!everyone>"];

/// Whom a message mentions: those whom the rule names, and by the notice's level those of
/// the configuration and everybody. What Slack would not understand is left out.
pub(super) fn mentions(config: &Slack, notice: &Notice) -> Vec<String> {
    let mut found: Vec<String> = notice.mentions.iter().filter_map(|text| person(text)).collect();
    if notice.mention != Mention::Nobody {
        found.extend(config.mentions.iter().filter_map(|text| configured(text)));
    }
    if notice.mention == Mention::All && config.at_all {
        found.push("<!channel>".to_owned());
    }
    let mut once = Vec::new();
    for mention in found {
        if !once.contains(&mention) {
            once.push(mention);
        }
    }
    once
}

fn configured(text: &str) -> Option<String> {
    person(text).or_else(|| BROADCASTS.contains(&text).then(|| text.to_owned()))
}

/// `<@U123>`, `<!subteam^S1>`, or the bare id of a user.
fn person(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
        let is_user = text.starts_with(['U', 'W']) && text.len() > 2 && is_id(text);
        return is_user.then(|| format!("<@{text}>"));
    };
    let id = inner.strip_prefix('@').or_else(|| inner.strip_prefix("!subteam^"))?;
    is_id(id).then(|| text.to_owned())
}

fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    !text.is_empty() && text.bytes().all(plain)
}
