//! JSON Web Tokens (RFC 7519): who an identity provider says a caller is.

use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation};
use serde::Deserialize;
use umpire_model::{TenantId, Timestamp};
use umpire_tenancy::{Caller, Role};

/// Seconds a provider's clock may be off.
const LEEWAY: i64 = 30;
/// Longest subject, in bytes: it names the author of changes.
const MAX_SUBJECT: usize = 200;

/// Which tokens are believed.
pub struct TokenOptions {
    /// The name of the only algorithm, as tokens write it: `HS256`, `RS256`, `PS256`,
    /// `ES256`, `EdDSA` and their longer forms.
    pub algorithm: String,
    /// The shared secret for `HS...`, else the provider's public key in PEM.
    pub key: Vec<u8>,
    /// Must be the token's `iss`.
    pub issuer: String,
    /// Must be the token's `aud`, or one of them.
    pub audience: String,
}

/// Verifies tokens.
pub struct Tokens {
    key: DecodingKey,
    validation: Validation,
}

/// What a token must say, beside `iss` and `aud`.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// The tenant's id.
    tenant: TenantId,
    role: Role,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
}

impl Tokens {
    /// A verifier.
    ///
    /// # Errors
    /// What is wrong with the algorithm or the key.
    pub fn new(options: &TokenOptions) -> Result<Self, String> {
        let algorithm: Algorithm =
            options.algorithm.parse().map_err(|_| "is no algorithm of JSON Web Tokens")?;
        let key = match algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => {
                if options.key.len() < 32 {
                    return Err("the secret must have at least 32 bytes".into());
                }
                Ok(DecodingKey::from_secret(&options.key))
            }
            Algorithm::ES256 | Algorithm::ES384 => DecodingKey::from_ec_pem(&options.key),
            Algorithm::EdDSA => DecodingKey::from_ed_pem(&options.key),
            _ => DecodingKey::from_rsa_pem(&options.key),
        };
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&options.issuer]);
        validation.set_audience(&[&options.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are compared with the server's clock, below.
        validation.validate_exp = false;
        Ok(Self {
            key: key.map_err(|error| format!("the key cannot be used: {error}"))?,
            validation,
        })
    }

    /// Whether a credential looks like a token: API keys hold no dots.
    pub(crate) fn looks_like_one(credential: &str) -> bool {
        credential.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// The caller a token speaks for; `None` when it is not to be believed.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Option<Caller> {
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation);
        let TokenData { claims, .. } = decoded.ok()?;
        let (seconds, _) = now.parts();
        let begun = claims.nbf.is_none_or(|begin| begin <= seconds.saturating_add(LEEWAY));
        let over = claims.exp.saturating_add(LEEWAY) <= seconds;
        let named = !claims.sub.is_empty()
            && claims.sub.len() <= MAX_SUBJECT
            && !claims.sub.chars().any(char::is_control);
        if !begun || over || !named {
            return None;
        }
        let principal = format!("tenants/{}/tokens/{}", claims.tenant, claims.sub).into();
        let end = Timestamp::from_parts(claims.exp.saturating_add(LEEWAY), 0);
        Some(Caller { tenant: claims.tenant, role: claims.role, principal, end })
    }
}
