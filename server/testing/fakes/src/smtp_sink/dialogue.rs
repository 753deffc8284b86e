use super::{Mail, Server, SmtpFault};
use data_encoding::BASE64;
use std::future::pending;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

/// How a dialogue ended.
pub(super) enum End<S> {
    /// One of both has gone.
    Gone,
    /// Goes on encrypted.
    Upgrade(S),
}

/// A conversation with one client.
pub(super) struct Dialogue<'a, S> {
    stream: BufReader<S>,
    server: &'a Server,
    encrypted: bool,
    user: String,
    from: Option<String>,
    to: Vec<String>,
}

/// The connection is to end.
struct Gone;

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Dialogue<'a, S> {
    pub(super) fn new(stream: S, server: &'a Server, encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        Self { stream, server, encrypted, user: String::new(), from: None, to: Vec::new() }
    }

    /// Talks; whoever comes back encrypted is not greeted again.
    pub(super) async fn run(mut self, greet: bool) -> End<S> {
        if greet && self.answer("CONNECT", "220 sink ESMTP").await.is_err() {
            return End::Gone;
        }
        while let Ok(line) = self.line().await {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            if verb == "STARTTLS" && self.offers_tls() {
                return match self.answer("STARTTLS", "220 go ahead").await {
                    Ok(()) => End::Upgrade(self.stream.into_inner()),
                    Err(Gone) => End::Gone,
                };
            }
            if self.command(&verb, &line).await.is_err() {
                break;
            }
        }
        End::Gone
    }

    async fn command(&mut self, verb: &str, line: &str) -> Result<(), Gone> {
        match verb {
            "EHLO" => {
                let features = self.features();
                self.answer("EHLO", &features).await
            }
            "AUTH" => self.log_in(line).await,
            "MAIL" => {
                let reply = self.sender(line);
                self.answer("MAIL", reply).await
            }
            "RCPT" => {
                let reply = self.recipient(line);
                self.answer("RCPT", reply).await
            }
            "DATA" if self.to.is_empty() => self.answer("DATA", "503 no recipients").await,
            "DATA" => self.data().await,
            "QUIT" => {
                self.answer("QUIT", "221 bye").await?;
                Err(Gone)
            }
            _ => self.answer(verb, "502 not known").await,
        }
    }

    fn offers_tls(&self) -> bool {
        !self.encrypted && !self.server.options.start_tls.is_empty()
    }

    fn features(&self) -> String {
        let options = &self.server.options;
        let mechanisms = if options.old_login { "AUTH LOGIN" } else { "AUTH PLAIN LOGIN" };
        let features = [
            (self.offers_tls(), "STARTTLS"),
            (options.login.is_some() && !self.offers_tls(), mechanisms),
            (options.utf8, "SMTPUTF8"),
            (true, "8BITMIME"),
        ];
        let offered = features.into_iter().filter(|(offered, _)| *offered);
        let mut names: Vec<_> =
            std::iter::once("sink").chain(offered.map(|(_, name)| name)).collect();
        let last = names.pop().unwrap();
        let lines: String = names.iter().map(|name| format!("250-{name}\r\n")).collect();
        format!("{lines}250 {last}")
    }

    async fn log_in(&mut self, line: &str) -> Result<(), Gone> {
        let mut words = line.split(' ').skip(1);
        let (user, password) = match (words.next(), words.next()) {
            (Some("PLAIN"), Some(response)) if !self.server.options.old_login => {
                let text = decoded(response);
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            }
            (Some("LOGIN"), None) => {
                let user = self.ask("334 VXNlcm5hbWU6").await?;
                (user, self.ask("334 UGFzc3dvcmQ6").await?)
            }
            _ => return self.answer("AUTH", "504 not known").await,
        };
        let given = Some((user.clone(), password));
        if self.server.options.login != given {
            return self.answer("AUTH", "535 5.7.8 authentication failed").await;
        }
        self.user = user;
        self.answer("AUTH", "235 2.7.0 welcome").await
    }

    async fn ask(&mut self, question: &str) -> Result<String, Gone> {
        self.answer("", question).await?;
        Ok(decoded(&self.line().await?))
    }

    fn sender(&mut self, line: &str) -> &'static str {
        if self.server.options.login.is_some() && self.user.is_empty() {
            return "530 5.7.0 authentication required";
        }
        if !self.takes(line) {
            return "553 5.6.7 SMTPUTF8 required";
        }
        self.from = Some(address(line));
        self.to.clear();
        "250 2.1.0 ok"
    }

    fn recipient(&mut self, line: &str) -> &'static str {
        let to = address(line);
        let name = |start: &str| to.starts_with(start);
        let refusals = [
            (self.from.is_none(), "503 5.5.1 no sender"),
            (!self.takes(line), "553 5.6.7 SMTPUTF8 required"),
            (name("bad"), "550 5.1.1 no such user"),
            (name("grey"), "451 4.7.1 Greylisting in action, please come back later"),
            (name("full"), "452 4.2.2 mailbox full"),
        ];
        if let Some((_, refusal)) = refusals.into_iter().find(|(holds, _)| *holds) {
            return refusal;
        }
        self.to.push(to);
        "250 2.1.5 ok"
    }

    fn takes(&self, line: &str) -> bool {
        self.server.options.utf8 || line.is_ascii()
    }

    async fn data(&mut self) -> Result<(), Gone> {
        if self.fault("DATA").await? {
            return Ok(());
        }
        self.write("354 go ahead").await?;
        let mut data = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            data.push_str("\r\n");
        }
        let mail = Mail {
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            data,
            encrypted: self.encrypted,
            user: self.user.clone(),
        };
        if self.fault(".").await? {
            return Ok(());
        }
        self.server.mails.add(mail);
        self.write("250 2.0.0 queued as 1").await
    }

    /// Answers, unless a fault is about the command.
    async fn answer(&mut self, at: &str, line: &str) -> Result<(), Gone> {
        if self.fault(at).await? {
            return Ok(());
        }
        self.write(line).await
    }

    /// Meets the next fault if it is about the command; says whether that answered it.
    async fn fault(&mut self, at: &str) -> Result<bool, Gone> {
        let fault = {
            let mut faults = self.server.faults.lock().unwrap();
            let due = faults.front().is_some_and(|fault| fault.at() == at);
            if due { faults.pop_front() } else { None }
        };
        match fault {
            None => Ok(false),
            Some(SmtpFault::Say(_, line)) => self.write(line).await.map(|()| true),
            Some(SmtpFault::Hang(_)) => pending().await,
            Some(SmtpFault::Close(_)) => Err(Gone),
        }
    }

    async fn write(&mut self, line: &str) -> Result<(), Gone> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(|_| Gone)?;
        self.stream.flush().await.map_err(|_| Gone)
    }

    /// The next line, without its end.
    async fn line(&mut self) -> Result<String, Gone> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(1..) => Ok(line.strip_suffix("\r\n").ok_or(Gone)?.to_owned()),
            _ => Err(Gone),
        }
    }
}

fn decoded(text: &str) -> String {
    String::from_utf8(BASE64.decode(text.as_bytes()).unwrap_or_default()).unwrap_or_default()
}

/// Between the angle brackets.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
