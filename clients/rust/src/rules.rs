use crate::{
    Change, Error, Listing, Umpire,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        CreateRuleRequest, DeleteRuleRequest, GetRuleRequest, ListRulesRequest, Rule,
        TestRulesRequest, TestRulesResponse, UndeleteRuleRequest, UpdateRuleRequest,
    },
};
use prost_types::FieldMask;

const COLLECTION: &str = "rules";

/// Rules: read, change, try out. Roles MODERATOR and ADMIN; COMPLIANCE reads.
#[derive(Debug, Clone)]
pub struct Rules(Umpire);

impl Rules {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// One rule, deleted or not, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn get(&self, rule: &str) -> Result<Rule, Error> {
        let name = self.0.full_name(COLLECTION, rule).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetRuleRequest { name }, |request| {
                let mut client = self.0.raw_rules();
                async move { client.get_rule(request).await }
            })
            .await?;
        answer.rule.ok_or(Error::Incomplete("rule"))
    }

    /// The tenant's rules.
    pub fn list(&self) -> Listing<ListRulesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListRulesRequest { parent, ..<_>::default() })
    }

    /// Adds a rule; with an empty id the server chooses one.
    pub fn create(&self, id: impl Into<String>, rule: Rule) -> Change<CreateRuleRequest> {
        let parent = self.0.tenant.parent();
        let request =
            CreateRuleRequest { parent, rule_id: id.into(), rule: Some(rule), ..<_>::default() };
        Change::new(&self.0, request)
    }

    /// Changes the rule called `rule.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current.
    pub fn update(&self, rule: Rule) -> Change<UpdateRuleRequest> {
        Change::new(&self.0, UpdateRuleRequest { rule: Some(rule), ..<_>::default() })
    }

    /// Takes a rule out of force; it can be undeleted.
    pub fn delete(&self, rule: impl Into<String>) -> Change<DeleteRuleRequest> {
        Change::new(&self.0, DeleteRuleRequest { name: rule.into(), ..<_>::default() })
    }

    /// Brings a deleted rule back.
    pub fn undelete(&self, rule: impl Into<String>) -> Change<UndeleteRuleRequest> {
        Change::new(&self.0, UndeleteRuleRequest { name: rule.into(), ..<_>::default() })
    }

    /// Judges messages with drafts, with the live rules, or with both, and runs kept
    /// tests. Nothing is recorded. The parent is filled in.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a draft that cannot be a rule, and what any call may fail
    /// with.
    pub async fn test(&self, request: TestRulesRequest) -> Result<TestRulesResponse, Error> {
        let request = TestRulesRequest { parent: self.0.tenant.parent(), ..request };
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_rules();
                async move { client.test_rules(request).await }
            })
            .await
    }
}

paged!(raw_rules.list_rules(ListRulesRequest) -> rules: Rule, 200 at once);
lists_with!(Filtered, filter: String; ListRulesRequest);
lists_with!(Ordered, order_by: String; ListRulesRequest);
lists_with!(Deleted, show_deleted: bool; ListRulesRequest);

mutation!(raw_rules.create_rule(CreateRuleRequest) -> Rule, |answer| answer.rule);
mutation!(
    raw_rules.update_rule(UpdateRuleRequest) -> Rule,
    |answer| answer.rule,
    |request| request.rule.as_mut().map(|rule| (&mut rule.name, COLLECTION))
);
mutation!(
    raw_rules.delete_rule(DeleteRuleRequest) -> Rule,
    |answer| answer.rule,
    |request| Some((&mut request.name, COLLECTION))
);
mutation!(
    raw_rules.undelete_rule(UndeleteRuleRequest) -> Rule,
    |answer| answer.rule,
    |request| Some((&mut request.name, COLLECTION))
);
mutations_with!(
    Reasoned, reason: String;
    CreateRuleRequest, UpdateRuleRequest, DeleteRuleRequest, UndeleteRuleRequest
);
mutations_with!(
    Checkable, validate_only: bool;
    CreateRuleRequest, UpdateRuleRequest, DeleteRuleRequest, UndeleteRuleRequest
);
mutations_with!(Guarded, etag: String; DeleteRuleRequest, UndeleteRuleRequest);
mutations_with!(Masked, update_mask: Option<FieldMask>; UpdateRuleRequest);
