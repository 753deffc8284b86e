//! Syslog servers and SIEMs: RFC 5424 with structured data, or CEF. Nobody answers, so what
//! was written counts as delivered, and its report says that it was only sent.

mod cef;
mod line;
mod message;
mod send;
mod structured;
#[cfg(test)]
mod tests;

use crate::Channels;
use umpire_notify::{Parcel, Report, Syslog, SyslogTransport};

/// Longest message in a datagram, in bytes.
const MAX_DATAGRAM: usize = 2_048;
/// Longest message in a stream, in bytes: what servers take at the least.
const MAX_FRAME: usize = 8_192;

/// Writes the notice.
pub(crate) async fn deliver(channels: &Channels, config: &Syslog, parcel: &Parcel<'_>) -> Report {
    let max = match config.transport {
        SyslogTransport::Udp => MAX_DATAGRAM,
        SyslogTransport::Tcp | SyslogTransport::Tls => MAX_FRAME,
    };
    send::send(&channels.outbound, config, &message::message(config, parcel, max)).await
}
