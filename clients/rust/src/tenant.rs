//! Whose resources are meant.

use std::sync::{Arc, OnceLock};

/// The tenant that was given, or the one that is learnt on the way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tenant {
    given: Option<Arc<str>>,
    learnt: Arc<OnceLock<String>>,
}

impl Tenant {
    /// An empty id is none.
    pub fn new(id: Option<String>) -> Self {
        let id = id.filter(|id| !id.is_empty());
        // A full name is as good as an id.
        let given = id.map(|id| Arc::<str>::from(id.strip_prefix("tenants/").unwrap_or(&id)));
        Self { given, ..Self::default() }
    }

    /// `tenants/{tenant}`, or empty for the key's own.
    pub fn parent(&self) -> String {
        self.given.as_ref().map(|id| format!("tenants/{id}")).unwrap_or_default()
    }

    /// The id, as far as it is known.
    pub fn id(&self) -> Option<&str> {
        self.given.as_deref().or_else(|| self.learnt.get().map(String::as_str))
    }

    /// Keeps the id that the name of one of its resources begins with.
    pub fn learn(&self, name: &str) {
        if let Some(id) = name.strip_prefix("tenants/").and_then(|rest| rest.split('/').next()) {
            // Whoever came first learnt the same.
            let _known = self.learnt.set(id.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_goes_before_what_is_learnt() {
        let given = Tenant::new(Some("tenants/game-a".into()));
        given.learn("tenants/other/rules/r");
        assert_eq!((given.id(), given.parent().as_str()), (Some("game-a"), "tenants/game-a"));
        let open = Tenant::new(Some(String::new()));
        assert_eq!((open.id(), open.parent().as_str()), (None, ""));
        open.clone().learn("tenants/game-b/revisions/1");
        assert_eq!((open.id(), open.parent().as_str()), (Some("game-b"), ""));
    }
}
