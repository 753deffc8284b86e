use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// Entries of a page when the caller does not say.
const DEFAULT_SIZE: usize = 50;
/// Most entries of a page.
const MAX_SIZE: usize = 1_000;
/// Bytes of entries at which a page is full: gRPC clients take answers of up to
/// 4 MiB unless told otherwise.
pub const PAGE_BYTES: usize = 2 << 20;
/// Bytes of a token that bind it to its query.
const SEAL: usize = 12;

/// The token is damaged, or was made for another query or tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the page token is damaged, or belongs to another query or tenant")]
pub struct InvalidPageToken;

/// Part of a list, and how to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries, in order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Vec<u8>>,
}

impl<T> Page<T> {
    /// Takes up to `size` entries, fewer when they weigh more than
    /// [`PAGE_BYTES`], but at least one. `weigh` gives an entry's size in bytes,
    /// `key` where to go on after it.
    ///
    /// # Errors
    /// The first error of `entries`.
    pub fn gather<E>(
        entries: impl IntoIterator<Item = Result<T, E>>,
        size: usize,
        weigh: impl Fn(&T) -> usize,
        key: impl Fn(&T) -> Vec<u8>,
    ) -> Result<Self, E> {
        let (mut items, mut weight) = (Vec::new(), 0);
        for entry in entries {
            let entry = entry?;
            weight += weigh(&entry);
            if items.len() == size || (weight > PAGE_BYTES && !items.is_empty()) {
                let next = items.last().map(key);
                return Ok(Self { items, next });
            }
            items.push(entry);
        }
        Ok(Self { items, next: None })
    }

    /// As [`Page::gather`], of entries that cannot fail and weigh little.
    pub fn of(
        entries: impl IntoIterator<Item = T>,
        size: usize,
        key: impl Fn(&T) -> Vec<u8>,
    ) -> Self {
        let sound = entries.into_iter().map(Ok::<T, Infallible>);
        match Self::gather(sound, size, |_| 0, key) {
            Ok(page) => page,
            Err(never) => match never {},
        }
    }
}

/// Makes and reads the opaque tokens of one query: method, tenant, filter, order.
pub struct PageToken {
    query: Sha256,
}

impl PageToken {
    /// The tokens of the query these parts describe.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut query = Sha256::new();
        for part in parts {
            query.update((part.len() as u64).to_be_bytes());
            query.update(part);
        }
        Self { query }
    }

    fn seal(&self, cursor: &[u8]) -> [u8; SEAL] {
        let digest = self.query.clone().chain_update(cursor).finalize();
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&digest[..SEAL]);
        seal
    }

    /// The token for a cursor; empty for none.
    #[must_use]
    pub fn encode(&self, cursor: Option<&[u8]>) -> String {
        cursor.map_or_else(String::new, |cursor| {
            let mut bytes = self.seal(cursor).to_vec();
            bytes.extend_from_slice(cursor);
            BASE64URL_NOPAD.encode(&bytes)
        })
    }

    /// The cursor in a token; `None` for the empty token.
    ///
    /// # Errors
    /// [`InvalidPageToken`].
    pub fn decode(&self, token: &str) -> Result<Option<Vec<u8>>, InvalidPageToken> {
        if token.is_empty() {
            return Ok(None);
        }
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).map_err(|_| InvalidPageToken)?;
        let (seal, cursor) = bytes.split_at_checked(SEAL).ok_or(InvalidPageToken)?;
        (self.seal(cursor) == seal).then(|| Some(cursor.to_vec())).ok_or(InvalidPageToken)
    }

    /// The page size to use for a requested one; `None` when it is negative.
    #[must_use]
    pub fn size(requested: i32) -> Option<usize> {
        match usize::try_from(requested).ok()? {
            0 => Some(DEFAULT_SIZE),
            size => Some(size.min(MAX_SIZE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_bounded_by_number_and_by_weight() {
        let page = |size, weights: &[usize]| {
            let entries = weights.iter().map(|&weight| Ok::<_, ()>(weight));
            let page = Page::gather(entries, size, |weight| *weight, |_| vec![1]);
            page.map(|page| (page.items.len(), page.next.is_some()))
        };
        assert_eq!(page(2, &[1, 1]), Ok((2, false)));
        assert_eq!(page(2, &[1, 1, 1]), Ok((2, true)));
        assert_eq!(page(9, &[PAGE_BYTES, 1]), Ok((1, true)));
        assert_eq!(page(9, &[PAGE_BYTES * 2]), Ok((1, false)));
        assert_eq!(page(9, &[]), Ok((0, false)));
    }

    #[test]
    fn tokens_are_bound_to_their_query() {
        let mine = PageToken::of(&["list", "a", ""]);
        let token = mine.encode(Some(b"cursor"));
        assert_eq!(mine.decode(&token), Ok(Some(b"cursor".to_vec())));
        assert_eq!(PageToken::of(&["list", "b", ""]).decode(&token), Err(InvalidPageToken));
        assert_eq!(PageToken::of(&["lis", "ta", ""]).decode(&token), Err(InvalidPageToken));
        for bad in ["x", "####", "AAAA", &token[1..]] {
            assert_eq!(mine.decode(bad), Err(InvalidPageToken), "{bad}");
        }
        assert_eq!(mine.decode(""), Ok(None));
        assert_eq!(mine.encode(None), "");
    }
}
