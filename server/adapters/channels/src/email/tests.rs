use super::*;
use crate::samples::{channels, sample};
use umpire_fakes::smtp_sink::{SmtpFault, SmtpOptions, SmtpSink};
use umpire_model::Secret;
use umpire_notify::Channel;

/// Long enough for a server on this machine, unless it hangs.
const SOON: Duration = Duration::from_millis(300);

fn config(sink: &SmtpSink, to: &[&str]) -> Email {
    Email {
        host: "127.0.0.1".into(),
        port: sink.address().port(),
        security: EmailSecurity::Plain,
        username: String::new(),
        password: Secret::default(),
        from: "umpire@example.com".into(),
        to: to.iter().map(|to| (*to).to_owned()).collect(),
        ca_certificate: sink.authority(),
    }
}

async fn tell(config: Email) -> Report {
    sample().to(&channels(), Channel::Email(config)).await
}

async fn sink(options: SmtpOptions) -> SmtpSink {
    SmtpSink::start(options).await
}

fn partial(names: &[&str]) -> Outcome {
    Outcome::Partial(names.iter().map(|name| (*name).to_owned()).collect())
}

#[tokio::test]
async fn each_recipient_is_taken_or_refused_alone() {
    let greylisted = Outcome::Throttled(300);
    for (to, taken, outcome, code) in [
        (&["a@x.org", "b@x.org"][..], 2, Outcome::Delivered, "250"),
        (&["a@x.org", "bad@x.org", "b@x.org"], 2, partial(&["bad@x.org"]), "550"),
        (&["a@x.org", "full@x.org", "bad@x.org"], 1, partial(&["full@x.org", "bad@x.org"]), "452"),
        (&["a@x.org", "数@x.org"], 1, partial(&["数@x.org"]), "553"),
        (&["bad@x.org", "bad2@x.org"], 0, Outcome::Permanent, "550"),
        (&["bad@x.org", "full@x.org"], 0, Outcome::Transient, "452"),
        (&["grey@x.org"], 0, greylisted, "451"),
    ] {
        let sink = sink(SmtpOptions::default()).await;
        let report = tell(config(&sink, to)).await;
        assert_eq!((&report.outcome, &*report.vendor_code), (&outcome, code), "{to:?}: {report:?}");
        let mails = sink.mails();
        let found = mails.iter().map(|mail| mail.to.len()).sum::<usize>();
        assert_eq!(found, taken, "{to:?}: {mails:?}");
        assert_eq!(!report.vendor_id.is_empty(), taken > 0, "{report:?}");
    }
}

#[tokio::test]
async fn addresses_beyond_ascii_need_a_server_that_knows_them() {
    let sink = sink(SmtpOptions { utf8: true, ..SmtpOptions::default() }).await;
    let report = tell(config(&sink, &["数@x.org"])).await;
    assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
    assert_eq!(sink.mails()[0].to, ["数@x.org"]);
}

#[tokio::test]
async fn the_mail_arrives_as_it_was_written() {
    let sink = sink(SmtpOptions::default()).await;
    let mut sample = sample();
    sample.rendered.plain = "first\n.\n..second\nRSET".into();
    let report = sample.to(&channels(), Channel::Email(config(&sink, &["a@x.org"]))).await;
    let mail = sink.wait_for(1).await.remove(0);
    assert_eq!(mail.from, "umpire@example.com");
    assert!(mail.data.contains("\r\nfirst\r\n.\r\n..second\r\nRSET\r\n"), "{}", mail.data);
    assert!(mail.data.contains(&format!("Message-ID: {}\r\n", report.vendor_id)), "{}", mail.data);
}

#[tokio::test]
async fn what_a_server_says_at_any_command_counts() {
    for (fault, outcome) in [
        (SmtpFault::Say("CONNECT", "421 busy"), Outcome::Transient),
        (SmtpFault::Say("CONNECT", "554 no"), Outcome::Permanent),
        (SmtpFault::Say("EHLO", "502 no"), Outcome::Permanent),
        (SmtpFault::Say("MAIL", "451 4.3.0 later"), Outcome::Transient),
        (SmtpFault::Say("MAIL", "550 5.7.1 no"), Outcome::Permanent),
        (SmtpFault::Say("RCPT", "421 closing"), Outcome::Transient),
        (SmtpFault::Say("DATA", "451 later"), Outcome::Transient),
        (SmtpFault::Say(".", "452 full"), Outcome::Transient),
        (SmtpFault::Say(".", "554 5.7.1 spam"), Outcome::Permanent),
        (SmtpFault::Say(".", "gibberish"), Outcome::Unknown),
        (SmtpFault::Close("CONNECT"), Outcome::Transient),
        (SmtpFault::Close("RCPT"), Outcome::Transient),
        (SmtpFault::Close("."), Outcome::Unknown),
    ] {
        let sink = sink(SmtpOptions::default()).await;
        sink.fail_next([fault.clone()]);
        let report = tell(config(&sink, &["a@x.org", "b@x.org"])).await;
        assert_eq!(report.outcome, outcome, "{fault:?}: {report:?}");
        assert!(sink.mails().is_empty(), "{fault:?}");
        // Nothing of it is remembered.
        assert_eq!(tell(config(&sink, &["a@x.org"])).await.outcome, Outcome::Delivered);
    }
}

#[tokio::test]
async fn servers_that_hang_are_left() {
    for (fault, outcome) in [
        (SmtpFault::Hang("CONNECT"), Outcome::Transient),
        (SmtpFault::Hang("RCPT"), Outcome::Transient),
        (SmtpFault::Hang("."), Outcome::Unknown),
    ] {
        let sink = sink(SmtpOptions::default()).await;
        sink.fail_next([fault.clone()]);
        let config = config(&sink, &["a@x.org"]);
        let mail = Mail::of(&config, &sample().parcel()).expect("a mail");
        let report = send(&Codes::new(Vec::new()), &config, sink.address(), &mail, SOON).await;
        assert_eq!(report.outcome, outcome, "{fault:?}: {report:?}");
    }
}

#[tokio::test]
async fn nobody_there_is_transient_and_a_bad_configuration_is_not() {
    let gone = sink(SmtpOptions::default()).await;
    let config = config(&gone, &["a@x.org"]);
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    for (config, outcome) in [
        (Email { port, ..config.clone() }, Outcome::Transient),
        (Email { from: "nobody".into(), ..config.clone() }, Outcome::Permanent),
        (Email { to: Vec::new(), ..config.clone() }, Outcome::Permanent),
        (Email { security: EmailSecurity::StartTls, ..config.clone() }, Outcome::Permanent),
        (Email { username: "me".into(), ..config }, Outcome::Permanent),
    ] {
        let report = tell(config.clone()).await;
        assert_eq!(report.outcome, outcome, "{config:?}: {report:?}");
    }
}

#[tokio::test]
async fn mail_is_encrypted_when_it_should_be() {
    let names = || vec!["127.0.0.1".to_owned()];
    for (security, options) in [
        (EmailSecurity::Tls, SmtpOptions { tls: names(), ..SmtpOptions::default() }),
        (EmailSecurity::StartTls, SmtpOptions { start_tls: names(), ..SmtpOptions::default() }),
    ] {
        let sink = sink(options).await;
        let good = Email { security, ..config(&sink, &["a@x.org"]) };
        let report = tell(good.clone()).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{security:?}: {report:?}");
        assert!(sink.mails()[0].encrypted, "{security:?}");
        let stranger = Email { ca_certificate: String::new(), ..good.clone() };
        assert_eq!(tell(stranger).await.outcome, Outcome::Transient, "{security:?}");
        let pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
        let unreadable = Email { ca_certificate: pem.into(), ..good };
        assert_eq!(tell(unreadable).await.outcome, Outcome::Permanent, "{security:?}");
        assert_eq!(sink.mails().len(), 1, "{security:?}");
    }
}

#[tokio::test]
async fn a_certificate_must_be_the_configured_hosts() {
    let names = vec!["mail.example.com".to_owned()];
    let sink = sink(SmtpOptions { tls: names, ..SmtpOptions::default() }).await;
    let codes = Codes::new(Vec::new());
    for (host, outcome) in
        [("mail.example.com", Outcome::Delivered), ("other.example.com", Outcome::Transient)]
    {
        let config = config(&sink, &["a@x.org"]);
        let config = Email { host: host.into(), security: EmailSecurity::Tls, ..config };
        let mail = Mail::of(&config, &sample().parcel()).expect("a mail");
        // Wherever it was found.
        let report = send(&codes, &config, sink.address(), &mail, PATIENCE).await;
        assert_eq!(report.outcome, outcome, "{host}: {report:?}");
    }
}

#[tokio::test]
async fn we_log_in_and_keep_the_password_to_ourselves() {
    let login = || Some(("me".to_owned(), "hunter2-secret".to_owned()));
    for old_login in [false, true] {
        let options = SmtpOptions { login: login(), old_login, ..SmtpOptions::default() };
        let sink = sink(options).await;
        let good = Email {
            username: "me".into(),
            password: Secret::from("hunter2-secret"),
            ..config(&sink, &["a@x.org"])
        };
        assert_eq!(tell(good.clone()).await.outcome, Outcome::Delivered);
        assert_eq!(sink.mails()[0].user, "me");
        let nobody = Email { username: String::new(), ..good.clone() };
        assert_eq!(tell(nobody).await.vendor_code, "530");
        let wrong = Email { password: Secret::from("wrong-secret"), ..good.clone() };
        let report = tell(wrong).await;
        assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Permanent, "535"));
        // It says back what it was told, plainly and as it was sent.
        let echo = "535 no AG1lAGh1bnRlcjItc2VjcmV0 hunter2-secret";
        sink.fail_next([SmtpFault::Say("AUTH", echo)]);
        let report = tell(good).await;
        let shown = format!("{report:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("AG1lAGh1"), "{shown}");
    }
}

#[test]
fn ports_follow_from_security() {
    let config = |port, security| Email {
        host: String::new(),
        port,
        security,
        username: String::new(),
        password: Secret::default(),
        from: String::new(),
        to: Vec::new(),
        ca_certificate: String::new(),
    };
    for (security, usual) in
        [(EmailSecurity::StartTls, 587), (EmailSecurity::Tls, 465), (EmailSecurity::Plain, 25)]
    {
        assert_eq!(port(&config(0, security)), usual);
        assert_eq!(port(&config(2_525, security)), 2_525);
    }
}
