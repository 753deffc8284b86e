//! The trapper of a Zabbix server or proxy: one value of one item for each notice.

mod answer;
mod frame;
pub(crate) mod one_line;
#[cfg(test)]
mod tests;
mod value;

use crate::{
    Channels,
    report::{not_sent, refused},
};
use answer::Answer;
use std::time::Duration;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use umpire_notify::{Outcome, Parcel, Report, Zabbix};
use umpire_outbound::OutboundError;

/// Longest wait until the trapper has answered.
const PATIENCE: Duration = Duration::from_secs(15);
/// Where trappers listen.
const PORT: u16 = 10_051;

/// Hands the value over and reads what became of it.
pub(crate) async fn deliver(channels: &Channels, config: &Zabbix, parcel: &Parcel<'_>) -> Report {
    let request = value::request(config, parcel);
    let port = if config.port == 0 { PORT } else { config.port };
    match channels.outbound.connect(&config.host, port).await {
        Ok(stream) => exchange(stream, &request, parcel.attempt, PATIENCE).await,
        Err(error) => not_sent(&error),
    }
}

async fn exchange(
    mut stream: TcpStream,
    request: &[u8],
    attempt: u32,
    patience: Duration,
) -> Report {
    let asked = async {
        stream.write_all(request).await?;
        frame::read(&mut stream).await
    };
    match timeout(patience, asked).await {
        Ok(Ok(body)) => judge(&body, attempt),
        // Whether it was taken before the connection broke cannot be known.
        Ok(Err(error)) => Report { outcome: Outcome::Unknown, ..refused(&error.to_string()) },
        Err(_) => not_sent(&OutboundError::Timeout { sent: true }),
    }
}

/// A value that no item takes is no error to Zabbix: it only counts it.
fn judge(body: &[u8], attempt: u32) -> Report {
    let Some(answer) = Answer::read(body) else {
        let said = "the answer is not Zabbix's";
        return Report { outcome: Outcome::Unknown, ..refused(said) };
    };
    let outcome = match answer {
        Answer { success: true, processed: 1.., failed: 0, .. } => Outcome::Delivered,
        // An item that is new is known to the trapper within a minute.
        Answer { success: true, .. } if attempt <= 1 => Outcome::Transient,
        Answer { .. } => Outcome::Permanent,
    };
    let vendor_code = if answer.success { "success" } else { "failed" };
    Report { outcome, vendor_code: vendor_code.to_owned(), ..refused(&answer.info) }
}
