use super::{id_of, time};
use crate::output::Row;
use umpire_client::v1::Tenant;

impl Row for Tenant {
    const NAME: &'static str = "Tenant";
    const COLUMNS: &'static [&'static str] =
        &["id", "time_zone", "includes", "create_time", "state", "display_name"];

    fn cells(&self) -> Vec<String> {
        let state = if self.delete_time.is_some() { "DELETED" } else { "" };
        vec![
            id_of(&self.name).to_owned(),
            self.time_zone.clone(),
            included_ids(self).join(","),
            time(self.create_time),
            state.to_owned(),
            self.display_name.clone(),
        ]
    }
}

/// Ids of the tenants whose rules judge this tenant's messages too.
pub fn included_ids(tenant: &Tenant) -> Vec<&str> {
    let includes = tenant.settings.as_ref().map(|settings| settings.includes.as_slice());
    includes.unwrap_or_default().iter().map(|name| id_of(name)).collect()
}
