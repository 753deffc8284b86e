use crate::{
    Error, Listing, Umpire,
    listing::{lists_with, paged},
    retry::Retry,
    v1::{AuditRecord, GetAuditRecordRequest, ListAuditRecordsRequest},
};

const COLLECTION: &str = "auditRecords";

/// The audit log. Roles COMPLIANCE and ADMIN.
#[derive(Debug, Clone)]
pub struct Audit(Umpire);

impl Audit {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// One record, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn get(&self, record: &str) -> Result<AuditRecord, Error> {
        let name = self.0.full_name(COLLECTION, record).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetAuditRecordRequest { name }, |request| {
                let mut client = self.0.raw_audit();
                async move { client.get_audit_record(request).await }
            })
            .await?;
        answer.audit_record.ok_or(Error::Incomplete("audit_record"))
    }

    /// The tenant's records, newest first.
    pub fn list(&self) -> Listing<ListAuditRecordsRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListAuditRecordsRequest { parent, ..<_>::default() })
    }
}

paged!(
    raw_audit.list_audit_records(ListAuditRecordsRequest) -> audit_records: AuditRecord,
    200 at once
);
lists_with!(Filtered, filter: String; ListAuditRecordsRequest);
lists_with!(Ordered, order_by: String; ListAuditRecordsRequest);
