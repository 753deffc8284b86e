use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// An id breaks the rule for its kind of resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 63 letters, digits, `-` or `_`, starting with a letter or digit")]
pub struct InvalidId;

fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=63).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The last segment of a resource name: letters, digits, `-`, `_`, 1 to 63 of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Arc<str>", into = "Arc<str>")]
pub struct ResourceId(Arc<str>);

/// The id of a tenant: a [`ResourceId`] of its own type, so that it is never
/// mistaken for another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Arc<str>", into = "Arc<str>")]
pub struct TenantId(Arc<str>);

macro_rules! id {
    ($name:ident) => {
        impl $name {
            /// Checks and keeps an id.
            ///
            /// # Errors
            /// [`InvalidId`] when a character or the length is not allowed.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                is_id(text).then(|| Self(text.into())).ok_or(InvalidId)
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<Arc<str>> for $name {
            type Error = InvalidId;
            fn try_from(text: Arc<str>) -> Result<Self, InvalidId> {
                Self::new(&text)
            }
        }

        impl From<$name> for Arc<str> {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}
id!(ResourceId);
id!(TenantId);

impl TenantId {
    /// The tenant that exists from the first start; its ADMIN operates the server.
    #[must_use]
    pub fn operator() -> Self {
        Self("default".into())
    }

    /// Whether this is [`TenantId::operator`].
    #[must_use]
    pub fn is_operator(&self) -> bool {
        &*self.0 == "default"
    }
}

impl ResourceId {
    /// A fresh UUIDv7, for resources whose creator chose no id.
    #[must_use]
    pub fn generate() -> Self {
        Self(new_uuid().to_string().into())
    }
}

/// The id of an audit record: a UUIDv7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub Uuid);

impl RecordId {
    /// Reads the usual hyphenated form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A UUIDv7, ascending within this process.
#[must_use]
pub fn new_uuid() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked() {
        for good in ["a", "default", "0a-b_C", &"x".repeat(63)] {
            assert!(TenantId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "_a", "a/b", "a b", "ä", "a.b", &"x".repeat(64)] {
            assert_eq!(ResourceId::new(bad), Err(InvalidId), "{bad}");
        }
    }
}
