//! Lists, fetched page after page.

use crate::{Error, Umpire};
use futures_util::{StreamExt, TryStreamExt, stream, stream::BoxStream};

/// A request for one page of a list.
pub trait Paged: Clone + Send + Sync + 'static {
    /// What the list holds.
    type Item: Send + 'static;

    /// How many to fetch at once unless told otherwise.
    const PAGE_SIZE: i32;

    /// Where the size of a page goes.
    fn page_size(&mut self) -> &mut i32;

    /// Where the token of the last page goes.
    fn page_token(&mut self) -> &mut String;

    /// The name of what the list belongs to, which may be an id still, and its
    /// collection.
    fn resource(&mut self) -> Option<(&mut String, &'static str)> {
        None
    }

    /// Fetches a page, and the token of the next.
    fn fetch(
        self,
        umpire: &Umpire,
    ) -> impl Future<Output = Result<(Vec<Self::Item>, String), Error>> + Send;
}

/// A list that can be searched.
pub trait Filtered: Paged {
    /// Where the filter goes.
    fn filter(&mut self) -> &mut String;
}

/// A list whose order can be chosen.
pub trait Ordered: Paged {
    /// Where the order goes.
    fn order_by(&mut self) -> &mut String;
}

/// A list that can show what is deleted.
pub trait Deleted: Paged {
    /// Where that is said.
    fn show_deleted(&mut self) -> &mut bool;
}

/// A list that has not been fetched: [`stream`](Listing::stream) it or take it
/// [`all`](Listing::all).
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched until it is streamed"]
pub struct Listing<Q> {
    umpire: Umpire,
    pub(crate) request: Q,
    limit: usize,
}

impl<Q: Paged> Listing<Q> {
    pub(crate) fn new(umpire: &Umpire, mut request: Q) -> Self {
        *request.page_size() = Q::PAGE_SIZE;
        Self { umpire: umpire.clone(), request, limit: usize::MAX }
    }

    /// At most this many.
    pub fn limit(mut self, most: usize) -> Self {
        let most_at_once = i32::try_from(most.max(1)).unwrap_or(i32::MAX);
        let page_size = self.request.page_size();
        *page_size = (*page_size).min(most_at_once);
        Self { limit: most, ..self }
    }

    /// How many to fetch at once, 1,000 at most.
    pub fn page_size(mut self, size: i32) -> Self {
        *self.request.page_size() = size;
        self
    }

    /// What it holds, fetched as it is read. An error is the last item. Nothing is
    /// left out or repeated when things are added meanwhile. Must be polled within a
    /// tokio runtime.
    pub fn stream(self) -> BoxStream<'static, Result<Q::Item, Error>> {
        let pages = stream::try_unfold((self.umpire, Some(self.request)), next_page);
        pages.try_flatten().take(self.limit).boxed()
    }

    /// Everything it holds.
    ///
    /// # Errors
    /// What any page fails with.
    pub async fn all(self) -> Result<Vec<Q::Item>, Error> {
        self.stream().try_collect().await
    }
}

impl<Q: Filtered> Listing<Q> {
    /// Only what a filter (AIP-160) lets through: `level >= P1`.
    pub fn filter(mut self, filter: impl Into<String>) -> Self {
        *self.request.filter() = filter.into();
        self
    }
}

impl<Q: Ordered> Listing<Q> {
    /// In this order: `priority desc`.
    pub fn order_by(mut self, order: impl Into<String>) -> Self {
        *self.request.order_by() = order.into();
        self
    }
}

impl<Q: Deleted> Listing<Q> {
    /// With what is deleted, too.
    pub fn show_deleted(mut self, yes: bool) -> Self {
        *self.request.show_deleted() = yes;
        self
    }
}

type Page<T> = stream::Iter<std::vec::IntoIter<Result<T, Error>>>;
type Rest<Q> = (Umpire, Option<Q>);

/// A page, and what asks for the rest.
async fn next_page<Q: Paged>(
    (umpire, request): Rest<Q>,
) -> Result<Option<(Page<Q::Item>, Rest<Q>)>, Error> {
    let Some(mut request) = request else { return Ok(None) };
    if let Some((name, collection)) = request.resource() {
        *name = umpire.full_name(collection, name).await?;
    }
    let (items, token) = request.clone().fetch(&umpire).await?;
    let items: Vec<_> = items.into_iter().map(Ok).collect();
    let rest = if token.is_empty() {
        None
    } else {
        *request.page_token() = token;
        Some(request)
    };
    Ok(Some((stream::iter(items), (umpire, rest))))
}

/// Says how a page is fetched, what it holds, and which field names the parent.
macro_rules! paged {
    (
        $client:ident.$method:ident($request:ty) -> $items:ident: $item:ty,
        $size:literal at once
        $(, |$named:ident| $resource:expr)?
    ) => {
        impl $crate::listing::Paged for $request {
            type Item = $item;

            const PAGE_SIZE: i32 = $size;

            fn page_size(&mut self) -> &mut i32 {
                &mut self.page_size
            }

            fn page_token(&mut self) -> &mut String {
                &mut self.page_token
            }

            $(fn resource(&mut self) -> Option<(&mut String, &'static str)> {
                let $named = self;
                $resource
            })?

            async fn fetch(
                self,
                umpire: &$crate::Umpire,
            ) -> Result<(Vec<$item>, String), $crate::Error> {
                let page = umpire
                    .call($crate::retry::Retry::Safe, self, |request| {
                        let mut client = umpire.$client();
                        async move { client.$method(request).await }
                    })
                    .await?;
                Ok((page.$items, page.next_page_token))
            }
        }
    };
}

/// Lists the requests that have a field of this name.
macro_rules! lists_with {
    ($trait:ident, $field:ident: $type:ty; $($request:ty),+ $(,)?) => {
        $(impl $crate::listing::$trait for $request {
            fn $field(&mut self) -> &mut $type {
                &mut self.$field
            }
        })+
    };
}

pub(crate) use {lists_with, paged};
