use crate::settings::TenantSettings;
use serde::{Deserialize, Serialize};
use umpire_model::{TenantId, Timestamp, Violation};

/// One game, app or organisation, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// What its administrator wrote.
    pub draft: TenantDraft,
    /// Counts its changes.
    pub version: u64,
    /// When it was made.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
    /// Set while it is shut.
    pub delete_time: Option<Timestamp>,
}

/// The part of a tenant its administrator writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantDraft {
    /// For people.
    pub display_name: String,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217 code, or empty.
    pub currency: String,
    /// What it chose.
    pub settings: TenantSettings,
}

impl Default for TenantDraft {
    fn default() -> Self {
        Self {
            display_name: String::new(),
            time_zone: "UTC".into(),
            currency: String::new(),
            settings: TenantSettings::default(),
        }
    }
}

impl Tenant {
    /// Changes with every change of the tenant.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("t{}", self.version)
    }
}

impl TenantDraft {
    /// Everything that is wrong with it; paths start with `tenant.`.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.display_name.chars().count() > 200 {
            found.push(Violation::too_large("tenant.display_name", 200));
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            let message = "must be an IANA time zone such as Asia/Shanghai";
            found.push(Violation::invalid("tenant.time_zone", message));
        }
        let code = self.currency.as_bytes();
        if !code.is_empty() && (code.len() != 3 || !code.iter().all(u8::is_ascii_uppercase)) {
            found.push(Violation::invalid(
                "tenant.currency",
                "must be an ISO 4217 code such as CNY",
            ));
        }
        self.settings.check(&mut found);
        found
    }
}
