//! Hands notices to vendors: one folder for each.
//!
//! [`Channels`] is the [`Courier`](umpire_notify::Courier) of the notifier. A channel makes
//! one call, believes what the vendor's documentation calls success and nothing else, and
//! says which class an answer belongs to. When and how often is the notifier's.

mod alertmanager;
mod channels;
mod codes;
mod cut;
mod dingtalk;
mod email;
mod feishu;
mod jira;
mod pagerduty;
mod report;
mod slack;
mod sms;
mod syslog;
mod teams;
mod telegram;
mod voice;
mod webhook;
mod wecom_app;
mod wecom_robot;
mod zabbix;

#[cfg(test)]
mod samples;

pub use channels::Channels;
pub use codes::{BadCode, CodeRow, Codes};
