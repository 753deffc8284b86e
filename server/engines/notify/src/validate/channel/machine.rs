use crate::{
    Alertmanager, Pagerduty, Syslog, WebhookChannel, Zabbix,
    validate::{faults::Faults, plausible::is_host},
};
use umpire_model::{MAX_URL_BYTES, is_web_address, is_webhook_secret};

/// Most members of a cluster.
const MAX_MEMBERS: usize = 10;
/// Highest facility of syslog.
const MAX_FACILITY: u8 = 23;

impl Pagerduty {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.check_url("url", &self.url);
        found.require_secret("routing_key", &self.routing_key);
        found.check_url("client_url", &self.client_url);
    }
}

impl WebhookChannel {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.require_url("url", self.url.reveal());
        let message = "must be `whsec_` and 24 to 64 bytes in base64";
        if !is_webhook_secret(self.secret.reveal()) {
            found.invalid("secret", message);
        }
        let previous = self.previous_secret.reveal();
        if !previous.is_empty() && !is_webhook_secret(previous) {
            found.invalid("previous_secret", message);
        }
    }
}

impl Alertmanager {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        found.require_some("urls", &self.urls);
        let is_sound = |url: &str| url.len() <= MAX_URL_BYTES && is_web_address(url);
        let message = "must be `https` or `http` with a host, without a user";
        found.check_each("urls", &self.urls, MAX_MEMBERS, is_sound, message);
        found.check_name("username", &self.username);
        if self.username.is_empty() {
            found.check_secret("token", &self.token);
        } else {
            found.require_secret("token", &self.token);
        }
    }
}

impl Zabbix {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        check_host(&self.host, found);
        found.require_name("item_host", &self.item_host);
        found.require_name("item_key", &self.item_key);
    }
}

impl Syslog {
    pub(in crate::validate) fn check(&self, found: &mut Faults) {
        check_host(&self.host, found);
        if self.facility > MAX_FACILITY {
            found.invalid("facility", "must be 0 to 23");
        }
        if !self.sd_id.is_empty() && !is_sd_id(&self.sd_id) {
            let message = "must have 1 to 32 printable characters but space, `=`, `]` and `\"`";
            found.invalid("sd_id", message);
        }
        found.check_pem("ca_certificate", &self.ca_certificate);
    }
}

/// SD-ID of RFC 5424.
fn is_sd_id(text: &str) -> bool {
    let is_sound = |byte: u8| byte.is_ascii_graphic() && !b"=]\"".contains(&byte);
    text.len() <= 32 && text.bytes().all(is_sound)
}

/// The host of a peer that is not reached by HTTP.
pub(super) fn check_host(host: &str, found: &mut Faults) {
    if host.is_empty() {
        found.invalid("host", "must be set");
    } else if !is_host(host) {
        found.invalid("host", "must be an address of IP, or a name in DNS");
    }
}
