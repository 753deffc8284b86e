use super::{id_of, short, time};
use crate::output::Row;
use umpire_client::v1::{ApiKey, CreateApiKeyResponse, GetServerInfoResponse};

impl Row for ApiKey {
    const NAME: &'static str = "ApiKey";
    const COLUMNS: &'static [&'static str] =
        &["id", "role", "create_time", "expire_time", "last_use_time", "state", "display_name"];

    fn cells(&self) -> Vec<String> {
        let state = if self.revoke_time.is_some() { "REVOKED" } else { "" };
        vec![
            id_of(&self.name).to_owned(),
            short(self.role().as_str_name(), "ROLE_"),
            time(self.create_time),
            time(self.expire_time),
            time(self.last_use_time),
            state.to_owned(),
            self.display_name.clone(),
        ]
    }
}

impl Row for CreateApiKeyResponse {
    const NAME: &'static str = "CreateApiKeyResponse";
    const COLUMNS: &'static [&'static str] = &["name", "role", "secret"];

    fn cells(&self) -> Vec<String> {
        let key = self.api_key.clone().unwrap_or_default();
        let role = short(key.role().as_str_name(), "ROLE_");
        vec![key.name, role, self.secret.clone()]
    }
}

impl Row for GetServerInfoResponse {
    const NAME: &'static str = "GetServerInfoResponse";
    const COLUMNS: &'static [&'static str] = &[
        "version",
        "start_time",
        "store",
        "max_text_bytes",
        "max_batch_messages",
        "authentication_required",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.version.clone(),
            time(self.start_time),
            self.store.clone(),
            self.max_text_bytes.to_string(),
            self.max_batch_messages.to_string(),
            self.authentication_required.to_string(),
        ]
    }
}
