use super::Sanctions;
use crate::{
    Change, Error, Listing,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        CreateSanctionRuleRequest, DeleteSanctionRuleRequest, GetSanctionRuleRequest,
        ListEffectiveOrderRequest, ListEffectiveOrderResponse, ListSanctionRulesRequest,
        SanctionRule, UpdateSanctionRuleRequest,
    },
};
use prost_types::FieldMask;

pub(super) const RULES: &str = "sanctionRules";

impl Sanctions {
    /// One sanction rule, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn rule(&self, rule: &str) -> Result<SanctionRule, Error> {
        let name = self.0.full_name(RULES, rule).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetSanctionRuleRequest { name }, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.get_sanction_rule(request).await }
            })
            .await?;
        answer.sanction_rule.ok_or(Error::Incomplete("sanction_rule"))
    }

    /// The tenant's sanction rules, by id.
    pub fn rules(&self) -> Listing<ListSanctionRulesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListSanctionRulesRequest { parent, ..<_>::default() })
    }

    /// Adds a sanction rule; with an empty id the server chooses one.
    pub fn create_rule(
        &self,
        id: impl Into<String>,
        rule: SanctionRule,
    ) -> Change<CreateSanctionRuleRequest> {
        let request = CreateSanctionRuleRequest {
            parent: self.0.tenant.parent(),
            sanction_rule_id: id.into(),
            sanction_rule: Some(rule),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the sanction rule called `rule.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current. The strikes it
    /// has counted stay.
    pub fn update_rule(&self, rule: SanctionRule) -> Change<UpdateSanctionRuleRequest> {
        let sanction_rule = Some(rule);
        Change::new(&self.0, UpdateSanctionRuleRequest { sanction_rule, ..<_>::default() })
    }

    /// Takes a sanction rule away, and its strikes; the sanctions it brought stay.
    pub fn delete_rule(&self, rule: impl Into<String>) -> Change<DeleteSanctionRuleRequest> {
        Change::new(&self.0, DeleteSanctionRuleRequest { name: rule.into(), ..<_>::default() })
    }

    /// The sanction rules in the order they are tried in, and what is odd about them.
    ///
    /// # Errors
    /// What any call may fail with.
    pub async fn effective_order(&self) -> Result<ListEffectiveOrderResponse, Error> {
        let parent = self.0.tenant.parent();
        self.0
            .call(Retry::Safe, ListEffectiveOrderRequest { parent }, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.list_effective_order(request).await }
            })
            .await
    }
}

paged!(
    raw_sanctions.list_sanction_rules(ListSanctionRulesRequest) -> sanction_rules: SanctionRule,
    200 at once
);
lists_with!(Filtered, filter: String; ListSanctionRulesRequest);

mutation!(
    raw_sanctions.create_sanction_rule(CreateSanctionRuleRequest) -> SanctionRule,
    |answer| answer.sanction_rule
);
mutation!(
    raw_sanctions.update_sanction_rule(UpdateSanctionRuleRequest) -> SanctionRule,
    |answer| answer.sanction_rule,
    |request| request.sanction_rule.as_mut().map(|rule| (&mut rule.name, RULES))
);
mutation!(
    raw_sanctions.delete_sanction_rule(DeleteSanctionRuleRequest) -> (),
    |_answer| Some(()),
    |request| Some((&mut request.name, RULES))
);
mutations_with!(
    Checkable, validate_only: bool;
    CreateSanctionRuleRequest, UpdateSanctionRuleRequest, DeleteSanctionRuleRequest
);
mutations_with!(Guarded, etag: String; DeleteSanctionRuleRequest);
mutations_with!(Masked, update_mask: Option<FieldMask>; UpdateSanctionRuleRequest);
