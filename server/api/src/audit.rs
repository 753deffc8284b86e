//! AuditService: the log, read-only.

use crate::{
    convert,
    error::ApiError,
    handler::answer,
    names::{own_resource, own_tenant},
    paging::Paging,
};
use std::sync::Arc;
use tonic::{Request, Response, Status};
use umpire_audit::{Ledger, RecordQuery};
use umpire_model::RecordId;
use umpire_proto::v1::{self as pb, audit_service_server::AuditService};
use umpire_query::{Direction, parse_order};
use umpire_tenancy::Caller;

/// The service.
pub struct Audit {
    ledger: Arc<dyn Ledger>,
}

impl Audit {
    /// The service over a ledger.
    #[must_use]
    pub fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { ledger }
    }

    async fn get(&self, caller: &Caller, name: &str) -> Result<pb::AuditRecord, ApiError> {
        let (tenant, id) = own_resource(caller, name, "auditRecords")?;
        let not_found = || ApiError::NotFound(name.into());
        let id = RecordId::parse(id.as_str()).ok_or_else(not_found)?;
        let stored = self.ledger.record(&tenant, id).await?.ok_or_else(not_found)?;
        Ok(convert::audit::to_proto(&stored))
    }

    async fn list(
        &self,
        caller: &Caller,
        request: &pb::ListAuditRecordsRequest,
    ) -> Result<pb::ListAuditRecordsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListAuditRecords", tenant.as_str(), &request.filter, &request.order_by];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let order = parse_order(&request.order_by, &[("receive_time", ())])?;
        let query = RecordQuery {
            tenant,
            filter: umpire_query::parse(&request.filter)?,
            descending: order.is_none_or(|order| order.direction == Direction::Descending),
            size: paging.size,
            cursor: paging.cursor.clone(),
        };
        let page = self.ledger.records(query).await?;
        Ok(pb::ListAuditRecordsResponse {
            audit_records: page.items.iter().map(convert::audit::to_proto).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }
}

#[tonic::async_trait]
impl AuditService for Audit {
    async fn get_audit_record(
        &self,
        request: Request<pb::GetAuditRecordRequest>,
    ) -> Result<Response<pb::GetAuditRecordResponse>, Status> {
        answer!(request, caller, body => {
            let record = self.get(&caller, &body.name).await?;
            Ok(pb::GetAuditRecordResponse { audit_record: Some(record) })
        })
    }

    async fn list_audit_records(
        &self,
        request: Request<pb::ListAuditRecordsRequest>,
    ) -> Result<Response<pb::ListAuditRecordsResponse>, Status> {
        answer!(request, caller, body => self.list(&caller, body).await)
    }
}
