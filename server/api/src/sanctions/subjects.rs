//! What holds for subjects now.

use super::Sanctions;
use crate::{
    convert::{sanction, time},
    error::ApiError,
    names::own_tenant,
};
use umpire_model::{TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_sanctions::Subject;
use umpire_tenancy::Caller;

/// Most subjects of one batch.
const MAX_SUBJECTS: usize = 1_000;

impl Sanctions {
    pub(super) fn check_subject(
        &self,
        caller: &Caller,
        request: &pb::CheckSubjectRequest,
    ) -> Result<pb::CheckSubjectResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let subject = sanction::subject_from(request.subject.as_ref());
        let violations = subject.violations("subject");
        if !violations.is_empty() {
            return Err(ApiError::Invalid(violations));
        }
        Ok(self.restrictions(&tenant, &subject))
    }

    pub(super) fn check_subjects(
        &self,
        caller: &Caller,
        request: &pb::BatchCheckSubjectsRequest,
    ) -> Result<pb::BatchCheckSubjectsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        if request.subjects.is_empty() {
            return Err(ApiError::invalid("subjects", "must not be empty"));
        }
        if request.subjects.len() > MAX_SUBJECTS {
            return Err(ApiError::Invalid(vec![Violation::too_large("subjects", MAX_SUBJECTS)]));
        }
        let subjects = request.subjects.iter().map(|subject| sanction::subject_from(Some(subject)));
        let subjects: Vec<_> = subjects.collect();
        let violations = subjects.iter().enumerate();
        let violations: Vec<_> = violations
            .flat_map(|(index, subject)| subject.violations(&format!("subjects[{index}]")))
            .collect();
        if !violations.is_empty() {
            return Err(ApiError::Invalid(violations));
        }
        let results = subjects.iter().map(|subject| self.restrictions(&tenant, subject));
        Ok(pb::BatchCheckSubjectsResponse { results: results.collect() })
    }

    fn restrictions(&self, tenant: &TenantId, subject: &Subject) -> pb::CheckSubjectResponse {
        let now = self.clock.now();
        // Looked at first: what is found afterwards is complete up to there.
        let as_of = self.court.as_of(now);
        let found = self.court.check_subject(tenant, subject, now);
        pb::CheckSubjectResponse {
            restrictions: found.iter().map(|found| sanction::restriction_to_proto(found)).collect(),
            as_of: Some(time::to_proto(as_of)),
        }
    }
}
