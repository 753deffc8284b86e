use super::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// Says these lines, each after an answer, and gives the codes that came back.
async fn talk(sink: &SmtpSink, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(sink.address()).await.unwrap());
    let mut codes = vec![answer(&mut stream).await];
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        codes.push(answer(&mut stream).await);
    }
    codes
}

/// The code of the last line of an answer; empty: the connection is closed.
async fn answer(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    while line.is_empty() || line.as_bytes()[3] == b'-' {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return String::new();
        }
    }
    line[..3].to_owned()
}

#[tokio::test]
async fn mails_are_kept_for_those_they_are_taken_for() {
    let sink = SmtpSink::start(SmtpOptions::default()).await;
    let codes = talk(
        &sink,
        &[
            "EHLO me",
            "RCPT TO:<early@example.com>",
            "MAIL FROM:<me@example.com>",
            "RCPT TO:<a@example.com>",
            "RCPT TO:<bad1@example.com>",
            "RCPT TO:<grey@example.com>",
            "RCPT TO:<full@example.com>",
            "RCPT TO:<数@example.com>",
            "DATA",
            "Subject: x\r\n\r\n..\r\n..dots\r\n.",
            "NOOP",
            "QUIT",
        ],
    )
    .await;
    let expected =
        ["220", "250", "503", "250", "250", "550", "451", "452", "553", "354", "250", "502", "221"];
    assert_eq!(codes, expected);
    let mails = sink.wait_for(1).await;
    assert_eq!((&*mails[0].from, &*mails[0].to), ("me@example.com", &["a@example.com".into()][..]));
    assert_eq!(mails[0].data, "Subject: x\r\n\r\n.\r\n.dots\r\n");
}

#[tokio::test]
async fn strangers_are_asked_to_log_in() {
    let login = Some(("me".to_owned(), "secret".to_owned()));
    let sink = SmtpSink::start(SmtpOptions { login, ..SmtpOptions::default() }).await;
    let plain =
        |text: &str| format!("AUTH PLAIN {}", data_encoding::BASE64.encode(text.as_bytes()));
    let mail = "MAIL FROM:<me@example.com>";
    for (log_in, expected) in [
        ("NOOP".to_owned(), ["220", "502", "530"]),
        (plain("\0me\0wrong"), ["220", "535", "530"]),
        (plain("\0me\0secret"), ["220", "235", "250"]),
    ] {
        assert_eq!(talk(&sink, &[&log_in, mail]).await, expected, "{log_in}");
    }
    let codes = talk(&sink, &["AUTH LOGIN", "bWU=", "c2VjcmV0", mail]).await;
    assert_eq!(codes, ["220", "334", "334", "235", "250"]);
}

#[tokio::test]
async fn faults_are_met_at_their_commands() {
    let sink = SmtpSink::start(SmtpOptions::default()).await;
    sink.fail_next([SmtpFault::Say("MAIL", "451 later"), SmtpFault::Close("EHLO")]);
    let mail = "MAIL FROM:<me@example.com>";
    assert_eq!(
        talk(&sink, &["EHLO me", mail, mail, "EHLO me"]).await,
        ["220", "250", "451", "250", ""]
    );
}
