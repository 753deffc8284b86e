use super::{id_of, short, time};
use crate::output::Row;
use prost_types::Timestamp;
use std::time::SystemTime;
use umpire_client::v1::{ApiKey, CreateApiKeyResponse, GetServerInfoResponse};

impl Row for ApiKey {
    const NAME: &'static str = "ApiKey";
    const COLUMNS: &'static [&'static str] =
        &["id", "role", "create_time", "expire_time", "last_use_time", "state", "display_name"];

    fn cells(&self) -> Vec<String> {
        vec![
            id_of(&self.name).to_owned(),
            short(self.role().as_str_name(), "ROLE_"),
            time(self.create_time),
            time(self.expire_time),
            time(self.last_use_time),
            state(self).to_owned(),
            self.display_name.clone(),
        ]
    }
}

/// Why a key is refused; empty while it is not.
fn state(key: &ApiKey) -> &'static str {
    let now = Timestamp::from(SystemTime::now());
    let is_past = |end: Timestamp| (end.seconds, end.nanos) <= (now.seconds, now.nanos);
    if key.revoke_time.is_some() {
        "REVOKED"
    } else if key.expire_time.is_some_and(is_past) {
        "EXPIRED"
    } else {
        ""
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_why_it_is_refused() {
        let past = Some(Timestamp { seconds: 1, nanos: 0 });
        let key = |expire_time, revoke_time| ApiKey { expire_time, revoke_time, ..<_>::default() };
        assert_eq!(state(&key(None, None)), "");
        assert_eq!(state(&key(past, None)), "EXPIRED");
        assert_eq!(state(&key(past, past)), "REVOKED");
        let ahead = Some(Timestamp { seconds: 253_402_300_799, nanos: 0 });
        assert_eq!(state(&key(ahead, None)), "");
    }
}
