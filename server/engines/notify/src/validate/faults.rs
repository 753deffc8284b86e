use super::{DAY, MAX_DISPLAY_NAME_CHARS, MAX_NAME_CHARS, MAX_RECEIVERS, plausible::is_name};
use crate::{AlertField, Rate};
use std::{collections::HashSet, fmt::Display, mem};
use umpire_model::{MAX_URL_BYTES, ResourceId, Secret, Violation, is_web_address};

/// Longest secret, in bytes.
const MAX_SECRET_BYTES: usize = 4_096;
/// Longest list of certificates, in bytes.
const MAX_PEM_BYTES: usize = 64 * 1_024;
/// Most notices of a rate.
const MAX_RATE: u32 = 1_000;

/// What is wrong with a resource. Nothing of what its fields hold is repeated.
pub(super) struct Faults {
    path: String,
    list: Vec<Violation>,
}

impl Faults {
    pub fn at(path: &str) -> Self {
        Self { path: path.into(), list: Vec::new() }
    }

    pub fn into_list(self) -> Vec<Violation> {
        self.list
    }

    /// Adds what others found; its paths are whole.
    pub fn extend(&mut self, found: Vec<Violation>) {
        self.list.extend(found);
    }

    /// Path of a field.
    pub fn path_of(&self, field: impl Display) -> String {
        format!("{}.{field}", self.path)
    }

    /// Checks a part, whose fields stand below `field`.
    pub fn within(&mut self, field: impl Display, check: impl FnOnce(&mut Self)) {
        let path = self.path_of(field);
        let outside = mem::replace(&mut self.path, path);
        check(self);
        self.path = outside;
    }

    pub fn invalid(&mut self, field: impl Display, message: impl Into<String>) {
        self.list.push(Violation::invalid(self.path_of(field), message));
    }

    pub fn too_large(&mut self, field: impl Display, limit: impl Display) {
        self.list.push(Violation::too_large(self.path_of(field), limit));
    }

    fn missing(&mut self, field: impl Display) {
        self.invalid(field, "must be set");
    }

    /// At most so many characters.
    pub fn check_chars(&mut self, field: impl Display, text: &str, most: usize) {
        if text.chars().count() > most {
            self.too_large(field, format!("{most} characters"));
        }
    }

    /// At most so many characters, none of them a line break or its like.
    pub fn check_line(&mut self, field: impl Display, text: &str, most: usize) {
        if text.chars().count() > most {
            self.too_large(field, format!("{most} characters"));
        } else if text.chars().any(char::is_control) {
            self.invalid(field, "must not hold control characters");
        }
    }

    pub fn check_display_name(&mut self, text: &str) {
        self.check_line("display_name", text, MAX_DISPLAY_NAME_CHARS);
    }

    /// A name, id or code at a vendor's, or nothing.
    pub fn check_name(&mut self, field: impl Display, text: &str) {
        self.check_line(field, text, MAX_NAME_CHARS);
    }

    pub fn require_name(&mut self, field: impl Display, text: &str) {
        if text.trim().is_empty() {
            return self.missing(field);
        }
        self.check_name(field, text);
    }

    pub fn check_secret(&mut self, field: impl Display, secret: &Secret) {
        if secret.reveal().len() > MAX_SECRET_BYTES {
            self.too_large(field, format!("{MAX_SECRET_BYTES} bytes"));
        } else if secret.reveal().chars().any(char::is_control) {
            self.invalid(field, "must not hold control characters");
        }
    }

    pub fn require_secret(&mut self, field: impl Display, secret: &Secret) {
        if secret.reveal().trim().is_empty() {
            return self.missing(field);
        }
        self.check_secret(field, secret);
    }

    /// An address of HTTP, or nothing.
    pub fn check_url(&mut self, field: impl Display, url: &str) {
        if url.len() > MAX_URL_BYTES {
            self.too_large(field, format!("{MAX_URL_BYTES} bytes"));
        } else if !url.is_empty() && !is_web_address(url) {
            self.invalid(field, "must be `https` or `http` with a host, without a user");
        }
    }

    pub fn require_url(&mut self, field: impl Display, url: &str) {
        if url.is_empty() {
            return self.missing(field);
        }
        self.check_url(field, url);
    }

    /// Certificates, or nothing.
    pub fn check_pem(&mut self, field: impl Display, pem: &str) {
        if pem.len() > MAX_PEM_BYTES {
            self.too_large(field, format!("{MAX_PEM_BYTES} bytes"));
        } else if !pem.is_empty() && !pem.contains("-----BEGIN CERTIFICATE-----") {
            self.invalid(field, "must be certificates in PEM");
        }
    }

    /// At most so many, each of them sound.
    pub fn check_each(
        &mut self,
        field: &str,
        items: &[String],
        most: usize,
        is_sound: impl Fn(&str) -> bool,
        message: &str,
    ) {
        if items.len() > most {
            self.too_large(field, most);
        }
        for (index, item) in items.iter().enumerate().take(most) {
            if !is_sound(item) {
                self.invalid(format_args!("{field}[{index}]"), message);
            }
        }
    }

    /// At most so many names.
    pub fn check_names(&mut self, field: &str, names: &[String], most: usize) {
        let message = "must have 1 to 256 characters, none of them a control character";
        self.check_each(field, names, most, is_name, message);
    }

    /// There is at least one; says so of `field` otherwise.
    pub fn require_some<T>(&mut self, field: &str, items: &[T]) {
        if items.is_empty() {
            self.missing(field);
        }
    }

    pub fn check_receivers(&mut self, receivers: &[ResourceId]) {
        if receivers.len() > MAX_RECEIVERS {
            return self.too_large("receivers", MAX_RECEIVERS);
        }
        let mut known = HashSet::new();
        for (index, receiver) in receivers.iter().enumerate() {
            if !known.insert(receiver) {
                self.invalid(format_args!("receivers[{index}]"), "is named twice");
            }
        }
    }

    /// A filter over alerts; an empty one takes all.
    pub fn check_filter(&mut self, field: impl Display, filter: &str) {
        if let Err(error) = umpire_query::parse::<AlertField>(filter) {
            self.invalid(field, error.to_string());
        }
    }

    pub fn require_filter(&mut self, field: impl Display, filter: &str) {
        if filter.trim().is_empty() {
            return self.missing(field);
        }
        self.check_filter(field, filter);
    }

    /// At most so many seconds.
    pub fn check_seconds(&mut self, field: impl Display, seconds: u64, most: u64) {
        if seconds > most {
            self.too_large(field, format!("{most} s"));
        }
    }

    pub fn check_rate(&mut self, field: &str, rate: Option<Rate>) {
        let Some(Rate { count, seconds }) = rate else { return };
        if !(1..=MAX_RATE).contains(&count) {
            self.invalid(format_args!("{field}.count"), "must be 1 to 1,000");
        }
        if !(1..=DAY).contains(&seconds) {
            self.invalid(format_args!("{field}.window"), "must be 1 s to 1 day");
        }
    }
}
