use super::structured::actions;
use umpire_model::Level;
use umpire_notify::Parcel;

const VENDOR: &str = "Umpire";
const PRODUCT: &str = "Umpire";
/// Longest name of an event, in characters.
const MAX_NAME: usize = 200;
/// Longest value but the text, in bytes.
const MAX_VALUE: usize = 200;

/// An event of ArcSight's Common Event Format, version 0.
#[derive(Debug, Clone)]
pub(super) struct Event {
    vendor: String,
    product: String,
    version: String,
    /// What kind of event it is, for programs.
    signature: String,
    /// The same for people.
    name: String,
    severity: u8,
    /// Keys and values. The first that does not fit is cut short, the rest is left out.
    extension: Vec<(&'static str, String)>,
}

/// What a notice is to a SIEM.
pub(super) fn event(parcel: &Parcel<'_>) -> Event {
    let notice = parcel.notice;
    let rule = notice.rule.rsplit('/').next().unwrap_or_default();
    Event {
        vendor: VENDOR.to_owned(),
        product: PRODUCT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        signature: if rule.is_empty() { notice.kind.name() } else { rule }.to_owned(),
        name: notice.title.clone(),
        severity: severity(parcel.level()),
        extension: extension(parcel),
    }
}

fn extension(parcel: &Parcel<'_>) -> Vec<(&'static str, String)> {
    let notice = parcel.notice;
    let pairs = [
        ("rt", notice.last_time.0.div_euclid(1_000).to_string()),
        ("externalId", parcel.id.to_string()),
        ("cat", notice.kind.name().to_owned()),
        ("outcome", notice.reason.name().to_owned()),
        ("act", actions(notice)),
        ("cnt", notice.count.to_string()),
        ("cs1Label", "thread".to_owned()),
        ("cs1", notice.thread.clone()),
        ("cs2Label", "tenant".to_owned()),
        ("cs2", notice.tenant.clone()),
        ("cs3Label", "keyword".to_owned()),
        ("cs3", notice.keyword.clone()),
        ("cs4Label", "conversation".to_owned()),
        ("cs4", notice.place.conversation_id.clone()),
        ("suser", notice.sender.user_id.clone()),
        ("msg", parcel.rendered.body.clone()),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn severity(level: Level) -> u8 {
    [10, 8, 5, 2][level as usize]
}

impl Event {
    /// The event in no more than so many bytes.
    pub(super) fn write(&self, max: usize) -> String {
        let fields = [&self.vendor, &self.product, &self.version, &self.signature, &self.name];
        let mut written = "CEF:0".to_owned();
        for field in fields {
            let short: String = field.chars().take(MAX_NAME).collect();
            written.push('|');
            written.push_str(&escaped(&short, in_header, max.saturating_sub(written.len())));
        }
        written.push_str(&format!("|{}|", self.severity));
        let mut separator = "";
        for (key, value) in &self.extension {
            let start = format!("{separator}{key}=");
            let Some(room) = max.checked_sub(written.len() + start.len()) else { break };
            let room = if *key == "msg" { room } else { room.min(MAX_VALUE) };
            written.push_str(&start);
            written.push_str(&escaped(value, in_extension, room));
            separator = " ";
        }
        written
    }
}

/// As many characters as fit into so many bytes, each as `escape` has it.
fn escaped(text: &str, escape: fn(char) -> Option<&'static str>, max: usize) -> String {
    let mut escaped = String::with_capacity(text.len().min(max));
    for c in text.chars() {
        let mut plain = [0; 4];
        let piece = escape(c).unwrap_or(c.encode_utf8(&mut plain));
        if escaped.len() + piece.len() > max {
            break;
        }
        escaped.push_str(piece);
    }
    escaped
}

fn in_header(c: char) -> Option<&'static str> {
    match c {
        '\\' => Some("\\\\"),
        '|' => Some("\\|"),
        c if c.is_control() => Some(" "),
        _ => None,
    }
}

fn in_extension(c: char) -> Option<&'static str> {
    match c {
        '\\' => Some("\\\\"),
        '=' => Some("\\="),
        '\n' => Some("\\n"),
        c if c.is_control() => Some(" "),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::sample;

    fn published() -> Event {
        Event {
            vendor: "Example".into(),
            product: "ModSrv".into(),
            version: "1.0".into(),
            signature: "100".into(),
            name: "Sensitive | leak".into(),
            severity: severity(Level::P0),
            extension: vec![
                ("rt", "1700000000000".into()),
                ("cs1Label", "room".into()),
                ("cs1", "r1".into()),
                ("msg", "a=b line1\nline2".into()),
            ],
        }
    }

    #[test]
    fn events_are_as_siems_read_them() {
        let header = "<134>1 2023-11-14T22:13:20Z modhost modsrv - CEF - ";
        let expected = concat!(
            r"CEF:0|Example|ModSrv|1.0|100|Sensitive \| leak|10|",
            r"rt=1700000000000 cs1Label=room cs1=r1 msg=a\=b line1\nline2",
        );
        let written = published().write(2_048);
        assert_eq!((header.len() + written.len(), &*written), (160, expected));
    }

    #[test]
    fn levels_become_severities() {
        let severities = [Level::P0, Level::P1, Level::P2, Level::P3].map(severity);
        assert_eq!(severities, [10, 8, 5, 2]);
    }

    #[test]
    fn what_does_not_fit_is_cut_between_characters_and_escapes() {
        let whole = published().write(2_048);
        for max in 60..whole.len() {
            let written = published().write(max);
            assert!(written.len() <= max, "{max}: {written}");
            assert!(whole.starts_with(&written), "{max}: {written}");
            assert!(!written.ends_with('\\'), "{max}: {written}");
        }
    }

    #[test]
    fn text_of_users_stays_in_its_field() {
        let mut sample = sample();
        sample.notice.title = "a|b\\c\r\nd".into();
        sample.notice.keyword = "x cs1=y\\".into();
        let written = event(&sample.parcel()).write(2_048);
        assert!(written.contains(r"|leak|a\|b\\c  d|8|rt="), "{written}");
        assert!(written.contains(r"cs3=x cs1\=y\\ cs4Label="), "{written}");
        assert!(written.contains("msg=命中：底薪\\n\\n群聊：销售一群"), "{written}");
    }
}
