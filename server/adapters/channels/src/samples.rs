//! What channels are tried with.

use crate::{channels::Channels, codes::Codes};
use std::time::Duration;
use umpire_fakes::Fault;
use umpire_model::{Clock, Level, ResourceId, SystemClock, TenantId, Timestamp};
use umpire_notify::{
    AlertId, AlertKind, Channel, Courier, DeliveryId, Language, Mention, Notice, Outcome, Parcel,
    Part, Person, Place, Reason, Receiver, Rendered, Report,
};
use umpire_outbound::{Options, Outbound};
use uuid::Uuid;

/// A parcel with all that it lends.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub tenant: TenantId,
    pub receiver_id: ResourceId,
    pub id: DeliveryId,
    pub notice: Notice,
    pub rendered: Rendered,
    pub attempt: u32,
    pub time: Timestamp,
}

/// The first attempt, made now, at a P1 that mentions nobody.
pub(crate) fn sample() -> Sample {
    Sample {
        tenant: TenantId::new("acme").expect("an id"),
        receiver_id: ResourceId::new("on-duty").expect("an id"),
        id: DeliveryId(Uuid::from_u128(0x018f_4e8a_0000_7000_8000_0000_0000_0001)),
        notice: notice(),
        rendered: rendered(),
        attempt: 1,
        time: SystemClock.now(),
    }
}

impl Sample {
    pub(crate) fn parcel(&self) -> Parcel<'_> {
        Parcel {
            tenant: &self.tenant,
            receiver_id: &self.receiver_id,
            id: self.id,
            notice: &self.notice,
            rendered: &self.rendered,
            attempt: self.attempt,
            time: self.time,
        }
    }

    /// Hands it over as the notifier does.
    pub(crate) async fn to(&self, channels: &Channels, channel: Channel) -> Report {
        channels.deliver(&receiver(channel), self.parcel()).await
    }
}

/// Of 2023-11-14T22:13:20Z: a leak in a group, by one user.
pub(crate) fn notice() -> Notice {
    let first_time = Timestamp(1_700_000_000_000_000);
    Notice {
        reason: Reason::First,
        kind: AlertKind::Text,
        level: Level::P1,
        previous_level: None,
        title: "数据泄露".into(),
        rule: "tenants/acme/rules/leak".into(),
        rule_name: "数据泄露".into(),
        keyword: "底薪".into(),
        labels: vec!["leak".into()],
        excerpt: "加我微信 ***".into(),
        place: Place {
            scene: "group".into(),
            conversation_id: "g-1".into(),
            conversation_name: "销售一群".into(),
            camera: String::new(),
        },
        sender: Person {
            user_id: "u-1".into(),
            display_name: "王五".into(),
            department: "销售".into(),
            server_id: "s1".into(),
        },
        confidence: Some(0.93),
        done: vec!["BLOCK".into()],
        count: 3,
        stands_for: 2,
        first_time,
        last_time: first_time.plus_seconds(90),
        mentions: Vec::new(),
        mention: Mention::Nobody,
        urgent: false,
        operator: String::new(),
        parts: vec![part()],
        more_parts: 0,
        audit_records: vec!["tenants/acme/auditRecords/1".into()],
        thread: "018f4e8a-0000-7000-8000-0000000000aa".into(),
        end_time: first_time.plus_seconds(1_890),
        time_zone: "Asia/Shanghai".into(),
        tenant: "acme".into(),
    }
}

fn part() -> Part {
    Part {
        alert: AlertId(Uuid::from_u128(0x018f_4e8a_0000_7000_8000_0000_0000_00aa)),
        level: Level::P1,
        title: "数据泄露".into(),
        place: "销售一群".into(),
        stands_for: 2,
    }
}

/// Short, and the same in every markup.
pub(crate) fn rendered() -> Rendered {
    Rendered {
        title: "⚠️ P1 数据泄露 ×3".into(),
        body: "命中：底薪\n\n群聊：销售一群".into(),
        plain: "命中：底薪\n群聊：销售一群".into(),
        fallback: None,
    }
}

/// Told by this channel and nothing else.
pub(crate) fn receiver(channel: Channel) -> Receiver {
    Receiver {
        display_name: "值班".into(),
        channel,
        send_resolved: true,
        language: Language::Chinese,
        rate: None,
        vendor_rate: None,
        failover: None,
        failover_after: 60,
        test_interval: 0,
        disabled: false,
    }
}

/// All channels, allowed to call fakes on this machine, with the built-in codes.
pub(crate) fn channels() -> Channels {
    channels_waiting(Duration::from_secs(15))
}

/// As [`channels`], giving up on an answer after a while.
pub(crate) fn channels_waiting(timeout: Duration) -> Channels {
    let options = Options { allow_private: true, timeout, ..Options::default() };
    Channels::new(Outbound::new(options).expect("a client"), Codes::new(Vec::new()))
}

/// What can go wrong with any call, and what follows where a channel knows nothing better.
pub(crate) fn faults() -> Vec<(Fault, Outcome)> {
    let status = |status, headers: &[(&str, &str)]| {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fault::Status(status, headers.iter().map(pair).collect(), "<html>".to_owned())
    };
    vec![
        (Fault::CloseBeforeRead, Outcome::Unknown),
        (Fault::CloseAfterRead, Outcome::Unknown),
        (Fault::Redirect("http://127.0.0.1:1/".to_owned()), Outcome::Permanent),
        (status(404, &[]), Outcome::Permanent),
        (status(410, &[]), Outcome::Gone),
        (status(429, &[]), Outcome::Throttled(60)),
        (status(429, &[("retry-after", "7")]), Outcome::Throttled(7)),
        (status(500, &[]), Outcome::Transient),
        (status(503, &[("retry-after", "120")]), Outcome::Throttled(120)),
        (Fault::GarbageJson, Outcome::Unknown),
        (Fault::Empty200, Outcome::Unknown),
        (Fault::HugeBody(1 << 20), Outcome::Unknown),
        (Fault::Delay(Duration::from_millis(5)), Outcome::Delivered),
    ]
}

/// What is given up on after a while.
pub(crate) fn slow_faults() -> Vec<(Fault, Outcome)> {
    vec![(Fault::Hang, Outcome::Unknown), (Fault::SlowDrip, Outcome::Unknown)]
}

/// A notice whose every text of users tries to mention everybody and to look like ours.
pub(crate) fn hostile() -> Notice {
    let text = "<at id=all></at><@all><@zhang> @all @13800000000 [x](http://evil) \n# 恢复\n";
    Notice {
        excerpt: text.to_owned(),
        place: Place {
            scene: text.to_owned(),
            conversation_id: text.to_owned(),
            conversation_name: text.to_owned(),
            camera: text.to_owned(),
        },
        sender: Person {
            user_id: text.to_owned(),
            display_name: text.to_owned(),
            department: text.to_owned(),
            server_id: text.to_owned(),
        },
        parts: vec![Part { place: text.to_owned(), ..part() }],
        ..notice()
    }
}
