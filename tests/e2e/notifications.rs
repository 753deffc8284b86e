//! Whoever is to hear of an alert hears of it, and what has become of each can be seen.

use crate::{
    durability::Dice,
    duty::{Duty, conversations, said, status, wait},
};
use std::{collections::BTreeMap, sync::Arc};
use umpire_fakes::{FakeVendor, Fault, dingtalk::Robot};
use umpire_proto::v1::{
    AcknowledgeAlertRequest, Alert, AlertKind, AlertState, Delivery, DeliveryState,
    GetDeliveryRequest, GetDeliveryStatsRequest, GetDeliveryStatsResponse, GroupBy, Level,
    NoticeReason, ResolveAlertRequest, Route,
    get_delivery_stats_response::{Row, VendorCode},
    receiver::Rate,
};
use umpire_testkit::{
    alerts, alerts_with, check, delivered, deliveries, deliveries_with, dingtalk_receiver,
    eventually, http_get, reason, receiver_name, route, seconds, the_alert,
};

const TOKEN: &str = "token-of-the-group";
const ROBOT_SECRET: &str = "SEC-of-the-robot";

/// A robot that checks signatures, and its receiver.
async fn robot(duty: &mut Duty, id: &str) -> Arc<FakeVendor> {
    let fake = duty.vendor(Robot::new(TOKEN).signed_with(ROBOT_SECRET)).await;
    let url = fake.url("/robot/send");
    duty.receiver(dingtalk_receiver(id, &url, TOKEN, ROBOT_SECRET), |_| {}).await;
    fake
}

#[tokio::test]
async fn what_a_receiver_misses_in_five_minutes_it_is_told_afterwards_in_order() {
    const MATTERS: usize = 30;
    let mut duty = Duty::start().await;
    let (up, down) = (duty.webhook("up").await, duty.webhook("down").await);
    // Nobody is told that a receiver is down.
    duty.route("both", "kind = TEXT", &["up", "down"]).await;
    down.fail_always(Some(Fault::CloseBeforeRead));
    for number in 0..MATTERS {
        duty.say(&format!("c{number}"), "bad").await;
        up.wait_for(number + 1).await;
        duty.pass(300 / MATTERS as i64);
    }
    assert!(down.messages().is_empty(), "it was down");
    assert_eq!(duty.health("down").await.gone, "");
    down.fail_always(None);
    duty.in_time("all are told", async || (down.messages().len() >= MATTERS).then_some(())).await;
    let all = delivered(&duty.clients, 2 * MATTERS).await;
    assert_eq!(all.len(), 2 * MATTERS);
    let expected: Vec<_> = (0..MATTERS).map(|number| format!("c{number}")).collect();
    for fake in [&up, &down] {
        assert_eq!(conversations(&fake.calls()), expected, "each once, in order");
    }
    for alert in alerts_with(&duty.clients, "kind = TEXT").await {
        assert_eq!(alert.fates, BTreeMap::from([("NOTIFIED".into(), 1)]), "{alert:?}");
        assert_eq!(alert.receivers.len(), 2);
    }
}

#[tokio::test]
async fn deliveries_are_counted_and_measured() {
    let mut duty = Duty::start().await;
    let (hook, robot) = (duty.webhook("hook").await, robot(&mut duty, "robot").await);
    duty.route("both", "kind = TEXT", &["hook", "robot"]).await;
    let busy = r#"{"errcode":-1,"errmsg":"system busy"}"#;
    robot.fail_next([Fault::Status(200, Vec::new(), busy.into())]);
    duty.say("c1", "bad").await;
    let failed = duty.called("robot", 1).await;
    assert_eq!(failed.log[0].vendor_code, "-1");
    duty.pass_until_due(&failed);
    delivered(&duty.clients, 2).await;
    hook.fail_next([status(400)]);
    duty.say("c2", "urgent").await;
    duty.so_many("state = DEAD_LETTERED", 1).await;
    delivered(&duty.clients, 3).await;

    let GetDeliveryStatsResponse { rows, delivered_rate } =
        stats(&duty, GetDeliveryStatsRequest::default()).await;
    let row = |channel: &str, level: Level| {
        let found = rows.iter().find(|row| row.channel == channel && row.level() == level);
        found.unwrap_or_else(|| panic!("{channel} {level:?}: {rows:?}"))
    };
    assert!((delivered_rate - 0.75).abs() < 1e-9, "{delivered_rate}");
    let slow = row("dingtalk", Level::P2);
    assert_eq!(counts(slow), [0, 1, 0, 0, 0, 2], "{slow:?}");
    assert!(slow.latency_p50.unwrap().seconds >= 1, "from queueing to the yes: {slow:?}");
    let code = |code: &str| VendorCode { code: code.into(), count: 1 };
    assert_eq!(slow.vendor_codes, [code("-1"), code("0")]);
    assert_eq!(counts(row("dingtalk", Level::P0)), [0, 1, 0, 0, 0, 1]);
    assert_eq!(counts(row("webhook", Level::P2)), [0, 1, 0, 0, 0, 1]);
    assert_eq!(counts(row("webhook", Level::P0)), [0, 0, 0, 0, 1, 1]);
    assert_eq!(rows.len(), 4, "{rows:?}");
    // Before the first of them there was none.
    let end_time = deliveries(&duty.clients).await.last().unwrap().create_time;
    let before = GetDeliveryStatsRequest { end_time, ..<_>::default() };
    let nothing = stats(&duty, before).await;
    assert!(nothing.rows.is_empty() && nothing.delivered_rate >= 1.0, "{nothing:?}");

    the_alert(&duty.clients, "kind = SYSTEM").await;
    let (_, body) = http_get(duty.server.http(), "/metrics").await;
    for line in [
        r#"umpire_notification_attempts_total{channel="webhook",outcome="DELIVERED"} 1"#,
        r#"umpire_notification_attempts_total{channel="webhook",outcome="PERMANENT"} 1"#,
        r#"umpire_notification_attempts_total{channel="dingtalk",outcome="TRANSIENT"} 1"#,
        r#"umpire_notification_seconds_count{channel="dingtalk"} 3"#,
        "umpire_alerts_open 3",
        "umpire_alerts_inbox 0",
        "umpire_deliveries_queued 0",
        "umpire_deliveries_dead 1",
    ] {
        assert!(body.contains(line), "{line} is not in\n{body}");
    }
}

async fn stats(duty: &Duty, request: GetDeliveryStatsRequest) -> GetDeliveryStatsResponse {
    duty.clients.alerts.clone().get_delivery_stats(request).await.unwrap().into_inner()
}

/// Queued, delivered, suppressed, expired, dead-lettered, and calls.
fn counts(row: &Row) -> [i64; 6] {
    let Row { queued, delivered, suppressed, expired, dead_lettered, attempts, .. } = row;
    [*queued, *delivered, *suppressed, *expired, *dead_lettered, *attempts]
}

#[tokio::test]
async fn receivers_test_themselves_and_somebody_hears_when_one_fails() {
    let mut duty = Duty::start().await;
    let tested = duty.webhook_with("tested", |one| one.test_interval = seconds(300)).await;
    let other = duty.webhook("other").await;
    duty.route("alarms", "kind = SYSTEM", &["other", "tested"]).await;
    let first = tested.wait_for(1).await;
    assert!(first[0].text.contains("Test notice"), "{}", first[0].text);
    delivered(&duty.clients, 1).await;
    tested.fail_next([status(403)]);
    duty.pass(300);
    let dead = duty.so_many("state = DEAD_LETTERED", 1).await;
    assert_eq!((dead[0].reason(), &dead[0].receiver), (NoticeReason::Test, &first[0].to));
    let alarm = the_alert(&duty.clients, "kind = SYSTEM").await;
    assert_eq!((alarm.level(), &*alarm.key), (Level::P1, "receiver/tested"));
    assert!(other.wait_for(1).await[0].text.contains("tested"));
    // It is not told about itself; and tests are not counted among deliveries.
    assert_eq!(tested.calls().len(), 2);
    let counted = stats(&duty, GetDeliveryStatsRequest::default()).await;
    assert_eq!(counted.rows.len(), 1, "{counted:?}");
}

/// Hours of chat, of vendors that fail in every way, and of people who react.
struct Hours {
    duty: Duty,
    dice: Dice,
    fakes: [Arc<FakeVendor>; 3],
    /// Messages so far, each of which meets one rule.
    said: i64,
}

const STEPS: u32 = 150;
const WORDS: [&str; 6] = ["bad", "bad", "bad", "grave", "grave", "urgent"];

impl Hours {
    async fn begin(seed: u64) -> Self {
        let mut duty = Duty::start().await;
        let robot = robot(&mut duty, "robot").await;
        let spare = duty.webhook_with("spare", |one| {
            one.rate = Some(Rate { count: 2, window: seconds(600) });
            one.send_resolved = true;
        });
        let spare = spare.await;
        let hook = duty.webhook_with("hook", |one| one.failover = receiver_name("spare")).await;
        duty.route("serious", "level >= P1", &["robot", "hook"]).await;
        let mut rest = route("the-rest", "", &["spare", "hook"]);
        let plan: &mut Route = rest.route.as_mut().unwrap();
        plan.group_by = vec![GroupBy::Conversation as i32];
        plan.group_wait = seconds(30);
        duty.clients.alerts.clone().create_route(rest).await.unwrap();
        Self { duty, dice: Dice(seed), fakes: [robot, spare, hook], said: 0 }
    }

    async fn live(&mut self) {
        for _ in 0..STEPS {
            match self.dice.below(10) {
                0..=4 => self.chat().await,
                5 | 6 => {
                    let fault = self.fault();
                    self.fake().fail_next([fault]);
                }
                7 => {
                    let down = (self.dice.below(3) == 0).then_some(Fault::CloseBeforeRead);
                    self.fake().fail_always(down);
                }
                8 => self.acknowledge().await,
                _ => self.resolve().await,
            }
            self.duty.pass(self.dice.below(240) as i64);
        }
    }

    async fn chat(&mut self) {
        for _ in 0..=self.dice.below(4) {
            let conversation = format!("c{}", self.dice.below(6));
            let word = WORDS[self.dice.below(6) as usize];
            check(&self.duty.clients, said(&conversation, word)).await.unwrap();
            self.said += 1;
        }
    }

    fn fake(&mut self) -> &FakeVendor {
        &self.fakes[self.dice.below(3) as usize]
    }

    fn fault(&mut self) -> Fault {
        match self.dice.below(9) {
            0 => status(400),
            1 => wait(429, 90),
            2 => wait(503, 700),
            3 => Fault::CloseBeforeRead,
            4 => Fault::CloseAfterRead,
            5 => Fault::Empty200,
            6 => Fault::GarbageJson,
            7 => Fault::Redirect("http://127.0.0.1:9/".into()),
            _ => status(500),
        }
    }

    /// One that is not over, if there is any.
    async fn any(&mut self) -> Option<Alert> {
        let mut open = alerts_with(&self.duty.clients, "state != RESOLVED").await;
        let count = open.len() as u64;
        (count > 0).then(|| open.swap_remove(self.dice.below(count) as usize))
    }

    async fn acknowledge(&mut self) {
        let Some(Alert { name, .. }) = self.any().await else { return };
        let request =
            AcknowledgeAlertRequest { name, expire_after: seconds(600), ..<_>::default() };
        if let Err(status) = self.duty.clients.alerts.clone().acknowledge_alert(request).await {
            assert_eq!(reason(&status), "ALERT_OVER");
        }
    }

    async fn resolve(&mut self) {
        let Some(Alert { name, .. }) = self.any().await else { return };
        let request = ResolveAlertRequest { name, ..<_>::default() };
        if let Err(status) = self.duty.clients.alerts.clone().resolve_alert(request).await {
            assert_eq!(reason(&status), "ALERT_OVER");
        }
    }

    /// Everybody is well again, and all that waits is told.
    async fn end(&self) -> (Vec<Alert>, Vec<Delivery>) {
        self.fakes.iter().for_each(|fake| fake.fail_always(None));
        let (clients, said) = (&self.duty.clients, self.said);
        let calm = self.duty.in_steps_of(60, "all is over", async || {
            let all = alerts(clients).await;
            let texts = all.iter().filter(|alert| alert.kind() == AlertKind::Text);
            let counted: i64 = texts.map(|alert| alert.count).sum();
            let over = all.iter().all(|alert| alert.state() == AlertState::Resolved);
            let queued = deliveries_with(clients, "state = QUEUED").await;
            (counted == said && over && queued.is_empty()).then_some(all)
        });
        let calm = calm.await;
        (calm, deliveries(clients).await)
    }

    /// Whatever holds a delivery back is there.
    async fn is_held_by(&self, delivery: &Delivery) -> bool {
        let by = &delivery.suppressed_by;
        if !by.contains("/deliveries/") {
            return !by.is_empty();
        }
        let request = GetDeliveryRequest { name: by.clone() };
        let digest = self.duty.clients.alerts.clone().get_delivery(request).await;
        digest.unwrap().into_inner().delivery.unwrap().reason() == NoticeReason::Digest
    }
}

async fn check_hours(seed: u64) {
    let mut hours = Hours::begin(seed).await;
    hours.live().await;
    let (all, sent) = hours.end().await;
    assert!(hours.said > 100 && all.len() > 10 && sent.len() > 50, "seed {seed}: too calm");
    for alert in &all {
        assert_eq!(alert.fates.values().sum::<i64>(), alert.count, "seed {seed}: {alert:?}");
        let is_told = !alert.receivers.is_empty();
        assert_eq!(alert.fates.contains_key("NOTIFIED"), is_told, "seed {seed}: {alert:?}");
    }
    for delivery in &sent {
        assert_ne!(delivery.state(), DeliveryState::Queued, "seed {seed}: {delivery:?}");
        assert!(delivery.done_time.is_some(), "seed {seed}: {delivery:?}");
        if delivery.state() == DeliveryState::Suppressed {
            assert!(hours.is_held_by(delivery).await, "seed {seed}: {delivery:?}");
        }
    }
    assert!(sent.iter().any(|one| one.state() == DeliveryState::Delivered), "seed {seed}");
}

#[tokio::test]
async fn after_hours_of_trouble_everything_is_accounted_for() {
    for seed in [3, 5] {
        Box::pin(check_hours(seed)).await;
    }
}

#[tokio::test]
async fn nobody_to_tell_is_a_fate_too() {
    let duty = Duty::start().await;
    duty.say("c", "bad").await;
    let alert = eventually("an alert", async || alerts(&duty.clients).await.pop()).await;
    assert_eq!(alert.fates, BTreeMap::from([("RECORDED_ONLY".into(), 1)]));
    assert!(deliveries(&duty.clients).await.is_empty());
}
