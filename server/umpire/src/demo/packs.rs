use super::Failure;
use tonic::transport::Channel;
use umpire_proto::v1::{ApplyRuleSetRequest, rule_service_client::RuleServiceClient};

/// A rule pack of `examples/packs`.
pub(super) struct Pack {
    pub name: &'static str,
    text: &'static str,
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
    /// Adds the pack's rules and gives their number.
    pub async fn apply(&self, client: &mut RuleServiceClient<Channel>) -> Result<usize, Failure> {
        let request = ApplyRuleSetRequest {
            document: self.text.into(),
            keep_unlisted: true,
            reason: format!("rule pack {}", self.name),
            ..ApplyRuleSetRequest::default()
        };
        let applied = client.apply_rule_set(request).await;
        let applied = applied.map_err(|status| format!("{}: {}", self.name, status.message()))?;
        Ok(applied.into_inner().changes.len())
    }
}
