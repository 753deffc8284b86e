use super::{limited::Limited, mail::Mail};
use crate::{codes::Codes, report::refused};
use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use std::{error::Error as _, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls::pki_types::ServerName};
use umpire_notify::{ChannelKind, Email, EmailSecurity, Outcome, Report};
use umpire_outbound::tls_trusting;

/// A server that has taken a mail is given so long to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// Closing transmission channel.
const CLOSING: u16 = 421;
/// Mailbox name not allowed.
const BAD_MAILBOX: u16 = 553;
/// How long a server that greylists wants to be left alone, in seconds.
const GREYLISTED: u64 = 300;

/// What a server did not do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Its reply code; 0 when it gave none.
    code: u16,
    /// What that means by itself.
    outcome: Outcome,
    said: String,
}

impl Refusal {
    /// As the delivery log has it.
    pub(super) fn report(&self, codes: &Codes) -> Report {
        let code = if self.code == 0 { String::new() } else { self.code.to_string() };
        let known = codes.outcome(ChannelKind::Email, &code, &self.said);
        reply(known.unwrap_or_else(|| self.outcome.clone()), &code, &self.said)
    }
}

impl From<Error> for Refusal {
    /// 5yz and what we cannot even ask for stays refused; all else may change.
    fn from(error: Error) -> Self {
        let lasting = error.is_permanent() || error.is_client() || error.is_tls();
        let said = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        let outcome = match lasting {
            true => Outcome::Permanent,
            false if error.is_transient() && is_greylisting(&said) => {
                Outcome::Throttled(GREYLISTED)
            }
            false => Outcome::Transient,
        };
        Self { code: error.status().map_or(0, u16::from), outcome, said }
    }
}

/// Strangers are asked to come back later, to see whether they do.
fn is_greylisting(said: &str) -> bool {
    let said = said.to_lowercase();
    said.starts_with("4.7.1 ") || ["greylist", "graylist"].iter().any(|word| said.contains(word))
}

/// No connection, or it broke.
fn broken(error: &io::Error) -> Refusal {
    Refusal { code: 0, outcome: Outcome::Transient, said: error.to_string() }
}

/// TLS from the first byte, with a server that proves to be `config.host`.
async fn encrypted(config: &Email, stream: TcpStream) -> Result<TlsStream<TcpStream>, Refusal> {
    let lasting = |said: String| Refusal { code: 0, outcome: Outcome::Permanent, said };
    let trusting = tls_trusting(&config.ca_certificate);
    let connector = trusting.map_err(|error| lasting(error.to_string()))?;
    let name = ServerName::try_from(config.host.clone())
        .map_err(|_| lasting("`host` is no name that certificates hold".to_owned()))?;
    let connected = TlsConnector::from(Arc::new(connector)).connect(name, stream).await;
    connected.map_err(|error| broken(&error))
}

/// What a reply comes to.
pub(super) fn reply(outcome: Outcome, code: &str, said: &str) -> Report {
    Report { outcome, vendor_code: code.to_owned(), ..refused(said) }
}

/// A conversation with a mail server.
pub(super) struct Session(AsyncSmtpConnection);

impl Session {
    /// Connects. Unless security is PLAIN the server has then proven to be `config.host`;
    /// with a user name we have proven who we are.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) async fn open(config: &Email, address: SocketAddr) -> Result<Self, Refusal> {
        let hello = ClientId::default();
        let stream = TcpStream::connect(address).await.map_err(|error| broken(&error))?;
        let stream: Box<dyn AsyncTokioStream> = match config.security {
            EmailSecurity::Tls => Box::new(Limited::new(encrypted(config, stream).await?, address)),
            EmailSecurity::StartTls | EmailSecurity::Plain => {
                Box::new(Limited::new(stream, address))
            }
        };
        let mut session = Self(AsyncSmtpConnection::connect_with_transport(stream, &hello).await?);
        if config.security == EmailSecurity::StartTls {
            session.0.starttls(tls(config)?, &hello).await?;
        }
        if !config.username.is_empty() {
            session.log_in(config).await?;
        }
        Ok(session)
    }

    async fn log_in(&mut self, config: &Email) -> Result<(), Refusal> {
        let password = config.password.reveal().to_owned();
        let credentials = Credentials::new(config.username.clone(), password);
        let answer = self.0.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
        answer.map(drop).map_err(|error| {
            let refusal = Refusal::from(error);
            // What a server says here may repeat what it was told.
            Refusal { said: "the server did not let us log in".to_owned(), ..refusal }
        })
    }

    /// Says from whom and for whom a mail is; gives for each recipient why it is refused,
    /// if it is.
    ///
    /// # Errors
    /// [`Refusal`] of all of them.
    pub(super) async fn offer(&mut self, mail: &Mail) -> Result<Vec<Option<Refusal>>, Refusal> {
        let international = mail.to.iter().chain([&mail.from]).any(|address| !is_ascii(address));
        let utf8 = self.0.server_info().supports_feature(Extension::SmtpUtfEight);
        if !utf8 && !is_ascii(&mail.from) {
            return Err(not_ascii());
        }
        let parameter = (international && utf8).then_some(MailParameter::SmtpUtfEight);
        let sender = MailFrom::new(Some(mail.from.clone()), Vec::from_iter(parameter));
        self.0.command(sender).await?;
        let mut answers = Vec::with_capacity(mail.to.len());
        for to in &mail.to {
            let known = utf8 || is_ascii(to);
            answers.push(if known { self.recipient(to).await? } else { Some(not_ascii()) });
        }
        Ok(answers)
    }

    async fn recipient(&mut self, to: &Address) -> Result<Option<Refusal>, Refusal> {
        match self.0.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(Refusal::from) {
            Ok(_) => Ok(None),
            Err(refusal) if matches!(refusal.code, 0 | CLOSING) => Err(refusal),
            Err(refusal) => Ok(Some(refusal)),
        }
    }

    /// Hands the mail over for those who were not refused, and gives what the server says.
    ///
    /// # Errors
    /// [`Refusal`]. Without a reply to the whole mail nobody knows whether it was taken.
    pub(super) async fn hand_over(&mut self, mail: &[u8]) -> Result<String, Refusal> {
        self.0.command(Data).await?;
        match self.0.message(mail).await {
            Ok(reply) => Ok(reply.first_line().unwrap_or_default().to_owned()),
            Err(error) => match Refusal::from(error) {
                lost if lost.code == 0 => Err(Refusal { outcome: Outcome::Unknown, ..lost }),
                refusal => Err(refusal),
            },
        }
    }

    /// Takes leave. Whether the server answers does not matter any more.
    pub(super) async fn leave(&mut self) {
        let _ = timeout(GOODBYE, self.0.quit()).await;
    }
}

/// TLS that believes the configured name alone, whatever address it was found at.
fn tls(config: &Email) -> Result<TlsParameters, Error> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if !config.ca_certificate.is_empty() {
        let trusted = Certificate::from_pem(config.ca_certificate.as_bytes())?;
        builder = builder.add_root_certificate(trusted);
    }
    builder.build_rustls()
}

fn is_ascii(address: &Address) -> bool {
    let text: &str = address.as_ref();
    text.is_ascii()
}

fn not_ascii() -> Refusal {
    Refusal {
        code: BAD_MAILBOX,
        outcome: Outcome::Permanent,
        said: "the server takes no addresses beyond ASCII".to_owned(),
    }
}
