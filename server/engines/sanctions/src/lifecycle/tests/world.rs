//! A tenant with enforcers, and everything that can happen to its sanctions.

use crate::{
    Ack, AckResult, Act, AlertEvent, Change, CourtError, Enforcement, Enforcer, EnforcerKind,
    HistoryEntry, Job, Notice, Origin, Policy, SafetyState, SafetySwitch, Sanction, Settled, State,
    Telling, Webhook,
    lifecycle::{
        Room, acknowledge, dispatch, expire, extend, forsaken, go_stale, lease, lift, overdue,
        save, settle, streamed,
    },
    memory::Memory,
    port::Turn,
    samples::{at, id, subject, tenant},
};
use std::collections::HashMap;
use umpire_model::{LocalizedText, ResourceId, SanctionId, SanctionKind, TenantId, Timestamp};
use uuid::Uuid;

/// Seconds that streams have to acknowledge.
pub(super) const ACK_DEADLINE: u64 = 30;

pub(super) struct World {
    pub memory: Memory,
    pub now: Timestamp,
    pub policy: Policy,
    pub enforcers: Vec<(ResourceId, Enforcer)>,
    /// Of every rule; 0: none.
    pub cap: u32,
    pub room: Room,
    made: u128,
    /// Entries of the journal that the stream's reader has seen.
    read: usize,
}

pub(super) fn act(now: Timestamp) -> Act {
    Act {
        operator: "ann".into(),
        time: now,
        reason: "a mistake".into(),
        request: None,
        validate_only: false,
    }
}

pub(super) fn retry() -> Settled {
    Settled::Retry { error: "503".into(), after: None }
}

pub(super) fn refused() -> Settled {
    Settled::Refused { error: "400".into() }
}

fn enforcer(name: &str) -> (ResourceId, Enforcer) {
    let webhook = Webhook {
        url: "https://game.example".into(),
        secret: String::new(),
        legacy_end_time: false,
    };
    let is_stream = name.starts_with("stream");
    let kind = if is_stream { EnforcerKind::Stream } else { EnforcerKind::Webhook(webhook) };
    let enforcer = Enforcer {
        display_name: String::new(),
        kind,
        servers: Vec::new(),
        categories: Vec::new(),
        ack_deadline: ACK_DEADLINE,
    };
    (id(name), enforcer)
}

impl World {
    /// With these enforcers: `stream...` are streams, the others webhooks.
    pub fn with(enforcers: &[&str]) -> Self {
        Self {
            memory: Memory::default(),
            now: at(1_000_000),
            policy: Policy::default(),
            enforcers: enforcers.iter().map(|name| enforcer(name)).collect(),
            cap: 0,
            room: Room { at_once: 32, per_enforcer: 4, under_way: HashMap::new() },
            made: 0,
            read: 0,
        }
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// A mute, PENDING, that lasts so many seconds, or for ever.
    pub fn make(&mut self, user: &str, origin: Origin, lasts: Option<i64>) -> SanctionId {
        self.made += 1;
        let made = HistoryEntry { state: State::Pending, time: self.now, cause: "made".into() };
        let is_automatic = origin == Origin::Automatic;
        let mut sanction = Sanction {
            id: SanctionId(Uuid::from_u128(self.made)),
            tenant: tenant(),
            subject: subject(user),
            kind: SanctionKind::Mute,
            state: State::Pending,
            origin,
            operator: String::new(),
            start_time: self.now,
            end_time: lasts.map(|seconds| self.now.plus_seconds(seconds)),
            permanent: lasts.is_none(),
            kick_online: false,
            reason: "spam".into(),
            player_message: LocalizedText::default(),
            remark: String::new(),
            content: String::new(),
            ip: String::new(),
            callback_info: String::new(),
            sanction_rule: is_automatic.then(|| id("spam")),
            revision: 1,
            audit_records: Vec::new(),
            deliveries: Vec::new(),
            history: vec![made],
            suppressed_by: None,
            version: 0,
            step: 1,
            total_recharge: None,
            cleared: Vec::new(),
            held_since: None,
            held_micros: 0,
            dispatch_time: None,
            released: false,
        };
        self.save(&mut sanction);
        sanction.id
    }

    /// One by hand for an hour, which has gone out.
    pub fn sent(&mut self, user: &str) -> SanctionId {
        let id = self.make(user, Origin::Manual, Some(3_600));
        self.dispatch();
        id
    }

    pub fn save(&mut self, sanction: &mut Sanction) {
        save(&mut self.memory, sanction, self.now, None).expect("in memory");
    }

    pub fn sanction(&mut self, id: SanctionId) -> Sanction {
        self.memory.sanction(&tenant(), id).expect("in memory").expect("it was made")
    }

    pub fn state(&mut self, id: SanctionId) -> State {
        self.sanction(id).state
    }

    pub fn delivery(&mut self, sanction: SanctionId, enforcer: &str) -> Enforcement {
        let deliveries = self.sanction(sanction).deliveries;
        let delivery = deliveries.into_iter().find(|one| one.enforcer == id(enforcer));
        delivery.expect("it was addressed")
    }

    pub fn dispatch(&mut self) -> usize {
        let (enforcers, cap) = (&self.enforcers, self.cap);
        let of = |_: &TenantId| enforcers.clone();
        let cap_of = |_: &TenantId, _: &ResourceId| Some(cap);
        let memory = &mut self.memory;
        let out = dispatch(memory, self.now, &self.policy, &of, &cap_of, 1_000);
        out.expect("in memory").count
    }

    pub fn lease(&mut self) -> Vec<Job> {
        let leased = lease(&mut self.memory, self.now, &self.policy, &self.room);
        leased.expect("in memory").into_iter().map(|(job, _)| job).collect()
    }

    /// The only job that is due.
    pub fn lease_one(&mut self) -> Job {
        let mut leased = self.lease();
        assert_eq!(leased.len(), 1, "{leased:?}");
        leased.remove(0)
    }

    pub fn settle(&mut self, job: &Job, settled: Settled) -> bool {
        let memory = &mut self.memory;
        let settled = settle(memory, job.id, job.fence, settled, self.now, &self.policy, 0.0);
        settled.expect("in memory")
    }

    pub fn lift(&mut self, id: SanctionId) {
        self.lift_with(id, false, None);
    }

    pub fn lift_with(&mut self, id: SanctionId, restore: bool, grace: Option<u64>) {
        let mut sanction = self.sanction(id);
        let enforcers = &self.enforcers;
        let of = |_: &TenantId| enforcers.clone();
        let (memory, by) = (&mut self.memory, act(self.now));
        lift(memory, &mut sanction, &by, restore, grace, self.now, &of).expect("in memory");
    }

    /// Moves the end to so many seconds from now, or away.
    pub fn extend(&mut self, id: SanctionId, lasts: Option<i64>) {
        let mut sanction = self.sanction(id);
        let end = lasts.map(|seconds| self.now.plus_seconds(seconds));
        let enforcers = &self.enforcers;
        let of = |_: &TenantId| enforcers.clone();
        let (memory, by) = (&mut self.memory, act(self.now));
        let permanent = end.is_none();
        extend(memory, &mut sanction, end, permanent, &by, self.now, &of).expect("in memory");
    }

    pub fn release(&mut self, id: SanctionId) {
        let mut sanction = self.sanction(id);
        assert_eq!(sanction.state, State::Held);
        sanction.released = true;
        sanction.enter(State::Pending, self.now, "let out");
        self.save(&mut sanction);
    }

    pub fn expire(&mut self) -> usize {
        let enforcers = &self.enforcers;
        let of = |_: &TenantId| enforcers.clone();
        expire(&mut self.memory, self.now, &of, 1_000).expect("in memory")
    }

    pub fn overdue(&mut self) -> usize {
        let enforcers = &self.enforcers;
        let of = |_: &TenantId| enforcers.clone();
        overdue(&mut self.memory, self.now, &self.policy, &of, 1_000).expect("in memory")
    }

    pub fn forsaken(&mut self) -> usize {
        let enforcers = &self.enforcers;
        let of = |_: &TenantId| enforcers.clone();
        forsaken(&mut self.memory, self.now, &of).expect("in memory")
    }

    pub fn go_stale(&mut self) -> usize {
        go_stale(&mut self.memory, self.now, &self.policy, 1_000).expect("in memory")
    }

    /// What the journal newly tells the stream called `stream`, which is given it.
    pub fn read(&mut self) -> Vec<(SanctionId, Notice, u32)> {
        let mut told = Vec::new();
        for entry in &self.memory.journal[self.read..] {
            let Change::Sanction { sanction, telling: Some(telling) } = &entry.change else {
                continue;
            };
            let Telling { notice, streams } = telling;
            let mine = streams.iter().filter(|(enforcer, _)| *enforcer == id("stream"));
            told.extend(mine.map(|(_, attempt)| (sanction.id, *notice, *attempt)));
        }
        self.read = self.memory.journal.len();
        for (sanction, notice, _) in &told {
            self.stream(*sanction, *notice);
        }
        told
    }

    /// The reader of `stream` starts anew: what it did not read it never will.
    pub fn skip(&mut self) {
        self.read = self.memory.journal.len();
    }

    /// The stream called `stream` is given an event.
    pub fn stream(&mut self, sanction: SanctionId, notice: Notice) {
        let (tenant, enforcer, memory) = (tenant(), id("stream"), &mut self.memory);
        streamed(memory, &tenant, &enforcer, ACK_DEADLINE, sanction, notice, self.now)
            .expect("in memory");
    }

    /// The stream called `stream` says what has become of a sanction.
    pub fn ack(&mut self, sanction: SanctionId, result: AckResult) {
        self.ack_as("stream", &[(sanction, result)]).expect("it was sent");
    }

    pub fn ack_as(
        &mut self,
        enforcer: &str,
        acks: &[(SanctionId, AckResult)],
    ) -> Result<(), CourtError> {
        let ack = |(sanction, result): &(SanctionId, AckResult)| Ack {
            sanction: *sanction,
            result: *result,
            error: String::new(),
            about: None,
        };
        let acks: Vec<_> = acks.iter().map(ack).collect();
        let (tenant, enforcer) = (tenant(), id(enforcer));
        acknowledge(&mut self.memory, &tenant, &enforcer, &acks, self.now, &self.policy)
    }

    pub fn switch(&mut self) -> SafetySwitch {
        self.memory.switch(&tenant()).expect("in memory")
    }

    pub fn set_switch(&mut self, state: SafetyState, budget: u32, probe: Option<u32>) {
        let before = self.switch();
        let switch = SafetySwitch {
            state,
            budget_per_minute: budget,
            probe_left: probe,
            surged_rule: None,
            version: before.version + 1,
            ..before
        };
        let change = Change::Safety(switch);
        self.memory.append(&tenant(), self.now, &change).expect("in memory");
    }

    pub fn alerts(&self) -> Vec<&AlertEvent> {
        let mut alerts = Vec::new();
        for entry in &self.memory.journal {
            if let Change::Alert(alert) = &entry.change {
                alerts.push(alert);
            }
        }
        alerts
    }
}
