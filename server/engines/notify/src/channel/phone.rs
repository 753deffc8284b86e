use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use umpire_model::Secret;

/// Who carries text messages and calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)]
pub enum SmsProvider {
    Aliyun,
    Tencent,
}

/// Text messages from a template that the provider approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Sms {
    pub provider: SmsProvider,
    /// The provider's own when empty.
    pub base_url: String,
    /// AccessKey id, or SecretId.
    pub key_id: String,
    pub key_secret: Secret,
    /// Aliyun: `13800000000`; Tencent: `+8613800000000`.
    pub phone_numbers: Vec<String>,
    pub sign_name: String,
    /// `SMS_...` or a number.
    pub template_code: String,
    /// Tencent: `SmsSdkAppId`.
    pub app_id: String,
    /// Tencent; `ap-guangzhou` when empty.
    pub region: String,
    /// The template's variables, each with a variable of ours, such as `level`, `rule_name`,
    /// `keyword`, `count`, `place`, `time`, `title`. For Tencent keys are positions: `1`, `2`.
    pub parameters: BTreeMap<String, String>,
}

/// Calls that read a template to whoever picks up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Voice {
    pub provider: SmsProvider,
    pub base_url: String,
    pub key_id: String,
    pub key_secret: Secret,
    /// Called one after the other.
    pub phone_numbers: Vec<String>,
    /// Aliyun: `CalledShowNumber`; empty: the public pool.
    pub show_number: String,
    /// `TTS_...`, or Tencent's template id.
    pub template_code: String,
    /// Tencent: `VoiceSdkAppid`.
    pub app_id: String,
    pub region: String,
    pub parameters: BTreeMap<String, String>,
    /// 1 to 3; 2 when 0.
    pub play_times: u32,
}
