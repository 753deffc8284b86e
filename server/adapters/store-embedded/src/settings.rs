//! Tenants and API keys.

use crate::{
    requests,
    rule_sets::{from_json, to_json},
    sanctions::OpenTurn,
    store::EmbeddedStore,
    writer::{Change, Job},
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use umpire_model::{RequestRecord, ResourceId, StoreError, StoreFuture, TenantId, Timestamp};
use umpire_tenancy::{ApiKey, PutOutcome, Settings, StoredDirectory, Tenant};

impl Settings for EmbeddedStore {
    fn load(&self) -> StoreFuture<'_, StoredDirectory> {
        self.readers.read(|connection| {
            Ok(StoredDirectory {
                tenants: all(connection, "SELECT body FROM tenants")?,
                keys: all(connection, "SELECT body FROM api_keys")?,
            })
        })
    }

    fn put_tenant<'a>(
        &'a self,
        tenant: Tenant,
        scope: &'a TenantId,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'a, PutOutcome> {
        let scope = scope.clone();
        self.writer.change(move |connection| {
            let outcome = write_tenant(connection, &tenant)?;
            if outcome == PutOutcome::Done {
                requests::keep(connection, scope.as_str(), request.as_ref())?;
            }
            Ok(outcome)
        })
    }

    fn put_key<'a>(
        &'a self,
        key: ApiKey,
        scope: &'a TenantId,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'a, ()> {
        let scope = scope.clone();
        self.writer.change(move |connection| {
            write_key(connection, &key)?;
            requests::keep(connection, scope.as_str(), request.as_ref())
        })
    }

    fn touch_key(&self, tenant: &TenantId, id: &ResourceId, time: Timestamp) {
        let touch = Touch { tenant: tenant.clone(), id: id.clone(), time };
        // A full queue has more important things in it.
        let _ = self.writer.enqueue(Job::Change(Box::new(touch)));
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

fn all<T: DeserializeOwned>(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<T>> {
    connection.prepare(sql)?.query_map([], |row| from_json(row.get_ref(0)?))?.collect()
}

fn write_tenant(connection: &Connection, tenant: &Tenant) -> rusqlite::Result<PutOutcome> {
    let id = tenant.id.as_str();
    let kept: Option<u64> = connection
        .query_row("SELECT version FROM tenants WHERE id = ?1", [id], |row| row.get(0))
        .optional()?;
    if kept.unwrap_or(0) + 1 != tenant.version {
        return Ok(PutOutcome::Conflict);
    }
    connection.execute(
        "INSERT OR REPLACE INTO tenants (id, version, body) VALUES (?1, ?2, ?3)",
        params![id, tenant.version, to_json(tenant)?],
    )?;
    Ok(PutOutcome::Done)
}

fn write_key(connection: &Connection, key: &ApiKey) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO api_keys (tenant, id, body) VALUES (?1, ?2, ?3)",
        params![key.tenant.as_str(), key.id.as_str(), to_json(key)?],
    )?;
    Ok(())
}

/// Notes a key's last use; nobody waits for it.
struct Touch {
    tenant: TenantId,
    id: ResourceId,
    time: Timestamp,
}

impl Change for Touch {
    fn write(&mut self, turn: &mut OpenTurn<'_>) -> rusqlite::Result<()> {
        let sql = "SELECT body FROM api_keys WHERE tenant = ?1 AND id = ?2";
        let found: Option<ApiKey> = turn
            .connection
            .query_row(sql, [self.tenant.as_str(), self.id.as_str()], |row| {
                from_json(row.get_ref(0)?)
            })
            .optional()?;
        match found {
            Some(key) => {
                write_key(turn.connection, &ApiKey { last_use_time: Some(self.time), ..key })
            }
            None => Ok(()),
        }
    }

    fn tell(self: Box<Self>, _: Result<(), StoreError>) {}
}
