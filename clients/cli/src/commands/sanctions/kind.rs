use clap::ValueEnum;
use umpire_client::v1::SanctionKind;

/// What a sanction does to its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Says so, and no more.
    Warn,
    /// No chat.
    Mute,
    /// No log-in.
    LoginBan,
}

impl Kind {
    /// In the contract's words.
    pub fn proto(self) -> SanctionKind {
        match self {
            Self::Warn => SanctionKind::Warn,
            Self::Mute => SanctionKind::Mute,
            Self::LoginBan => SanctionKind::LoginBan,
        }
    }
}
