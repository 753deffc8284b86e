//! Services of others that Umpire calls, as faithful as tests need them. They share no
//! code with the adapters they judge.
//!
//! Test code: it panics instead of returning errors.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

pub mod alertmanager;
pub mod dingtalk;
pub mod enforcer;
pub mod feishu;
pub mod jira;
pub mod pagerduty;
pub mod phone;
pub mod slack;
pub mod smtp_sink;
pub mod syslog_sink;
pub mod teams;
pub mod telegram;
pub mod vendor;
pub mod webhook_sink;
pub mod wecom;
pub mod zabbix;

pub use enforcer::{Answer, Effect, FakeEnforcer, Options, Received};
pub use vendor::{Call, FakeVendor, Fault, Reply, Shown, Vendor};
