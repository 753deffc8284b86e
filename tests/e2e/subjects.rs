//! What holds for a subject is told from memory; people sanction by hand.

use tonic::{Code, Status};
use umpire_proto::v1::{
    BatchCheckSubjectsRequest, CheckSubjectRequest, CheckSubjectResponse, CreateSanctionRequest,
    LiftSanctionRequest, ListSanctionsRequest, LocalizedText, Sanction,
    SanctionKind::{LoginBan, Mute, Warn},
    SanctionOrigin, SanctionState, Subject,
};
use umpire_testkit::{
    Clients, TestServer, eventually, reason, sanction, sanction_in, sanctions, seconds, subject,
    violated,
};

/// A mute for good, by hand.
fn by_hand(subject: Subject) -> CreateSanctionRequest {
    let sanction = Sanction {
        subject: Some(subject),
        kind: Mute as i32,
        permanent: true,
        reason: "insults".into(),
        ..<_>::default()
    };
    CreateSanctionRequest { sanction: Some(sanction), ..<_>::default() }
}

fn with(change: impl FnOnce(&mut Sanction)) -> CreateSanctionRequest {
    let mut request = by_hand(subject("p"));
    change(request.sanction.as_mut().unwrap());
    request
}

async fn made(clients: &Clients, request: CreateSanctionRequest) -> Result<Sanction, Status> {
    let answer = clients.sanctions.clone().create_sanction(request).await?;
    Ok(answer.into_inner().sanction.unwrap())
}

async fn asked(clients: &Clients, subject: Subject) -> CheckSubjectResponse {
    let request = CheckSubjectRequest { subject: Some(subject), ..<_>::default() };
    clients.sanctions.clone().check_subject(request).await.unwrap().into_inner()
}

/// The answer once it holds so many restrictions.
async fn restricted(clients: &Clients, subject: Subject, count: usize) -> CheckSubjectResponse {
    eventually(&format!("{count} restrictions of {subject:?}"), async || {
        let answer = asked(clients, subject.clone()).await;
        (answer.restrictions.len() == count).then_some(answer)
    })
    .await
}

#[tokio::test]
async fn a_sanction_by_hand_holds_until_its_end() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    let mut request = with(|sanction| {
        (sanction.permanent, sanction.kick_online) = (false, true);
        let message = LocalizedText { fallback: "Calm down.".into(), ..<_>::default() };
        sanction.player_message = Some(message);
        (sanction.remark, sanction.callback_info) = ("ticket 12".into(), "x=1".into());
        // What the server sets cannot be given.
        (sanction.operator, sanction.step) = ("somebody else".into(), 7);
    });
    request.duration = seconds(600);
    request.sanction_id = "0193a7b2-5c1e-7cc0-8000-00000000abcd".into();
    let tried = CreateSanctionRequest { validate_only: true, ..request.clone() };
    made(&clients, tried).await.unwrap();
    assert!(sanctions(&clients, "").await.is_empty(), "it was only tried");
    let first = made(&clients, request.clone()).await.unwrap();
    assert_eq!(first.name, "tenants/default/sanctions/0193a7b2-5c1e-7cc0-8000-00000000abcd");
    assert_eq!((first.origin(), first.operator.as_str()), (SanctionOrigin::Manual, "local"));
    let lasts = first.end_time.unwrap().seconds - first.start_time.unwrap().seconds;
    assert_eq!((lasts, first.step, first.remark.as_str()), (600, 0, "ticket 12"));
    let again = made(&clients, request).await.unwrap_err();
    assert_eq!(reason(&again), "ALREADY_EXISTS");

    sanction_in(&clients, &first.name, SanctionState::Done).await;
    let answer = restricted(&clients, subject("p"), 1).await;
    let restriction = &answer.restrictions[0];
    assert_eq!((&restriction.sanction, restriction.kind()), (&first.name, Mute));
    assert_eq!(restriction.player_message.as_ref().unwrap().fallback, "Calm down.");
    assert_eq!((restriction.end_time, restriction.permanent), (first.end_time, false));
    assert!(answer.as_of.is_some());
    server.restart().await;
    let clients = server.clients();
    assert_eq!(asked(&clients, subject("p")).await.restrictions.len(), 1, "at once after a start");
    // The end needs nobody: it holds to the second.
    server.clock.advance_seconds(601);
    assert!(asked(&clients, subject("p")).await.restrictions.is_empty());
    sanction_in(&clients, &first.name, SanctionState::Expired).await;
}

#[tokio::test]
async fn what_ends_last_is_told_first_and_a_warning_restricts_nobody() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let lasting = |length, kind| {
        let mut request = with(|sanction| (sanction.permanent, sanction.kind) = (false, kind));
        request.duration = seconds(length);
        request
    };
    for request in [
        lasting(60, Mute as i32),
        lasting(600, LoginBan as i32),
        with(|_| {}),
        with(|sanction| (sanction.permanent, sanction.kind) = (false, Warn as i32)),
    ] {
        made(&clients, request).await.unwrap();
    }
    let answer = restricted(&clients, subject("p"), 3).await;
    let told: Vec<_> = answer.restrictions.iter().map(|one| (one.kind(), one.permanent)).collect();
    assert_eq!(told, [(Mute, true), (LoginBan, false), (Mute, false)]);
    server.clock.advance_seconds(61);
    assert_eq!(asked(&clients, subject("p")).await.restrictions.len(), 2);
    let permanent = answer.restrictions[0].sanction.clone();
    let reason = "a mistake".to_owned();
    let lift = LiftSanctionRequest { name: permanent, reason, ..<_>::default() };
    clients.sanctions.clone().lift_sanction(lift).await.unwrap();
    restricted(&clients, subject("p"), 1).await;
}

#[tokio::test]
async fn an_empty_field_stands_for_all() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let on = |user: &str, server_id: &str, channel: &str| Subject {
        server_id: server_id.into(),
        channel: channel.into(),
        ..subject(user)
    };
    made(&clients, by_hand(on("everywhere", "", ""))).await.unwrap();
    made(&clients, by_hand(on("here", "s1", ""))).await.unwrap();
    restricted(&clients, subject("everywhere"), 1).await;
    restricted(&clients, subject("here"), 1).await;
    let cases = [
        (on("everywhere", "s1", "web"), 1),
        (on("everywhere", "s2", ""), 1),
        (on("here", "s1", "web"), 1),
        (on("here", "s2", "web"), 0),
        (on("here", "", "web"), 1),
        (on("nobody", "s1", "web"), 0),
    ];
    let subjects = cases.iter().map(|(subject, _)| subject.clone()).collect();
    let request = BatchCheckSubjectsRequest { subjects, ..<_>::default() };
    let answer = clients.sanctions.clone().batch_check_subjects(request).await.unwrap();
    let found: Vec<_> =
        answer.into_inner().results.iter().map(|one| one.restrictions.len()).collect();
    assert_eq!(found, cases.map(|(_, count)| count));
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_field() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let past = Some(prost_types::Timestamp { seconds: 1, nanos: 0 });
    let long = "x".repeat(2_001);
    for (request, field) in [
        (with(|sanction| sanction.subject = None), "sanction.subject.user_id"),
        (with(|sanction| sanction.subject = Some(subject(""))), "sanction.subject.user_id"),
        (with(|sanction| sanction.kind = 0), "sanction.kind"),
        (with(|sanction| sanction.reason.clear()), "sanction.reason"),
        (with(|sanction| sanction.reason = "x".repeat(501)), "sanction.reason"),
        (with(|sanction| sanction.remark = long), "sanction.remark"),
        (with(|sanction| sanction.permanent = false), "sanction.end_time"),
        (
            with(|sanction| (sanction.permanent, sanction.end_time) = (false, past)),
            "sanction.end_time",
        ),
        (with(|sanction| sanction.kind = Warn as i32), "sanction.end_time"),
        (CreateSanctionRequest { sanction_id: "x".into(), ..with(|_| {}) }, "sanction_id"),
        (CreateSanctionRequest { request_id: "7".into(), ..with(|_| {}) }, "request_id"),
        (
            CreateSanctionRequest {
                duration: seconds(-1),
                ..with(|sanction| sanction.permanent = false)
            },
            "duration",
        ),
    ] {
        let refused = made(&clients, request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}: {refused}");
        assert!(violated(&refused).iter().any(|found| found == field), "{field}: {refused:?}");
    }
    assert!(sanctions(&clients, "").await.is_empty());
    let nobody = CheckSubjectRequest { subject: Some(subject("")), ..<_>::default() };
    let refused = clients.sanctions.clone().check_subject(nobody).await.unwrap_err();
    assert_eq!(violated(&refused), ["subject.user_id"]);
    for subjects in [vec![], vec![subject("p"); 1_001]] {
        let request = BatchCheckSubjectsRequest { subjects, ..<_>::default() };
        let refused = clients.sanctions.clone().batch_check_subjects(request).await.unwrap_err();
        assert_eq!(violated(&refused), ["subjects"]);
    }
    let refused = sanction(&clients, "tenants/other/sanctions/x").await.unwrap_err();
    assert_eq!(reason(&refused), "TENANT_FORBIDDEN");
}

#[tokio::test]
async fn every_filter_field_works() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let whole = Subject {
        category: "c".into(),
        channel: "store".into(),
        server_id: "s1".into(),
        user_id: "a".into(),
        role_id: "r".into(),
        ..<_>::default()
    };
    let first = made(&clients, by_hand(whole)).await.unwrap();
    sanction_in(&clients, &first.name, SanctionState::Done).await;
    server.clock.advance_seconds(3_600);
    let mut ban = by_hand(subject("b"));
    let sanction = ban.sanction.as_mut().unwrap();
    (sanction.kind, sanction.permanent) = (LoginBan as i32, false);
    ban.duration = seconds(60);
    let second = made(&clients, ban).await.unwrap();
    sanction_in(&clients, &second.name, SanctionState::Done).await;
    server.clock.advance_seconds(61);
    sanction_in(&clients, &second.name, SanctionState::Expired).await;
    for (filter, expected) in [
        ("", "b a"),
        ("state = DONE", "a"),
        ("state = EXPIRED", "b"),
        ("kind = LOGIN_BAN", "b"),
        ("kind >= MUTE", "b a"),
        ("origin = MANUAL", "b a"),
        ("origin = AUTOMATIC", ""),
        ("subject.user_id = a", "a"),
        ("subject.server_id = s1", "a"),
        ("subject.channel = store", "a"),
        ("subject.category = c", "a"),
        ("subject.role_id = r", "a"),
        ("start_time > \"2026-11-22T03:30:00Z\"", "b"),
        ("end_time < \"2026-11-22T05:00:00Z\"", "b"),
        ("permanent = true", "a"),
        ("suppressed = false", "b a"),
        ("suppressed = true", ""),
        ("active = true", "a"),
        ("active = false", "b"),
        ("operator = local", "b a"),
        ("sanction_rule = any", ""),
        ("revision = 3", ""),
        ("subject.user_id = a OR state = EXPIRED", "b a"),
    ] {
        let found = sanctions(&clients, filter).await;
        let users = found.iter().map(|one| one.subject.as_ref().unwrap().user_id.as_str());
        assert_eq!(users.collect::<Vec<_>>().join(" "), expected, "{filter}");
    }
    let wrong = ListSanctionsRequest { filter: "colour = red".into(), ..<_>::default() };
    let refused = clients.sanctions.clone().list_sanctions(wrong).await.unwrap_err();
    assert_eq!(reason(&refused), "INVALID_FILTER");
    let foreign = ListSanctionsRequest { page_token: "x".into(), ..<_>::default() };
    let refused = clients.sanctions.clone().list_sanctions(foreign).await.unwrap_err();
    assert_eq!(reason(&refused), "INVALID_PAGE_TOKEN");
}
