//! Resources that tenants keep by name, as documents.

use crate::{
    requests,
    rule_sets::signed,
    store::{EmbeddedStore, unreadable},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use umpire_catalog::{PutOutcome, Shelves, StoredItem};
use umpire_model::{RequestRecord, ResourceId, StoreFuture, TenantId};

impl Shelves for EmbeddedStore {
    fn load(&self, collection: &'static str) -> StoreFuture<'_, Vec<StoredItem>> {
        self.readers.read(move |connection| {
            let sql = "SELECT tenant, id, version, body FROM shelves WHERE collection = ?1";
            connection.prepare(sql)?.query_map([collection], item)?.collect()
        })
    }

    fn put(
        &self,
        collection: &'static str,
        item: StoredItem,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        self.writer.change(move |connection| put(connection, collection, &item, request.as_ref()))
    }

    fn replace_body(
        &self,
        collection: &'static str,
        item: StoredItem,
    ) -> StoreFuture<'_, PutOutcome> {
        self.writer.change(move |connection| replace_body(connection, collection, &item))
    }

    fn remove(
        &self,
        collection: &'static str,
        tenant: TenantId,
        id: ResourceId,
        version: u64,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        self.writer.change(move |connection| {
            let (tenant, id) = (tenant.as_str(), id.as_str());
            if kept_version(connection, collection, tenant, id)? != version {
                return Ok(PutOutcome::Conflict);
            }
            connection.execute(
                "DELETE FROM shelves WHERE collection = ?1 AND tenant = ?2 AND id = ?3",
                [collection, tenant, id],
            )?;
            requests::keep(connection, tenant, request.as_ref())?;
            Ok(PutOutcome::Done)
        })
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>> {
        let (tenant, id) = (tenant.clone(), id.to_owned());
        self.readers.read(move |connection| requests::find(connection, tenant.as_str(), &id))
    }
}

fn put(
    connection: &Connection,
    collection: &str,
    item: &StoredItem,
    request: Option<&RequestRecord>,
) -> rusqlite::Result<PutOutcome> {
    let (tenant, id) = (item.tenant.as_str(), item.id.as_str());
    if kept_version(connection, collection, tenant, id)? + 1 != item.version {
        return Ok(PutOutcome::Conflict);
    }
    connection.execute(
        "INSERT OR REPLACE INTO shelves (collection, tenant, id, version, body)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![collection, tenant, id, signed(item.version), item.body],
    )?;
    requests::keep(connection, tenant, request)?;
    Ok(PutOutcome::Done)
}

fn replace_body(
    connection: &Connection,
    collection: &str,
    item: &StoredItem,
) -> rusqlite::Result<PutOutcome> {
    let StoredItem { tenant, id, version, body } = item;
    let replaced = connection.execute(
        "UPDATE shelves SET body = ?5
         WHERE collection = ?1 AND tenant = ?2 AND id = ?3 AND version = ?4",
        params![collection, tenant.as_str(), id.as_str(), signed(*version), body],
    )?;
    Ok(if replaced == 1 { PutOutcome::Done } else { PutOutcome::Conflict })
}

/// The version that is kept; 0 when there is none.
fn kept_version(
    connection: &Connection,
    collection: &str,
    tenant: &str,
    id: &str,
) -> rusqlite::Result<u64> {
    let found = connection
        .prepare_cached(
            "SELECT version FROM shelves WHERE collection = ?1 AND tenant = ?2 AND id = ?3",
        )?
        .query_row([collection, tenant, id], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

fn item(row: &Row<'_>) -> rusqlite::Result<StoredItem> {
    Ok(StoredItem {
        tenant: TenantId::new(row.get_ref(0)?.as_str()?).map_err(unreadable)?,
        id: ResourceId::new(row.get_ref(1)?.as_str()?).map_err(unreadable)?,
        version: row.get(2)?,
        body: row.get(3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn item(version: u64, body: &str) -> StoredItem {
        let tenant = TenantId::operator();
        let id = ResourceId::new("spam").expect("an id");
        StoredItem { tenant, id, version, body: body.into() }
    }

    fn open(folder: &tempfile::TempDir) -> EmbeddedStore {
        let options = Options { folder: folder.path().into(), max_spool_bytes: 1 << 20 };
        EmbeddedStore::open(&options).expect("opened")
    }

    #[tokio::test]
    async fn changes_go_by_version() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let store = open(&folder);
        let put = |version, body| Shelves::put(&store, "rules", item(version, body), None);
        assert_eq!(put(2, "a").await, Ok(PutOutcome::Conflict));
        assert_eq!(put(1, "a").await, Ok(PutOutcome::Done));
        assert_eq!(put(1, "b").await, Ok(PutOutcome::Conflict));
        assert_eq!(put(2, "b").await, Ok(PutOutcome::Done));
        assert_eq!(Shelves::load(&store, "rules").await, Ok(vec![item(2, "b")]));
        assert_eq!(Shelves::load(&store, "enforcers").await, Ok(Vec::new()));

        let StoredItem { tenant, id, .. } = item(2, "b");
        let remove =
            |version| Shelves::remove(&store, "rules", tenant.clone(), id.clone(), version, None);
        assert_eq!(remove(1).await, Ok(PutOutcome::Conflict));
        assert_eq!(remove(2).await, Ok(PutOutcome::Done));
        assert_eq!(remove(2).await, Ok(PutOutcome::Conflict));
        assert_eq!(put(1, "again").await, Ok(PutOutcome::Done));
        store.close().await;
    }

    #[tokio::test]
    async fn a_body_is_replaced_in_its_very_version() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let store = open(&folder);
        let replace = |version, body| store.replace_body("rules", item(version, body));
        assert_eq!(replace(1, "a").await, Ok(PutOutcome::Conflict), "there is none");
        for version in [1, 2] {
            let put = Shelves::put(&store, "rules", item(version, "a"), None).await;
            assert_eq!(put, Ok(PutOutcome::Done));
        }
        for version in [1, 3] {
            assert_eq!(replace(version, "b").await, Ok(PutOutcome::Conflict), "{version}");
        }
        assert_eq!(store.replace_body("lists", item(2, "b")).await, Ok(PutOutcome::Conflict));
        assert_eq!(Shelves::load(&store, "rules").await, Ok(vec![item(2, "a")]));
        assert_eq!(replace(2, "b").await, Ok(PutOutcome::Done));
        assert_eq!(Shelves::load(&store, "rules").await, Ok(vec![item(2, "b")]));
        store.close().await;
    }
}
