//! Strikes are counted exactly: in one order, truly sliding, once for each message.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tonic::Code;
use umpire_proto::v1::{
    CheckMessageRequest, CheckMode, CreateSanctionRuleRequest, LiftSanctionRequest,
    ListStrikesRequest, Message, ResetStrikesRequest,
    RiskClass::{Fatal, HighRisk, Sensitive},
    SanctionKind::{LoginBan, Mute, Warn},
    SanctionRule, SanctionRuleMode, SanctionState, Sender, StrikeCounter, Subject, Verdict,
    sanction_rule::{Ladder, ladder::Step},
};
use umpire_testkit::{
    Clients, TestServer, check, classed_rule, reason, said_by, sanction, sanction_in,
    sanction_rule, sanctions, seconds, strikes, subject, violated,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A server with a word for each class, and these sanction rules.
async fn server_with(rules: Vec<CreateSanctionRuleRequest>) -> TestServer {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    for (word, class) in [("bad", Sensitive), ("worse", HighRisk), ("worst", Fatal)] {
        let mut request = classed_rule(word, &[word, &format!("{word}ly")], class);
        request.rule.as_mut().unwrap().labels = vec![format!("{word}-label")];
        clients.rules.create_rule(request).await.unwrap();
    }
    for rule in rules {
        clients.sanctions.create_sanction_rule(rule).await.unwrap();
    }
    server
}

/// A sanction rule for SENSITIVE, changed.
fn changed(
    id: &str,
    threshold: i32,
    change: impl FnOnce(&mut SanctionRule),
) -> CreateSanctionRuleRequest {
    let mut request = sanction_rule(id, Sensitive, threshold, Mute);
    change(request.sanction_rule.as_mut().unwrap());
    request
}

async fn says(server: &TestServer, user: &str, text: &str) -> Verdict {
    check(&server.clients(), said_by(user, text)).await.unwrap()
}

async fn counters(clients: &Clients, filter: &str) -> Vec<StrikeCounter> {
    let request = ListStrikesRequest { filter: filter.into(), ..<_>::default() };
    clients.sanctions.clone().list_strikes(request).await.unwrap().into_inner().strikes
}

/// Seconds from one moment to another.
fn lasted(from: Option<prost_types::Timestamp>, to: Option<prost_types::Timestamp>) -> Option<i64> {
    Some(to?.seconds - from?.seconds)
}

#[tokio::test]
async fn a_message_of_several_classes_is_counted_in_the_one_order() {
    let server = server_with(vec![
        sanction_rule("low", Sensitive, 1, Warn),
        sanction_rule("high", HighRisk, 2, Mute),
        sanction_rule("top", Fatal, 3, LoginBan),
    ])
    .await;
    let clients = server.clients();
    let text = "bad, worse, worst";
    let first = says(&server, "p", text).await;
    assert_eq!(strikes(&first), ["top 1/3", "high 1/2", "low 1/1 crossed"]);
    let warned = sanction(&clients, &first.sanctions[0]).await.unwrap();
    assert_eq!((warned.kind(), warned.end_time, warned.permanent), (Warn, None, false));
    assert_eq!(warned.sanction_rule, "tenants/default/sanctionRules/low");
    assert_eq!(warned.audit_records, std::slice::from_ref(&first.audit_record));

    let second = says(&server, "p", text).await;
    assert_eq!(strikes(&second), ["top 2/3", "high 2/2 crossed"], "the search stops there");
    let muted = sanction(&clients, &second.sanctions[0]).await.unwrap();
    assert_eq!((muted.kind(), lasted(muted.start_time, muted.end_time)), (Mute, Some(HOUR)));
    let third = says(&server, "p", text).await;
    assert_eq!(strikes(&third), ["top 3/3 crossed"]);
    assert_eq!(sanction(&clients, &third.sanctions[0]).await.unwrap().kind(), LoginBan);
    // Both mute and ban are stronger than what comes now.
    let fourth = says(&server, "p", text).await;
    assert_eq!(strikes(&fourth), ["top 1/3", "high 1/2", "low 1/1 crossed"]);
    let by = &fourth.strikes[2].suppressed_by;
    assert!([&muted.name, &third.sanctions[0]].contains(&by), "{by}");
    let stopped = sanctions(&clients, "suppressed = true").await;
    assert_eq!((stopped.len(), stopped[0].state()), (1, SanctionState::Done));
    assert_eq!(&stopped[0].suppressed_by, by);
}

#[tokio::test]
async fn only_a_rule_that_fits_counts() {
    let server = server_with(vec![
        changed("label", 9, |rule| rule.labels = vec!["other".into(), "bad-label".into()]),
        changed("other-label", 9, |rule| rule.labels = vec!["other".into()]),
        changed("place", 9, |rule| {
            (rule.servers, rule.channels) = (vec!["s1".into()], vec!["store".into()]);
        }),
        changed("poor", 9, |rule| rule.charge_to = Some(100)),
        changed("rich", 9, |rule| rule.charge_from = Some(100)),
        changed("off", 1, |rule| rule.mode = SanctionRuleMode::Off as i32),
    ])
    .await;
    let clients = server.clients();
    let sender = |server_id: &str, channel: &str, total_recharge| Sender {
        user_id: "p".into(),
        server_id: server_id.into(),
        channel: channel.into(),
        total_recharge,
        ..<_>::default()
    };
    for (sender, expected) in [
        (sender("", "", None), "label"),
        (sender("s1", "store", None), "label place"),
        (sender("s1", "web", None), "label"),
        (sender("s2", "store", None), "label"),
        (sender("", "", Some(0)), "label poor"),
        (sender("", "", Some(99)), "label poor"),
        (sender("", "", Some(100)), "label rich"),
        (sender("", "", Some(i64::MAX)), "label rich"),
    ] {
        let said = Message { sender: Some(sender.clone()), ..umpire_testkit::message("bad") };
        let verdict = check(&clients, said).await.unwrap();
        let names = verdict.strikes.iter().map(|strike| strike.sanction_rule.rsplit('/'));
        let mut ids: Vec<_> = names.filter_map(|mut parts| parts.next()).collect();
        ids.sort_unstable();
        assert_eq!(ids.join(" "), expected, "{sender:?}");
    }
    let nobody = check(&clients, umpire_testkit::message("bad")).await.unwrap();
    assert!(nobody.strikes.is_empty(), "without a user there is nobody to count");
}

#[tokio::test]
async fn subjects_are_told_apart_by_all_that_is_compared() {
    let server = server_with(vec![sanction_rule("r", Sensitive, 9, Mute)]).await;
    let base = Sender { user_id: "p".into(), ..<_>::default() };
    for (sender, expected) in [
        (base.clone(), "r 1/9"),
        (Sender { server_id: "s".into(), ..base.clone() }, "r 1/9"),
        (Sender { channel: "s".into(), ..base.clone() }, "r 1/9"),
        (Sender { category: "s".into(), ..base.clone() }, "r 1/9"),
        (Sender { role_id: "s".into(), ..base.clone() }, "r 1/9"),
        (Sender { user_id: "q".into(), ..base.clone() }, "r 1/9"),
        (Sender { display_name: "P".into(), role_name: "R".into(), ..base.clone() }, "r 2/9"),
        (Sender { server_name: "S".into(), ip: "10.0.0.1".into(), ..base }, "r 3/9"),
    ] {
        let said = Message { sender: Some(sender.clone()), ..umpire_testkit::message("bad") };
        let verdict = check(&server.clients(), said).await.unwrap();
        assert_eq!(strikes(&verdict), [expected], "{sender:?}");
    }
}

#[tokio::test]
async fn a_window_slides_to_the_second() {
    let mut server = server_with(vec![sanction_rule("r", Sensitive, 3, Mute)]).await;
    assert_eq!(strikes(&says(&server, "early", "bad").await), ["r 1/3"]);
    assert_eq!(strikes(&says(&server, "late", "bad").await), ["r 1/3"]);
    server.clock.advance_seconds(36 * HOUR);
    assert_eq!(strikes(&says(&server, "early", "bad").await), ["r 2/3"]);
    assert_eq!(strikes(&says(&server, "late", "bad").await), ["r 2/3"]);
    server.restart().await;
    server.clock.advance_seconds(36 * HOUR - 1);
    assert_eq!(strikes(&says(&server, "early", "bad").await), ["r 3/3 crossed"]);
    server.clock.advance_seconds(2);
    assert_eq!(strikes(&says(&server, "late", "bad").await), ["r 2/3"], "the first is 72 h old");
    server.clock.advance_seconds(36 * HOUR - 10);
    assert_eq!(strikes(&says(&server, "late", "bad").await), ["r 3/3 crossed"]);
    assert_eq!(strikes(&says(&server, "late", "bad").await), ["r 1/3"], "they were cleared");
}

#[tokio::test]
async fn a_counter_outlives_any_window() {
    let long = changed("r", 2, |rule| rule.window = seconds(366 * DAY));
    let mut server = server_with(vec![long]).await;
    says(&server, "p", "bad").await;
    server.clock.advance_seconds(365 * DAY);
    server.restart().await;
    assert_eq!(counters(&server.clients(), "").await[0].count, 1);
    assert_eq!(strikes(&says(&server, "p", "bad").await), ["r 2/2 crossed"]);
    says(&server, "p", "bad").await;
    server.clock.advance_seconds(366 * DAY + 1);
    assert!(counters(&server.clients(), "").await.is_empty());
}

#[tokio::test]
async fn matches_count_where_a_rule_says_so() {
    use umpire_proto::v1::CountMode;
    let each = changed("each", 9, |rule| rule.count_mode = CountMode::PerMatch as i32);
    let server = server_with(vec![each, sanction_rule("once", Sensitive, 9, Warn)]).await;
    let first = says(&server, "p", "bad bad badly worse").await;
    let fitting = first.matches.iter().filter(|found| found.risk_class() == Sensitive).count();
    assert!(fitting > 1, "{:?}", first.matches);
    let expected =
        |messages| vec![format!("each {}/9", fitting * messages), format!("once {messages}/9")];
    assert_eq!(strikes(&first), expected(1));
    assert_eq!(strikes(&says(&server, "p", "bad bad badly").await), expected(2));
}

/// Sends each of 10,000 messages `copies` times from 64 tasks, whoever comes first, and
/// gives how many verdicts told of a crossing.
async fn flood(server: &TestServer, copies: usize) -> usize {
    const MESSAGES: usize = 10_000;
    let next = Arc::new(AtomicUsize::new(0));
    let clients = server.clients();
    let tasks = (0..64).map(|_| {
        let (next, clients) = (next.clone(), clients.clone());
        tokio::spawn(async move {
            let mut crossed = 0;
            loop {
                let turn = next.fetch_add(1, Ordering::SeqCst);
                if turn >= MESSAGES * copies {
                    return crossed;
                }
                let message_id = format!("m{}", turn / copies);
                let said = Message { message_id, ..said_by("p", "bad") };
                let verdict = check(&clients, said).await.unwrap();
                let here = verdict.strikes.iter().filter(|strike| strike.crossed).count();
                crossed += if verdict.replayed { 0 } else { here };
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut crossed = 0;
    for task in tasks {
        crossed += task.await.unwrap();
    }
    crossed
}

async fn check_flood(copies: usize) {
    let server = server_with(vec![sanction_rule("r", Sensitive, 7, Mute)]).await;
    assert_eq!(flood(&server, copies).await, 10_000 / 7);
    let recorded = sanctions(&server.clients(), "sanction_rule = r").await;
    assert_eq!(recorded.len(), 10_000 / 7);
    let carried_out = recorded.iter().filter(|sanction| sanction.suppressed_by.is_empty());
    let first: Vec<_> = carried_out.collect();
    assert_eq!(first.len(), 1, "the others fell into its time");
    let mut others = recorded.iter().filter(|sanction| sanction.name != first[0].name);
    assert!(others.all(|other| other.suppressed_by == first[0].name));
    let left = counters(&server.clients(), "subject.user_id = p").await;
    assert_eq!((left.len(), left[0].count), (1, 10_000 % 7));
}

#[tokio::test(flavor = "multi_thread")]
async fn crossings_are_exact_whoever_sends_at_once() {
    check_flood(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn crossings_are_exact_when_every_message_is_sent_three_times() {
    check_flood(3).await;
}

#[tokio::test]
async fn batches_and_repeats_count_as_single_messages_do() {
    use umpire_proto::v1::BatchCheckMessagesRequest;
    let server = server_with(vec![sanction_rule("r", Sensitive, 4, Mute)]).await;
    let said = |id: &str| Message { message_id: id.into(), ..said_by("p", "bad") };
    let messages = ["1", "2", "1", "3", "4", "4", "5"].map(said).to_vec();
    let request = BatchCheckMessagesRequest { messages, ..<_>::default() };
    let mut moderation = server.clients().moderation;
    moderation.batch_check_messages(request.clone()).await.unwrap();
    assert_eq!(sanctions(&server.clients(), "").await.len(), 1);
    assert_eq!(counters(&server.clients(), "").await[0].count, 1);
    // All of it once more changes nothing, and tells the same.
    moderation.batch_check_messages(request).await.unwrap();
    let replayed = check(&server.clients(), said("4")).await.unwrap();
    assert!(replayed.replayed);
    assert_eq!((strikes(&replayed), replayed.sanctions.len()), (vec!["r 4/4 crossed".into()], 1));
    assert_eq!(counters(&server.clients(), "").await[0].count, 1);
}

#[tokio::test]
async fn what_has_no_effect_counts_nothing() {
    let server = server_with(vec![sanction_rule("r", Sensitive, 1, Mute)]).await;
    let clients = server.clients();
    let dry = CheckMessageRequest {
        message: Some(said_by("p", "bad")),
        mode: CheckMode::DryRun as i32,
        ..<_>::default()
    };
    let verdict = clients.moderation.clone().check_message(dry).await.unwrap().into_inner();
    assert!(verdict.verdict.unwrap().strikes.is_empty());
    assert!(says(&server, "p", "harmless").await.strikes.is_empty());
    let mut tried = classed_rule("tried", &["odd"], Sensitive);
    tried.rule.as_mut().unwrap().mode = umpire_proto::v1::RuleMode::Shadow as i32;
    clients.rules.clone().create_rule(tried).await.unwrap();
    let shadow = says(&server, "p", "odd").await;
    assert_eq!((shadow.matches.len(), shadow.strikes.len()), (1, 0), "the word's rule is a shadow");
    assert!(sanctions(&clients, "").await.is_empty());
}

#[tokio::test]
async fn a_shadow_rule_records_what_it_would_have_done_and_stops_no_other() {
    let shadow = changed("shadow", 1, |rule| {
        (rule.mode, rule.priority) = (SanctionRuleMode::Shadow as i32, 10);
    });
    let server = server_with(vec![shadow, sanction_rule("real", Sensitive, 1, Mute)]).await;
    let verdict = says(&server, "p", "bad").await;
    assert_eq!(strikes(&verdict), ["shadow 1/1 crossed", "real 1/1 crossed"]);
    let reasons: Vec<_> = verdict.strikes.iter().map(|one| one.suppressed_by.as_str()).collect();
    assert_eq!(reasons, ["shadow", ""]);
    assert_eq!(verdict.sanctions.len(), 1);
    let recorded = sanctions(&server.clients(), "suppressed = true").await;
    assert_eq!((recorded.len(), recorded[0].suppressed_by.as_str()), (1, "shadow"));
    assert_eq!(recorded[0].state(), SanctionState::Done);
    assert!(recorded[0].sanction_rule.ends_with("/shadow"));
}

#[tokio::test]
async fn a_crossing_under_a_stronger_sanction_clears_the_strikes_and_is_recorded() {
    let server = server_with(vec![sanction_rule("r", Sensitive, 2, Mute)]).await;
    let clients = server.clients();
    says(&server, "p", "bad").await;
    let muted = says(&server, "p", "bad").await.sanctions.remove(0);
    says(&server, "p", "bad").await;
    let crossed = says(&server, "p", "bad").await;
    assert_eq!(strikes(&crossed), ["r 2/2 crossed"]);
    assert_eq!(crossed.strikes[0].suppressed_by, muted);
    assert!(crossed.sanctions.is_empty(), "no second sanction");
    assert!(counters(&clients, "").await.is_empty());
    // Once the hour is over the next crossing counts in full.
    server.clock.advance_seconds(HOUR + 1);
    says(&server, "p", "bad").await;
    let again = says(&server, "p", "bad").await;
    assert_eq!((again.sanctions.len(), again.strikes[0].suppressed_by.as_str()), (1, ""));
}

/// How long the sanctions of one offence after the other last; each is over, and
/// `pause` more, before the next.
async fn climb(server: &TestServer, offences: usize, pause: i64) -> Vec<Option<i64>> {
    let mut lengths = Vec::new();
    for _ in 0..offences {
        let verdict = says(server, "p", "bad").await;
        let given = sanction(&server.clients(), &verdict.sanctions[0]).await.unwrap();
        let length = lasted(given.start_time, given.end_time);
        let told = verdict.strikes[0].next.as_ref().unwrap().duration;
        assert_eq!(told.map(|told| told.seconds), length, "the verdict tells what it brought");
        assert_eq!(given.permanent, length.is_none());
        server.clock.advance_seconds(length.unwrap_or_default() + pause);
        lengths.push(length);
    }
    lengths
}

#[tokio::test]
async fn a_ladder_by_factor_has_a_maximum_and_forgets() {
    let rule = changed("r", 1, |rule| {
        rule.duration = seconds(60);
        rule.ladder = Some(Ladder {
            factor: 3.0,
            maximum: seconds(1_000),
            memory: seconds(DAY),
            ..<_>::default()
        });
    });
    let server = server_with(vec![rule]).await;
    assert_eq!(climb(&server, 5, 1).await, [60, 180, 540, 1_000, 1_000].map(Some));
    server.clock.advance_seconds(DAY);
    assert_eq!(climb(&server, 2, 1).await, [60, 180].map(Some));
}

#[tokio::test]
async fn a_ladder_by_steps_ends_with_its_last() {
    let rule = changed("r", 1, |rule| {
        let timed = |length| Step { duration: seconds(length), ..<_>::default() };
        let last = Step { kind: LoginBan as i32, permanent: true, ..<_>::default() };
        let steps = vec![timed(60), timed(3_600), last];
        rule.ladder = Some(Ladder { steps, memory: seconds(30 * DAY), ..<_>::default() });
    });
    let server = server_with(vec![rule]).await;
    assert_eq!(climb(&server, 3, 1).await, [Some(60), Some(3_600), None]);
    let newest = &sanctions(&server.clients(), "").await[0];
    assert_eq!((newest.kind(), newest.permanent, newest.step), (LoginBan, true, 3));
}

#[tokio::test]
async fn a_ladder_takes_steps_back_with_time() {
    let rule = changed("r", 1, |rule| {
        rule.duration = seconds(60);
        rule.ladder = Some(Ladder {
            factor: 2.0,
            memory: seconds(100 * DAY),
            decay: seconds(DAY),
            ..<_>::default()
        });
    });
    let server = server_with(vec![rule]).await;
    assert_eq!(climb(&server, 3, 1).await, [60, 120, 240].map(Some));
    server.clock.advance_seconds(2 * DAY);
    assert_eq!(climb(&server, 1, 1).await, [Some(120)], "three, less two days");
}

async fn lift(clients: &Clients, name: &str, grace: Option<i64>) {
    let request = LiftSanctionRequest {
        name: name.into(),
        reason: "a mistake".into(),
        grace: grace.and_then(seconds),
        ..<_>::default()
    };
    clients.sanctions.clone().lift_sanction(request).await.unwrap();
}

#[tokio::test]
async fn a_lifted_sanction_is_no_step_of_the_ladder() {
    let rule = changed("r", 1, |rule| {
        rule.duration = seconds(60);
        rule.ladder = Some(Ladder { factor: 2.0, memory: seconds(DAY), ..<_>::default() });
    });
    let server = server_with(vec![rule]).await;
    let first = says(&server, "p", "bad").await;
    lift(&server.clients(), &first.sanctions[0], None).await;
    assert_eq!(climb(&server, 2, 1).await, [60, 120].map(Some));
}

#[tokio::test]
async fn a_lift_gives_a_grace() {
    let rule = changed("r", 1, |rule| rule.grace = seconds(HOUR));
    let server = server_with(vec![rule]).await;
    let clients = server.clients();
    for (grace, lasts) in [(None, HOUR), (Some(60), 60)] {
        let verdict = says(&server, "p", "bad").await;
        lift(&clients, &verdict.sanctions[0], grace).await;
        assert!(says(&server, "p", "bad").await.strikes.is_empty(), "{grace:?}");
        assert_eq!(strikes(&says(&server, "q", "bad").await), ["r 1/1 crossed"], "q has none");
        server.clock.advance_seconds(lasts - 1);
        assert!(says(&server, "p", "bad").await.strikes.is_empty(), "{grace:?}");
        server.clock.advance_seconds(2);
    }
    let verdict = says(&server, "p", "bad").await;
    lift(&clients, &verdict.sanctions[0], Some(0)).await;
    assert_eq!(strikes(&says(&server, "p", "bad").await), ["r 1/1 crossed"], "none was wanted");
}

#[tokio::test]
async fn a_verdict_tells_what_comes_next() {
    let rule = changed("r", 2, |rule| {
        rule.duration = seconds(60);
        rule.ladder = Some(Ladder { factor: 2.0, memory: seconds(DAY), ..<_>::default() });
    });
    let server = server_with(vec![rule]).await;
    let first = says(&server, "p", "bad").await;
    let strike = &first.strikes[0];
    let next = strike.next.as_ref().unwrap();
    assert_eq!((next.kind(), next.duration, next.permanent), (Mute, seconds(60), false));
    assert_eq!((strike.count, strike.threshold, strike.window), (1, 2, seconds(3 * DAY)));
    assert_eq!(strike.sanction_rule, "tenants/default/sanctionRules/r");
    let muted = says(&server, "p", "bad").await.sanctions.remove(0);
    sanction_in(&server.clients(), &muted, SanctionState::Done).await;
    server.clock.advance_seconds(61);
    let later = says(&server, "p", "bad").await;
    let next = later.strikes[0].next.as_ref().unwrap();
    assert_eq!(next.duration, seconds(120), "the second step");
    let record = umpire_proto::v1::GetAuditRecordRequest { name: first.audit_record };
    let record = server.clients().audit.get_audit_record(record).await.unwrap().into_inner();
    assert_eq!(record.audit_record.unwrap().strikes, first.strikes);
}

#[tokio::test]
async fn strikes_are_listed_and_reset() {
    let server = server_with(vec![
        sanction_rule("a", Sensitive, 9, Mute),
        sanction_rule("b", HighRisk, 9, Mute),
    ])
    .await;
    let clients = server.clients();
    for (user, text) in [("p", "bad worse"), ("p", "bad"), ("q", "bad")] {
        says(&server, user, text).await;
    }
    let all = counters(&clients, "").await;
    assert_eq!(all.len(), 3);
    let two = counters(&clients, "sanction_rule = a AND subject.user_id = p").await;
    assert_eq!((two[0].count, two[0].threshold, two[0].window), (2, 9, seconds(3 * DAY)));
    assert!(two[0].first_time.unwrap().seconds <= two[0].last_time.unwrap().seconds);
    let reset = |subject: Subject, rule: &str, reason: &str| ResetStrikesRequest {
        subject: Some(subject),
        sanction_rule: rule.into(),
        reason: reason.into(),
        ..<_>::default()
    };
    let mut service = clients.sanctions.clone();
    let unreasoned = service.reset_strikes(reset(subject("p"), "", "")).await.unwrap_err();
    assert_eq!(
        (unreasoned.code(), violated(&unreasoned)),
        (Code::InvalidArgument, vec!["reason".into()])
    );
    let nobody = service.reset_strikes(reset(<_>::default(), "", "why")).await.unwrap_err();
    assert_eq!(violated(&nobody), ["subject.user_id"]);
    assert_eq!(counters(&clients, "").await, all, "nothing changed");
    let rule = "tenants/default/sanctionRules/a";
    let done = service.reset_strikes(reset(subject("p"), rule, "a mistake")).await.unwrap();
    assert_eq!(done.into_inner().strikes, 2);
    assert_eq!(counters(&clients, "").await.len(), 2);
    let done = service.reset_strikes(reset(subject("p"), "", "a mistake")).await.unwrap();
    assert_eq!(done.into_inner().strikes, 1);
    assert_eq!(strikes(&says(&server, "p", "bad").await), ["a 1/9"]);
    let foreign = ListStrikesRequest { parent: "tenants/other".into(), ..<_>::default() };
    let refused = service.list_strikes(foreign).await.unwrap_err();
    assert_eq!(reason(&refused), "TENANT_FORBIDDEN");
}
