//! The one thread that writes.

use crate::{
    alerts::{Signals, Watches},
    batch::Batch,
    folder::FolderLock,
    held::Held,
    ledger::Chain,
    sanctions::{Counters, Journal, OpenTurn},
    spool::Spool,
    store::store_error,
};
use rusqlite::{Connection, TransactionBehavior};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot, watch};
use umpire_audit::{Committed, Decision, Earlier, MessageKey};
use umpire_model::{Outcome, StoreError, StoreFuture, crash_point};

/// Most jobs that wait for the writer; beyond that callers wait.
const QUEUE: usize = 8_192;
/// Most jobs of one transaction.
const MAX_BATCH: usize = 1_024;
/// While the file cannot be written, it is tried again this often.
const RETRY: Duration = Duration::from_millis(500);

pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// Something to be written.
pub(crate) enum Job {
    Decision(Box<Decision>, Option<Reply<Committed>>),
    Change(Box<dyn Change>),
    Close,
}

/// A write that is neither a decision nor worth a type of its own.
pub(crate) trait Change: Send {
    /// Writes; an error undoes the whole transaction.
    fn write(&mut self, turn: &mut OpenTurn<'_>) -> rusqlite::Result<()>;
    /// Tells the caller, once the transaction is durable or has failed.
    fn tell(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Write<T, F> {
    work: Option<F>,
    /// Whether what was done is kept.
    keep: fn(&T) -> bool,
    result: Option<Result<T, StoreError>>,
    reply: Reply<T>,
}

impl<T, F> Change for Write<T, F>
where
    T: Send,
    F: FnOnce(&mut OpenTurn<'_>) -> Result<T, StoreError> + Send,
{
    fn write(&mut self, turn: &mut OpenTurn<'_>) -> rusqlite::Result<()> {
        if let Some(work) = self.work.take() {
            self.result = Some(turn.attempt(work, self.keep)?);
        }
        Ok(())
    }

    fn tell(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { result, reply, .. } = *self;
        let not_tried = || Err(StoreError::Unavailable("the change was not tried".into()));
        // A caller that went away does not want to know.
        let _ = reply.send(outcome.and_then(|()| result.unwrap_or_else(not_tried)));
    }
}

/// Hands jobs to the writer.
#[derive(Clone)]
pub(crate) struct WriterHandle {
    jobs: mpsc::Sender<Job>,
    held: Arc<Held>,
    settled: watch::Receiver<u64>,
    alerts: Watches,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl WriterHandle {
    /// Writes something and answers once it is durable; an error undoes it alone.
    pub fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let work =
            |turn: &mut OpenTurn<'_>| work(turn.connection).map_err(|error| store_error(&error));
        self.submit(work, |_| true)
    }

    /// Takes a turn of sanctions: what it does is kept if it says so, and undone otherwise.
    pub fn turn(&self, work: umpire_sanctions::Work) -> StoreFuture<'static, Outcome> {
        self.submit(|turn| work(turn), |outcome| matches!(outcome, Outcome::Keep(_)))
    }

    /// As [`Self::turn`], of alerts.
    pub fn turn_of_alerts(&self, work: umpire_notify::Work) -> StoreFuture<'static, Outcome> {
        self.submit(|turn| work(turn), |outcome| matches!(outcome, Outcome::Keep(_)))
    }

    fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut OpenTurn<'_>) -> Result<T, StoreError> + Send + 'static,
        keep: fn(&T) -> bool,
    ) -> StoreFuture<'static, T> {
        let (reply, answer) = oneshot::channel();
        let change = Write { work: Some(work), keep, result: None, reply };
        self.send(Job::Change(Box::new(change)), answer)
    }

    pub fn commit(&self, decision: Decision) -> StoreFuture<'static, Committed> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Decision(Box::new(decision), Some(reply)), answer)
    }

    fn send<T: Send + 'static>(
        &self,
        job: Job,
        answer: oneshot::Receiver<Result<T, StoreError>>,
    ) -> StoreFuture<'static, T> {
        let jobs = self.jobs.clone();
        Box::pin(async move {
            jobs.send(job).await.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        })
    }

    /// Hands a decision over without waiting.
    pub fn hold(&self, decision: Decision) -> Result<Committed, StoreError> {
        if let Some(earlier) = self.held.add(&decision) {
            return Ok(Committed::Earlier(Box::new(earlier)));
        }
        match self.jobs.try_reserve() {
            Ok(place) => {
                place.send(Job::Decision(Box::new(decision), None));
                Ok(Committed::Held)
            }
            Err(error) => {
                self.held.remove(std::iter::once(&decision));
                Err(refused(&error))
            }
        }
    }

    /// What is held for writing under a key.
    pub fn held(&self, key: MessageKey) -> Option<Earlier> {
        self.held.find(key)
    }

    /// Keys of all that is held.
    pub fn held_keys(&self) -> Vec<MessageKey> {
        self.held.keys()
    }

    /// The entry up to which the journal of sanctions is durable.
    pub fn settled(&self) -> watch::Receiver<u64> {
        self.settled.clone()
    }

    /// What those follow who wait for alerts.
    pub fn alerts(&self) -> &Watches {
        &self.alerts
    }

    /// Hands a job over without waiting.
    pub fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        self.jobs.try_send(job).map_err(|error| refused(&error))
    }

    pub fn queue(&self) -> (usize, usize) {
        (self.jobs.max_capacity(), self.jobs.max_capacity() - self.jobs.capacity())
    }

    /// Writes what is queued and ends the thread.
    pub async fn close(&self) {
        let _ = self.jobs.send(Job::Close).await;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

fn refused<T>(error: &mpsc::error::TrySendError<T>) -> StoreError {
    match error {
        mpsc::error::TrySendError::Full(_) => StoreError::Overloaded,
        mpsc::error::TrySendError::Closed(_) => closed(),
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}

/// The writer's own state.
pub(crate) struct Writer {
    connection: Connection,
    chain: Chain,
    journal: Journal,
    counters: Counters,
    settled: watch::Sender<u64>,
    alerts: Signals,
    spool: Spool,
    held: Arc<Held>,
    /// When the file was last tried in vain; `None` while it can be written.
    away: Option<Instant>,
    _lock: FolderLock,
}

impl Writer {
    /// Moves what was spooled into the file before anything else; what cannot be
    /// moved is held.
    pub fn new(
        connection: Connection,
        spool: Spool,
        spooled: &[Decision],
        lock: FolderLock,
    ) -> rusqlite::Result<Self> {
        let chain = Chain::load(&connection)?;
        let journal = Journal::load(&connection, chain.name())?;
        let held = Held::default();
        for decision in spooled {
            held.add(decision);
        }
        let mut writer = Self {
            chain,
            counters: Counters::default(),
            settled: watch::Sender::new(journal.last()),
            alerts: Signals::load(&connection)?,
            connection,
            journal,
            spool,
            held: Arc::new(held),
            away: None,
            _lock: lock,
        };
        writer.drain_spool();
        Ok(writer)
    }

    /// The name of this file's chain.
    pub fn name(&self) -> &str {
        self.chain.name()
    }

    pub fn start(self) -> io::Result<WriterHandle> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let (held, settled) = (self.held.clone(), self.settled.subscribe());
        let alerts = self.alerts.subscribe();
        let work = move || runtime.block_on(self.run(queue));
        let thread = std::thread::Builder::new().name("umpire-writer".into()).spawn(work)?;
        let thread = Arc::new(Mutex::new(Some(thread)));
        Ok(WriterHandle { jobs, held, settled, alerts, thread })
    }

    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        loop {
            let wait = if self.away.is_some() { RETRY } else { Duration::MAX };
            match tokio::time::timeout(wait, queue.recv()).await {
                Err(_elapsed) => self.drain_spool(),
                Ok(None) => return,
                Ok(Some(first)) => {
                    if self.write_with_waiting(first, &mut queue) {
                        return;
                    }
                }
            }
        }
    }

    /// Writes a job with whatever waits behind it; says whether to stop.
    fn write_with_waiting(&mut self, first: Job, queue: &mut mpsc::Receiver<Job>) -> bool {
        let mut batch = Batch::default();
        let mut stop = batch.add(first);
        while !stop && batch.len() < MAX_BATCH {
            let Ok(job) = queue.try_recv() else { break };
            stop = batch.add(job);
        }
        self.write(batch);
        stop
    }

    fn write(&mut self, batch: Batch) {
        if self.away.is_some_and(|tried| tried.elapsed() >= RETRY) {
            self.drain_spool();
        }
        if self.away.is_some() {
            return self.put_aside(batch);
        }
        let Batch { decisions, mut changes } = batch;
        match self.transact(decisions.iter().map(|(decision, _)| &**decision), &mut changes) {
            Ok(outcomes) => {
                self.held.remove(decisions.iter().map(|(decision, _)| &**decision));
                for ((_, reply), outcome) in decisions.into_iter().zip(outcomes) {
                    answer(reply, Ok(outcome));
                }
                changes.into_iter().for_each(|change| change.tell(Ok(())));
            }
            Err(error) => {
                tracing::error!(%error, "the database cannot be written; decisions are spooled");
                self.away = Some(Instant::now());
                self.put_aside(Batch { decisions, changes });
            }
        }
    }

    /// One transaction: all or nothing.
    fn transact<'d>(
        &mut self,
        decisions: impl Iterator<Item = &'d Decision>,
        changes: &mut [Box<dyn Change>],
    ) -> rusqlite::Result<Vec<Committed>> {
        let outcomes = self.try_transact(decisions, changes);
        if outcomes.is_err() {
            // They may hold what was undone.
            self.counters.clear();
        }
        outcomes
    }

    fn try_transact<'d>(
        &mut self,
        decisions: impl Iterator<Item = &'d Decision>,
        changes: &mut [Box<dyn Change>],
    ) -> rusqlite::Result<Vec<Committed>> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut chain, mut journal) = (self.chain.clone(), self.journal.clone());
        let (outcomes, added) = {
            let mut turn = OpenTurn::new(&transaction, &mut journal, &mut self.counters);
            let outcomes = decisions
                .map(|decision| chain.append(&mut turn, decision))
                .collect::<Result<_, _>>()?;
            for change in changes {
                change.write(&mut turn)?;
            }
            (outcomes, turn.added)
        };
        transaction.commit()?;
        self.chain = chain;
        self.settle(journal);
        self.alerts.tell(added);
        Ok(outcomes)
    }

    /// The transaction is durable, with the journal up to here.
    fn settle(&mut self, journal: Journal) {
        let moved = journal.last() != self.journal.last();
        self.journal = journal;
        if moved {
            crash_point("committed");
            self.settled.send_replace(self.journal.last());
        }
    }

    /// Decisions go to the spool, changes are refused.
    fn put_aside(&mut self, batch: Batch) {
        for change in batch.changes {
            change.tell(Err(StoreError::Unavailable("the database cannot be written".into())));
        }
        let mut fresh = Vec::new();
        for (decision, reply) in batch.decisions {
            // One that was enqueued is held already, by itself.
            match self.held.add(&decision).filter(|held| held.record.id != decision.record.id) {
                Some(earlier) => answer(reply, Ok(Committed::Earlier(Box::new(earlier)))),
                None => fresh.push((decision, reply)),
            }
        }
        let decisions = || fresh.iter().map(|(decision, _)| &**decision);
        let spooled = self.spool.append(decisions());
        if spooled.is_err() {
            self.held.remove(decisions());
        }
        for (_, reply) in fresh {
            answer(reply, spooled.clone().map(|()| Committed::Held));
        }
    }

    /// Moves what is spooled into the file, if it can be written again.
    fn drain_spool(&mut self) {
        let moved = match self.spool.read() {
            Ok(spooled) => self.transact(spooled.iter(), &mut []).map(|_| spooled),
            Err(error) => {
                tracing::error!(%error, "the spool cannot be read");
                self.away = Some(Instant::now());
                return;
            }
        };
        match moved {
            Ok(spooled) => {
                self.held.remove(spooled.iter());
                if let Err(error) = self.spool.clear() {
                    // Records are unique by id, so moving them again does no harm.
                    tracing::error!(%error, "the spool cannot be cleared");
                    return;
                }
                if !spooled.is_empty() {
                    tracing::info!(count = spooled.len(), "spooled decisions are recorded");
                }
                self.away = None;
            }
            Err(error) => {
                tracing::warn!(%error, "the database cannot be written yet");
                self.away = Some(Instant::now());
            }
        }
    }
}

fn answer(reply: Option<Reply<Committed>>, outcome: Result<Committed, StoreError>) {
    match reply {
        // A caller that went away does not want to know.
        Some(reply) => drop(reply.send(outcome)),
        None => {
            if let Err(error) = outcome {
                tracing::error!(%error, "a decision that nobody waited for is lost");
            }
        }
    }
}
