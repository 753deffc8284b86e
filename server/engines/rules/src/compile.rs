use crate::{
    across::{Across, AcrossHit},
    asked::Asked,
    combination::Combination,
    conditions::{
        Condition,
        text::{Borrowed, TextCondition},
    },
    exemption::Exemption,
    lists::{Entries, Entry, List, ListPurpose, Tag},
    policy::Policy,
    rule::{Rule, RuleMode},
    scope::Scope,
};
use std::{collections::BTreeMap, sync::Arc};
use umpire_model::{
    Action, ActionKind, ActiveWindow, FieldId, Level, LocalizedText, Message, ResourceId,
    RiskClass, TenantId, Timestamp, Violation,
};
use umpire_text::{
    BuildError, Facts, Hits, Outer, Phrase, Scanner, ScannerBuilder, Scratch, Source,
};

/// Most rules of one tenant that are not deleted.
pub const MAX_RULES: usize = 10_000;

/// The rules that judge a tenant's messages: its own, and those it includes.
/// Immutable.
pub struct RuleSet {
    /// The tenant's own first.
    pub(crate) parts: Box<[Arc<Part>]>,
}

/// One revision of one tenant's rules, ready to judge.
pub(crate) struct Part {
    pub tenant: TenantId,
    pub revision: u64,
    pub rules: Box<[Compiled]>,
    pub scanner: Scanner,
    /// Of the rules that look across messages.
    pub across: Option<Across>,
    /// The rule each of the scanner's sources belongs to.
    owners: Box<[u32]>,
    /// Where each of the scanner's allow-lists holds.
    allow_scopes: Box<[Scope]>,
    /// The rules that are expressions.
    pub asked: Asked,
    has_windows: bool,
}

/// A rule as the judge needs it. It owns one of the scanner's sources, or several in
/// succession.
pub(crate) struct Compiled {
    /// Resource name.
    pub name: Arc<str>,
    /// What people call it; its id, when they do not.
    pub display_name: Arc<str>,
    pub level: Level,
    pub risk_class: Option<RiskClass>,
    pub labels: Arc<[Arc<str>]>,
    pub actions: Vec<Action>,
    pub scope: Scope,
    /// Of senders and conversations.
    pub exemptions: Vec<Exemption>,
    pub window: Option<ActiveWindow>,
    pub shadow: bool,
    pub priority: i32,
    pub reply: LocalizedText,
    /// The number of its first source.
    pub first_source: u32,
    /// What hits of its sources must meet together; any hit counts, when `None`.
    pub combination: Option<Combination>,
    /// Of the word list it looks for.
    list: Option<Listed>,
}

/// What a rule gave the scanner to look for.
pub(crate) struct Looks {
    /// How many sources it owns.
    pub sources: usize,
    combination: Option<Combination>,
    list: Option<Listed>,
}

/// What a rule takes from its word list.
struct Listed {
    entries: Arc<Entries>,
    tags: Arc<[Tag]>,
}

impl Compiled {
    /// The list's entry that a hit's word numbers.
    pub fn entry(&self, word: u32) -> Option<&Entry> {
        self.list.as_ref()?.entries.as_slice().get(word as usize)
    }

    /// What the words with these tags bring.
    pub fn tags(&self, tags: impl Iterator<Item = u32>) -> impl Iterator<Item = &Tag> {
        let all = self.list.as_ref().map_or(&[][..], |list| &list.tags);
        tags.filter_map(|tag| all.get(tag as usize))
    }
}

/// What the scan of one message found.
#[derive(Default)]
pub struct Scanned {
    /// Texts with a hit, each with the part of the set that hit, in the order of the
    /// message.
    pub(crate) fields: Vec<(FieldId, usize, Hits)>,
    /// What goes on from messages before; at most one for each rule.
    pub(crate) across: Vec<AcrossHit>,
    /// Nothing was found, and yet an expression may hold.
    pub(crate) awake: bool,
}

impl Scanned {
    /// Whether there is nothing to conclude: no text rule found anything, not even
    /// something an exception cancels, and no expression can hold.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.across.is_empty() && !self.awake
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
    /// Compiles rules that name no lists, leaving out those that are OFF. Takes time
    /// in the number of words; call it off the request path.
    ///
    /// # Errors
    /// [`CompileError`]; the rules are unusable as they are.
    pub fn compile<'r>(
        tenant: &TenantId,
        revision: u64,
        rules: impl IntoIterator<Item = &'r Rule>,
    ) -> Result<Self, CompileError> {
        let named = rules.into_iter().map(|rule| (rule_name(tenant, rule), rule));
        Self::compile_named(tenant, revision, &Policy::default(), named)
    }

    /// Compiles rules under names of the caller's choice, with a policy's lists.
    pub(crate) fn compile_named<'r>(
        tenant: &TenantId,
        revision: u64,
        policy: &Policy,
        rules: impl IntoIterator<Item = (Arc<str>, &'r Rule)>,
    ) -> Result<Self, CompileError> {
        let on = rules.into_iter().filter(|(_, rule)| rule.mode != RuleMode::Off);
        let part = Part::compile(tenant, revision, policy, &on.collect::<Vec<_>>())?;
        Ok(Self { parts: Box::new([Arc::new(part)]) })
    }

    /// This tenant's rules followed by those of others. Takes no time to speak of.
    #[must_use]
    pub fn including(&self, included: &[Arc<Self>]) -> Self {
        let own = self.parts.first().into_iter();
        let others = included.iter().filter_map(|set| set.parts.first());
        Self { parts: own.chain(others).cloned().collect() }
    }

    /// Number of the tenant's own revision.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.parts.first().map_or(0, |part| part.revision)
    }

    /// Names of the included revisions.
    #[must_use]
    pub fn included_revisions(&self) -> Vec<Arc<str>> {
        let name =
            |part: &Arc<Part>| format!("tenants/{}/revisions/{}", part.tenant, part.revision);
        self.parts.iter().skip(1).map(|part| name(part).into()).collect()
    }

    /// Whether a rule asks what the tenant's wall shows.
    #[must_use]
    pub fn has_windows(&self) -> bool {
        self.parts.iter().any(|part| part.has_windows)
    }

    /// Stage one: finds everything any rule looks for in any text of the message.
    #[must_use]
    pub fn scan(&self, message: &Message<'_>, now: Timestamp, scratch: &mut Scratch) -> Scanned {
        let mut scanned = Scanned::default();
        let Some(own) = self.parts.first() else { return scanned };
        let is_active = |list| own.allows(list, message);
        let outer = Outer { scanner: &own.scanner, is_active: &is_active };
        for (number, part) in self.parts.iter().enumerate() {
            if part.rules.is_empty() {
                continue;
            }
            let is_foreign = number > 0 && own.scanner.allows_everywhere();
            let facts = Facts {
                now,
                is_active: &|list| part.allows(list, message),
                outer: is_foreign.then_some(outer),
                crossing: None,
            };
            for (field, text) in message.texts() {
                let hits = part.scanner.scan(text, &facts, scratch);
                if !hits.sources.is_empty() {
                    scanned.fields.push((field, number, hits));
                }
            }
        }
        // With something found all expressions are asked later in any case.
        scanned.awake = scanned.fields.is_empty()
            && self.parts.iter().any(|part| part.asked.may_hold_alone(&part.rules, message));
        scanned
    }
}

impl Part {
    fn compile(
        tenant: &TenantId,
        revision: u64,
        policy: &Policy,
        rules: &[(Arc<str>, &Rule)],
    ) -> Result<Self, CompileError> {
        let mut builder = ScannerBuilder::default();
        let (numbers, allow_scopes) = add_allow_lists(&mut builder, policy, rules)?;
        let (mut compiled, mut owners) = (Vec::with_capacity(rules.len()), Vec::new());
        for ((name, rule), number) in rules.iter().zip(0_u32..) {
            let first = u32::try_from(owners.len()).unwrap_or(u32::MAX);
            let looks = add_rule(&mut builder, policy, &numbers, rule)?;
            owners.resize(owners.len() + looks.sources, number);
            compiled.push(Compiled::new(name.clone(), rule, first, looks));
        }
        let scanner = builder.build().map_err(|error| CompileError::TooBig(error.to_string()))?;
        let across = Across::compile(policy, rules)?;
        let asked = Asked::compile(rules)?;
        let has_windows =
            compiled.iter().any(|rule| rule.window.is_some()) || asked.asks_the_wall();
        let (tenant, rules) = (tenant.clone(), compiled.into_boxed_slice());
        let owners = owners.into_boxed_slice();
        Ok(Self {
            tenant,
            revision,
            rules,
            scanner,
            across,
            owners,
            allow_scopes,
            asked,
            has_windows,
        })
    }

    /// The place in `rules` of the rule that a source belongs to.
    pub fn owner(&self, source: u32) -> u32 {
        self.owners[source as usize]
    }

    /// Whether an allow-list counts for a message.
    pub fn allows(&self, list: u32, message: &Message<'_>) -> bool {
        self.allow_scopes.get(list as usize).is_some_and(|scope| scope.covers(message))
    }
}

/// `tenants/{tenant}/rules/{rule}`
pub(crate) fn rule_name(tenant: &TenantId, rule: &Rule) -> Arc<str> {
    format!("tenants/{tenant}/rules/{}", rule.id).into()
}

/// Adds the allow-lists in use; gives their numbers by id, and their scopes by number.
#[allow(clippy::type_complexity)]
pub(crate) fn add_allow_lists<'p>(
    builder: &mut ScannerBuilder,
    policy: &'p Policy,
    rules: &[(Arc<str>, &Rule)],
) -> Result<(BTreeMap<&'p ResourceId, u32>, Box<[Scope]>), CompileError> {
    let named = |id| rules.iter().any(|(_, rule)| rule.lists().1.contains(id));
    let (mut numbers, mut scopes) = (BTreeMap::new(), Vec::new());
    for (id, list) in policy.lists.iter().filter(|(_, list)| list.is_live()) {
        let head = &list.stored.list;
        if head.purpose == ListPurpose::Allow && (head.all_rules || named(id)) {
            let lexicon = list.lexicon().map_err(too_big)?;
            numbers.insert(id, builder.add_allow_list(lexicon, head.all_rules));
            scopes.push(head.scope.clone());
        }
    }
    Ok((numbers, scopes.into_boxed_slice()))
}

pub(crate) fn too_big(error: BuildError) -> CompileError {
    CompileError::TooBig(error.to_string())
}

/// Adds what a rule looks for.
pub(crate) fn add_rule(
    builder: &mut ScannerBuilder,
    policy: &Policy,
    allow_lists: &BTreeMap<&ResourceId, u32>,
    rule: &Rule,
) -> Result<Looks, CompileError> {
    let unknown = policy.unknown_lists(rule, "rule");
    if !unknown.is_empty() {
        return Err(fault(rule, unknown));
    }
    match &rule.condition {
        Condition::Text(text) => add_text(builder, policy, allow_lists, rule, text),
        Condition::Expression(_) => Ok(Looks { sources: 0, combination: None, list: None }),
    }
}

fn add_text(
    builder: &mut ScannerBuilder,
    policy: &Policy,
    allow_lists: &BTreeMap<&ResourceId, u32>,
    rule: &Rule,
    text: &TextCondition,
) -> Result<Looks, CompileError> {
    let list = text.word_list.as_ref().and_then(|id| policy.lists.get(id));
    let lexicon = list.map(|list| list.lexicon()).transpose();
    let borrowed = Borrowed {
        lexicon: lexicon.map_err(too_big)?,
        allow_lists: text
            .allow_lists
            .iter()
            .filter_map(|id| allow_lists.get(id))
            .copied()
            .collect(),
    };
    let sought = text.sought("rule.text", borrowed, masks(rule));
    let sought = sought.map_err(|violations| fault(rule, violations))?;
    let (sources, combination) = (sought.sources.len(), sought.combination);
    for source in sought.sources {
        add_source(builder, source, rule)?;
    }
    Ok(Looks { sources, combination, list: list.map(|list| Listed::of(list)) })
}

fn add_source(
    builder: &mut ScannerBuilder,
    mut source: Source,
    rule: &Rule,
) -> Result<(), CompileError> {
    source.exceptions.extend(rule.exemptions.iter().filter_map(exempted_phrase));
    match builder.add(source) {
        Ok(_) => Ok(()),
        Err(error @ BuildError::TooBig(_)) => Err(too_big(error)),
        Err(_) => Err(fault(rule, rule.violations())),
    }
}

fn fault(rule: &Rule, violations: Vec<Violation>) -> CompileError {
    CompileError::Rule { rule: rule.id.to_string(), violations }
}

fn exempted_phrase(exemption: &Exemption) -> Option<Phrase> {
    let text = exemption.phrase.clone()?;
    Some(Phrase { text, end: exemption.end_time })
}

fn masks(rule: &Rule) -> bool {
    rule.mode == RuleMode::Enforced && rule.actions.iter().any(|a| a.kind == ActionKind::Mask)
}

impl Listed {
    fn of(list: &List) -> Self {
        Self { entries: list.entries.clone(), tags: list.tags() }
    }
}

fn called(rule: &Rule) -> &str {
    if rule.display_name.is_empty() { rule.id.as_str() } else { &rule.display_name }
}

impl Compiled {
    fn new(name: Arc<str>, rule: &Rule, first_source: u32, looks: Looks) -> Self {
        let exemptions = rule.exemptions.iter().filter(|exemption| exemption.phrase.is_none());
        Self {
            name,
            display_name: called(rule).into(),
            level: rule.level,
            risk_class: rule.risk_class,
            labels: rule.labels.clone().into(),
            actions: rule.actions.clone(),
            scope: rule.scope.clone(),
            exemptions: exemptions.cloned().collect(),
            window: rule.active_window.clone(),
            shadow: rule.mode == RuleMode::Shadow,
            priority: rule.priority,
            reply: rule.reply.clone(),
            first_source,
            combination: looks.combination,
            list: looks.list,
        }
    }
}
