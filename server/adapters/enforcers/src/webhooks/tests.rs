//! Against a fake enforcer that checks signatures with code of its own.

use super::*;
use crate::webhooks::samples::{sanction, told};
use std::time::Duration;
use umpire_fakes::{Answer, FakeEnforcer, Options as FakeOptions};
use umpire_model::{Clock, SystemClock};
use umpire_outbound::Options;
use umpire_sanctions::{Notice, Sanction};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn webhooks(allow_private: bool) -> Webhooks {
    let options = Options { allow_private, ..Options::default() };
    Webhooks::new(Outbound::new(options).expect("a client"))
}

fn webhook(fake: &FakeEnforcer, secret: &str) -> Webhook {
    Webhook { url: fake.url(), secret: secret.into(), legacy_end_time: false }
}

/// The fake looks at its clock, so what it is told happens now.
fn told_now(sanction: &Sanction, notice: Notice) -> Told<'_> {
    Told { time: SystemClock.now(), ..told(sanction, notice) }
}

async fn start() -> FakeEnforcer {
    FakeEnforcer::start(FakeOptions::signed_with(SECRET)).await
}

#[tokio::test]
async fn a_sanction_is_carried_out_once_however_often_it_is_told() {
    let (fake, sanction) = (start().await, sanction());
    let webhook = webhook(&fake, SECRET);
    for _ in 0..3 {
        let told = told_now(&sanction, Notice::Apply);
        assert!(matches!(webhooks(true).tell(&webhook, told).await, Settled::Applied));
    }
    let effects = fake.effects();
    let [effect] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((&*effect.kind, &*effect.key, &*effect.user_id), ("sanction.apply", "key-1", "u-1"));
    assert_eq!(effect.sanction, sanction.name());
    let received = fake.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|request| request.refused.is_none()), "{received:?}");
}

#[tokio::test]
async fn nothing_but_the_documented_answer_is_success() {
    let (fake, sanction) = (start().await, sanction());
    let webhook = webhook(&fake, SECRET);
    for answer in [
        Answer::Status(200),
        Answer::Status(500),
        Answer::RetryAfter(30),
        Answer::Garbage,
        Answer::WrongBody,
        Answer::Fail("busy".into()),
        Answer::Close,
    ] {
        fake.answer_next([answer.clone()]);
        let settled = webhooks(true).tell(&webhook, told_now(&sanction, Notice::Apply)).await;
        let Settled::Retry { after, .. } = settled else { panic!("{answer:?}") };
        assert_eq!(after, (answer == Answer::RetryAfter(30)).then_some(30), "{answer:?}");
    }
    fake.answer_next([Answer::UnknownSubject]);
    let settled = webhooks(true).tell(&webhook, told_now(&sanction, Notice::Apply)).await;
    assert!(matches!(settled, Settled::Refused { .. }));
    assert!(fake.effects().is_empty());
}

#[tokio::test]
async fn an_effect_whose_answer_was_lost_is_not_repeated() {
    let (fake, sanction) = (start().await, sanction());
    let webhook = webhook(&fake, SECRET);
    fake.answer_next([Answer::ApplyThenClose]);
    let first = webhooks(true).tell(&webhook, told_now(&sanction, Notice::Apply)).await;
    assert!(matches!(first, Settled::Retry { .. }));
    let second = webhooks(true).tell(&webhook, told_now(&sanction, Notice::Apply)).await;
    assert!(matches!(second, Settled::Applied));
    assert_eq!(fake.effects().len(), 1);
}

#[tokio::test]
async fn an_enforcer_that_hangs_is_tried_again() {
    let (fake, sanction) = (start().await, sanction());
    fake.answer_next([Answer::Hang]);
    let options =
        Options { allow_private: true, timeout: Duration::from_millis(200), ..Options::default() };
    let webhooks = Webhooks::new(Outbound::new(options).expect("a client"));
    let webhook = webhook(&fake, SECRET);
    let settled = webhooks.tell(&webhook, told_now(&sanction, Notice::Apply)).await;
    assert!(matches!(settled, Settled::Retry { after: None, .. }));
}

#[tokio::test]
async fn private_addresses_and_bad_secrets_are_refused() {
    let (fake, sanction) = (start().await, sanction());
    for (allow_private, secret) in [(false, SECRET), (true, "secret")] {
        let webhook = webhook(&fake, secret);
        let told = told_now(&sanction, Notice::Apply);
        let settled = webhooks(allow_private).tell(&webhook, told).await;
        assert!(matches!(settled, Settled::Refused { .. }));
    }
    assert!(fake.received().is_empty());
}

#[tokio::test]
async fn another_secret_and_an_old_signature_are_not_believed() {
    let (fake, sanction) = (start().await, sanction());
    let other = webhook(&fake, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    let forged = webhooks(true).tell(&other, told_now(&sanction, Notice::Apply)).await;
    let mut late = told_now(&sanction, Notice::Apply);
    late.time = late.time.plus_seconds(-600);
    let late = webhooks(true).tell(&webhook(&fake, SECRET), late).await;
    for settled in [forged, late] {
        assert!(matches!(settled, Settled::Retry { .. }));
    }
    assert!(fake.effects().is_empty());
}
