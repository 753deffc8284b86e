//! Mail over SMTP: one mail for all recipients, of whom the server may refuse each alone.

mod limited;
mod mail;
mod session;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    codes::Codes,
    report::{not_sent, refused},
    sms::recipients::tally,
};
use mail::Mail;
use session::{Refusal, Session, reply};
use std::{net::SocketAddr, time::Duration};
use tokio::time::timeout;
use umpire_notify::{Email, EmailSecurity, Outcome, Parcel, Report};
use umpire_outbound::OutboundError;

/// Longest wait, once until the server knows all recipients, and once more until it has
/// taken the mail.
const PATIENCE: Duration = Duration::from_secs(15);

/// Brings the mail to the server of the receiver.
pub(crate) async fn deliver(channels: &Channels, config: &Email, parcel: &Parcel<'_>) -> Report {
    let mail = match Mail::of(config, parcel) {
        Ok(mail) => mail,
        Err(error) => return refused(&error.to_string()),
    };
    let resolved = timeout(PATIENCE, channels.outbound.resolve(&config.host, port(config))).await;
    match resolved {
        Ok(Ok(address)) => send(&channels.codes, config, address, &mail, PATIENCE).await,
        Ok(Err(error)) => not_sent(&error),
        Err(_) => not_sent(&OutboundError::Timeout { sent: false }),
    }
}

fn port(config: &Email) -> u16 {
    match (config.port, config.security) {
        (0, EmailSecurity::StartTls) => 587,
        (0, EmailSecurity::Tls) => 465,
        (0, EmailSecurity::Plain) => 25,
        (port, _) => port,
    }
}

async fn send(
    codes: &Codes,
    config: &Email,
    address: SocketAddr,
    mail: &Mail,
    patience: Duration,
) -> Report {
    let (mut session, answers) = match timeout(patience, offer(config, address, mail)).await {
        Ok(Ok(offered)) => offered,
        Ok(Err(refusal)) => return refusal.report(codes),
        Err(_) => return not_sent(&OutboundError::Timeout { sent: false }),
    };
    let refused: Vec<_> =
        answers.iter().map(|answer| answer.as_ref().map(|refusal| refusal.report(codes))).collect();
    let taken = match refused.iter().any(Option::is_none) {
        true => Some(hand_over(codes, &mut session, mail, patience).await),
        false => None,
    };
    let told = mail.to.iter().zip(refused);
    let told = told.filter_map(|(to, refused)| Some((to.to_string(), refused.or(taken.clone())?)));
    tally(told.collect())
}

type Offered = (Session, Vec<Option<Refusal>>);

async fn offer(config: &Email, address: SocketAddr, mail: &Mail) -> Result<Offered, Refusal> {
    let mut session = Session::open(config, address).await?;
    let answers = session.offer(mail).await?;
    Ok((session, answers))
}

async fn hand_over(
    codes: &Codes,
    session: &mut Session,
    mail: &Mail,
    patience: Duration,
) -> Report {
    match timeout(patience, session.hand_over(&mail.bytes)).await {
        Ok(Ok(said)) => {
            session.leave().await;
            Report { vendor_id: mail.id.clone(), ..reply(Outcome::Delivered, "250", &said) }
        }
        Ok(Err(refusal)) => refusal.report(codes),
        Err(_) => not_sent(&OutboundError::Timeout { sent: true }),
    }
}
