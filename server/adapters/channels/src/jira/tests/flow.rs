//! Against a fake Jira.

use super::*;
use crate::{
    samples::channels,
    webhook::usual::{check_faults, check_silence, check_statuses},
};
use umpire_fakes::{Call, FakeVendor, Fault, Reply, Vendor, jira::Jira as FakeJira};
use umpire_notify::Channel;

/// `ops@example.com:token-of-ours-1`
const BASIC: &str = "Basic b3BzQGV4YW1wbGUuY29tOnRva2VuLW9mLW91cnMtMQ==";
const BEARER: &str = "Bearer token-of-ours-1";

fn at(fake: &FakeVendor) -> Jira {
    Jira { base_url: fake.url("/"), ..config() }
}

async fn cloud() -> FakeVendor {
    FakeVendor::start(FakeJira::cloud(BASIC, "SEC")).await
}

/// Hands over a notice of this reason, by channels without connections.
async fn tell(config: &Jira, reason: Reason) -> Report {
    let mut sample = sample();
    sample.notice.reason = reason;
    sample.to(&channels(), Channel::Jira(config.clone())).await
}

fn texts(fake: &FakeVendor) -> Vec<String> {
    let shown = fake.messages().into_iter();
    shown.map(|shown| format!("{}: {}", shown.to, shown.text)).collect()
}

#[tokio::test]
async fn an_issue_is_created_commented_and_closed() {
    let data_center = FakeVendor::start(FakeJira::data_center(BEARER, "SEC")).await;
    for (fake, username) in [(cloud().await, "ops@example.com"), (data_center, "")] {
        let config = Jira {
            username: username.into(),
            priorities: vec!["Highest".into(), "High".into()],
            resolve_transition: "done".into(),
            ..at(&fake)
        };
        for (reason, said) in [
            (Reason::First, "created"),
            (Reason::Repeated, "commented"),
            (Reason::LevelUp, "commented"),
            (Reason::Resolved, "closed"),
            (Reason::Resolved, "there is no open issue to close"),
            // The thread goes on in an issue of its own.
            (Reason::First, "created"),
        ] {
            let report = tell(&config, reason).await;
            assert_eq!((&report.outcome, &*report.detail), (&Outcome::Delivered, said));
            let key = match said {
                "created" if texts(&fake).len() > 1 => "SEC-2",
                "there is no open issue to close" => "",
                _ => "SEC-1",
            };
            assert_eq!(report.vendor_id, key, "{said}");
        }
        let words = "命中：底薪\n群聊：销售一群";
        let issue = format!("⚠️ P1 数据泄露 ×3\n{words}");
        let expected = [
            format!("SEC-1: {issue}"),
            format!("SEC-1: {words}"),
            format!("SEC-1: {words}"),
            "SEC-1: Done".to_owned(),
            format!("SEC-2: {issue}"),
        ];
        assert_eq!(texts(&fake), expected);
    }
}

#[tokio::test]
async fn without_a_transition_the_end_is_a_comment() {
    for (name, said) in
        [("", "commented"), ("Verify", "commented: the issue has no such transition")]
    {
        let fake = cloud().await;
        let config = Jira { resolve_transition: name.into(), ..at(&fake) };
        tell(&config, Reason::First).await;
        let report = tell(&config, Reason::Resolved).await;
        assert_eq!((&report.outcome, &*report.detail), (&Outcome::Delivered, said));
        assert_eq!(fake.messages().len(), 2);
    }
}

#[tokio::test]
async fn threads_have_issues_of_their_own() {
    let fake = cloud().await;
    for thread in ["a", "b", "a"] {
        let mut sample = sample();
        sample.notice.thread = thread.into();
        sample.to(&channels(), Channel::Jira(at(&fake))).await;
    }
    let keys: Vec<_> = fake.messages().into_iter().map(|shown| shown.to).collect();
    assert_eq!(keys, ["SEC-1", "SEC-2", "SEC-1"]);
}

/// Creates what it is asked for and loses the answer.
struct Forgetful(FakeJira);

impl Vendor for Forgetful {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        let mut reply = self.0.answer(call, now);
        if reply.status == 201 {
            reply.body.clear();
        }
        reply
    }
}

#[tokio::test]
async fn an_issue_whose_creation_was_not_answered_is_found_again() {
    let fake = FakeVendor::start(Forgetful(FakeJira::cloud(BASIC, "SEC"))).await;
    let first = tell(&at(&fake), Reason::First).await;
    assert_eq!(first.outcome, Outcome::Unknown, "{first:?}");
    let second = tell(&at(&fake), Reason::First).await;
    assert_eq!((second.outcome, &*second.vendor_id), (Outcome::Delivered, "SEC-1"));
    let keys: Vec<_> = fake.messages().into_iter().map(|shown| shown.to).collect();
    assert_eq!(keys, ["SEC-1", "SEC-1"]);
}

/// A search that lags is not waited for: better an issue twice than an alert not at all.
#[tokio::test]
async fn an_issue_that_no_search_sees_yet_is_created_again() {
    let fake = FakeVendor::start(FakeJira::cloud(BASIC, "SEC").lagging(1)).await;
    for expected in ["SEC-1", "SEC-2", "SEC-1"] {
        let report = tell(&at(&fake), Reason::First).await;
        assert_eq!((report.outcome, &*report.vendor_id), (Outcome::Delivered, expected));
    }
}

/// Answers every call of this kind with this status.
struct Failing(FakeJira, &'static str, u16);

impl Vendor for Failing {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        let body = json!({ "errorMessages": ["no"], "errors": { "field": "bad\r\nvalue" } });
        if call.path.ends_with(self.1) {
            return Reply::json(self.2, &body);
        }
        self.0.answer(call, now)
    }
}

#[tokio::test]
async fn each_step_may_fail() {
    use Outcome::{Permanent, Throttled, Transient, Unknown};
    for (path, status, expected) in [
        ("/search/jql", 400, Permanent),
        ("/search/jql", 429, Throttled(60)),
        ("/search/jql", 500, Transient),
        // Nothing was changed, so nothing can be twice.
        ("/search/jql", 202, Transient),
        ("/issue", 400, Permanent),
        ("/issue", 410, Permanent),
        ("/issue", 429, Throttled(60)),
        ("/issue", 502, Transient),
        ("/issue", 200, Unknown),
    ] {
        let fake = FakeVendor::start(Failing(FakeJira::cloud(BASIC, "SEC"), path, status)).await;
        let report = tell(&at(&fake), Reason::First).await;
        assert_eq!((report.outcome, report.status), (expected, status), "{path}");
        assert_eq!(report.detail, "no; field: bad  value", "{path} {status}");
        assert!(fake.messages().is_empty());
    }
    for (path, status, expected) in [
        ("/transitions", 500, Transient),
        ("/transitions", 202, Transient),
        ("/comment", 404, Permanent),
    ] {
        let jira = FakeJira::cloud(BASIC, "SEC");
        let fake = FakeVendor::start(Failing(jira, path, status)).await;
        let transition = if path == "/comment" { "" } else { "Done" };
        let config = Jira { resolve_transition: transition.into(), ..at(&fake) };
        assert_eq!(tell(&config, Reason::First).await.outcome, Outcome::Delivered);
        let report = tell(&config, Reason::Resolved).await;
        assert_eq!((report.outcome, report.status), (expected, status), "{path}");
    }
}

/// Finds an issue with a key that leads elsewhere.
struct Astray;

impl Vendor for Astray {
    fn answer(&mut self, _: &Call, _: f64) -> Reply {
        Reply::json(200, &json!({ "issues": [{ "key": "../../../admin?x=" }] }))
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_not_followed() {
    let fake = FakeVendor::start(Astray).await;
    let report = tell(&at(&fake), Reason::First).await;
    assert_eq!(report.outcome, Outcome::Transient);
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn other_answers_mean_the_usual_and_change_nothing() {
    use Outcome::{Permanent, Transient};
    let fake = cloud().await;
    let channel = Channel::Jira(at(&fake));
    check_statuses(&fake, &channel, "token-of-ours-1", &[(410, Permanent)]).await;
    check_faults(&fake, &channel, [Transient, Transient, Transient]).await;
    check_silence(&fake, &channel, Transient).await;
    assert!(fake.messages().is_empty());
    let limited = vec![("retry-after".to_owned(), "9".to_owned())];
    fake.fail_next([Fault::Status(429, limited, String::new())]);
    assert_eq!(tell(&at(&fake), Reason::First).await.outcome, Outcome::Throttled(9));
    let other = Jira { token: "another-token".into(), ..at(&fake) };
    let report = tell(&other, Reason::First).await;
    assert_eq!((report.outcome, report.status), (Outcome::Permanent, 401));
}
