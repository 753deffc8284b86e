//! Silences that end: people who relied on them have to know.

use crate::{
    World,
    alarm::{self, Alarm},
    port::Turn,
};
use sha2::{Digest, Sha256};
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp};
use uuid::Uuid;

/// Seconds that are looked back at the start: silences may end while nobody looks.
pub(super) const LOOK_BACK: i64 = 24 * 3_600;

/// A silence that ended: whose, which, its author, and when.
type Ended = (TenantId, ResourceId, String, Timestamp);

/// Those that ended after `since` and until `now`.
pub(super) fn ended(world: &World, since: Timestamp, now: Timestamp) -> Vec<Ended> {
    let mut ended = Vec::new();
    for tenant in world.silences.tenants() {
        let shelf = world.silences.shelf(&tenant).unwrap_or_default();
        for kept in shelf.iter() {
            let end = kept.item.end_time;
            if since < end && end <= now {
                ended.push((tenant.clone(), kept.id.clone(), kept.author.clone(), end));
            }
        }
    }
    ended
}

/// Tells of them.
pub(super) fn tell(
    turn: &mut dyn Turn,
    world: &World,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (tenant, id, author, end) in ended(world, since, now) {
        let event = event_id(&tenant, &id, end);
        let alarm = Alarm {
            level: Level::P2,
            key: format!("silence/{id}"),
            title: format!("Silence {id} by {author} has ended"),
            detail: String::new(),
            not_to: Vec::new(),
        };
        alarm::raise_as(turn, &tenant, event, alarm, now)?;
    }
    Ok(())
}

/// The same for the same end of a silence, so that it is told once.
fn event_id(tenant: &TenantId, id: &ResourceId, end: Timestamp) -> Uuid {
    let digest = Sha256::digest(format!("silence/{tenant}/{id}/{}", end.0));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
