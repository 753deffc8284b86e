use super::machine::check_host;
use crate::{
    Email, Jira,
    validate::{
        faults::Faults,
        plausible::{is_email, is_mailbox, is_name},
    },
};

/// Most addresses that one mail goes to.
const MAX_ADDRESSES: usize = 50;
/// Most labels of an issue.
const MAX_LABELS: usize = 32;

impl Email {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        check_host(&self.host, found);
        found.check_name("username", &self.username);
        if self.username.is_empty() {
            found.check_secret("password", &self.password);
        } else {
            found.require_secret("password", &self.password);
        }
        if self.from.is_empty() {
            found.invalid("from", "must be set");
        } else if !is_mailbox(&self.from) {
            let message = "must be an address, or `Name <address>` without quotes and commas";
            found.invalid("from", message);
        }
        found.require_some("to", &self.to);
        found.check_each("to", &self.to, MAX_ADDRESSES, is_email, "must be an address of e-mail");
        found.check_pem("ca_certificate", &self.ca_certificate);
    }
}

impl Jira {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.require_url("base_url", &self.base_url);
        found.require_secret("token", &self.token);
        found.check_name("username", &self.username);
        found.require_name("project", &self.project);
        if !self.project.bytes().all(is_project_byte) {
            found.invalid("project", "must be a project's key, such as `SEC`");
        }
        found.check_name("issue_type", &self.issue_type);
        if !matches!(self.priorities.len(), 0 | 4) {
            found.invalid("priorities", "must be 4, for P0, P1, P2 and P3, or none");
        } else {
            found.check_names("priorities", &self.priorities, 4);
        }
        let message = "must have 1 to 255 characters without spaces";
        found.check_each("labels", &self.labels, MAX_LABELS, is_label, message);
        found.check_name("resolve_transition", &self.resolve_transition);
    }
}

fn is_project_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_label(text: &str) -> bool {
    is_name(text) && text.chars().count() <= 255 && !text.contains(char::is_whitespace)
}
