mod people;
mod store;
mod streams;

use super::*;
use crate::{
    EnforcerKind, State, Webhook,
    samples::{at, id, rule, subject, tenant},
};
use store::{NoShelves, Store};
use umpire_model::SanctionKind;

/// A court over a memory, with a rule `spam`, a stream `game` and a webhook `hook` that is
/// told of one server alone.
struct World {
    store: Arc<Store>,
    court: Court,
}

fn act(seconds: i64) -> Act {
    Act {
        operator: "ann".into(),
        time: at(seconds),
        reason: "a test".into(),
        request: None,
        validate_only: false,
    }
}

/// A permanent mute or ban, or a warning.
fn draft(user: &str, kind: SanctionKind) -> Draft {
    Draft {
        subject: subject(user),
        kind: Some(kind),
        permanent: kind != SanctionKind::Warn,
        reason: "spam".into(),
        ..Draft::default()
    }
}

fn enforcer(kind: EnforcerKind, servers: Vec<String>) -> Enforcer {
    let (display_name, categories) = (String::new(), Vec::new());
    Enforcer { display_name, kind, servers, categories, ack_deadline: 30 }
}

impl World {
    async fn open() -> Self {
        let store = Arc::new(Store::default());
        let parts = Parts {
            store: store.clone(),
            shelves: Arc::new(NoShelves),
            sealer: Arc::new(umpire_catalog::Sealer::new([9; 32])),
            policy: Policy::default(),
            secret: [7; 32],
        };
        let court = Court::open(parts).await.expect("nothing to load");
        let world = Self { store, court };
        world.configure().await;
        world
    }

    async fn configure(&self) {
        let change = umpire_catalog::Change {
            author: "ann".into(),
            time: at(0),
            request: None,
            validate_only: false,
        };
        let webhook = EnforcerKind::Webhook(Webhook {
            url: "https://game.example/sanctions".into(),
            secret: format!("whsec_{}", "A".repeat(32)),
            legacy_end_time: false,
        });
        let hook = enforcer(webhook, vec!["another".into()]);
        let game = enforcer(EnforcerKind::Stream, Vec::new());
        for (name, enforcer) in [("game", game), ("hook", hook)] {
            let made = self.court.enforcers().create(&tenant(), id(name), enforcer, &change).await;
            made.expect("a good enforcer");
        }
        let made = self.court.rules().create(&tenant(), id("spam"), rule(), &change).await;
        made.expect("a good rule");
    }

    /// Makes a sanction and lets it out.
    async fn sanction(&self, user: &str, kind: SanctionKind, seconds: i64) -> Sanction {
        let made = self.court.create(&tenant(), None, draft(user, kind), &act(seconds)).await;
        self.dispatch(seconds).await;
        made.expect("a good draft")
    }

    async fn dispatch(&self, seconds: i64) {
        let (enforcers, policy) = (self.court.addressees(), self.court.policy);
        let work = move |turn: &mut dyn Turn| {
            lifecycle::dispatch(turn, at(seconds), &policy, &enforcers, &|_, _| None, 100)
        };
        turn(&*self.court.store, work).await.expect("a turn of the memory");
    }

    async fn lift(&self, id: SanctionId, seconds: i64) -> Result<Sanction, CourtError> {
        self.court.lift(&tenant(), id, "", Lift::default(), &act(seconds)).await
    }

    async fn state(&self, id: SanctionId) -> State {
        self.court.get(&tenant(), id).await.expect("a sanction").state
    }
}
