use super::{cef, line::Header, structured};
use crate::{cut::cut_bytes, zabbix::one_line::one_line};
use lettre::transport::smtp::extension::ClientId;
use umpire_notify::{Parcel, Syslog, SyslogFormat};

const APP: &str = "umpire";
/// Stands for a facility that is not given: that of the kernel is nobody else's.
const LOCAL0: u8 = 16;

/// Says that the text behind it is UTF-8.
const BOM: char = '\u{feff}';
/// Bytes that facts leave to the text.
const MIN_TEXT: usize = 512;

/// The message of a notice, in no more than so many bytes.
pub(super) fn message(config: &Syslog, parcel: &Parcel<'_>, max: usize) -> String {
    let (host, process) = (host(), std::process::id().to_string());
    let kind = match config.format {
        SyslogFormat::Rfc5424 => "ALERT",
        SyslogFormat::Cef => "CEF",
    };
    let header = Header {
        facility: if config.facility == 0 { LOCAL0 } else { config.facility },
        level: parcel.level(),
        time: parcel.time,
        host: &host,
        app: APP,
        process: &process,
        kind,
    };
    match config.format {
        SyslogFormat::Rfc5424 => rfc5424(&header.write(), config, parcel, max),
        SyslogFormat::Cef => {
            let header = format!("{}- ", header.write());
            let room = max.saturating_sub(header.len());
            header + &cef::event(parcel).write(room)
        }
    }
}

fn rfc5424(header: &str, config: &Syslog, parcel: &Parcel<'_>, max: usize) -> String {
    let facts = structured::facts(parcel);
    let facts: Vec<_> = facts.iter().map(|(name, value)| (*name, &**value)).collect();
    let room = max.saturating_sub(header.len() + MIN_TEXT);
    let element = structured::element(&config.sd_id, &facts, room);
    assembled(header, &element, &one_line(parcel.rendered), max)
}

/// Header, structured data and text, which is cut to make it no longer than so many bytes.
fn assembled(header: &str, element: &str, text: &str, max: usize) -> String {
    let start = format!("{header}{element} {BOM}");
    let room = max.saturating_sub(start.len());
    start + &cut_bytes(text, room, "…")
}

/// What this machine is called; empty when it does not know.
fn host() -> String {
    match ClientId::default() {
        ClientId::Domain(name) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Sample, sample};
    use umpire_model::{Level, Timestamp};
    use umpire_notify::SyslogTransport;

    fn config(format: SyslogFormat) -> Syslog {
        Syslog {
            host: "siem.example.com".into(),
            port: 0,
            transport: SyslogTransport::Udp,
            format,
            facility: 16,
            sd_id: String::new(),
            ca_certificate: String::new(),
        }
    }

    /// Everything that users and authors can write is as long and as bad as can be.
    fn hostile() -> Sample {
        let bad = "]\"\\|=\r\n\u{0}<13>1 数🚨".repeat(200);
        let mut sample = sample();
        sample.rendered.title = bad.clone();
        sample.rendered.body = bad.clone();
        sample.notice.title = bad.clone();
        sample.notice.keyword = bad.clone();
        sample.notice.rule_name = bad.clone();
        sample.notice.excerpt = bad.clone();
        sample.notice.place.conversation_id = bad.clone();
        sample.notice.place.conversation_name = bad.clone();
        sample.notice.sender.user_id = bad.clone();
        sample.notice.sender.display_name = bad;
        sample
    }

    #[test]
    fn messages_are_as_rsyslog_reads_them() {
        let time = Timestamp::parse_rfc3339("2023-11-14T22:13:20.123456Z").expect("a time");
        let header = Header {
            facility: 16,
            level: Level::P0,
            time,
            host: "modhost",
            app: "modsrv",
            process: "4711",
            kind: "ALERT",
        };
        let facts = [("id", "a-1"), ("level", "P0"), ("keyword", "\"x]\\")];
        let element = structured::element("alert@32473", &facts, 500);
        let message = assembled(&header.write(), &element, "紧急告警 数据泄露", 2_048);
        let expected = "<130>1 2023-11-14T22:13:20.123456Z modhost modsrv 4711 ALERT \
            [alert@32473 id=\"a-1\" level=\"P0\" keyword=\"\\\"x\\]\\\\\"] \
            \u{feff}紧急告警 数据泄露";
        assert_eq!((message.len(), &*message), (141, expected));
    }

    #[test]
    fn a_notice_says_what_it_is_about() {
        let message = message(&config(SyslogFormat::Rfc5424), &sample().parcel(), 2_048);
        assert!(message.starts_with("<131>1 2"), "{message}");
        assert!(message.contains(" umpire "), "{message}");
        for fact in [
            " ALERT [alert@32473 id=\"018f4e8a-0000-7000-8000-000000000001\" level=\"P1\" ",
            " reason=\"FIRST\" count=\"3\" tenant=\"acme\" ",
            " rule=\"tenants/acme/rules/leak\" keyword=\"底薪\" ",
            "] \u{feff}命中：底薪 | 群聊：销售一群",
        ] {
            assert!(message.contains(fact), "{fact} in {message}");
        }
    }

    #[test]
    fn hostile_text_stays_in_its_place_and_its_limits() {
        for format in [SyslogFormat::Rfc5424, SyslogFormat::Cef] {
            for max in [2_048, 8_192] {
                let message = message(&config(format), &hostile().parcel(), max);
                assert!(message.len() <= max, "{format:?} {max}: {}", message.len());
                assert!(message.len() > max / 2, "{format:?} {max}: {}", message.len());
                assert!(!message.contains(char::is_control), "{message}");
            }
        }
    }
}
