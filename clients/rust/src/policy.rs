use crate::{
    Change, Error, Umpire,
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        ApplyRuleSetRequest, ApplyRuleSetResponse, DocumentFormat, ExportRuleSetRequest,
        ExportRuleSetResponse,
    },
};

/// The whole policy, rules, word lists and test cases, as one document. Roles
/// MODERATOR and ADMIN; COMPLIANCE reads.
#[derive(Debug, Clone)]
pub struct Policy(Umpire);

impl Policy {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// The policy in force.
    ///
    /// # Errors
    /// What any call may fail with.
    pub async fn export(&self, format: DocumentFormat) -> Result<ExportRuleSetResponse, Error> {
        self.fetch(format, false).await
    }

    /// The policy in force, its word lists without their entries. Applied, such a
    /// document leaves entries as they are.
    ///
    /// # Errors
    /// What any call may fail with.
    pub async fn export_without_entries(
        &self,
        format: DocumentFormat,
    ) -> Result<ExportRuleSetResponse, Error> {
        self.fetch(format, true).await
    }

    async fn fetch(
        &self,
        format: DocumentFormat,
        omit_entries: bool,
    ) -> Result<ExportRuleSetResponse, Error> {
        let parent = self.0.tenant.parent();
        let request = ExportRuleSetRequest { parent, format: format as i32, omit_entries };
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_rules();
                async move { client.export_rule_set(request).await }
            })
            .await
    }

    /// Makes the policy what a document (YAML or JSON) says, in one revision. What a
    /// section of it does not list is deleted, unless
    /// [`keep_unlisted`](Change::keep_unlisted).
    pub fn apply(&self, document: impl Into<String>) -> Change<ApplyRuleSetRequest> {
        let parent = self.0.tenant.parent();
        let document = document.into();
        Change::new(&self.0, ApplyRuleSetRequest { parent, document, ..<_>::default() })
    }

    /// What applying a document would change, and how its test cases would go.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a document that cannot be applied, and what any call may
    /// fail with.
    pub async fn diff(&self, document: impl Into<String>) -> Result<ApplyRuleSetResponse, Error> {
        self.apply(document).validate_only(true).await
    }
}

impl Change<ApplyRuleSetRequest> {
    /// With `true` nothing is deleted: what the document does not list stays.
    pub fn keep_unlisted(mut self, yes: bool) -> Self {
        self.request.keep_unlisted = yes;
        self
    }

    /// With `true` it is applied even if test cases fail; needs a reason.
    pub fn force(mut self, yes: bool) -> Self {
        self.request.force = yes;
        self
    }

    /// Fail with ABORTED unless this revision is the newest; 0 is the empty policy that
    /// nobody has changed yet.
    pub fn base_revision(mut self, number: i64) -> Self {
        self.request.base_revision = Some(number);
        self
    }
}

mutation!(
    raw_rules.apply_rule_set(ApplyRuleSetRequest) -> ApplyRuleSetResponse,
    |answer| Some(answer)
);
mutations_with!(Reasoned, reason: String; ApplyRuleSetRequest);
mutations_with!(Checkable, validate_only: bool; ApplyRuleSetRequest);
