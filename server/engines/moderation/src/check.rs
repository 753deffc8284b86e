mod look_back;

use crate::{
    gather::{Gathered, Needs, gather},
    seen::SeenIds,
    window::MessageWindows,
};
use futures_util::future::join_all;
use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};
use umpire_audit::{Committed, Decision, Earlier, Hash, Ledger, MessageKey, ReplayKey};
use umpire_model::{
    AuditState, Degraded, Judged, Message, StoreError, TenantId, Timestamp, Unchecked, Verdict,
    WallTime,
};
use umpire_rules::{Moment, RuleBook, RuleSet, Scanned};
use umpire_sanctions::Court;
use umpire_tenancy::{Directory, RecordPolicy, Tenant};
use umpire_text::Scratch;

/// Bytes of text after which a batch lets other tasks run.
const YIELD_BYTES: usize = 256 << 10;

/// Messages of a batch that are committed together: their hits are in memory at once.
const GROUP: usize = 128;

/// Whether a check has consequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckMode {
    /// It has.
    Enforce,
    /// The verdict as it would be; nothing is looked up or recorded.
    DryRun,
}

/// What a check knows beside the message.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who calls, for the record.
    pub caller: &'a str,
    /// When the request arrived.
    pub receive_time: Timestamp,
    /// Whether it has consequences.
    pub mode: CheckMode,
    /// Measure the stages.
    pub trace: bool,
}

/// A message cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The id was used for other content within 24 hours.
    #[error("the message id was used for other content")]
    MessageIdReused,
    /// The decision could be neither recorded nor spooled, or rules not loaded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A tenant's settings and rules as of the start of a call.
pub struct TenantView {
    tenant: Arc<Tenant>,
    rules: Arc<RuleSet>,
}

impl TenantView {
    /// Number of the rule-set revision that judges.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.rules.revision()
    }
}

/// Judges messages.
pub struct Moderator {
    book: Arc<RuleBook>,
    directory: Arc<Directory>,
    ledger: Arc<dyn Ledger>,
    court: Arc<Court>,
    seen: SeenIds,
    windows: MessageWindows,
    /// The ledger's, for digests of contents.
    secret: Hash,
    engine_version: Arc<str>,
}

/// How far the part of a check that never awaits has come.
// Lives on the stack for a moment; a box would cost every message an allocation.
#[allow(clippy::large_enum_variant)]
enum Begun {
    Done(Verdict),
    Open(Open),
}

/// A check that needs the ledger.
struct Open {
    scanned: Scanned,
    needs: Needs,
    scan_time: Duration,
}

impl Moderator {
    /// A moderator over the engines' services.
    ///
    /// # Errors
    /// When the recorded message ids cannot be read.
    pub async fn open(
        book: Arc<RuleBook>,
        directory: Arc<Directory>,
        ledger: Arc<dyn Ledger>,
        court: Arc<Court>,
        engine_version: &str,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let seen = SeenIds::new(&ledger.replay_keys(now).await?, now);
        let (secret, engine_version) = (ledger.secret(), engine_version.into());
        let windows = MessageWindows::new(&secret);
        Ok(Self { book, directory, ledger, court, seen, windows, secret, engine_version })
    }

    /// The settings and rules in force; `None` when there is no such tenant, or it
    /// is shut.
    ///
    /// # Errors
    /// When the rules have to be loaded and cannot be.
    pub async fn view(&self, tenant: &TenantId) -> Result<Option<TenantView>, StoreError> {
        let known = self.directory.tenant(tenant.as_str());
        let Some(known) = known.filter(|tenant| tenant.delete_time.is_none()) else {
            return Ok(None);
        };
        let own = self.rules(tenant).await?;
        let included = self.included(&known).await?;
        let rules = if included.is_empty() { own } else { Arc::new(own.including(&included)) };
        Ok(Some(TenantView { tenant: known, rules }))
    }

    async fn rules(&self, tenant: &TenantId) -> Result<Arc<RuleSet>, StoreError> {
        match self.book.live(tenant) {
            Some(rules) => Ok(rules),
            None => self.book.open(tenant).await,
        }
    }

    /// The rule sets a tenant includes.
    ///
    /// # Errors
    /// When one has to be loaded and cannot be.
    pub async fn included(&self, tenant: &Tenant) -> Result<Vec<Arc<RuleSet>>, StoreError> {
        let mut included = Vec::new();
        for id in &tenant.draft.settings.includes {
            included.push(self.rules(id).await?);
        }
        Ok(included)
    }

    /// Judges one message.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn check(
        &self,
        view: &TenantView,
        context: &Context<'_>,
        message: &Message<'_>,
    ) -> Result<Verdict, CheckError> {
        let key = MessageKey::of(&view.tenant.id, message);
        match self.begin(view, context, message, key, &mut Scratch::default()) {
            Begun::Done(verdict) => Ok(verdict),
            Begun::Open(open) => self.finish(view, context, message, open).await,
        }
    }

    /// Judges messages in order; those to be recorded become durable together.
    pub async fn check_all(
        &self,
        view: &TenantView,
        items: &[(Context<'_>, &Message<'_>)],
    ) -> Vec<Result<Verdict, CheckError>> {
        let mut scratch = Scratch::default();
        let mut results: Vec<_> = items.iter().map(|_| None).collect();
        let mut open = Vec::new();
        let mut open_keys = HashSet::new();
        let mut repeated = Vec::new();
        let mut scanned_bytes = 0;
        for (index, (context, message)) in items.iter().enumerate() {
            let key = MessageKey::of(&view.tenant.id, message);
            if key.is_some_and(|key| open_keys.contains(&key)) {
                repeated.push(index);
                continue;
            }
            scanned_bytes += message.texts().map(|(_, text)| text.len()).sum::<usize>();
            if scanned_bytes > YIELD_BYTES {
                // Others wait for this thread.
                scanned_bytes = 0;
                tokio::task::yield_now().await;
            }
            match self.begin(view, context, message, key, &mut scratch) {
                Begun::Done(verdict) => results[index] = Some(Ok(verdict)),
                Begun::Open(begun) => {
                    open_keys.extend(key);
                    open.push(
                        async move { (index, self.finish(view, context, message, begun).await) },
                    );
                }
            }
            if open.len() == GROUP {
                for (index, result) in join_all(open.drain(..)).await {
                    results[index] = Some(result);
                }
            }
        }
        for (index, result) in join_all(open).await {
            results[index] = Some(result);
        }
        // An id that came before in this batch waits for the first.
        for index in repeated {
            let (context, message) = &items[index];
            results[index] = Some(self.check(view, context, message).await);
        }
        results.into_iter().flatten().collect()
    }

    /// Judges a message with rules that are not in force, without a trace.
    #[must_use]
    pub fn try_rules(
        &self,
        rules: &RuleSet,
        message: &Message<'_>,
        now: Timestamp,
        zone: &str,
    ) -> Verdict {
        let scanned = rules.scan(message, now, &mut Scratch::default());
        rules.evaluate(message, &scanned, &moment(rules, now, zone), self.engine_version.clone())
    }

    /// Scope, scan, and whether anything more is needed.
    fn begin(
        &self,
        view: &TenantView,
        context: &Context<'_>,
        message: &Message<'_>,
        key: Option<MessageKey>,
        scratch: &mut Scratch,
    ) -> Begun {
        let settings = &view.tenant.draft.settings;
        let unchecked = match (message.from_self, settings.watches(message)) {
            (true, _) => Some(Unchecked::FromSelf),
            (false, false) => Some(Unchecked::OutOfScope),
            (false, true) => None,
        };
        if unchecked.is_some() {
            return Begun::Done(Verdict { unchecked, ..self.pass(view) });
        }
        let started = context.trace.then(Instant::now);
        let mut scanned = view.rules.scan(message, context.receive_time, scratch);
        let enforce = context.mode == CheckMode::Enforce;
        let earlier = key.filter(|key| enforce && self.seen.may_hold(key));
        self.look_back(view, context, message, earlier.is_some(), scratch, &mut scanned);
        let scan_time = started.map(|start| start.elapsed()).unwrap_or_default();
        let recorded = enforce && settings.record == RecordPolicy::All;
        if scanned.is_empty() && earlier.is_none() && !recorded && !context.trace {
            return Begun::Done(self.pass(view));
        }
        Begun::Open(Open { scanned, needs: Needs { earlier }, scan_time })
    }

    fn pass(&self, view: &TenantView) -> Verdict {
        let included_revisions = view.rules.included_revisions();
        Verdict {
            included_revisions,
            ..Verdict::pass(view.revision(), self.engine_version.clone())
        }
    }

    /// Gather, evaluate, commit.
    async fn finish(
        &self,
        view: &TenantView,
        context: &Context<'_>,
        message: &Message<'_>,
        open: Open,
    ) -> Result<Verdict, CheckError> {
        let mut watch = Stopwatch::start(context.trace);
        let now = context.receive_time;
        let Gathered { earlier, degraded } = gather(open.needs, &*self.ledger, now).await;
        let gather_time = watch.lap();
        if let Some(earlier) = earlier {
            return self.replayed(&earlier, &view.tenant.id, message);
        }
        let (rules, scanned, engine) = (&view.rules, &open.scanned, self.engine_version.clone());
        let moment = moment(rules, now, &view.tenant.draft.time_zone);
        let mut verdict = rules.evaluate(message, scanned, &moment, engine);
        verdict.degraded = degraded;
        let evaluate_time = watch.lap();
        let recorded =
            !verdict.matches.is_empty() || view.tenant.draft.settings.record == RecordPolicy::All;
        if recorded && context.mode == CheckMode::Enforce {
            verdict = self.record(view, context, message, verdict).await?;
        }
        verdict.timings.scan = open.scan_time;
        verdict.timings.gather = gather_time;
        verdict.timings.evaluate = evaluate_time;
        verdict.timings.commit = watch.lap();
        Ok(verdict)
    }

    async fn record(
        &self,
        view: &TenantView,
        context: &Context<'_>,
        message: &Message<'_>,
        mut verdict: Verdict,
    ) -> Result<Verdict, CheckError> {
        let tenant = &view.tenant.id;
        let replay = ReplayKey::of(&self.secret, tenant, message);
        let now = context.receive_time;
        let offence = self.court.offence(tenant, message, &verdict, now);
        let decision =
            Decision::new(tenant, context.caller, now, message, &verdict, replay, offence)?;
        let id = decision.record.record_id();
        if let Some(replay) = replay {
            // Before the commit: a caller may go away while it is under way.
            self.seen.insert(&replay.key, now);
        }
        if view.tenant.draft.settings.wait_for_record {
            match self.ledger.commit(decision).await? {
                Committed::Earlier(earlier) => return self.replayed(&earlier, tenant, message),
                Committed::Recorded(judged) => {
                    verdict.audit_state = AuditState::Recorded;
                    self.counted(judged, &mut verdict);
                }
                Committed::Held => {
                    verdict.audit_state = AuditState::Queued;
                    verdict.degraded = vec![Degraded::Ledger];
                }
            }
        } else {
            if let Committed::Earlier(earlier) = self.ledger.enqueue(decision)? {
                return self.replayed(&earlier, tenant, message);
            }
            verdict.audit_state = AuditState::Queued;
        }
        verdict.record = Some(id);
        Ok(verdict)
    }

    /// What counting came to; a new sanction is to be told at once.
    fn counted(&self, judged: Judged, verdict: &mut Verdict) {
        if judged.sanction.is_some() {
            self.court.wake().notify_one();
        }
        if judged.failed {
            verdict.degraded.push(Degraded::Counters);
        }
        verdict.strikes = judged.strikes;
        verdict.sanctions = judged.sanction.into_iter().collect();
    }

    /// The earlier verdict, if it was for the same content.
    fn replayed(
        &self,
        earlier: &Earlier,
        tenant: &TenantId,
        message: &Message<'_>,
    ) -> Result<Verdict, CheckError> {
        let key = ReplayKey::of(&self.secret, tenant, message);
        if key.is_none_or(|key| key.content != earlier.content) {
            return Err(CheckError::MessageIdReused);
        }
        let mut verdict = earlier.record.verdict();
        if !earlier.durable {
            verdict.audit_state = AuditState::Queued;
        }
        Ok(verdict)
    }
}

/// When a message is judged; the wall is looked at only if a rule asks.
fn moment(rules: &RuleSet, now: Timestamp, zone: &str) -> Moment {
    let nobody_looks = WallTime { weekday: 1, minute: 0 };
    let wall = if rules.has_windows() { now.on_the_wall(zone) } else { nobody_looks };
    Moment { now, wall }
}

/// Measures stages, if asked to.
struct Stopwatch(Option<Instant>);

impl Stopwatch {
    fn start(measure: bool) -> Self {
        Self(measure.then(Instant::now))
    }

    /// Time since the start or the last lap.
    fn lap(&mut self) -> Duration {
        let Some(last) = self.0 else { return Duration::ZERO };
        let now = Instant::now();
        self.0 = Some(now);
        now - last
    }
}
