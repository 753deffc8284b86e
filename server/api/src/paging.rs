//! What every list has in common.

use crate::error::ApiError;
use umpire_query::PageToken;

/// A list request's size and place, checked.
pub(crate) struct Paging {
    pub size: usize,
    pub cursor: Option<Vec<u8>>,
    token: PageToken,
}

impl Paging {
    /// `query` holds everything the token is bound to: method, tenant, filter, order.
    pub fn new(page_size: i32, page_token: &str, query: &[&str]) -> Result<Self, ApiError> {
        let token = PageToken::of(query);
        let size = PageToken::size(page_size)
            .ok_or_else(|| ApiError::invalid("page_size", "must not be negative"))?;
        Ok(Self { size, cursor: token.decode(page_token)?, token })
    }

    /// `next_page_token` for where the page ended.
    pub fn next(&self, cursor: Option<&[u8]>) -> String {
        self.token.encode(cursor)
    }
}
