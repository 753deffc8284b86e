use crate::{
    conditions::Condition,
    rule::{LocalizedText, Rule, RuleMode},
    scope::Scope,
};
use std::sync::Arc;
use umpire_model::{Action, ActionKind, FieldId, Level, Message, RiskClass, TenantId, Violation};
use umpire_text::{BuildError, Hits, Scanner, ScannerBuilder, Scratch};

/// Most rules of one tenant that are not deleted.
pub const MAX_RULES: usize = 10_000;

/// One revision of a tenant's rules, ready to judge. Immutable.
pub struct RuleSet {
    /// Number of the revision.
    pub revision: u64,
    pub(crate) rules: Box<[Compiled]>,
    pub(crate) scanner: Scanner,
}

/// A rule as the judge needs it. Its index is its source's number in the scanner.
pub(crate) struct Compiled {
    /// Resource name.
    pub name: Arc<str>,
    pub level: Level,
    pub risk_class: Option<RiskClass>,
    pub labels: Arc<[Arc<str>]>,
    pub actions: Vec<Action>,
    pub scope: Scope,
    pub shadow: bool,
    pub priority: i32,
    pub reply: LocalizedText,
}

/// What the scan of one message found.
#[derive(Default)]
pub struct Scanned {
    /// Texts with a hit, in the order of the message.
    pub(crate) fields: Vec<(FieldId, Hits)>,
}

impl Scanned {
    /// Whether nothing was found at all, not even something an exception cancels.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// A rule set cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// One rule is at fault.
    #[error("rule {rule}: {}", violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rule {
        /// Its id.
        rule: String,
        /// What is wrong with it.
        violations: Vec<Violation>,
    },
    /// All rules together are over a limit.
    #[error("the rule set is too big: {0}")]
    TooBig(String),
}

impl RuleSet {
    /// Compiles rules, leaving out those that are OFF. Takes time in the number
    /// of words; call it off the request path.
    ///
    /// # Errors
    /// [`CompileError`]; the rules are unusable as they are.
    pub fn compile<'r>(
        tenant: &TenantId,
        revision: u64,
        rules: impl IntoIterator<Item = &'r Rule>,
    ) -> Result<Self, CompileError> {
        let named = rules.into_iter().map(|rule| (rule_name(tenant, rule), rule));
        Self::compile_named(revision, named)
    }

    /// Compiles rules under names of the caller's choice.
    pub(crate) fn compile_named<'r>(
        revision: u64,
        rules: impl IntoIterator<Item = (Arc<str>, &'r Rule)>,
    ) -> Result<Self, CompileError> {
        let mut builder = ScannerBuilder::default();
        let mut compiled = Vec::new();
        for (name, rule) in rules.into_iter().filter(|(_, rule)| rule.mode != RuleMode::Off) {
            add_source(&mut builder, rule)?;
            compiled.push(Compiled::new(name, rule));
        }
        let scanner = builder.build().map_err(|error| CompileError::TooBig(error.to_string()))?;
        Ok(Self { revision, rules: compiled.into_boxed_slice(), scanner })
    }

    /// Stage one: finds everything any rule looks for in any text of the message.
    #[must_use]
    pub fn scan(&self, message: &Message<'_>, scratch: &mut Scratch) -> Scanned {
        let mut scanned = Scanned::default();
        if self.rules.is_empty() {
            return scanned;
        }
        for (field, text) in message.texts() {
            let hits = self.scanner.scan(text, scratch);
            if !hits.sources.is_empty() {
                scanned.fields.push((field, hits));
            }
        }
        scanned
    }
}

/// `tenants/{tenant}/rules/{rule}`
pub(crate) fn rule_name(tenant: &TenantId, rule: &Rule) -> Arc<str> {
    format!("tenants/{tenant}/rules/{}", rule.id).into()
}

fn add_source(builder: &mut ScannerBuilder, rule: &Rule) -> Result<(), CompileError> {
    let Condition::Text(text) = &rule.condition;
    let fault = |violations| CompileError::Rule { rule: rule.id.to_string(), violations };
    let source = text.source("rule.text", masks(rule)).map_err(fault)?;
    match builder.add(source) {
        Ok(_) => Ok(()),
        Err(BuildError::TooBig(what)) => Err(CompileError::TooBig(what)),
        Err(_) => Err(fault(rule.violations())),
    }
}

fn masks(rule: &Rule) -> bool {
    rule.mode == RuleMode::Enforced && rule.actions.iter().any(|a| a.kind == ActionKind::Mask)
}

impl Compiled {
    fn new(name: Arc<str>, rule: &Rule) -> Self {
        Self {
            name,
            level: rule.level,
            risk_class: rule.risk_class,
            labels: rule.labels.clone().into(),
            actions: rule.actions.clone(),
            scope: rule.scope.clone(),
            shadow: rule.mode == RuleMode::Shadow,
            priority: rule.priority,
            reply: rule.reply.clone(),
        }
    }
}
