use super::{Alerts, kept::kept};
use crate::{
    Change, Error, Listing,
    retry::Retry,
    v1::{
        CreateEscalationPolicyRequest, DeleteEscalationPolicyRequest, EscalationPolicy,
        GetEscalationPolicyRequest, ListEscalationPoliciesRequest, UpdateEscalationPolicyRequest,
    },
};
use prost_types::FieldMask;

const POLICIES: &str = "escalationPolicies";

impl Alerts {
    /// One escalation policy, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn escalation_policy(&self, policy: &str) -> Result<EscalationPolicy, Error> {
        let name = self.0.full_name(POLICIES, policy).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetEscalationPolicyRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_escalation_policy(request).await }
            })
            .await?;
        answer.escalation_policy.ok_or(Error::Incomplete("escalation_policy"))
    }

    /// The tenant's escalation policies, by id.
    pub fn escalation_policies(&self) -> Listing<ListEscalationPoliciesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListEscalationPoliciesRequest { parent, ..<_>::default() })
    }

    /// Adds an escalation policy; with an empty id the server chooses one.
    pub fn create_escalation_policy(
        &self,
        id: impl Into<String>,
        policy: EscalationPolicy,
    ) -> Change<CreateEscalationPolicyRequest> {
        let request = CreateEscalationPolicyRequest {
            parent: self.0.tenant.parent(),
            escalation_policy_id: id.into(),
            escalation_policy: Some(policy),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the escalation policy called `policy.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current. Alerts for
    /// which it runs already go on as it was.
    pub fn update_escalation_policy(
        &self,
        policy: EscalationPolicy,
    ) -> Change<UpdateEscalationPolicyRequest> {
        let escalation_policy = Some(policy);
        Change::new(&self.0, UpdateEscalationPolicyRequest { escalation_policy, ..<_>::default() })
    }

    /// Takes an escalation policy away.
    pub fn delete_escalation_policy(
        &self,
        policy: impl Into<String>,
    ) -> Change<DeleteEscalationPolicyRequest> {
        let name = policy.into();
        Change::new(&self.0, DeleteEscalationPolicyRequest { name, ..<_>::default() })
    }
}

kept!(
    EscalationPolicy in POLICIES, escalation_policy of escalation_policies;
    create_escalation_policy(CreateEscalationPolicyRequest),
    update_escalation_policy(UpdateEscalationPolicyRequest),
    delete_escalation_policy(DeleteEscalationPolicyRequest),
    list_escalation_policies(ListEscalationPoliciesRequest)
);
