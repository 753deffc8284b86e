use std::sync::{Arc, Mutex, MutexGuard};

/// Seconds that a token lives.
const LIFETIME: f64 = 7_200.0;

/// The tokens of an application: a handle that a test keeps while the application is at work.
#[derive(Debug, Clone, Default)]
pub struct Tokens(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The last token that was issued, and until when it is valid.
    last: Option<(String, f64)>,
    revoked: bool,
    issued: usize,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadToken {
    Unknown,
    Expired,
}

impl Tokens {
    /// The token that is valid now is so no longer, although its time has not come.
    pub fn revoke(&self) {
        self.state().revoked = true;
    }

    /// How many different tokens were issued.
    #[must_use]
    pub fn issued(&self) -> usize {
        self.state().issued
    }

    /// The token, the same while it is valid, and the seconds it still is.
    pub(super) fn issue(&self, now: f64) -> (String, u64) {
        let mut state = self.state();
        let valid = state.last.clone().filter(|(_, end)| now < *end && !state.revoked);
        let (token, end) = valid.unwrap_or_else(|| {
            state.issued += 1;
            state.revoked = false;
            (format!("token-{}-{}", state.issued, "x".repeat(64)), now + LIFETIME)
        });
        state.last = Some((token.clone(), end));
        (token, (end - now) as u64)
    }

    /// Judges the token of a call.
    pub(super) fn check(&self, token: &str, now: f64) -> Result<(), BadToken> {
        let state = self.state();
        match &state.last {
            Some((last, end)) if last == token && !state.revoked => {
                if now < *end {
                    Ok(())
                } else {
                    Err(BadToken::Expired)
                }
            }
            _ => Err(BadToken::Unknown),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_same_while_it_is_valid() {
        let tokens = Tokens::default();
        let (first, lives) = tokens.issue(1_000.0);
        assert_eq!(lives, 7_200);
        assert_eq!(tokens.issue(1_100.0), (first.clone(), 7_100));
        assert_eq!(tokens.check(&first, 8_199.0), Ok(()));
        assert_eq!(tokens.check(&first, 8_200.0), Err(BadToken::Expired));
        let (second, lives) = tokens.issue(8_200.0);
        assert_eq!((lives, tokens.issued()), (7_200, 2));
        assert_eq!(tokens.check(&first, 8_201.0), Err(BadToken::Unknown));
        assert_eq!(tokens.check(&second, 8_201.0), Ok(()));
        tokens.revoke();
        assert_eq!(tokens.check(&second, 8_202.0), Err(BadToken::Unknown));
        assert_ne!(tokens.issue(8_203.0).0, second);
    }
}
