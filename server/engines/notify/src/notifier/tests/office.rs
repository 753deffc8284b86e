//! A notifier at work over a memory, and a vendor who answers as tests say.

use super::store::Store;
use crate::{
    Courier, DeliveryId, Desk, DeskParts, Event, Notifier, Outcome, Parcel, Receiver, Report,
    port::Turn,
    samples::{Setup, Utc, event_at, sealer},
    turn::turn,
};
use futures_util::future::BoxFuture;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinHandle,
    time::timeout,
};
use umpire_model::{Clock, Level, StoreError, SystemClock};

const LONG: Duration = Duration::from_secs(20);

/// What a vendor does with a call.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    Say(Outcome),
    /// Delivered, but not before it is let go.
    Hold,
    Panic,
}

/// A receiver, a delivery, and which attempt at it.
pub(super) type Call = (String, DeliveryId, u32);

/// Does what it is told to; when nothing is left it takes everything.
pub(super) struct Vendor {
    answers: Mutex<HashMap<String, VecDeque<Answer>>>,
    told: mpsc::UnboundedSender<Call>,
    held: Semaphore,
}

impl Vendor {
    pub fn new(answers: &[(&str, &[Answer])]) -> (Arc<Self>, mpsc::UnboundedReceiver<Call>) {
        let (told, calls) = mpsc::unbounded_channel();
        let of = |(name, answers): &(&str, &[Answer])| {
            ((*name).to_owned(), answers.iter().cloned().collect())
        };
        let answers = Mutex::new(answers.iter().map(of).collect());
        (Arc::new(Self { answers, told, held: Semaphore::new(0) }), calls)
    }

    /// Lets one go that is held.
    pub fn let_go(&self) {
        self.held.add_permits(1);
    }

    fn next(&self, receiver: &str) -> Answer {
        let mut answers = self.answers.lock().expect("no test panics here");
        let next = answers.get_mut(receiver).and_then(VecDeque::pop_front);
        next.unwrap_or(Answer::Say(Outcome::Delivered))
    }
}

pub(super) fn report(outcome: Outcome) -> Report {
    let (vendor_code, detail, vendor_id) = ("0".into(), "ok".into(), "m1".into());
    Report { outcome, status: 200, vendor_code, detail, vendor_id }
}

impl Courier for Vendor {
    fn deliver<'a>(&'a self, _: &'a Receiver, parcel: Parcel<'a>) -> BoxFuture<'a, Report> {
        assert!(!parcel.rendered.title.is_empty(), "it is worded");
        let receiver = parcel.receiver_id.to_string();
        let answer = self.next(&receiver);
        // A test that is over listens no more.
        let _ = self.told.send((receiver, parcel.id, parcel.attempt));
        Box::pin(async move {
            match answer {
                Answer::Say(outcome) => report(outcome),
                Answer::Hold => {
                    self.held.acquire().await.expect("it is never closed").forget();
                    report(Outcome::Delivered)
                }
                Answer::Panic => panic!("the courier is broken"),
            }
        })
    }
}

/// A notifier that runs.
pub(super) struct Office {
    pub store: Arc<Store>,
    pub vendor: Arc<Vendor>,
    calls: mpsc::UnboundedReceiver<Call>,
    down: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Office {
    pub async fn open(setup: Setup, store: Store, answers: &[(&str, &[Answer])]) -> Self {
        let store = Arc::new(store);
        let (vendor, calls) = Vendor::new(answers);
        let parts = DeskParts {
            store: store.clone(),
            policy: setup.policy.clone(),
            shelves: setup.shelves(),
            sealer: sealer(),
            zones: Arc::new(Utc),
            secret: [7; 32],
        };
        let desk = Arc::new(Desk::open(parts).await.expect("shelves in memory"));
        let notifier = Notifier::new(desk, vendor.clone(), Arc::new(SystemClock));
        let (down, shutdown) = watch::channel(false);
        let task = tokio::spawn(notifier.run(shutdown));
        Self { store, vendor, calls, down, task }
    }

    /// Something urgent happens.
    pub async fn happens(&self, key: &str) {
        let event = urgent(key);
        let work = move |turn: &mut dyn Turn| -> Result<(), StoreError> { turn.accept(&event) };
        turn(&*self.store, work).await.expect("the store is there");
    }

    /// The next call of the vendor.
    pub async fn call(&mut self) -> Call {
        let call = timeout(LONG, self.calls.recv()).await;
        call.expect("it comes").expect("the vendor is there")
    }

    /// Whom the next call is for.
    pub async fn called(&mut self) -> String {
        self.call().await.0
    }

    /// No call was made that was not looked at.
    pub fn is_still(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }

    pub fn shut_down(&self) {
        self.down.send_replace(true);
    }

    pub async fn ended(self) {
        timeout(LONG, self.task).await.expect("it ends").expect("without panic");
    }
}

/// An event of P0 that happens now.
pub(super) fn urgent(key: &str) -> Event {
    event_at(key, Level::P0, SystemClock.now())
}
