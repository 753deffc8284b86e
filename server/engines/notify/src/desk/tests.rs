mod acting;
mod retrying;
mod routing;
mod sampling;
mod store;
mod streams;

use super::*;
use crate::{
    Alert, Happening, HappeningKind, Turn,
    samples::{Setup, Utc, alert, at, sealer, tenant},
    turn::turn,
};
use store::Store;
use umpire_model::RequestKey;

/// A desk over a memory.
struct Office {
    store: Arc<Store>,
    desk: Desk,
}

fn act(seconds: i64) -> Act {
    Act { operator: "ann".into(), time: at(seconds), request: None }
}

fn asked(request: &str, fingerprint: &str) -> Act {
    let key = RequestKey { id: request.into(), fingerprint: fingerprint.into() };
    Act { request: Some(key), ..act(10) }
}

impl Office {
    async fn open(setup: Setup) -> Self {
        let store = Arc::new(Store::default());
        let parts = DeskParts {
            store: store.clone(),
            policy: setup.policy.clone(),
            shelves: setup.shelves(),
            sealer: sealer(),
            zones: Arc::new(Utc),
            secret: [7; 32],
        };
        let desk = Desk::open(parts).await.expect("shelves in memory");
        Self { store, desk }
    }

    async fn empty() -> Self {
        Self::open(Setup::default()).await
    }

    /// Keeps an alert, and enters into the journal that something happened to it.
    async fn enter(&self, kind: HappeningKind, alert: &Alert) {
        let (alert, cause) = (Box::new(alert.clone()), String::new());
        let work = move |turn: &mut dyn Turn| -> Result<(), StoreError> {
            turn.put_alert(&alert, None)?;
            let tenant = alert.tenant.clone();
            turn.append(&tenant, at(1), &Happening { kind, alert, cause }).map(drop)
        };
        turn(&*self.store, work).await.expect("a turn of the memory");
    }

    /// A new alert of this key.
    async fn alert(&self, key: &str) -> Alert {
        let alert = alert(key);
        self.enter(HappeningKind::Created, &alert).await;
        alert
    }
}
