use crate::{
    Change, Error, Listing, Umpire,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        ApiKey, CreateApiKeyRequest, CreateApiKeyResponse, CreateTenantRequest,
        DeleteTenantRequest, GetServerInfoRequest, GetServerInfoResponse, GetTenantRequest,
        ListApiKeysRequest, ListTenantsRequest, RevokeApiKeyRequest, Tenant, UndeleteTenantRequest,
        UpdateTenantRequest,
    },
};
use prost_types::FieldMask;

const KEYS: &str = "apiKeys";

/// Tenants, API keys, the server itself. Role ADMIN; OPS may ask about the server.
#[derive(Debug, Clone)]
pub struct Admin(Umpire);

impl Admin {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// Version, store and limits of the server.
    ///
    /// # Errors
    /// What any call may fail with.
    pub async fn server_info(&self) -> Result<GetServerInfoResponse, Error> {
        self.0
            .call(Retry::Safe, GetServerInfoRequest {}, |request| {
                let mut client = self.0.raw_admin();
                async move { client.get_server_info(request).await }
            })
            .await
    }

    /// One tenant, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn tenant(&self, tenant: &str) -> Result<Tenant, Error> {
        let answer = self
            .0
            .call(Retry::Safe, GetTenantRequest { name: name_of(tenant) }, |request| {
                let mut client = self.0.raw_admin();
                async move { client.get_tenant(request).await }
            })
            .await?;
        answer.tenant.ok_or(Error::Incomplete("tenant"))
    }

    /// Every tenant. Operator only.
    pub fn tenants(&self) -> Listing<ListTenantsRequest> {
        Listing::new(&self.0, ListTenantsRequest::default())
    }

    /// Adds a tenant. Operator only.
    pub fn create_tenant(
        &self,
        id: impl Into<String>,
        tenant: Tenant,
    ) -> Change<CreateTenantRequest> {
        let (tenant_id, tenant) = (id.into(), Some(tenant));
        Change::new(&self.0, CreateTenantRequest { tenant_id, tenant, ..<_>::default() })
    }

    /// Changes the tenant called `tenant.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there.
    pub fn update_tenant(&self, mut tenant: Tenant) -> Change<UpdateTenantRequest> {
        // Without a name it is the key's own.
        if !tenant.name.is_empty() {
            tenant.name = name_of(&tenant.name);
        }
        Change::new(&self.0, UpdateTenantRequest { tenant: Some(tenant), ..<_>::default() })
    }

    /// Shuts a tenant, by id or name. Operator only.
    pub fn delete_tenant(&self, tenant: &str) -> Change<DeleteTenantRequest> {
        Change::new(&self.0, DeleteTenantRequest { name: name_of(tenant), ..<_>::default() })
    }

    /// Opens a shut tenant again. Operator only.
    pub fn undelete_tenant(&self, tenant: &str) -> Change<UndeleteTenantRequest> {
        Change::new(&self.0, UndeleteTenantRequest { name: name_of(tenant), ..<_>::default() })
    }

    /// The tenant's API keys, without their secrets.
    pub fn keys(&self) -> Listing<ListApiKeysRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListApiKeysRequest { parent, ..<_>::default() })
    }

    /// Makes a key; with an empty id the server chooses one. The secret is in the
    /// answer and nowhere else, and not in the answer to a repetition.
    pub fn create_key(&self, id: impl Into<String>, key: ApiKey) -> Change<CreateApiKeyRequest> {
        let request = CreateApiKeyRequest {
            parent: self.0.tenant.parent(),
            api_key_id: id.into(),
            api_key: Some(key),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Refuses a key, by id or name, from now on.
    pub fn revoke_key(&self, key: impl Into<String>) -> Change<RevokeApiKeyRequest> {
        Change::new(&self.0, RevokeApiKeyRequest { name: key.into(), ..<_>::default() })
    }
}

fn name_of(tenant: &str) -> String {
    if tenant.contains('/') { tenant.to_owned() } else { format!("tenants/{tenant}") }
}

impl Listing<ListApiKeysRequest> {
    /// With keys that are revoked, too.
    pub fn show_revoked(mut self, yes: bool) -> Self {
        self.request.show_revoked = yes;
        self
    }
}

paged!(raw_admin.list_tenants(ListTenantsRequest) -> tenants: Tenant, 200 at once);
paged!(raw_admin.list_api_keys(ListApiKeysRequest) -> api_keys: ApiKey, 200 at once);
lists_with!(Filtered, filter: String; ListTenantsRequest);
lists_with!(Deleted, show_deleted: bool; ListTenantsRequest);

mutation!(raw_admin.create_tenant(CreateTenantRequest) -> Tenant, |answer| answer.tenant);
mutation!(raw_admin.update_tenant(UpdateTenantRequest) -> Tenant, |answer| answer.tenant);
mutation!(raw_admin.delete_tenant(DeleteTenantRequest) -> Tenant, |answer| answer.tenant);
mutation!(raw_admin.undelete_tenant(UndeleteTenantRequest) -> Tenant, |answer| answer.tenant);
mutation!(
    raw_admin.create_api_key(CreateApiKeyRequest) -> CreateApiKeyResponse,
    |answer| Some(answer)
);
mutation!(
    raw_admin.revoke_api_key(RevokeApiKeyRequest) -> ApiKey,
    |answer| answer.api_key,
    |request| Some((&mut request.name, KEYS))
);
mutations_with!(
    Checkable, validate_only: bool;
    CreateTenantRequest, UpdateTenantRequest, DeleteTenantRequest, UndeleteTenantRequest,
    CreateApiKeyRequest
);
mutations_with!(Guarded, etag: String; DeleteTenantRequest, UndeleteTenantRequest);
mutations_with!(Masked, update_mask: Option<FieldMask>; UpdateTenantRequest);
