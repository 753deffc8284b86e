use super::CodeRow;
use umpire_notify::{ChannelKind, Outcome};

/// The longest wait a row may ask for, in seconds: a day.
const LONGEST: u64 = 24 * 3_600;

/// An entry of the configuration is no row of the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// The key is not `channel/code` or `channel/code/text`.
    #[error("`{0}` is not `channel/code` or `channel/code/text of the message`")]
    Key(String),
    /// The key starts with no channel.
    #[error("`{0}` is no channel")]
    Channel(String),
    /// The value is no outcome.
    #[error(
        "`{0}` is none of DELIVERED, TRANSIENT, UNKNOWN, PERMANENT, GONE, and not THROTTLED with \
         1 to 86400 seconds after it"
    )]
    Outcome(String),
}

impl CodeRow {
    /// Reads an entry of the configuration: `dingtalk/410100` or `feishu/9499/too many
    /// request`, and `THROTTLED 60`, `TRANSIENT`, `PERMANENT`, `GONE`, `UNKNOWN` or
    /// `DELIVERED`.
    ///
    /// # Errors
    /// [`BadCode`].
    pub fn parse(key: &str, value: &str) -> Result<Self, BadCode> {
        let mut parts = key.splitn(3, '/');
        let (channel, code) = parts.next().zip(parts.next()).ok_or(BadCode::Key(key.into()))?;
        if code.is_empty() {
            return Err(BadCode::Key(key.into()));
        }
        Ok(Self {
            channel: ChannelKind::from_name(channel).ok_or(BadCode::Channel(channel.into()))?,
            code: code.into(),
            text: parts.next().unwrap_or_default().into(),
            outcome: outcome(value).ok_or(BadCode::Outcome(value.into()))?,
        })
    }
}

fn outcome(value: &str) -> Option<Outcome> {
    if let Some(seconds) = value.strip_prefix("THROTTLED ") {
        let seconds = seconds.trim().parse().ok()?;
        return (1..=LONGEST).contains(&seconds).then_some(Outcome::Throttled(seconds));
    }
    match value {
        "DELIVERED" => Some(Outcome::Delivered),
        "TRANSIENT" => Some(Outcome::Transient),
        "UNKNOWN" => Some(Outcome::Unknown),
        "PERMANENT" => Some(Outcome::Permanent),
        "GONE" => Some(Outcome::Gone),
        _ => None,
    }
}
