use super::*;
use crate::samples::{Sample, sample};
use umpire_model::Secret;
use umpire_notify::EmailSecurity;

fn config() -> Email {
    Email {
        host: "mail.example.com".into(),
        port: 0,
        security: EmailSecurity::Plain,
        username: String::new(),
        password: Secret::default(),
        from: "值班 <umpire@example.com>".into(),
        to: vec!["a@example.com".into(), "B, C <b@example.com>".into()],
        ca_certificate: String::new(),
    }
}

fn mail(sample: &Sample) -> (Mail, String) {
    let mail = Mail::of(&config(), &sample.parcel()).expect("a mail");
    let text = String::from_utf8(mail.bytes.clone()).expect("UTF-8");
    (mail, text)
}

/// The head, with folded lines in one.
fn head(text: &str) -> String {
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    head.replace("\r\n ", " ").replace("\r\n\t", " ")
}

/// The value of the only header of that name.
fn header(text: &str, name: &str) -> String {
    let head = head(text);
    let mut found = head.lines().filter_map(|line| line.strip_prefix(&format!("{name}: ")));
    let value = found.next().unwrap_or_else(|| panic!("{name} in {head}")).to_owned();
    assert_eq!(found.next(), None, "{name} twice in {head}");
    value
}

#[test]
fn a_mail_says_what_it_is_to_people_and_programs() {
    let mut sample = sample();
    sample.notice.level = Level::P0;
    sample.time = Timestamp::parse_rfc3339("2023-11-14T22:13:20.5Z").expect("a time");
    let (mail, text) = mail(&sample);
    assert!(text.is_ascii(), "no server takes less");
    assert_eq!(mail.from.to_string(), "umpire@example.com");
    let to: Vec<_> = mail.to.iter().map(ToString::to_string).collect();
    assert_eq!(to, ["a@example.com", "b@example.com"]);
    let own = "<018f4e8a-0000-7000-8000-0000000000aa.018f4e8a-0000-7000-8000-000000000001\
               @example.com>";
    let thread = "<018f4e8a-0000-7000-8000-0000000000aa@example.com>";
    assert_eq!(mail.id, own);
    for (name, expected) in [
        ("Message-ID", own),
        ("In-Reply-To", thread),
        ("References", thread),
        ("Date", "Tue, 14 Nov 2023 22:13:20 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Alert-Level", "P0"),
        ("Importance", "high"),
        ("X-Priority", "1"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(header(&text, name), expected, "{name}");
    }
    assert!(header(&text, "Subject").starts_with("=?utf-8?b?"));
    assert!(header(&text, "From").ends_with(" <umpire@example.com>"));
    assert!(header(&text, "Content-Type").starts_with("multipart/alternative; boundary="));
    let (plain, html) = (text.find("text/plain"), text.find("text/html"));
    assert!(plain.is_some() && plain < html, "readers take the last part they know: {text}");
}

#[test]
fn only_the_most_urgent_are_marked_so() {
    let (_, text) = mail(&sample());
    assert_eq!(header(&text, "X-Alert-Level"), "P1");
    assert!(!head(&text).contains("Importance") && !head(&text).contains("X-Priority"));
}

#[test]
fn attempts_share_their_id_and_notices_of_a_thread_its_name() {
    let first = sample();
    let mut again = first.clone();
    again.time = again.time.plus_seconds(60);
    again.attempt = 2;
    let mut next = first.clone();
    next.id.0 = uuid::Uuid::from_u128(7);
    let thread = |sample: &Sample| header(&mail(sample).1, "References");
    assert_eq!(mail(&again).0.id, mail(&first).0.id);
    assert_ne!(mail(&next).0.id, mail(&first).0.id);
    assert_eq!(thread(&next), thread(&first));
}

#[test]
fn no_text_of_users_starts_a_header() {
    for bad in [
        "a\r\nBcc: x@example.com",
        "a\nBcc: x@example.com\n\nbody",
        "a\rBcc: x@example.com",
        "数\r\nBcc: x@example.com",
        "a\u{2028}Bcc: x@example.com\u{85}\u{0}",
    ] {
        let mut sample = sample();
        sample.rendered.title = bad.into();
        sample.notice.thread = bad.into();
        let (_, text) = mail(&sample);
        let head = head(&text);
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(!head.contains('\0'), "{head}");
        // A thread that could not stand in an id is hashed.
        let thread = header(&text, "References");
        assert_eq!(thread.len(), "<@example.com>".len() + 64, "{thread}");
    }
}

#[test]
fn a_subject_is_one_line_of_a_length() {
    assert_eq!(subject(" a\r\nb\u{2029}c\td "), "a  b c d");
    assert_eq!(subject(&"数".repeat(201)).chars().count(), 200);
}

#[test]
fn addresses_are_read() {
    for (text, name, address) in [
        ("a@example.com", None, "a@example.com"),
        (" a@example.com ", None, "a@example.com"),
        ("<a@example.com>", None, "a@example.com"),
        ("值班 <a@example.com>", Some("值班"), "a@example.com"),
        ("\"Duty, on\" <a@example.com>", Some("Duty, on"), "a@example.com"),
        ("a <b> <a@example.com>", Some("a <b>"), "a@example.com"),
    ] {
        let found = mailbox(text).expect(text);
        assert_eq!((found.name.as_deref(), &*found.email.to_string()), (name, address), "{text}");
    }
    for text in [
        "",
        "a",
        "a@",
        "@example.com",
        "a@example.com, b@example.com",
        "a@example.com>\r\nRCPT TO:<b@example.com",
        "a\r\n@example.com",
        "a@exam\nple.com",
        "Name <a@example.com> more",
    ] {
        assert!(mailbox(text).is_none(), "{text}");
    }
}

#[test]
fn names_cannot_break_out_of_their_header() {
    let config = Email { from: "a\"\r\nBcc: x \\ <b@example.com>".into(), ..config() };
    let mail = Mail::of(&config, &sample().parcel()).expect("a mail");
    let text = String::from_utf8(mail.bytes).expect("UTF-8");
    assert!(!head(&text).lines().any(|line| line.starts_with("Bcc")), "{text}");
}

#[test]
fn what_is_no_address_is_named_by_its_place() {
    let said = |config: &Email| Mail::of(config, &sample().parcel()).map_err(|e| e.to_string());
    let from = Email { from: "nobody".into(), ..config() };
    assert_eq!(said(&from).expect_err("bad"), "`from` is neither an address nor `Name <address>`");
    let to = Email { to: vec!["a@example.com".into(), "b".into()], ..config() };
    assert_eq!(said(&to).expect_err("bad"), "`to[1]` is neither an address nor `Name <address>`");
    assert!(said(&Email { to: Vec::new(), ..config() }).is_err());
}
