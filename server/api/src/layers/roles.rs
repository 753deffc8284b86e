//! The one table from method to roles.

use umpire_tenancy::Role::{self, Admin, Compliance, Moderator, Ops, Service};

/// A method and who may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// The path of its HTTP/2 request.
    pub path: &'static str,
    /// Roles that may call it.
    pub roles: &'static [Role],
}

const fn to(path: &'static str, roles: &'static [Role]) -> Method {
    Method { path, roles }
}

const CHECK: &[Role] = &[Service, Admin];
const READ_RULES: &[Role] = &[Moderator, Compliance, Admin];
const WRITE_RULES: &[Role] = &[Moderator, Admin];
const READ_AUDIT: &[Role] = &[Compliance, Admin];
const READ_SANCTIONS: &[Role] = &[Moderator, Ops, Compliance, Admin];
const GET_SANCTION: &[Role] = &[Service, Moderator, Ops, Compliance, Admin];
const READ_STRIKES: &[Role] = &[Moderator, Compliance, Admin];
const SANCTION: &[Role] = &[Moderator, Admin];
const ENFORCE: &[Role] = &[Service, Admin];
const CHECK_SUBJECT: &[Role] = &[Service, Moderator, Compliance, Admin];
const READ_SAFETY: &[Role] = &[Ops, Compliance, Admin];
const KEEP_SAFE: &[Role] = &[Ops, Admin];
const READ_ALERTS: &[Role] = &[Moderator, Ops, Compliance, Admin];
const LOOK_AFTER: &[Role] = &[Moderator, Ops, Admin];
const READ_NOTICES: &[Role] = &[Ops, Compliance, Admin];
const NOTIFY: &[Role] = &[Ops, Admin];
const ADMINISTER: &[Role] = &[Admin];

/// Every method of ours. One that is missing here cannot be called.
pub const METHODS: &[Method] = &[
    to("/umpire.v1.ModerationService/CheckMessage", CHECK),
    to("/umpire.v1.ModerationService/BatchCheckMessages", CHECK),
    to("/umpire.v1.ModerationService/StreamMessages", CHECK),
    to("/umpire.v1.RuleService/CreateRule", WRITE_RULES),
    to("/umpire.v1.RuleService/GetRule", READ_RULES),
    to("/umpire.v1.RuleService/ListRules", READ_RULES),
    to("/umpire.v1.RuleService/UpdateRule", WRITE_RULES),
    to("/umpire.v1.RuleService/DeleteRule", WRITE_RULES),
    to("/umpire.v1.RuleService/UndeleteRule", WRITE_RULES),
    to("/umpire.v1.RuleService/CreateWordList", WRITE_RULES),
    to("/umpire.v1.RuleService/GetWordList", READ_RULES),
    to("/umpire.v1.RuleService/ListWordLists", READ_RULES),
    to("/umpire.v1.RuleService/UpdateWordList", WRITE_RULES),
    to("/umpire.v1.RuleService/DeleteWordList", WRITE_RULES),
    to("/umpire.v1.RuleService/UndeleteWordList", WRITE_RULES),
    to("/umpire.v1.RuleService/ImportWordList", WRITE_RULES),
    to("/umpire.v1.RuleService/ExportWordList", READ_RULES),
    to("/umpire.v1.RuleService/ListWordListEntries", READ_RULES),
    to("/umpire.v1.RuleService/BatchUpdateWordListEntries", WRITE_RULES),
    to("/umpire.v1.RuleService/ListRevisions", READ_RULES),
    to("/umpire.v1.RuleService/GetRevision", READ_RULES),
    to("/umpire.v1.RuleService/DiffRevisions", READ_RULES),
    to("/umpire.v1.RuleService/RollbackToRevision", WRITE_RULES),
    to("/umpire.v1.RuleService/WatchRevisions", READ_RULES),
    to("/umpire.v1.RuleService/ExportRuleSet", READ_RULES),
    to("/umpire.v1.RuleService/ApplyRuleSet", WRITE_RULES),
    to("/umpire.v1.RuleService/TestRules", WRITE_RULES),
    to("/umpire.v1.SanctionService/CreateSanctionRule", ADMINISTER),
    to("/umpire.v1.SanctionService/GetSanctionRule", READ_RULES),
    to("/umpire.v1.SanctionService/ListSanctionRules", READ_RULES),
    to("/umpire.v1.SanctionService/UpdateSanctionRule", ADMINISTER),
    to("/umpire.v1.SanctionService/DeleteSanctionRule", ADMINISTER),
    to("/umpire.v1.SanctionService/ListEffectiveOrder", READ_RULES),
    to("/umpire.v1.SanctionService/CreateEnforcer", ADMINISTER),
    to("/umpire.v1.SanctionService/GetEnforcer", READ_RULES),
    to("/umpire.v1.SanctionService/ListEnforcers", READ_RULES),
    to("/umpire.v1.SanctionService/UpdateEnforcer", ADMINISTER),
    to("/umpire.v1.SanctionService/DeleteEnforcer", ADMINISTER),
    to("/umpire.v1.SanctionService/CreateSanction", SANCTION),
    to("/umpire.v1.SanctionService/GetSanction", GET_SANCTION),
    to("/umpire.v1.SanctionService/ListSanctions", READ_SANCTIONS),
    to("/umpire.v1.SanctionService/LiftSanction", SANCTION),
    to("/umpire.v1.SanctionService/ExtendSanction", SANCTION),
    to("/umpire.v1.SanctionService/BatchLiftSanctions", KEEP_SAFE),
    to("/umpire.v1.SanctionService/CheckSubject", CHECK_SUBJECT),
    to("/umpire.v1.SanctionService/BatchCheckSubjects", CHECK_SUBJECT),
    to("/umpire.v1.SanctionService/WatchSanctions", ENFORCE),
    to("/umpire.v1.SanctionService/AckSanctions", ENFORCE),
    to("/umpire.v1.SanctionService/ListStrikes", READ_STRIKES),
    to("/umpire.v1.SanctionService/ResetStrikes", SANCTION),
    to("/umpire.v1.SanctionService/GetSafetySwitch", READ_SAFETY),
    to("/umpire.v1.SanctionService/UpdateSafetySwitch", KEEP_SAFE),
    to("/umpire.v1.SanctionService/DrainHeldSanctions", KEEP_SAFE),
    to("/umpire.v1.AlertService/StreamAlerts", READ_ALERTS),
    to("/umpire.v1.AlertService/GetAlert", READ_ALERTS),
    to("/umpire.v1.AlertService/ListAlerts", READ_ALERTS),
    to("/umpire.v1.AlertService/AcknowledgeAlert", LOOK_AFTER),
    to("/umpire.v1.AlertService/AssignAlert", LOOK_AFTER),
    to("/umpire.v1.AlertService/ResolveAlert", LOOK_AFTER),
    to("/umpire.v1.AlertService/CreateReceiver", NOTIFY),
    to("/umpire.v1.AlertService/GetReceiver", READ_NOTICES),
    to("/umpire.v1.AlertService/ListReceivers", READ_NOTICES),
    to("/umpire.v1.AlertService/UpdateReceiver", NOTIFY),
    to("/umpire.v1.AlertService/DeleteReceiver", NOTIFY),
    to("/umpire.v1.AlertService/CreateRoute", NOTIFY),
    to("/umpire.v1.AlertService/GetRoute", READ_NOTICES),
    to("/umpire.v1.AlertService/ListRoutes", READ_NOTICES),
    to("/umpire.v1.AlertService/UpdateRoute", NOTIFY),
    to("/umpire.v1.AlertService/DeleteRoute", NOTIFY),
    to("/umpire.v1.AlertService/CreateSilence", NOTIFY),
    to("/umpire.v1.AlertService/GetSilence", READ_NOTICES),
    to("/umpire.v1.AlertService/ListSilences", READ_NOTICES),
    to("/umpire.v1.AlertService/UpdateSilence", NOTIFY),
    to("/umpire.v1.AlertService/DeleteSilence", NOTIFY),
    to("/umpire.v1.AlertService/CreateTemplate", NOTIFY),
    to("/umpire.v1.AlertService/GetTemplate", READ_NOTICES),
    to("/umpire.v1.AlertService/ListTemplates", READ_NOTICES),
    to("/umpire.v1.AlertService/UpdateTemplate", NOTIFY),
    to("/umpire.v1.AlertService/DeleteTemplate", NOTIFY),
    to("/umpire.v1.AlertService/CreateEscalationPolicy", NOTIFY),
    to("/umpire.v1.AlertService/GetEscalationPolicy", READ_NOTICES),
    to("/umpire.v1.AlertService/ListEscalationPolicies", READ_NOTICES),
    to("/umpire.v1.AlertService/UpdateEscalationPolicy", NOTIFY),
    to("/umpire.v1.AlertService/DeleteEscalationPolicy", NOTIFY),
    to("/umpire.v1.AlertService/TestRouting", NOTIFY),
    to("/umpire.v1.AlertService/PreviewTemplate", NOTIFY),
    to("/umpire.v1.AlertService/SendTestNotification", NOTIFY),
    to("/umpire.v1.AlertService/GetDelivery", READ_ALERTS),
    to("/umpire.v1.AlertService/ListDeliveries", READ_ALERTS),
    to("/umpire.v1.AlertService/RetryDelivery", NOTIFY),
    to("/umpire.v1.AlertService/GetDeliveryStats", READ_NOTICES),
    to("/umpire.v1.AuditService/GetAuditRecord", READ_AUDIT),
    to("/umpire.v1.AuditService/ListAuditRecords", READ_AUDIT),
    to("/umpire.v1.AdminService/CreateTenant", ADMINISTER),
    to("/umpire.v1.AdminService/GetTenant", ADMINISTER),
    to("/umpire.v1.AdminService/ListTenants", ADMINISTER),
    to("/umpire.v1.AdminService/UpdateTenant", ADMINISTER),
    to("/umpire.v1.AdminService/DeleteTenant", ADMINISTER),
    to("/umpire.v1.AdminService/UndeleteTenant", ADMINISTER),
    to("/umpire.v1.AdminService/CreateApiKey", ADMINISTER),
    to("/umpire.v1.AdminService/ListApiKeys", ADMINISTER),
    to("/umpire.v1.AdminService/RevokeApiKey", ADMINISTER),
    to("/umpire.v1.AdminService/GetServerInfo", &[Ops, Admin]),
    #[cfg(feature = "bench")]
    to("/umpire.bench.v1.EchoService/EchoMessage", CHECK),
    #[cfg(feature = "bench")]
    to("/umpire.bench.v1.EchoService/EchoMessages", CHECK),
    #[cfg(feature = "bench")]
    to("/umpire.bench.v1.EchoService/EchoStream", CHECK),
];

/// Services anybody may call: load balancers ask for health, tools for the schema.
const PUBLIC: [&str; 3] = [
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.ServerReflection/",
];

/// Whether a path needs no caller.
pub(crate) fn is_public(path: &str) -> bool {
    PUBLIC.iter().any(|service| path.starts_with(service))
}

/// A method's place in [`METHODS`].
#[must_use]
pub fn method(path: &str) -> Option<usize> {
    METHODS.iter().position(|method| method.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;
    use prost_types::FileDescriptorSet;
    use std::collections::BTreeSet;

    #[test]
    fn every_method_of_the_contract_is_in_the_table() {
        let set = FileDescriptorSet::decode(umpire_proto::DESCRIPTORS).expect("valid");
        let mut declared = BTreeSet::new();
        for file in &set.file {
            for service in &file.service {
                for method in &service.method {
                    declared.insert(format!(
                        "/{}.{}/{}",
                        file.package(),
                        service.name(),
                        method.name()
                    ));
                }
            }
        }
        let listed: BTreeSet<_> = METHODS.iter().map(|method| method.path.to_owned()).collect();
        assert_eq!(listed, declared);
        assert_eq!(listed.len(), METHODS.len(), "no method twice");
        assert!(METHODS.iter().all(|method| !method.roles.is_empty()));
    }
}
