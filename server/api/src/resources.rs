//! The life of a resource that a catalog keeps: created, read, listed, changed under a
//! mask, deleted; by etag and request id.

use crate::{
    error::ApiError,
    handler::request_key,
    mask::Writable,
    names::{new_id, own_ids, own_optional_id, own_resource, own_tenant},
    paging::Paging,
};
use prost::Message;
use prost_types::FieldMask;
use std::{convert::Infallible, sync::Arc};
use umpire_catalog::{Catalog, Change, Item, Kept};
use umpire_model::{ResourceId, TenantId, Timestamp, Violation};
use umpire_query::{Field, Page, Term};
use umpire_tenancy::Caller;

/// A kind of resource as the contract shows it.
pub(crate) trait Resource: Item {
    /// The message it is shown as.
    type Proto: Message + Default;
    /// What lists of it can be filtered by.
    type Filter: Field;
    /// The field of requests that holds it, such as `receiver`.
    const FIELD: &'static str;
    /// What a change may name.
    const WRITABLE: Writable;

    /// The resource a caller wrote; what is only written, and left out, stays as it is.
    fn from_proto(proto: &Self::Proto, writing: &Writing<'_, Self>)
    -> Result<Self, Vec<Violation>>;

    /// What its author wrote, without what nobody is shown.
    fn to_proto(&self, tenant: &TenantId) -> Self::Proto;

    /// The same with what the server sets: name, etag, times.
    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> Self::Proto;

    /// Its name and etag in a request.
    fn named(proto: &Self::Proto) -> (&str, &str);

    /// Whether it meets a comparison.
    fn test(kept: &Kept<Self>, term: &Term<Self::Filter>) -> bool;

    /// Puts a mask's result right where fields hang together.
    fn settle(_merged: &mut Self::Proto, _named: &dyn Fn(&str) -> bool) {}

    /// Refuses a change that would do more than it says.
    fn check_change(&self, _next: &Self) -> Result<(), Violation> {
        Ok(())
    }
}

/// What a resource is written with.
pub(crate) struct Writing<'a, T> {
    /// Who writes; names in it must be of their tenant.
    pub caller: &'a Caller,
    /// What is kept now, of a resource that is there.
    pub current: Option<&'a T>,
    /// When.
    pub now: Timestamp,
    /// Whether the caller's tenant has a resource of a collection.
    pub known: &'a Known<'a>,
}

/// Whether a tenant has a resource: by the name of its collection, and its id.
pub(crate) type Known<'a> = dyn Fn(&str, &ResourceId) -> bool + Send + Sync + 'a;

impl<T> Writing<'_, T> {
    /// The ids in a list in field `path`; what names nothing is noted and left out.
    pub fn ids(
        &self,
        texts: &[String],
        collection: &str,
        path: &str,
        refused: &mut Vec<Violation>,
    ) -> Vec<ResourceId> {
        let ids = own_ids(self.caller, texts, collection, path, refused);
        for (index, id) in ids.iter().enumerate() {
            self.check(id, collection, &format!("{path}[{index}]"), refused);
        }
        ids
    }

    /// As [`Writing::ids`], of one that may be left out.
    pub fn id(
        &self,
        text: &str,
        collection: &str,
        path: &str,
        refused: &mut Vec<Violation>,
    ) -> Option<ResourceId> {
        let id = own_optional_id(self.caller, text, collection, path, refused)?;
        self.check(&id, collection, path, refused);
        Some(id)
    }

    fn check(&self, id: &ResourceId, collection: &str, path: &str, refused: &mut Vec<Violation>) {
        if !(self.known)(collection, id) {
            refused.push(Violation::invalid(path, format!("there is no {collection}/{id}")));
        }
    }
}

/// What every change carries beside the resource.
pub(crate) struct Asked<'a> {
    pub method: &'static str,
    pub request_id: &'a str,
    pub validate_only: bool,
    /// The whole request, of which a request id remembers the digest.
    pub body: Vec<u8>,
}

/// Takes an [`Asked`] out of a request.
macro_rules! asked {
    ($method:literal, $request:expr) => {
        $crate::resources::Asked {
            method: $method,
            request_id: &$request.request_id,
            validate_only: $request.validate_only,
            body: prost::Message::encode_to_vec($request),
        }
    };
}
pub(crate) use asked;

/// What every list asks for.
pub(crate) struct Listed<'a> {
    pub method: &'static str,
    pub parent: &'a str,
    pub page_size: i32,
    pub page_token: &'a str,
    pub filter: &'a str,
}

/// Takes a [`Listed`] out of a request.
macro_rules! listed {
    ($method:literal, $request:expr) => {
        $crate::resources::Listed {
            method: $method,
            parent: &$request.parent,
            page_size: $request.page_size,
            page_token: &$request.page_token,
            filter: &$request.filter,
        }
    };
}
pub(crate) use listed;

/// The resources of one kind, in the name of a caller.
pub(crate) struct Resources<'a, T: Resource> {
    pub catalog: &'a Catalog<T>,
    pub caller: &'a Caller,
    pub now: Timestamp,
    pub known: Box<Known<'a>>,
}

impl<T: Resource> Resources<'_, T> {
    pub async fn create(
        &self,
        parent: &str,
        id: &str,
        made: Option<&T::Proto>,
        asked: Asked<'_>,
    ) -> Result<T::Proto, ApiError> {
        let tenant = own_tenant(self.caller, parent)?;
        let id = new_id(id, &format!("{}_id", T::FIELD))?;
        let made = T::from_proto(given::<T>(made)?, &self.writing(None));
        let made = made.map_err(ApiError::Invalid)?;
        let change = self.change(asked)?;
        let name = format!("tenants/{tenant}/{}/{id}", T::COLLECTION);
        let created = self.catalog.create(&tenant, id, made, &change).await;
        let created = created.map_err(|error| ApiError::of_catalog(error, &name))?;
        Ok(T::kept_to_proto(&created, &tenant))
    }

    /// One of them, with its tenant.
    pub fn find(&self, name: &str) -> Result<(TenantId, Arc<Kept<T>>), ApiError> {
        let (tenant, id) = own_resource(self.caller, name, T::COLLECTION)?;
        let found = self.catalog.get(&tenant, &id);
        let kept = found.ok_or_else(|| ApiError::NotFound(name.into()))?;
        Ok((tenant, kept))
    }

    pub fn get(&self, name: &str) -> Result<T::Proto, ApiError> {
        let (tenant, kept) = self.find(name)?;
        Ok(T::kept_to_proto(&kept, &tenant))
    }

    /// A page, and the token of the next one.
    pub fn list(&self, listed: &Listed<'_>) -> Result<(Vec<T::Proto>, String), ApiError> {
        let tenant = own_tenant(self.caller, listed.parent)?;
        let query = [listed.method, tenant.as_str(), listed.filter];
        let paging = Paging::new(listed.page_size, listed.page_token, &query)?;
        let filter = umpire_query::parse::<T::Filter>(listed.filter)?;
        let meets = |kept: &Kept<T>| filter.matches(&|term| T::test(kept, term));
        let page = self.catalog.page(&tenant, meets, paging.size, paging.cursor.as_deref());
        let (shown, next) = shown(page, |kept| T::kept_to_proto(kept, &tenant));
        Ok((shown, paging.next(next.as_deref())))
    }

    pub async fn update(
        &self,
        wanted: Option<&T::Proto>,
        mask: Option<&FieldMask>,
        asked: Asked<'_>,
    ) -> Result<T::Proto, ApiError> {
        let wanted = given::<T>(wanted)?;
        let (name, etag) = T::named(wanted);
        let (tenant, id) = own_resource(self.caller, name, T::COLLECTION)?;
        let change = self.change(asked)?;
        // The mask is tried once before, so that its mistakes need no resource.
        let tried = T::WRITABLE.apply(&T::Proto::default(), wanted, mask);
        tried.map_err(|violation| ApiError::Invalid(vec![violation]))?;
        let edit = |current: &Kept<T>| self.edited(&tenant, &current.item, wanted, mask);
        let updated = self.catalog.update(&tenant, &id, etag, &change, edit).await;
        let updated = updated.map_err(|error| ApiError::of_catalog(error, name))?;
        Ok(T::kept_to_proto(&updated, &tenant))
    }

    fn edited(
        &self,
        tenant: &TenantId,
        current: &T,
        wanted: &T::Proto,
        mask: Option<&FieldMask>,
    ) -> Result<T, Vec<Violation>> {
        let one = |violation| vec![violation];
        let mut merged = T::WRITABLE.apply(&current.to_proto(tenant), wanted, mask).map_err(one)?;
        let paths = T::WRITABLE.named(wanted, mask).map_err(one)?;
        T::settle(&mut merged, &|field| paths.iter().any(|path| path == field));
        let next = T::from_proto(&merged, &self.writing(Some(current)))?;
        current.check_change(&next).map_err(one)?;
        Ok(next)
    }

    pub async fn delete(&self, name: &str, etag: &str, asked: Asked<'_>) -> Result<(), ApiError> {
        let (tenant, id) = own_resource(self.caller, name, T::COLLECTION)?;
        let change = self.change(asked)?;
        let deleted = self.catalog.delete(&tenant, &id, etag, &change).await;
        deleted.map_err(|error| ApiError::of_catalog(error, name))?;
        Ok(())
    }

    /// How something is changed.
    pub fn change(&self, asked: Asked<'_>) -> Result<Change, ApiError> {
        let Asked { method, request_id, validate_only, body } = asked;
        let request = request_key(method, request_id, &body)?;
        let author = self.caller.principal.as_ref().into();
        Ok(Change { author, time: self.now, request, validate_only })
    }

    fn writing<'w>(&'w self, current: Option<&'w T>) -> Writing<'w, T> {
        Writing { caller: self.caller, current, now: self.now, known: &*self.known }
    }
}

fn given<T: Resource>(proto: Option<&T::Proto>) -> Result<&T::Proto, ApiError> {
    proto.ok_or_else(|| ApiError::invalid(T::FIELD, "must be set"))
}

/// What a page shows, cut where it would grow too long for an answer, and where it goes on.
fn shown<T, M: Message>(
    page: Page<Arc<Kept<T>>>,
    show: impl Fn(&Kept<T>) -> M,
) -> (Vec<M>, Option<Vec<u8>>) {
    let entries = page.items.iter().map(|kept| Ok::<_, Infallible>((&kept.id, show(kept))));
    let fitting = Page::gather(
        entries,
        usize::MAX,
        |(_, message)| message.encoded_len(),
        |(id, _)| id.as_str().into(),
    );
    let Page { items, next } = match fitting {
        Ok(fitting) => fitting,
        Err(never) => match never {},
    };
    (items.into_iter().map(|(_, message)| message).collect(), next.or(page.next))
}
