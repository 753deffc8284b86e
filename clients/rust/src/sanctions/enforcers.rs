use super::Sanctions;
use crate::{
    Change, Error, Listing,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        CreateEnforcerRequest, DeleteEnforcerRequest, Enforcer, GetEnforcerRequest,
        ListEnforcersRequest, UpdateEnforcerRequest,
    },
};
use prost_types::FieldMask;

const ENFORCERS: &str = "enforcers";

impl Sanctions {
    /// One enforcer, by id or name; the secret of a webhook is never shown.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn enforcer(&self, enforcer: &str) -> Result<Enforcer, Error> {
        let name = self.0.full_name(ENFORCERS, enforcer).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetEnforcerRequest { name }, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.get_enforcer(request).await }
            })
            .await?;
        answer.enforcer.ok_or(Error::Incomplete("enforcer"))
    }

    /// The tenant's enforcers, by id.
    pub fn enforcers(&self) -> Listing<ListEnforcersRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListEnforcersRequest { parent, ..<_>::default() })
    }

    /// Adds an enforcer; with an empty id the server chooses one.
    pub fn create_enforcer(
        &self,
        id: impl Into<String>,
        enforcer: Enforcer,
    ) -> Change<CreateEnforcerRequest> {
        let request = CreateEnforcerRequest {
            parent: self.0.tenant.parent(),
            enforcer_id: id.into(),
            enforcer: Some(enforcer),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the enforcer called `enforcer.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current. A webhook
    /// without a secret keeps the one it has.
    pub fn update_enforcer(&self, enforcer: Enforcer) -> Change<UpdateEnforcerRequest> {
        let enforcer = Some(enforcer);
        Change::new(&self.0, UpdateEnforcerRequest { enforcer, ..<_>::default() })
    }

    /// Takes an enforcer away. What it was still to carry out counts as not addressed to
    /// it.
    pub fn delete_enforcer(&self, enforcer: impl Into<String>) -> Change<DeleteEnforcerRequest> {
        Change::new(&self.0, DeleteEnforcerRequest { name: enforcer.into(), ..<_>::default() })
    }
}

paged!(raw_sanctions.list_enforcers(ListEnforcersRequest) -> enforcers: Enforcer, 200 at once);
lists_with!(Filtered, filter: String; ListEnforcersRequest);

mutation!(
    raw_sanctions.create_enforcer(CreateEnforcerRequest) -> Enforcer,
    |answer| answer.enforcer
);
mutation!(
    raw_sanctions.update_enforcer(UpdateEnforcerRequest) -> Enforcer,
    |answer| answer.enforcer,
    |request| request.enforcer.as_mut().map(|enforcer| (&mut enforcer.name, ENFORCERS))
);
mutation!(
    raw_sanctions.delete_enforcer(DeleteEnforcerRequest) -> (),
    |_answer| Some(()),
    |request| Some((&mut request.name, ENFORCERS))
);
mutations_with!(
    Checkable, validate_only: bool;
    CreateEnforcerRequest, UpdateEnforcerRequest, DeleteEnforcerRequest
);
mutations_with!(Guarded, etag: String; DeleteEnforcerRequest);
mutations_with!(Masked, update_mask: Option<FieldMask>; UpdateEnforcerRequest);
