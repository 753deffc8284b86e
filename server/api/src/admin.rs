//! AdminService: tenants, API keys, the server itself.

use crate::{
    convert::tenant as convert,
    error::ApiError,
    handler::{answer, carry_out, request_key},
    layers::caller_of,
    mask,
    names::{administered_resource, administered_tenant, new_id, require_operator},
    paging::Paging,
};
use prost::Message as _;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use umpire_model::{Clock, TenantId};
use umpire_proto::v1::{self as pb, admin_service_server::AdminService};
use umpire_tenancy::{Caller, Change, Directory, DirectoryError, TenantDraft, TenantQuery};

/// What GetServerInfo answers; fixed at the start.
#[derive(Debug, Clone)]
pub struct ServerInfo(pub pb::GetServerInfoResponse);

/// The service.
#[derive(Clone)]
pub struct Admin {
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    info: ServerInfo,
}

impl Admin {
    /// The service over a directory.
    #[must_use]
    pub fn new(directory: Arc<Directory>, clock: Arc<dyn Clock>, info: ServerInfo) -> Self {
        Self { directory, clock, info }
    }

    fn change(
        &self,
        caller: &Caller,
        method: &str,
        request_id: &str,
        body: &[u8],
        validate_only: bool,
    ) -> Result<Change, ApiError> {
        let request = request_key(method, request_id, body)?;
        Ok(Change { time: self.clock.now(), scope: caller.tenant.clone(), request, validate_only })
    }

    async fn create_tenant(
        &self,
        caller: &Caller,
        request: &pb::CreateTenantRequest,
    ) -> Result<pb::Tenant, ApiError> {
        require_operator(caller)?;
        let id = new_id(&request.tenant_id, "tenant_id")?;
        let id = TenantId::new(id.as_str())?;
        let draft = request.tenant.as_ref().map(convert::from_proto).transpose();
        let draft = draft.map_err(ApiError::Invalid)?.unwrap_or_default();
        let body = request.encode_to_vec();
        let change =
            self.change(caller, "CreateTenant", &request.request_id, &body, request.validate_only)?;
        let name = format!("tenants/{id}");
        let created = self.directory.create_tenant(id, draft, &change).await;
        created
            .map(|tenant| convert::to_proto(&tenant))
            .map_err(|e| ApiError::of_directory(e, &name))
    }

    fn get_tenant(&self, caller: &Caller, name: &str) -> Result<pb::Tenant, ApiError> {
        let id = administered_tenant(caller, name)?;
        let tenant = self.directory.tenant(id.as_str());
        tenant
            .map(|tenant| convert::to_proto(&tenant))
            .ok_or_else(|| ApiError::NotFound(name.into()))
    }

    fn list_tenants(
        &self,
        caller: &Caller,
        request: &pb::ListTenantsRequest,
    ) -> Result<pb::ListTenantsResponse, ApiError> {
        require_operator(caller)?;
        let deleted = if request.show_deleted { "deleted" } else { "" };
        let query = ["ListTenants", &request.filter, deleted];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let page = self.directory.tenants(&TenantQuery {
            filter: umpire_query::parse(&request.filter)?,
            show_deleted: request.show_deleted,
            size: paging.size,
            cursor: paging.cursor.clone(),
        });
        Ok(pb::ListTenantsResponse {
            tenants: page.items.iter().map(|tenant| convert::to_proto(tenant)).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    async fn update_tenant(
        &self,
        caller: &Caller,
        request: &pb::UpdateTenantRequest,
    ) -> Result<pb::Tenant, ApiError> {
        let missing = || ApiError::invalid("tenant", "must be set");
        let tenant = request.tenant.as_ref().ok_or_else(missing)?;
        let id = administered_tenant(caller, &tenant.name)?;
        let body = request.encode_to_vec();
        let change =
            self.change(caller, "UpdateTenant", &request.request_id, &body, request.validate_only)?;
        self.check_includes(caller, &id, tenant, request.update_mask.as_ref())?;
        let edit = |current: &umpire_tenancy::Tenant| -> Result<TenantDraft, DirectoryError> {
            let current = convert::to_proto(current);
            let merged = mask::apply_to_tenant(current, tenant, request.update_mask.as_ref());
            let merged = merged.map_err(|_| DirectoryError::NotFound)?;
            convert::from_proto(&merged).map_err(DirectoryError::Invalid)
        };
        let updated = self.directory.update_tenant(&id, &tenant.etag, &change, edit).await;
        let name = format!("tenants/{id}");
        updated
            .map(|tenant| convert::to_proto(&tenant))
            .map_err(|e| ApiError::of_directory(e, &name))
    }

    /// Including another tenant's rules shows them: only the operator may change that.
    /// The mask's mistakes are found here too.
    fn check_includes(
        &self,
        caller: &Caller,
        id: &TenantId,
        change: &pb::Tenant,
        update_mask: Option<&prost_types::FieldMask>,
    ) -> Result<(), ApiError> {
        let current = self.directory.tenant(id.as_str());
        let current = current.map(|tenant| convert::to_proto(&tenant)).unwrap_or_default();
        let includes =
            |tenant: &pb::Tenant| tenant.settings.clone().map(|s| s.includes).unwrap_or_default();
        let before = includes(&current);
        let merged = mask::apply_to_tenant(current, change, update_mask)?;
        if includes(&merged) != before && !caller.is_operator() {
            return Err(ApiError::OperatorOnly("tenant.settings.includes"));
        }
        Ok(())
    }

    async fn set_deleted(
        &self,
        caller: &Caller,
        name: &str,
        etag: &str,
        deleted: bool,
        change: Change,
    ) -> Result<pb::Tenant, ApiError> {
        require_operator(caller)?;
        if name.is_empty() {
            return Err(ApiError::invalid("name", "must have the form tenants/{tenant}"));
        }
        let id = administered_tenant(caller, name)?;
        let changed = self.directory.set_tenant_deleted(&id, etag, deleted, &change).await;
        changed
            .map(|tenant| convert::to_proto(&tenant))
            .map_err(|e| ApiError::of_directory(e, name))
    }

    async fn create_key(
        &self,
        caller: &Caller,
        request: &pb::CreateApiKeyRequest,
    ) -> Result<pb::CreateApiKeyResponse, ApiError> {
        let tenant = administered_tenant(caller, &request.parent)?;
        let known = self.directory.tenant(tenant.as_str());
        if known.is_none_or(|tenant| tenant.delete_time.is_some()) {
            return Err(ApiError::NotFound(format!("tenants/{tenant}")));
        }
        let id = new_id(&request.api_key_id, "api_key_id")?;
        let missing = || ApiError::invalid("api_key", "must be set");
        let key = request.api_key.as_ref().ok_or_else(missing)?;
        let draft = convert::key_from_proto(key).map_err(ApiError::Invalid)?;
        let body = request.encode_to_vec();
        let change =
            self.change(caller, "CreateApiKey", &request.request_id, &body, request.validate_only)?;
        let name = format!("tenants/{tenant}/apiKeys/{id}");
        let created = self.directory.create_key(&tenant, id, draft, &change).await;
        let (key, secret) = created.map_err(|error| ApiError::of_directory(error, &name))?;
        Ok(pb::CreateApiKeyResponse {
            api_key: Some(convert::key_to_proto(&key)),
            secret: secret.unwrap_or_default(),
        })
    }

    fn list_keys(
        &self,
        caller: &Caller,
        request: &pb::ListApiKeysRequest,
    ) -> Result<pb::ListApiKeysResponse, ApiError> {
        let tenant = administered_tenant(caller, &request.parent)?;
        let revoked = if request.show_revoked { "revoked" } else { "" };
        let query = ["ListApiKeys", tenant.as_str(), revoked];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let page = self.directory.keys(
            &tenant,
            request.show_revoked,
            paging.size,
            paging.cursor.as_deref(),
        );
        Ok(pb::ListApiKeysResponse {
            api_keys: page.items.iter().map(convert::key_to_proto).collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    async fn revoke_key(
        &self,
        caller: &Caller,
        request: &pb::RevokeApiKeyRequest,
    ) -> Result<pb::ApiKey, ApiError> {
        let (tenant, id) = administered_resource(caller, &request.name, "apiKeys")?;
        let body = request.encode_to_vec();
        let change = self.change(caller, "RevokeApiKey", &request.request_id, &body, false)?;
        let revoked = self.directory.revoke_key(&tenant, &id, &change).await;
        let key = revoked.map_err(|error| ApiError::of_directory(error, &request.name))?;
        Ok(convert::key_to_proto(&key))
    }
}

#[tonic::async_trait]
impl AdminService for Admin {
    async fn create_tenant(
        &self,
        request: Request<pb::CreateTenantRequest>,
    ) -> Result<Response<pb::CreateTenantResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let tenant = this.create_tenant(&caller, body).await?;
            Ok(pb::CreateTenantResponse { tenant: Some(tenant) })
        })
    }

    async fn get_tenant(
        &self,
        request: Request<pb::GetTenantRequest>,
    ) -> Result<Response<pb::GetTenantResponse>, Status> {
        answer!(request, caller, body => {
            Ok(pb::GetTenantResponse { tenant: Some(self.get_tenant(&caller, &body.name)?) })
        })
    }

    async fn list_tenants(
        &self,
        request: Request<pb::ListTenantsRequest>,
    ) -> Result<Response<pb::ListTenantsResponse>, Status> {
        answer!(request, caller, body => self.list_tenants(&caller, body))
    }

    async fn update_tenant(
        &self,
        request: Request<pb::UpdateTenantRequest>,
    ) -> Result<Response<pb::UpdateTenantResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let tenant = this.update_tenant(&caller, body).await?;
            Ok(pb::UpdateTenantResponse { tenant: Some(tenant) })
        })
    }

    async fn delete_tenant(
        &self,
        request: Request<pb::DeleteTenantRequest>,
    ) -> Result<Response<pb::DeleteTenantResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let bytes = body.encode_to_vec();
            let change = this.change(&caller, "DeleteTenant", &body.request_id, &bytes, body.validate_only)?;
            let tenant = this.set_deleted(&caller, &body.name, &body.etag, true, change).await?;
            Ok(pb::DeleteTenantResponse { tenant: Some(tenant) })
        })
    }

    async fn undelete_tenant(
        &self,
        request: Request<pb::UndeleteTenantRequest>,
    ) -> Result<Response<pb::UndeleteTenantResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let bytes = body.encode_to_vec();
            let change = this.change(&caller, "UndeleteTenant", &body.request_id, &bytes, body.validate_only)?;
            let tenant = this.set_deleted(&caller, &body.name, &body.etag, false, change).await?;
            Ok(pb::UndeleteTenantResponse { tenant: Some(tenant) })
        })
    }

    async fn create_api_key(
        &self,
        request: Request<pb::CreateApiKeyRequest>,
    ) -> Result<Response<pb::CreateApiKeyResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.create_key(&caller, body).await)
    }

    async fn list_api_keys(
        &self,
        request: Request<pb::ListApiKeysRequest>,
    ) -> Result<Response<pb::ListApiKeysResponse>, Status> {
        answer!(request, caller, body => self.list_keys(&caller, body))
    }

    async fn revoke_api_key(
        &self,
        request: Request<pb::RevokeApiKeyRequest>,
    ) -> Result<Response<pb::RevokeApiKeyResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            Ok(pb::RevokeApiKeyResponse { api_key: Some(this.revoke_key(&caller, body).await?) })
        })
    }

    async fn get_server_info(
        &self,
        request: Request<pb::GetServerInfoRequest>,
    ) -> Result<Response<pb::GetServerInfoResponse>, Status> {
        caller_of(&request)?;
        Ok(Response::new(self.info.0.clone()))
    }
}
