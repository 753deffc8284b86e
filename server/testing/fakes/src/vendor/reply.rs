use serde_json::Value;
use std::time::Instant;

/// What a vendor answers, and what comes of the call.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Beside the length.
    pub headers: Vec<(String, String)>,
    /// All of it.
    pub body: Vec<u8>,
    /// What people now see.
    pub shown: Vec<Shown>,
}

/// A message as people see it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Whom it is shown to, as the vendor names them.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Who is notified by name, as the vendor names them; everybody is `@all`.
    pub mentions: Vec<String>,
    /// Since when.
    pub at: Instant,
}

impl Reply {
    /// This status with JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::body(status, "application/json; charset=utf-8", &body.to_string())
    }

    /// This status with plain text.
    #[must_use]
    pub fn text(status: u16, body: &str) -> Self {
        Self::body(status, "text/plain; charset=utf-8", body)
    }

    /// A page that is not there.
    #[must_use]
    pub fn not_found() -> Self {
        Self::text(404, "404 page not found")
    }

    /// The same, with something to see for people.
    #[must_use]
    pub fn showing(mut self, shown: impl IntoIterator<Item = Shown>) -> Self {
        self.shown.extend(shown);
        self
    }

    fn body(status: u16, content_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            body: body.into(),
            shown: Vec::new(),
        }
    }
}

impl Shown {
    /// A message that is shown now and mentions nobody.
    #[must_use]
    pub fn now(to: &str, text: &str) -> Self {
        Self { to: to.into(), text: text.into(), mentions: Vec::new(), at: Instant::now() }
    }

    /// The same, mentioning these people.
    #[must_use]
    pub fn mentioning(mut self, people: impl IntoIterator<Item = String>) -> Self {
        self.mentions.extend(people);
        self
    }
}
