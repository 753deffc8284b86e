//! How the store keeps an item: as JSON, sealed where it may hold secrets.

use crate::{Item, Kept, Sealer, StoredItem};
use serde::{Deserialize, Serialize};
use umpire_model::{StoreError, TenantId, Timestamp};

#[derive(Serialize, Deserialize)]
struct Body<T> {
    item: T,
    create_time: Timestamp,
    update_time: Timestamp,
    author: String,
}

/// The item as a document, not sealed.
pub(crate) fn write<T: Item>(tenant: &TenantId, kept: &Kept<T>) -> Result<StoredItem, StoreError> {
    let body = Body {
        item: &kept.item,
        create_time: kept.create_time,
        update_time: kept.update_time,
        author: kept.author.clone(),
    };
    let body = serde_json::to_string(&body)
        .map_err(|error| StoreError::Corrupt(error.to_string().into()))?;
    Ok(StoredItem { tenant: tenant.clone(), id: kept.id.clone(), version: kept.version, body })
}

/// The item of a document that is not sealed.
pub(crate) fn read<T: Item>(plain: &StoredItem) -> Result<Kept<T>, StoreError> {
    let Body { item, create_time, update_time, author } =
        serde_json::from_str(&plain.body).map_err(|error| unreadable::<T>(plain, &error))?;
    let (id, version) = (plain.id.clone(), plain.version);
    Ok(Kept { id, item, version, create_time, update_time, author })
}

/// The document as the store gets it.
pub(crate) fn seal<T: Item>(sealer: &Sealer, plain: StoredItem) -> Result<StoredItem, StoreError> {
    if !T::SEALED {
        return Ok(plain);
    }
    let body = sealer.seal(&place::<T>(&plain), &plain.body)?;
    Ok(StoredItem { body, ..plain })
}

/// The document as it was before [`seal`].
pub(crate) fn open<T: Item>(sealer: &Sealer, kept: StoredItem) -> Result<StoredItem, StoreError> {
    if !T::SEALED {
        return Ok(kept);
    }
    let body = sealer.open(&place::<T>(&kept), &kept.body)?;
    Ok(StoredItem { body, ..kept })
}

/// Where it stands; a sealed body opens there alone.
fn place<T: Item>(item: &StoredItem) -> String {
    format!("{}/{}/{}", T::COLLECTION, item.tenant, item.id)
}

fn unreadable<T: Item>(item: &StoredItem, error: &serde_json::Error) -> StoreError {
    let place = place::<T>(item);
    // What serde says may quote a secret.
    let said = if T::SEALED { "cannot be read".into() } else { error.to_string() };
    StoreError::Corrupt(format!("{place}: {said}").into())
}
