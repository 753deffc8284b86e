use super::*;
use crate::samples::{channels, sample};
use umpire_fakes::syslog_sink::SyslogSink;
use umpire_notify::{Channel, Outcome, SyslogFormat};

fn config(sink: &SyslogSink, transport: SyslogTransport) -> Syslog {
    Syslog {
        host: "127.0.0.1".into(),
        port: sink.address().port(),
        transport,
        format: SyslogFormat::Rfc5424,
        facility: 16,
        sd_id: String::new(),
        ca_certificate: sink.authority(),
    }
}

async fn tell(config: Syslog) -> Report {
    sample().to(&channels(), Channel::Syslog(config)).await
}

#[tokio::test]
async fn messages_arrive_over_every_transport() {
    for (transport, sink) in [
        (SyslogTransport::Udp, SyslogSink::udp().await),
        (SyslogTransport::Tcp, SyslogSink::tcp().await),
        (SyslogTransport::Tls, SyslogSink::tls(&["127.0.0.1"]).await),
    ] {
        let good = config(&sink, transport);
        for format in [SyslogFormat::Rfc5424, SyslogFormat::Cef] {
            let report = tell(Syslog { format, ..good.clone() }).await;
            assert_eq!(report.outcome, Outcome::Delivered, "{transport:?}: {report:?}");
            assert_eq!(report.detail, "sent");
        }
        let messages = sink.wait_for(2).await;
        assert!(messages[0].starts_with("<131>1 20"), "{}", messages[0]);
        assert!(messages[0].contains("] \u{feff}命中：底薪"), "{}", messages[0]);
        assert!(messages[1].contains(" CEF - CEF:0|Umpire|Umpire|"), "{}", messages[1]);
    }
}

#[tokio::test]
async fn a_line_break_makes_no_second_message() {
    let sink = SyslogSink::tcp().await;
    for _ in 0..2 {
        let mut sample = sample();
        sample.rendered.body = "one\n<13>1 - - - - - - two\r\n9 <13>three".into();
        let config = Channel::Syslog(config(&sink, SyslogTransport::Tcp));
        assert_eq!(sample.to(&channels(), config).await.outcome, Outcome::Delivered);
    }
    let messages = sink.wait_for(2).await;
    assert_eq!(messages.len(), 2);
    assert!(messages.iter().all(|message| message.contains("one | <13>1")), "{messages:?}");
}

#[tokio::test]
async fn datagrams_stay_within_their_limit() {
    let sink = SyslogSink::udp().await;
    let mut sample = sample();
    sample.rendered.body = "数".repeat(10_000);
    let config = Channel::Syslog(config(&sink, SyslogTransport::Udp));
    assert_eq!(sample.to(&channels(), config).await.outcome, Outcome::Delivered);
    let message = sink.wait_for(1).await.remove(0);
    assert!((MAX_DATAGRAM - 8..=MAX_DATAGRAM).contains(&message.len()), "{}", message.len());
    assert!(message.ends_with('…'), "{message}");
}

#[tokio::test]
async fn only_the_configured_host_is_trusted() {
    let sink = SyslogSink::tls(&["siem.example.com"]).await;
    let other = config(&sink, SyslogTransport::Tls);
    let report = tell(other.clone()).await;
    assert_eq!(report.outcome, Outcome::Transient, "another name: {report:?}");
    let stranger = Syslog { ca_certificate: String::new(), ..other.clone() };
    assert_eq!(tell(stranger).await.outcome, Outcome::Transient, "not trusted");
    let pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
    let unreadable = Syslog { ca_certificate: pem.into(), ..other.clone() };
    assert_eq!(tell(unreadable).await.outcome, Outcome::Permanent);
    let nameless = Syslog { host: "a b".into(), ..other };
    assert_ne!(tell(nameless).await.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn a_server_that_breaks_the_connection_has_not_surely_read() {
    let sink = SyslogSink::tls(&["127.0.0.1"]).await;
    sink.close_connections();
    let report = tell(config(&sink, SyslogTransport::Tls)).await;
    assert_eq!(report.outcome, Outcome::Transient, "{report:?}");
}

#[tokio::test]
async fn nobody_there_is_transient() {
    let sink = SyslogSink::tcp().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let config = Syslog { port, ..config(&sink, SyslogTransport::Tcp) };
    assert_eq!(tell(config).await.outcome, Outcome::Transient);
}
