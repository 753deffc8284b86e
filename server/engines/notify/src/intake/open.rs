//! The alerts that are not over, as a turn sees them: read once, and kept up to what the
//! turn does.

use super::Round;
use crate::Alert;
use std::collections::HashMap;
use umpire_model::{StoreError, TenantId};

/// Most alerts of a tenant, the newest, that are looked at.
const LOOKED_AT: usize = 1_000;

/// Those of the tenants that a turn asked for.
#[derive(Default)]
pub(super) struct OpenAlerts(HashMap<TenantId, Vec<Alert>>);

impl OpenAlerts {
    /// Brings them up to an alert as it is now.
    pub fn note(&mut self, alert: &Alert) {
        let Some(known) = self.0.get_mut(&alert.tenant) else { return };
        known.retain(|other| other.id != alert.id);
        if alert.is_open() {
            known.push(alert.clone());
        }
    }
}

impl Round<'_> {
    /// The alerts of a tenant that are not over.
    pub(super) fn open_alerts(&mut self, tenant: &TenantId) -> Result<&[Alert], StoreError> {
        if !self.open.0.contains_key(tenant) {
            let read = self.turn.open_alerts(tenant, LOOKED_AT)?;
            self.open.0.insert(tenant.clone(), read);
        }
        Ok(self.open.0.get(tenant).map_or(&[], Vec::as_slice))
    }
}
