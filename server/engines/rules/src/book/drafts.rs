//! Rules on trial.

use super::{Live, RuleBook};
use crate::{
    change::TestError,
    compile::{CompileError, RuleSet, rule_name},
    policy_test::PolicyTest,
    quiet::quietly,
    rule::Rule,
};
use std::sync::Arc;
use umpire_model::{ResourceId, TenantId};

/// Drafts ready to judge, and what is in force beside them.
pub struct Drafted {
    /// The drafts, with the live rules if asked for.
    pub drafts: Arc<RuleSet>,
    /// The live rules.
    pub live: Arc<RuleSet>,
    /// The kept test cases.
    pub tests: Vec<Arc<PolicyTest>>,
}

impl RuleBook {
    /// A set of drafts, with the live rules beside them if asked; a draft takes
    /// the place of the live rule with its id.
    ///
    /// # Errors
    /// [`TestError`].
    pub async fn drafts(
        &self,
        tenant: &TenantId,
        drafts: Vec<(Option<ResourceId>, Rule)>,
        include_live: bool,
    ) -> Result<Drafted, TestError> {
        let live = self.live_of(tenant).await?;
        for (index, (_, rule)) in drafts.iter().enumerate() {
            let mut violations = rule.violations();
            violations.extend(live.policy.unknown_lists(rule, "rule"));
            if !violations.is_empty() {
                return Err(TestError::Invalid(index, violations));
            }
        }
        let tests = live.policy.tests.values().cloned().collect();
        let (tenant, current) = (tenant.clone(), live.compiled.clone());
        let work = move || compile(&tenant, &live, &drafts, include_live);
        match quietly(work).await {
            Ok(Ok(set)) => Ok(Drafted { drafts: Arc::new(set), live: current, tests }),
            Ok(Err(error)) => Err(TestError::Limit(error.to_string())),
            Err(broke_off) => Err(TestError::Limit(broke_off.to_string())),
        }
    }
}

fn compile(
    tenant: &TenantId,
    live: &Live,
    drafts: &[(Option<ResourceId>, Rule)],
    include_live: bool,
) -> Result<RuleSet, CompileError> {
    let replaced = |rule: &Rule| drafts.iter().any(|(id, _)| id.as_ref() == Some(&rule.id));
    let kept = live.policy.rules_in_force().filter(|rule| include_live && !replaced(rule));
    let kept = kept.map(|rule| (rule_name(tenant, rule), rule));
    let drafted = drafts.iter().enumerate().map(|(index, (id, rule))| match id {
        Some(_) => (rule_name(tenant, rule), rule),
        None => (format!("drafts/{index}").into(), rule),
    });
    let revision = if include_live { live.number } else { 0 };
    RuleSet::compile_named(tenant, revision, &live.policy, kept.chain(drafted))
}
