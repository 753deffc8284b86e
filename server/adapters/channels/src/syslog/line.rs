use umpire_model::{Level, Timestamp};

/// Stands for what is not known.
const NIL: &str = "-";
/// Longest fields, in bytes.
const MAX_HOST: usize = 255;
const MAX_APP: usize = 48;
const MAX_PROCESS: usize = 128;
const MAX_KIND: usize = 32;

/// The header of a message of RFC 5424.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'a> {
    /// 0 to 23.
    pub facility: u8,
    /// Becomes the severity.
    pub level: Level,
    /// When it is written.
    pub time: Timestamp,
    /// The machine; empty: not known.
    pub host: &'a str,
    /// The program.
    pub app: &'a str,
    /// Its process; empty: not told.
    pub process: &'a str,
    /// The kind of message.
    pub kind: &'a str,
}

impl Header<'_> {
    /// The header, up to the space before the structured data.
    pub(super) fn write(&self) -> String {
        let pri = u16::from(self.facility.min(23)) * 8 + u16::from(severity(self.level));
        let (host, app) = (name(self.host, MAX_HOST), name(self.app, MAX_APP));
        let (process, kind) = (name(self.process, MAX_PROCESS), name(self.kind, MAX_KIND));
        format!("<{pri}>1 {} {host} {app} {process} {kind} ", self.time)
    }
}

/// Critical, error, warning, informational.
fn severity(level: Level) -> u8 {
    [2, 3, 4, 6][level as usize]
}

/// A field of the header: printable ASCII, and never empty.
fn name(text: &str, max: usize) -> String {
    let name: String = text.chars().filter(char::is_ascii_graphic).take(max).collect();
    if name.is_empty() { NIL.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_hold_nothing_that_breaks_them() {
        let time = Timestamp::parse_rfc3339("2023-11-14T22:13:20.123456Z").expect("a time");
        let header = Header {
            facility: 16,
            level: Level::P0,
            time,
            host: "mod host\n数",
            app: "modsrv",
            process: "",
            kind: "ALERT",
        };
        let expected = "<130>1 2023-11-14T22:13:20.123456Z modhost modsrv - ALERT ";
        assert_eq!(header.write(), expected);
        let long = "h".repeat(300);
        assert!(Header { host: &long, ..header }.write().contains(&format!(" {} ", &long[..255])));
        let nobody = Header { host: "数", ..header };
        assert!(nobody.write().contains("Z - modsrv "), "{}", nobody.write());
    }

    #[test]
    fn levels_become_severities() {
        let header = Header {
            facility: 16,
            level: Level::P0,
            time: Timestamp(0),
            host: "",
            app: "",
            process: "",
            kind: "",
        };
        for (facility, level, pri) in [
            (16, Level::P0, "<130>"),
            (16, Level::P1, "<131>"),
            (16, Level::P2, "<132>"),
            (16, Level::P3, "<134>"),
            (0, Level::P0, "<2>"),
            (23, Level::P3, "<190>"),
            (99, Level::P3, "<190>"),
        ] {
            let written = Header { facility, level, ..header }.write();
            assert!(written.starts_with(pri), "{written}");
        }
    }
}
