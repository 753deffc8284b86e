//! Drafts and test cases, tried on messages.

use super::Rules;
use crate::{
    convert::{self, message, policy_test, verdict},
    error::ApiError,
    moderation::Limits,
    names::{own_resource, own_tenant},
};
use std::sync::Arc;
use umpire_model::{ResourceId, TenantId, Timestamp, Violation};
use umpire_moderation::Moderator;
use umpire_proto::v1 as pb;
use umpire_rules::{PolicyTest, RuleSet, TestError};
use umpire_tenancy::Caller;

/// Most drafts of one test.
const MAX_DRAFTS: usize = 200;

/// Everything a trial is judged by.
struct Trial {
    moderator: Arc<Moderator>,
    limits: Limits,
    tenant: TenantId,
    zone: String,
    now: Timestamp,
    drafts: RuleSet,
    live: RuleSet,
}

impl Rules {
    pub(super) async fn test(
        &self,
        caller: &Caller,
        request: &pb::TestRulesRequest,
    ) -> Result<pb::TestRulesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let at_least = usize::from(!request.run_tests);
        let drafts = usize::from(!request.run_tests && !request.include_live);
        within("rules", request.rules.len(), drafts, MAX_DRAFTS)?;
        let most = self.limits.max_batch_messages;
        within("messages", request.messages.len(), at_least, most)?;
        let drafts = request.rules.iter().enumerate();
        let drafts = drafts.map(|(index, rule)| draft(caller, index, rule, &tenant));
        let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
        for (index, message) in request.messages.iter().enumerate() {
            message::from_proto(message, &self.limits, &format!("messages[{index}]"))
                .map_err(|violation| ApiError::Invalid(vec![violation]))?;
        }
        // Without drafts, test cases are run with the live rules.
        let include_live = request.include_live || drafts.is_empty();
        let drafted = self.book.drafts(&tenant, drafts, include_live).await;
        let drafted = drafted.map_err(ApiError::of_drafts)?;
        let (included, zone) = self.surroundings(&tenant).await?;
        let live = drafted.live.including(&included);
        let drafts = drafted.drafts.including(if include_live { &included } else { &[] });
        let (moderator, limits) = (self.moderator.clone(), self.limits);
        let now = self.clock.now();
        let trial = Trial { moderator, limits, tenant, zone, now, drafts, live };
        let (messages, tests) = (request.messages.clone(), drafted.tests);
        let tests = if request.run_tests { tests } else { Vec::new() };
        // Judging so much at once would keep other calls waiting.
        tokio::task::spawn_blocking(move || trial.run(&messages, &tests))
            .await
            .map_err(|panicked| ApiError::Internal(panicked.to_string()))
    }

    /// The rule sets a tenant includes, and its time zone.
    pub(super) async fn surroundings(
        &self,
        tenant: &TenantId,
    ) -> Result<(Vec<Arc<RuleSet>>, String), ApiError> {
        let known = self.directory.tenant(tenant.as_str());
        let known = known.ok_or_else(|| ApiError::NotFound(format!("tenants/{tenant}")))?;
        let included = self.moderator.included(&known).await?;
        Ok((included, known.draft.time_zone.clone()))
    }
}

impl Trial {
    fn run(&self, messages: &[pb::Message], tests: &[Arc<PolicyTest>]) -> pb::TestRulesResponse {
        let on_the_wall = |moment: Timestamp| moment.on_the_wall(&self.zone);
        let results = tests.iter().map(|test| test.run(&self.drafts, self.now, on_the_wall));
        pb::TestRulesResponse {
            verdicts: self.verdicts(&self.drafts, messages),
            live_verdicts: self.verdicts(&self.live, messages),
            test_results: results.map(|result| policy_test::result_to_proto(&result)).collect(),
        }
    }

    /// The verdicts on messages that were checked before.
    fn verdicts(&self, rules: &RuleSet, messages: &[pb::Message]) -> Vec<pb::Verdict> {
        let view = verdict::View::of(pb::VerdictView::Trace);
        let sound =
            messages.iter().filter_map(|one| message::from_proto(one, &self.limits, "").ok());
        sound
            .map(|message| {
                let verdict = self.moderator.try_rules(rules, &message, self.now, &self.zone);
                verdict::to_proto(verdict, &self.tenant, &message, view, <_>::default())
            })
            .collect()
    }
}

fn within(field: &str, count: usize, least: usize, most: usize) -> Result<(), ApiError> {
    if count < least {
        return Err(ApiError::invalid(field, "must not be empty"));
    }
    if count > most {
        return Err(ApiError::Invalid(vec![Violation::too_large(field, most)]));
    }
    Ok(())
}

/// A draft, under the id of the live rule it stands in for.
fn draft(
    caller: &Caller,
    index: usize,
    rule: &pb::Rule,
    tenant: &TenantId,
) -> Result<(Option<ResourceId>, umpire_rules::Rule), ApiError> {
    let named = (!rule.name.is_empty()).then(|| own_resource(caller, &rule.name, "rules"));
    let id = named.transpose()?.map(|(_, id)| id);
    let used = id.clone().map_or_else(|| ResourceId::new(&format!("draft-{index}")), Ok)?;
    let converted = convert::rule::from_proto(rule, used, tenant);
    let placed = |violations| ApiError::of_drafts(TestError::Invalid(index, violations));
    Ok((id, converted.map_err(placed)?))
}
