//! What holds for a subject, and the strikes counted for it.

use super::{Sanctions, rules::RULES};
use crate::{
    Change, Error, Listing,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        BatchCheckSubjectsRequest, CheckSubjectRequest, CheckSubjectResponse, ListStrikesRequest,
        ResetStrikesRequest, ResetStrikesResponse, StrikeCounter, Subject,
    },
};

/// Most subjects of one call.
const CHUNK_SUBJECTS: usize = 1_000;

/// A subject that is only known by its user id.
#[must_use]
pub fn subject(user_id: impl Into<String>) -> Subject {
    Subject { user_id: user_id.into(), ..Subject::default() }
}

impl Sanctions {
    /// The mutes and bans in force for a subject, the one that ends last first. For
    /// log-in servers and chat gateways: the server answers from memory, at most a
    /// second behind.
    ///
    /// # Errors
    /// INVALID_ARGUMENT without a user id, and what any call may fail with.
    pub async fn check_subject(&self, subject: Subject) -> Result<CheckSubjectResponse, Error> {
        let request =
            CheckSubjectRequest { parent: self.0.tenant.parent(), subject: Some(subject) };
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.check_subject(request).await }
            })
            .await
    }

    /// As [`check_subject`](Sanctions::check_subject) for many, in calls of up to 1,000:
    /// one answer each, in order.
    ///
    /// # Errors
    /// As for one.
    pub async fn check_subjects(
        &self,
        subjects: Vec<Subject>,
    ) -> Result<Vec<CheckSubjectResponse>, Error> {
        let mut answers = Vec::with_capacity(subjects.len());
        for chunk in subjects.chunks(CHUNK_SUBJECTS) {
            answers.extend(self.check_chunk(chunk.to_vec()).await?);
        }
        Ok(answers)
    }

    async fn check_chunk(
        &self,
        subjects: Vec<Subject>,
    ) -> Result<Vec<CheckSubjectResponse>, Error> {
        let (expected, parent) = (subjects.len(), self.0.tenant.parent());
        let answer = self
            .0
            .call(Retry::Safe, BatchCheckSubjectsRequest { parent, subjects }, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.batch_check_subjects(request).await }
            })
            .await?;
        if answer.results.len() == expected {
            Ok(answer.results)
        } else {
            Err(Error::Incomplete("results"))
        }
    }

    /// The counters that hold a strike.
    pub fn strikes(&self) -> Listing<ListStrikesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListStrikesRequest { parent, ..<_>::default() })
    }

    /// Forgets the strikes of a subject, of which all fields are compared, under every
    /// rule or [one](Change::rule).
    pub fn reset_strikes(
        &self,
        subject: Subject,
        reason: impl Into<String>,
    ) -> Change<ResetStrikesRequest> {
        let request = ResetStrikesRequest {
            parent: self.0.tenant.parent(),
            subject: Some(subject),
            reason: reason.into(),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }
}

impl Change<ResetStrikesRequest> {
    /// Under this sanction rule, by id or name, and no other.
    pub fn rule(mut self, rule: impl Into<String>) -> Self {
        self.request.sanction_rule = rule.into();
        self
    }
}

/// The name of the rule, where one is given.
fn rule_of(request: &mut ResetStrikesRequest) -> Option<(&mut String, &'static str)> {
    if request.sanction_rule.is_empty() { None } else { Some((&mut request.sanction_rule, RULES)) }
}

paged!(raw_sanctions.list_strikes(ListStrikesRequest) -> strikes: StrikeCounter, 200 at once);
lists_with!(Filtered, filter: String; ListStrikesRequest);

mutation!(
    raw_sanctions.reset_strikes(ResetStrikesRequest) -> ResetStrikesResponse,
    |answer| Some(answer),
    |request| rule_of(request)
);
mutations_with!(Reasoned, reason: String; ResetStrikesRequest);
