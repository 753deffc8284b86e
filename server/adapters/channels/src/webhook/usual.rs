//! What every channel makes of answers that are no vendor's own, and of none.

use crate::samples::{channels, channels_waiting, sample};
use std::time::Duration;
use umpire_fakes::{FakeVendor, Fault};
use umpire_notify::{Channel, Outcome, Report};

/// Statuses, the seconds of a `Retry-After`, and what follows.
const STATUSES: [(u16, Option<u64>, Outcome); 23] = [
    (301, None, Outcome::Permanent),
    (302, None, Outcome::Permanent),
    (307, None, Outcome::Permanent),
    (308, None, Outcome::Permanent),
    (400, None, Outcome::Permanent),
    (401, None, Outcome::Permanent),
    (403, None, Outcome::Permanent),
    (404, None, Outcome::Permanent),
    (405, None, Outcome::Permanent),
    (408, None, Outcome::Transient),
    (410, None, Outcome::Gone),
    (413, None, Outcome::Permanent),
    (422, None, Outcome::Permanent),
    (425, None, Outcome::Transient),
    (429, None, Outcome::Throttled(60)),
    (429, Some(7), Outcome::Throttled(7)),
    (500, None, Outcome::Transient),
    (501, None, Outcome::Permanent),
    (502, None, Outcome::Transient),
    (503, None, Outcome::Transient),
    (503, Some(120), Outcome::Throttled(120)),
    (504, None, Outcome::Transient),
    (599, None, Outcome::Transient),
];

/// Tries every status with a page that says back what is secret. For some a channel may have
/// another outcome.
pub(crate) async fn check_statuses(
    fake: &FakeVendor,
    channel: &Channel,
    secret: &str,
    others: &[(u16, Outcome)],
) {
    let channels = channels();
    for (status, wait, usual) in STATUSES {
        // The fake closes the connection, and says so: the next call takes another.
        let mut headers = vec![("connection".to_owned(), "close".to_owned())];
        headers.extend(wait.map(|wait| ("retry-after".to_owned(), wait.to_string())));
        fake.fail_next([Fault::Status(status, headers, format!("<p>no {secret}</p>"))]);
        let report = sample().to(&channels, channel.clone()).await;
        let other = others.iter().find(|(other, _)| *other == status);
        let expected = other.map_or(&usual, |(_, outcome)| outcome);
        assert_eq!(&report.outcome, expected, "{status} {wait:?}: {report:?}");
        assert_eq!(report.status, status);
        assert!(!format!("{report:?}").contains(secret), "{report:?}");
    }
    assert!(!format!("{channel:?}").contains(secret), "{channel:?}");
    assert!(fake.messages().is_empty());
}

/// Tries what can go wrong on the way. `answers` are what 200 means without a body, with the
/// beginning of JSON, and with too much to read.
pub(crate) async fn check_faults(fake: &FakeVendor, channel: &Channel, answers: [Outcome; 3]) {
    let [empty, garbage, huge] = answers;
    let elsewhere = fake.url("/elsewhere");
    fake.fail_next([Fault::CloseBeforeRead]);
    // Of a call that only looks something up, nothing can have been taken.
    let broken = deliver(channel).await.outcome;
    assert!(matches!(broken, Outcome::Unknown | Outcome::Transient), "{broken:?}");
    for (fault, expected) in [
        (Fault::Empty200, empty),
        (Fault::GarbageJson, garbage),
        (Fault::HugeBody(1 << 20), huge),
        (Fault::Redirect(elsewhere), Outcome::Permanent),
    ] {
        fake.fail_next([fault.clone()]);
        let report = deliver(channel).await;
        assert_eq!(report.outcome, expected, "{fault:?}: {report:?}");
    }
    assert!(fake.calls().iter().all(|call| call.path != "/elsewhere"), "a redirect was followed");
}

/// Tries a vendor that does nothing, and one that does its work and takes long to say so.
pub(crate) async fn check_silence(fake: &FakeVendor, channel: &Channel, expected: Outcome) {
    for fault in [Fault::Hang, Fault::SlowDrip] {
        fake.fail_next([fault.clone()]);
        let channels = channels_waiting(Duration::from_millis(300));
        let report = sample().to(&channels, channel.clone()).await;
        assert_eq!(report.outcome, expected, "{fault:?}: {report:?}");
    }
}

/// The sample, by channels that have no connections yet.
pub(crate) async fn deliver(channel: &Channel) -> Report {
    sample().to(&channels(), channel.clone()).await
}
