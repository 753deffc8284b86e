use std::sync::Arc;
use umpire_fakes::{FakeVendor, smtp_sink::SmtpSink, syslog_sink::SyslogSink, zabbix::Trapper};

/// Whoever is told.
pub(super) enum Peer {
    Vendor(Arc<FakeVendor>),
    Mail(SmtpSink),
    Trapper(Trapper),
    Log(SyslogSink),
}

impl Peer {
    /// What people have been shown, once it is so much.
    pub async fn wait_for(&self, count: usize) -> Vec<String> {
        match self {
            Self::Vendor(fake) => {
                fake.wait_for(count).await.into_iter().map(|shown| shown.text).collect()
            }
            Self::Mail(sink) => {
                sink.wait_for(count).await.into_iter().map(|mail| mail.data).collect()
            }
            Self::Trapper(trapper) => {
                trapper.wait_for(count).await.into_iter().map(|taken| taken.value).collect()
            }
            Self::Log(sink) => sink.wait_for(count).await,
        }
    }

    /// Whether anybody called, as far as it can tell.
    pub fn was_called(&self) -> bool {
        match self {
            Self::Vendor(fake) => !fake.calls().is_empty(),
            Self::Mail(sink) => !sink.mails().is_empty(),
            Self::Trapper(trapper) => !trapper.taken().is_empty(),
            Self::Log(_) => false,
        }
    }
}
