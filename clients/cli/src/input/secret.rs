//! Secrets that stand in no file: `env:NAME` is read from the environment.

use prost_reflect::FieldDescriptor;
use std::env;

/// What stands before the name of a variable.
const PREFIX: &str = "env:";

/// Fields that may be written so.
const FIELDS: [&str; 21] = [
    "umpire.v1.Enforcer.Webhook.secret",
    "umpire.v1.Receiver.Alertmanager.token",
    "umpire.v1.Receiver.Dingtalk.access_token",
    "umpire.v1.Receiver.Dingtalk.secret",
    "umpire.v1.Receiver.Dingtalk.url",
    "umpire.v1.Receiver.Email.password",
    "umpire.v1.Receiver.Feishu.secret",
    "umpire.v1.Receiver.Feishu.url",
    "umpire.v1.Receiver.Jira.token",
    "umpire.v1.Receiver.Pagerduty.routing_key",
    "umpire.v1.Receiver.Slack.token",
    "umpire.v1.Receiver.Slack.url",
    "umpire.v1.Receiver.Sms.key_secret",
    "umpire.v1.Receiver.Teams.url",
    "umpire.v1.Receiver.Telegram.token",
    "umpire.v1.Receiver.Voice.key_secret",
    "umpire.v1.Receiver.Webhook.previous_secret",
    "umpire.v1.Receiver.Webhook.secret",
    "umpire.v1.Receiver.Webhook.url",
    "umpire.v1.Receiver.WecomApp.secret",
    "umpire.v1.Receiver.WecomRobot.key",
];

/// Whether a field may be written so.
pub fn is_one(field: &FieldDescriptor) -> bool {
    FIELDS.contains(&field.full_name())
}

/// The secret that a text is, or that the variable it names holds; without blanks around it.
pub fn of(text: String) -> Result<String, String> {
    let Some(name) = text.strip_prefix(PREFIX) else { return Ok(text) };
    match env::var(name) {
        Ok(secret) if !secret.trim().is_empty() => Ok(secret.trim().to_owned()),
        Ok(_) => Err(format!("`{name}` is empty in the environment")),
        Err(env::VarError::NotPresent) => Err(format!("`{name}` is not in the environment")),
        Err(env::VarError::NotUnicode(_)) => Err(format!("`{name}` is no text in the environment")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn every_field_is_of_the_contract() {
        for name in FIELDS {
            let (message, field) = name.rsplit_once('.').expect("a field of a message");
            let message = message.strip_prefix("umpire.v1.").expect("ours");
            assert!(contract::message(message).get_field_by_name(field).is_some(), "{name}");
        }
    }

    #[test]
    fn only_what_says_so_is_read_from_the_environment() {
        assert_eq!(of("SECdirect".into()), Ok("SECdirect".into()));
        // Set by cargo.
        assert_eq!(of("env:CARGO_PKG_NAME".into()), Ok("umpire-cli".into()));
        let missing = of("env:UMPIRE_NO_SUCH_SECRET".into());
        assert_eq!(missing, Err("`UMPIRE_NO_SUCH_SECRET` is not in the environment".into()));
        assert!(of("env:".into()).is_err());
    }
}
