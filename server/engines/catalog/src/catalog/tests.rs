mod memory;

use super::*;
use memory::Memory;
use serde::{Deserialize, Serialize};
use umpire_model::Secret;

/// An item with a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Door {
    colour: String,
    code: Secret,
}

impl Item for Door {
    const COLLECTION: &'static str = "doors";
    const MAX_PER_TENANT: usize = 2;
    const SEALED: bool = true;
    type Derived = ();

    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }

    fn without_secrets(&self) -> Self {
        Self { code: Secret::default(), ..self.clone() }
    }

    fn derive(_: &Shelf<Self>) {}
}

/// One without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sign {
    text: String,
}

impl Item for Sign {
    const COLLECTION: &'static str = "signs";
    const MAX_PER_TENANT: usize = 2;
    type Derived = ();

    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }

    fn derive(_: &Shelf<Self>) {}
}

fn tenant() -> TenantId {
    TenantId::new("games").expect("an id")
}

fn id(text: &str) -> ResourceId {
    ResourceId::new(text).expect("an id")
}

fn door() -> Door {
    Door { colour: "green".into(), code: "hunter2".into() }
}

fn change(request: Option<&str>) -> Change {
    let key = |id: &str| RequestKey { id: id.into(), fingerprint: "a".into() };
    Change {
        author: "ann".into(),
        time: Timestamp(0),
        request: request.map(key),
        validate_only: false,
    }
}

async fn open<T: Item>(store: &Arc<Memory>, key: u8) -> Result<Catalog<T>, StoreError> {
    Catalog::open(store.clone(), Arc::new(Sealer::new([key; 32]))).await
}

/// A store with a door as it was kept before there was a key.
fn exposed() -> Arc<Memory> {
    let (create_time, update_time) = (Timestamp(0), Timestamp(0));
    let (id, author) = (id("front"), "ann".into());
    let kept = Kept { id, item: door(), version: 3, create_time, update_time, author };
    let store = Arc::new(Memory::default());
    store.keep(Door::COLLECTION, body::write(&tenant(), &kept).expect("JSON"));
    store
}

#[tokio::test]
async fn what_holds_secrets_is_kept_sealed() {
    let store = Arc::new(Memory::default());
    let doors = open::<Door>(&store, 7).await.expect("nothing to load");
    let made = doors.create(&tenant(), id("front"), door(), &change(Some("r1"))).await;
    assert_eq!(made.expect("a good door").item, door());
    assert!(Sealer::is_sealed(&store.body(Door::COLLECTION)), "{store:?}");
    assert!(!format!("{store:?}").contains("hunter2"), "{store:?}");

    let again = doors.create(&tenant(), id("front"), door(), &change(Some("r1"))).await;
    assert_eq!(again.expect("the same request").item, door().without_secrets());
    let doors = open::<Door>(&store, 7).await.expect("its key");
    assert_eq!(doors.get(&tenant(), &id("front")).expect("it is kept").item, door());
}

#[tokio::test]
async fn what_holds_none_is_kept_as_it_is() {
    let store = Arc::new(Memory::default());
    let signs = open::<Sign>(&store, 7).await.expect("nothing to load");
    let sign = Sign { text: "mind the step".into() };
    signs.create(&tenant(), id("front"), sign.clone(), &change(None)).await.expect("a sign");
    assert!(store.body(Sign::COLLECTION).contains("mind the step"));
    let signs = open::<Sign>(&store, 8).await.expect("no key is asked for");
    assert_eq!(signs.get(&tenant(), &id("front")).expect("it is kept").item, sign);
}

#[tokio::test]
async fn what_was_kept_before_there_was_a_key_is_sealed_at_the_start() {
    let store = exposed();
    let doors = open::<Door>(&store, 7).await.expect("it was never sealed");
    assert!(Sealer::is_sealed(&store.body(Door::COLLECTION)));
    let kept = doors.get(&tenant(), &id("front")).expect("it is kept");
    assert_eq!((kept.version, &kept.item), (3, &door()));
    let blue = |kept: &Kept<Door>| Ok(Door { colour: "blue".into(), ..kept.item.clone() });
    let changed = doors.update(&tenant(), &id("front"), "v3", &change(None), blue).await;
    assert_eq!(changed.expect("its version is what it was").version, 4);
    let doors = open::<Door>(&store, 7).await.expect("its key");
    let kept = doors.get(&tenant(), &id("front")).expect("it is kept");
    assert_eq!((kept.item.colour.as_str(), kept.item.code.reveal()), ("blue", "hunter2"));
}

#[tokio::test]
async fn a_store_that_cannot_be_written_opens_all_the_same() {
    let store = exposed();
    store.close();
    let doors = open::<Door>(&store, 7).await.expect("it can be read");
    assert!(doors.get(&tenant(), &id("front")).is_some());
    assert!(!Sealer::is_sealed(&store.body(Door::COLLECTION)), "it waits for the next start");
}

#[tokio::test]
async fn another_key_and_another_place_are_named_and_their_content_is_not() {
    let closed = |place: &str| {
        Some(StoreError::Corrupt(format!("{place} does not open with this key").into()))
    };
    let store = exposed();
    open::<Door>(&store, 7).await.expect("it was never sealed");
    assert_eq!(open::<Door>(&store, 8).await.err(), closed("doors/games/front"));
    let mut moved = store.item(Door::COLLECTION);
    moved.id = id("back");
    store.keep(Door::COLLECTION, moved);
    assert_eq!(open::<Door>(&store, 7).await.err(), closed("doors/games/back"));
}

#[tokio::test]
async fn what_cannot_be_read_is_not_quoted() {
    let store = exposed();
    let item = store.item(Door::COLLECTION);
    let body = item.body.replace("\"green\"", "7").replace("\"hunter2\"", "{\"hunter2\":1}");
    store.keep(Door::COLLECTION, StoredItem { body, ..item });
    let unreadable = StoreError::Corrupt("doors/games/front: cannot be read".into());
    assert_eq!(open::<Door>(&store, 7).await.err(), Some(unreadable));
}
