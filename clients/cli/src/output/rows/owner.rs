use super::id_of;
use umpire_client::v1::{AuditRecord, Verdict};

/// Whose verdict it is: rules of others, which a tenant may include, keep their full name.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    /// Where it is known.
    tenant: Option<&'a str>,
    /// Revisions of others that took part.
    included: &'a [String],
}

impl<'a> Owner<'a> {
    /// Of a verdict. Where nothing was recorded it names no tenant but those it includes.
    pub fn of_verdict(verdict: &'a Verdict) -> Self {
        let tenant = tenant_of(&verdict.audit_record);
        Self { tenant, included: &verdict.included_revisions }
    }

    /// Of a record.
    pub fn of_record(record: &'a AuditRecord) -> Self {
        Self { tenant: tenant_of(&record.name), included: &record.included_revisions }
    }

    /// The id of an own rule, the full name of any other.
    pub fn called<'r>(&self, rule: &'r str) -> &'r str {
        let Some(tenant) = tenant_of(rule) else { return rule };
        let is_own = match self.tenant {
            Some(own) => own == tenant,
            None => !self.included.iter().any(|name| tenant_of(name) == Some(tenant)),
        };
        if is_own { id_of(rule) } else { rule }
    }
}

fn tenant_of(name: &str) -> Option<&str> {
    name.strip_prefix("tenants/")?.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_rules_are_called_by_their_id() {
        let (own, other) = ("tenants/game/rules/a", "tenants/publisher/rules/b");
        let included_revisions = vec!["tenants/publisher/revisions/1".to_owned()];
        let tried = Verdict { included_revisions, ..Verdict::default() };
        let audit_record = "tenants/game/auditRecords/r".into();
        let recorded = Verdict { audit_record, ..Verdict::default() };
        for verdict in [&tried, &recorded] {
            let owner = Owner::of_verdict(verdict);
            assert_eq!((owner.called(own), owner.called(other)), ("a", other));
        }
        assert_eq!(Owner::of_verdict(&tried).called("drafts/0"), "drafts/0");
    }
}
