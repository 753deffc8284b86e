//! Changes: built, then awaited.

use crate::{Error, Umpire};
use futures_util::future::BoxFuture;
use prost_types::FieldMask;
use uuid::Uuid;

/// A request that changes something.
pub trait Mutation: Send + Sized + 'static {
    /// What a change gives back.
    type Answer: Send + 'static;

    /// Where its id goes.
    fn request_id(&mut self) -> &mut String;

    /// The name of what is changed, which may be an id still, and its collection.
    fn resource(&mut self) -> Option<(&mut String, &'static str)> {
        None
    }

    /// Makes the call.
    fn call(self, umpire: &Umpire) -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

/// A mutation that is kept with a reason.
pub trait Reasoned: Mutation {
    /// Where it goes.
    fn reason(&mut self) -> &mut String;
}

/// A mutation that can be tried without effect.
pub trait Checkable: Mutation {
    /// Where that is said.
    fn validate_only(&mut self) -> &mut bool;
}

/// A mutation that can be bound to the state it was meant for.
pub trait Guarded: Mutation {
    /// Where the etag of that state goes.
    fn etag(&mut self) -> &mut String;
}

/// A mutation of some fields.
pub trait Masked: Mutation {
    /// Where their paths go.
    fn update_mask(&mut self) -> &mut Option<FieldMask>;
}

/// A mutation that somebody can say something to.
pub trait Noted: Mutation {
    /// Where it goes.
    fn note(&mut self) -> &mut String;
}

/// A change that has not been made: await it, or [`send`](Change::send) it.
///
/// It carries a request id of its own, so that making it again does nothing more.
#[derive(Debug, Clone)]
#[must_use = "nothing changes until it is awaited"]
pub struct Change<Q> {
    umpire: Umpire,
    pub(crate) request: Q,
}

impl<Q: Mutation> Change<Q> {
    pub(crate) fn new(umpire: &Umpire, mut request: Q) -> Self {
        *request.request_id() = Uuid::now_v7().to_string();
        Self { umpire: umpire.clone(), request }
    }

    /// Another request id (a UUID), to repeat a change across restarts: within 24 hours
    /// it is made once.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        *self.request.request_id() = id.into();
        self
    }

    /// Makes the change.
    ///
    /// # Errors
    /// What the contract lists for the call, and what any call may fail with.
    pub async fn send(mut self) -> Result<Q::Answer, Error> {
        if let Some((name, collection)) = self.request.resource() {
            *name = self.umpire.full_name(collection, name).await?;
        }
        self.request.call(&self.umpire).await
    }
}

impl<Q: Reasoned> Change<Q> {
    /// Kept with the change; at most 500 characters.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        *self.request.reason() = reason.into();
        self
    }
}

impl<Q: Checkable> Change<Q> {
    /// With `true`: check everything, change nothing.
    pub fn validate_only(mut self, yes: bool) -> Self {
        *self.request.validate_only() = yes;
        self
    }
}

impl<Q: Guarded> Change<Q> {
    /// Fail with ABORTED if it changed since this etag was read.
    pub fn etag(mut self, etag: impl Into<String>) -> Self {
        *self.request.etag() = etag.into();
        self
    }
}

impl<Q: Masked> Change<Q> {
    /// Changes these fields and no other, clearing those that are not set: `mode`,
    /// `text.words`, `*`.
    pub fn mask<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        let paths = paths.into_iter().map(Into::into).collect();
        *self.request.update_mask() = Some(FieldMask { paths });
        self
    }
}

impl<Q: Noted> Change<Q> {
    /// What is to be said of it; at most 500 characters.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        *self.request.note() = note.into();
        self
    }
}

impl<Q: Mutation> IntoFuture for Change<Q> {
    type Output = Result<Q::Answer, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Says how a request is sent, what of the answer is given back, and which of its
/// fields names a resource.
macro_rules! mutation {
    (
        $client:ident.$method:ident($request:ty) -> $given:ty,
        |$answer:ident| $take:expr
        $(, |$named:ident| $resource:expr)?
    ) => {
        impl $crate::mutation::Mutation for $request {
            type Answer = $given;

            fn request_id(&mut self) -> &mut String {
                &mut self.request_id
            }

            $(fn resource(&mut self) -> Option<(&mut String, &'static str)> {
                let $named = self;
                $resource
            })?

            async fn call(self, umpire: &$crate::Umpire) -> Result<$given, $crate::Error> {
                let $answer = umpire
                    .call($crate::retry::Retry::Safe, self, |request| {
                        let mut client = umpire.$client();
                        async move { client.$method(request).await }
                    })
                    .await?;
                let given: Option<$given> = $take;
                given.ok_or($crate::Error::Incomplete(stringify!($given)))
            }
        }
    };
}

/// Lists the requests that have a field of this name.
macro_rules! mutations_with {
    ($trait:ident, $field:ident: $type:ty; $($request:ty),+ $(,)?) => {
        $(impl $crate::mutation::$trait for $request {
            fn $field(&mut self) -> &mut $type {
                &mut self.$field
            }
        })+
    };
}

pub(crate) use {mutation, mutations_with};
