//! Receivers, routes, events and a [`World`] that tests start from.

use crate::{
    Alert, AlertId, AlertKind, AlertState, Audience, Call, Channel, Delivery, DeliveryId,
    DeliveryState, Dingtalk, EscalationPolicy, Event, Fate, Jira, Language, LevelChange, Mention,
    Notice, Part, Person, Place, Policy, Reason, Receiver, Route, Silence, Sms, SmsProvider,
    Template, WebhookChannel, WecomApp, World, Zones,
};
use futures_util::FutureExt;
use std::{collections::BTreeMap, future::ready, sync::Arc};
use umpire_catalog::{Item, PutOutcome, Sealer, Shelves, StoredItem};
use umpire_model::{Level, RequestRecord, ResourceId, StoreFuture, TenantId, Timestamp, new_uuid};

pub(crate) fn tenant() -> TenantId {
    TenantId::new("acme").expect("an id")
}

pub(crate) fn id(text: &str) -> ResourceId {
    ResourceId::new(text).expect("an id")
}

/// So many seconds after a moment at noon, UTC, of a Sunday in 2026.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_parts(1_795_348_800 + seconds, 0).expect("in range")
}

/// Something of level P1 that happened at [`at`] 0: a word in a conversation.
pub(crate) fn event(key: &str) -> Event {
    Event {
        id: new_uuid(),
        tenant: tenant(),
        time: at(0),
        kind: AlertKind::Text,
        level: Level::P1,
        key: key.into(),
        rule: "tenants/acme/rules/fraud".into(),
        rule_name: "Fraud".into(),
        labels: vec!["fraud".into()],
        title: "Fraud was found".into(),
        keyword: "gold".into(),
        excerpt: "cheap **** here".into(),
        audit_record: String::new(),
        place: Place { conversation_id: "c1".into(), ..Place::default() },
        sender: Person { user_id: "u1".into(), ..Person::default() },
        confidence: None,
        done: vec!["BLOCK".into()],
        call: Call { alert: true, ..Call::default() },
        not_to: Vec::new(),
    }
}

/// The same at another level and moment.
pub(crate) fn event_at(key: &str, level: Level, time: Timestamp) -> Event {
    Event { level, time, ..event(key) }
}

/// How a receiver of each audience is told: WeCom, DingTalk, SMS, a webhook and Jira.
pub(crate) fn channel(audience: Audience) -> Channel {
    match audience {
        Audience::Group => Channel::Dingtalk(Dingtalk {
            url: "".into(),
            access_token: "0123456789abcdef".into(),
            secret: "SECdemo".into(),
            keyword: String::new(),
            at_mobiles: Vec::new(),
            at_user_ids: Vec::new(),
            at_all: true,
        }),
        Audience::Person => Channel::WecomApp(WecomApp {
            base_url: String::new(),
            corp_id: "ww0".into(),
            secret: "0123456789abcdef".into(),
            agent_id: 1_000_002,
            to_users: vec!["ann".into()],
            to_parties: Vec::new(),
            to_tags: Vec::new(),
        }),
        Audience::Pager => Channel::Sms(Sms {
            provider: SmsProvider::Aliyun,
            base_url: String::new(),
            key_id: "key".into(),
            key_secret: "0123456789abcdef".into(),
            phone_numbers: vec!["13800000000".into()],
            sign_name: "Umpire".into(),
            template_code: "SMS_1".into(),
            app_id: String::new(),
            region: String::new(),
            parameters: BTreeMap::from([("level".into(), "level".into())]),
        }),
        Audience::Machine => Channel::Webhook(WebhookChannel {
            url: "https://hooks.example/umpire".into(),
            secret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".into(),
            previous_secret: "".into(),
        }),
        Audience::Ticket => Channel::Jira(Jira {
            base_url: "https://acme.example".into(),
            token: "0123456789abcdef".into(),
            username: "bot@acme.example".into(),
            project: "OPS".into(),
            issue_type: String::new(),
            priorities: Vec::new(),
            labels: Vec::new(),
            resolve_transition: String::new(),
        }),
    }
}

/// A webhook: no limit, no failover, no tests; told when matters are over.
pub(crate) fn receiver() -> Receiver {
    receiver_for(Audience::Machine)
}

/// The same for another audience.
pub(crate) fn receiver_for(audience: Audience) -> Receiver {
    Receiver {
        display_name: String::new(),
        channel: channel(audience),
        send_resolved: true,
        language: Language::English,
        rate: None,
        vendor_rate: None,
        failover: None,
        failover_after: 60,
        test_interval: 0,
        disabled: false,
    }
}

/// Takes everything, and tells nobody: receivers are to be put in. Nothing is grouped.
pub(crate) fn route() -> Route {
    Route {
        display_name: String::new(),
        matches: String::new(),
        receivers: Vec::new(),
        escalation_policy: None,
        group_by: Vec::new(),
        group_wait: 0,
        group_interval: 0,
        repeat_interval: 0,
        dedupe_window: None,
        active_window: None,
        continue_matching: false,
        priority: 0,
        inhibitions: Vec::new(),
    }
}

/// The same to these receivers.
pub(crate) fn route_to(receivers: &[&str]) -> Route {
    Route { receivers: receivers.iter().map(|name| id(name)).collect(), ..route() }
}

/// Of what [`event`] tells, as it is after that one event; of no route yet.
pub(crate) fn alert(key: &str) -> Alert {
    let event = event(key);
    let change = LevelChange { time: event.time, level: event.level, cause: "event".into() };
    Alert {
        id: AlertId(new_uuid()),
        tenant: event.tenant,
        key: event.key,
        state: AlertState::Open,
        version: 1,
        kind: event.kind,
        level: event.level,
        level_history: vec![change],
        rule: event.rule,
        rule_name: event.rule_name,
        labels: event.labels,
        title: event.title,
        keyword: event.keyword,
        excerpt: event.excerpt,
        audit_records: Vec::new(),
        place: event.place,
        sender: event.sender,
        confidence: event.confidence,
        done: event.done,
        call: event.call,
        not_to: event.not_to,
        count: 1,
        first_time: event.time,
        last_time: event.time,
        assignee: String::new(),
        acknowledgement: None,
        resolution: None,
        suppressed_by: String::new(),
        fates: BTreeMap::from([(Fate::Notified, 1)]),
        threads: Vec::new(),
        told: Vec::new(),
        escalations: Vec::new(),
        recent: vec![event.time],
    }
}

/// The first that is told of an alert.
pub(crate) fn notice(alert: &Alert) -> Notice {
    let place = alert.place.conversation_id.clone();
    let (level, title) = (alert.level, alert.title.clone());
    Notice {
        reason: Reason::First,
        kind: alert.kind,
        level,
        previous_level: None,
        title: title.clone(),
        rule: alert.rule.clone(),
        rule_name: alert.rule_name.clone(),
        keyword: alert.keyword.clone(),
        labels: alert.labels.clone(),
        excerpt: alert.excerpt.clone(),
        place: alert.place.clone(),
        sender: alert.sender.clone(),
        confidence: alert.confidence,
        done: alert.done.clone(),
        count: alert.count,
        stands_for: 1,
        first_time: alert.first_time,
        last_time: alert.last_time,
        mentions: Vec::new(),
        mention: Mention::Nobody,
        urgent: level == Level::P0,
        operator: String::new(),
        parts: vec![Part { alert: alert.id, level, title, place, stands_for: 1 }],
        more_parts: 0,
        audit_records: alert.audit_records.clone(),
        thread: alert.id.to_string(),
        end_time: alert.last_time.plus_seconds(1_800),
        time_zone: "UTC".into(),
        tenant: alert.tenant.to_string(),
    }
}

/// QUEUED at [`at`] 0 for a webhook, and due.
pub(crate) fn delivery(receiver: &str, alert: &Alert) -> Delivery {
    Delivery {
        id: DeliveryId(new_uuid()),
        tenant: alert.tenant.clone(),
        receiver: id(receiver),
        channel: channel(Audience::Machine).kind(),
        alerts: vec![alert.id],
        notice: notice(alert),
        state: DeliveryState::Queued,
        suppressed_by: String::new(),
        leased: false,
        attempts: 0,
        due: at(0),
        deadline: at(0).plus_seconds(24 * 3_600),
        fence: 0,
        create_time: at(0),
        done_time: None,
        log: Vec::new(),
        vendor_id: String::new(),
        failed_recipients: Vec::new(),
        failover_of: None,
        failover: None,
    }
}

/// A world of [`tenant`] with these receivers and routes, and the default policy.
pub(crate) fn world(receivers: &[(&str, Receiver)], routes: &[(&str, Route)]) -> World {
    Setup::default().receivers(receivers).routes(routes).open()
}

/// What a world of [`tenant`] is made of.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) policy: Policy,
    pub(crate) shelves: MemoryShelves,
}

impl Setup {
    pub(crate) fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    pub(crate) fn receivers(self, items: &[(&str, Receiver)]) -> Self {
        self.with(items, at(0))
    }

    /// Receivers as they were changed at another moment than [`at`] 0.
    pub(crate) fn receivers_of(self, items: &[(&str, Receiver)], changed: Timestamp) -> Self {
        self.with(items, changed)
    }

    pub(crate) fn routes(self, items: &[(&str, Route)]) -> Self {
        self.with(items, at(0))
    }

    /// Silences of an author called `ann`; so are all the others.
    pub(crate) fn silences(self, items: &[(&str, Silence)]) -> Self {
        self.with(items, at(0))
    }

    pub(crate) fn templates(self, items: &[(&str, Template)]) -> Self {
        self.with(items, at(0))
    }

    pub(crate) fn policies(self, items: &[(&str, EscalationPolicy)]) -> Self {
        self.with(items, at(0))
    }

    fn with<T: Item>(mut self, items: &[(&str, T)], time: Timestamp) -> Self {
        for (name, item) in items {
            self.shelves.add(name, item, time);
        }
        self
    }

    /// The shelves as a port, for who opens a world itself.
    pub(crate) fn shelves(self) -> Arc<dyn Shelves> {
        Arc::new(self.shelves)
    }

    pub(crate) fn open(self) -> World {
        let policy = self.policy.clone();
        let opened = World::open(sealer(), self.shelves(), policy, Arc::new(Utc));
        opened.now_or_never().expect("nothing waits").expect("shelves in memory")
    }
}

/// A key for what holds secrets.
pub(crate) fn sealer() -> Arc<Sealer> {
    Arc::new(Sealer::new([7; 32]))
}

/// Everybody lives in UTC.
pub(crate) struct Utc;

impl Zones for Utc {
    fn zone(&self, _: &TenantId) -> String {
        "UTC".into()
    }
}

/// Shelves that hold what was put in at the start, and take every change without keeping
/// it: catalogs have it in memory.
#[derive(Default)]
pub(crate) struct MemoryShelves {
    items: BTreeMap<&'static str, Vec<StoredItem>>,
}

impl MemoryShelves {
    fn add<T: Item>(&mut self, name: &str, item: &T, time: Timestamp) {
        let body = serde_json::json!({
            "item": item, "create_time": time, "update_time": time, "author": "ann",
        });
        let stored =
            StoredItem { tenant: tenant(), id: id(name), version: 1, body: body.to_string() };
        self.items.entry(T::COLLECTION).or_default().push(stored);
    }
}

fn done<T: Send + 'static>(answer: T) -> StoreFuture<'static, T> {
    Box::pin(ready(Ok(answer)))
}

impl Shelves for MemoryShelves {
    fn load(&self, collection: &'static str) -> StoreFuture<'_, Vec<StoredItem>> {
        done(self.items.get(collection).cloned().unwrap_or_default())
    }

    fn put(
        &self,
        _: &'static str,
        _: StoredItem,
        _: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        done(PutOutcome::Done)
    }

    fn replace_body(&self, _: &'static str, _: StoredItem) -> StoreFuture<'_, PutOutcome> {
        done(PutOutcome::Done)
    }

    fn remove(
        &self,
        _: &'static str,
        _: TenantId,
        _: ResourceId,
        _: u64,
        _: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        done(PutOutcome::Done)
    }

    fn request<'a>(
        &'a self,
        _: &'a TenantId,
        _: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>> {
        done(None)
    }
}

#[test]
fn samples_are_valid_and_make_a_world() {
    use Audience::{Group, Machine, Pager, Person, Ticket};
    for audience in [Group, Machine, Pager, Person, Ticket] {
        let receiver = receiver_for(audience);
        assert_eq!(receiver.channel.kind().audience(), audience);
        assert!(receiver.violations().is_empty(), "{audience:?}");
    }
    assert!(route_to(&["a"]).violations().is_empty());
    let template = Template {
        display_name: String::new(),
        channel: None,
        level: None,
        kind: None,
        language: None,
        reason: None,
        urgent: None,
        title: String::new(),
        body: "{{ title }}".into(),
    };
    let world = Setup::default().templates(&[("short", template)]).open();
    assert!(world.templates.get(&tenant(), &id("short")).is_some());
}
