use super::Failure;
use serde::Deserialize;
use tonic::transport::Channel;
use umpire_api::rule_to_proto;
use umpire_proto::v1::{CreateRuleRequest, rule_service_client::RuleServiceClient};
use umpire_rules::Rule;

/// A rule pack of `examples/packs`.
pub(super) struct Pack {
    pub name: &'static str,
    text: &'static str,
}

/// A policy document, as far as packs use it.
#[derive(Deserialize)]
struct Document {
    api_version: String,
    rules: Vec<Rule>,
}

macro_rules! pack {
    ($name:literal) => {
        Pack {
            name: $name,
            text: include_str!(concat!("../../../../examples/packs/", $name, ".yaml")),
        }
    };
}

pub(super) const PACKS: [Pack; 3] =
    [pack!("finance"), pack!("customer-service"), pack!("game-chat")];

impl Pack {
    /// Creates the pack's rules and gives their number.
    pub async fn apply(&self, client: &mut RuleServiceClient<Channel>) -> Result<usize, Failure> {
        let document: Document = serde_saphyr::from_str(self.text)?;
        if document.api_version != "umpire/v1" {
            return Err(
                format!("{}: unknown api_version {}", self.name, document.api_version).into()
            );
        }
        for rule in &document.rules {
            let request = CreateRuleRequest {
                rule_id: rule.id.to_string(),
                rule: Some(rule_to_proto(rule)),
                reason: format!("rule pack {}", self.name),
                ..CreateRuleRequest::default()
            };
            client.create_rule(request).await.map_err(|status| {
                format!("{}: rule {}: {}", self.name, rule.id, status.message())
            })?;
        }
        Ok(document.rules.len())
    }
}
