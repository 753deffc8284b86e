use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use umpire_model::{Sender, Violation};

/// Longest field of a subject, in bytes.
const MAX_FIELD: usize = 1_024;

/// Whom strikes and sanctions are about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Subject`
pub struct Subject {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub server_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role_id: String,
    /// For people; not compared.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role_name: String,
    /// For people; not compared.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub server_name: String,
}

/// What tells subjects of a tenant apart: the first half of a SHA-256 over category,
/// channel, server, user and role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectKey(pub [u8; 16]);

impl Subject {
    /// The sender as a subject; `None` without a user id.
    #[must_use]
    pub fn of(sender: &Sender<'_>) -> Option<Self> {
        if sender.user_id.is_empty() {
            return None;
        }
        Some(Self {
            category: sender.category.into(),
            channel: sender.channel.into(),
            server_id: sender.server_id.into(),
            user_id: sender.user_id.into(),
            role_id: sender.role_id.into(),
            role_name: sender.role_name.into(),
            server_name: sender.server_name.into(),
        })
    }

    /// What it is compared by.
    #[must_use]
    pub fn parts(&self) -> [&str; 5] {
        [&self.category, &self.channel, &self.server_id, &self.user_id, &self.role_id]
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> SubjectKey {
        let mut hash = Sha256::new();
        for part in self.parts() {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        SubjectKey(key)
    }

    /// Whether what is said of this subject holds for `other`: fields that are empty
    /// here or there stand for all.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let pairs = self.parts().into_iter().zip(other.parts());
        pairs.into_iter().all(|(a, b)| a.is_empty() || b.is_empty() || a == b)
    }

    /// What is wrong with it, at `path`.
    #[must_use]
    pub fn violations(&self, path: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.user_id.is_empty() {
            found.push(Violation::invalid(format!("{path}.user_id"), "must be set"));
        }
        let names = [&self.role_name, &self.server_name].map(String::as_str);
        if self.parts().into_iter().chain(names).any(|part| part.len() > MAX_FIELD) {
            found.push(Violation::too_large(path, MAX_FIELD));
        }
        found
    }
}
