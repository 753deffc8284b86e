use clap::ValueEnum;
use umpire_client::v1::AlertKind;

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A message.
    Text,
    /// A camera's frame.
    Frame,
    /// A sanction that is not carried out.
    Sanction,
    /// The safety switch.
    Safety,
    /// The server itself.
    System,
}

impl Kind {
    /// In the contract's words.
    pub fn proto(self) -> AlertKind {
        match self {
            Self::Text => AlertKind::Text,
            Self::Frame => AlertKind::Frame,
            Self::Sanction => AlertKind::Sanction,
            Self::Safety => AlertKind::Safety,
            Self::System => AlertKind::System,
        }
    }
}
